package enroll_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func absent(o enroll.Object) enroll.Object { o.State = enroll.Absent; return o }

func existing(o enroll.Object) enroll.Object { o.State = enroll.Existing; return o }

func pinned(o enroll.Object, id string) enroll.Object { o.Pinned = id; return o }

func TestPresence(t *testing.T) {
	web := live(profile("Web"), "p1", nil)
	for _, tc := range []struct {
		name    string
		want    enroll.Object
		have    []enroll.Object
		changes []enroll.Change
		says    []string
	}{
		{"absent and there", absent(wanted(profile("Web"), nil)), []enroll.Object{web},
			[]enroll.Change{{Ref: profile("Web"), Verb: enroll.Delete, Before: web, Undo: enroll.Undo{Level: "full"}, Permissions: []string{"Shelf.ReadWrite.All"}}}, nil},
		{"absent and gone", absent(wanted(profile("Web"), nil)), nil, nil, nil},
		{"absent, by an id that is gone", absent(pinned(wanted(profile("Web"), nil), "p9")), nil, nil, nil},
		{"absent, by an id that is gone, and a namesake is there", absent(pinned(wanted(profile("Web"), nil), "p9")), []enroll.Object{web}, nil, nil},
		{"absent, by an id that is another thing", absent(pinned(wanted(profile("Old"), nil), "p1")), []enroll.Object{web}, nil,
			[]string{`error id-unknown: id p1 is "Web" in the tenant, the file calls it "Old"; renaming is not done here, because groups and filters find devices by the profile's name`}},
		{"existing and there", existing(wanted(profile("Web"), enroll.Fields{"a": "b"})), []enroll.Object{live(profile("Web"), "p1", enroll.Fields{"a": "b"})}, nil, nil},
		{"existing and missing", existing(wanted(profile("Wob"), enroll.Fields{"a": "b"})), []enroll.Object{web}, nil,
			[]string{`error name-unknown: the tenant has no byod-profile "Wob", and the file says state: existing; there is "Web" (p1)`}},
		{"an assignment to a group that is gone", absent(assigned(profile("Web"), group("Gone"))), []enroll.Object{web}, nil,
			[]string{`warning name-unknown: the tenant has no group "Gone", and the file makes none: nothing to remove`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e, _, _, _, _ := tenant()
			e.Rules = []enroll.Rule{{ID: "R", Check: func(want []enroll.Object, _ enroll.Snapshot, _ time.Time) (out []enroll.Finding) {
				for _, o := range want {
					if o.State == enroll.Absent {
						t.Errorf("a rule was shown %s", o.Ref)
					}
				}
				return nil
			}}}
			p := e.Plan([]enroll.Object{tc.want}, snapshot(tc.have...), noon)
			if diff := cmp.Diff(tc.changes, p.Changes, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			var says []string
			for _, f := range p.Findings {
				says = append(says, string(f.Severity)+" "+f.Rule+": "+f.Message)
			}
			if diff := cmp.Diff(tc.says, says); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What belongs to a thing that could not be looked at is not called missing.
func TestOwnerInAGap(t *testing.T) {
	e, _, _, _, _ := tenant()
	owned := enroll.Ref{Kind: enroll.BYODProfile, Scope: "group:Staff", Name: "Web"}
	live := snapshot()
	live.Gaps = []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.Group}, Reason: "403", Denied: true}}
	p := e.Plan([]enroll.Object{existing(wanted(owned, enroll.Fields{"a": "b"}))}, live, noon)
	live.Gaps[0].Blocks = true
	if diff := cmp.Diff(live.Gaps, p.Gaps); diff != "" {
		t.Error(diff)
	}
	if len(p.Changes)+len(p.Findings) > 0 {
		t.Errorf("changes %v, findings %v", p.Changes, p.Findings)
	}
}

// Deleting comes last: what builds on a thing lets go of it first.
func TestDeleteLast(t *testing.T) {
	e, _, profiles, assignments, _ := tenant()
	old, staff := live(profile("Old"), "p1", nil), live(group("Staff"), "g1", nil)
	profiles.objects = []enroll.Object{old}
	e.Kinds[2].(*shelf).objects = []enroll.Object{staff}
	seen := -1
	profiles.on = func(_ *shelf, c enroll.Change) error {
		if c.Verb == enroll.Delete {
			seen = len(assignments.writes)
		}
		return nil
	}
	r := apply(t, e, []enroll.Object{absent(wanted(profile("Old"), nil)), wanted(profile("New"), nil), assigned(profile("New"), group("Staff"))})
	if diff := cmp.Diff(map[string][]string{"done": {"byod-assignment/Staff (New)", "byod-profile/New", "byod-profile/Old"}}, tell(r)); diff != "" {
		t.Error(diff)
	}
	if seen != 1 {
		t.Errorf("%d assignments were made before the profile was deleted, want 1", seen)
	}
}

// A lost answer to a delete is looked up, as any other.
func TestDeleteLost(t *testing.T) {
	for _, tc := range []struct {
		name  string
		after bool
		want  map[string][]string
	}{
		{"done all the same", true, map[string][]string{"done": {"byod-profile/Old"}}},
		{"not done", false, map[string][]string{"failed": {"byod-profile/Old"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e, _, profiles, _, _ := tenant()
			profiles.objects = []enroll.Object{live(profile("Old"), "p1", nil)}
			drop := func(*shelf, enroll.Change) error { return enroll.Lost(errors.New("connection lost")) }
			if profiles.on = drop; tc.after {
				profiles.on, profiles.after2 = nil, drop
			}
			if diff := cmp.Diff(tc.want, tell(apply(t, e, []enroll.Object{absent(wanted(profile("Old"), nil))}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
