package enroll_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func group(name string) enroll.Ref   { return enroll.Ref{Kind: enroll.Group, Name: name} }
func profile(name string) enroll.Ref { return enroll.Ref{Kind: enroll.BYODProfile, Name: name} }

func wanted(r enroll.Ref, f enroll.Fields) enroll.Object { return enroll.Object{Ref: r, Fields: f} }

func assigned(p, target enroll.Ref) enroll.Object {
	return enroll.Object{Ref: enroll.Ref{Kind: enroll.BYODAssignment, Scope: p.Owner(), Name: target.Name}, NamedBy: "target",
		Fields: enroll.Fields{"target": target}}
}

func live(r enroll.Ref, id string, f enroll.Fields) enroll.Object {
	return enroll.Object{Ref: r, Fields: f, Handles: map[enroll.Handle]string{enroll.ID: id}, Rest: "{}"}
}

// tenant is an engine over three shelves.
func tenant() (*enroll.Engine, *shelf, *shelf, *shelf, *paper) {
	groups := &shelf{name: enroll.Group, hidden: map[string]int{}}
	profiles := &shelf{name: enroll.BYODProfile, after: []enroll.KindName{enroll.Group}, hidden: map[string]int{}}
	assignments := &shelf{name: enroll.BYODAssignment, reads: []enroll.KindName{enroll.BYODProfile, enroll.Group}, after: []enroll.KindName{enroll.BYODProfile, enroll.Group}, hidden: map[string]int{}}
	journal := &paper{}
	return &enroll.Engine{Kinds: []enroll.Kind{assignments, profiles, groups}, Journal: journal, Settle: 200 * time.Millisecond, Poll: time.Millisecond}, groups, profiles, assignments, journal
}

func apply(t *testing.T, e *enroll.Engine, want []enroll.Object) enroll.Result {
	t.Helper()
	p := e.Plan(want, e.Look(t.Context(), want), time.Now())
	if len(p.Findings) > 0 {
		t.Fatalf("findings: %+v", p.Findings)
	}
	return e.Apply(t.Context(), p, nil, nil)
}

// tell is the result in short: the refs of each list.
func tell(r enroll.Result) map[string][]string {
	out := map[string][]string{}
	for name, list := range map[string][]enroll.Outcome{"done": r.Done, "failed": r.Failed, "not tried": r.NotTried, "unknown": r.Unknown} {
		for _, o := range list {
			out[name] = append(out[name], o.Change.Ref.String())
		}
		slices.Sort(out[name])
	}
	return out
}

func everything() []enroll.Object {
	return []enroll.Object{
		assigned(profile("Web"), group("Staff")),
		wanted(profile("Web"), enroll.Fields{"enrollment": "deviceWeb"}),
		wanted(group("Staff"), enroll.Fields{"type": "assigned"}),
	}
}

func TestApplyOnceThenNothing(t *testing.T) {
	e, groups, profiles, assignments, journal := tenant()
	groups.hidden["Staff"], profiles.mirror, assignments.hidden["Staff"] = 3, 2, 2
	got := tell(apply(t, e, everything()))
	all := []string{"byod-assignment/Staff (Web)", "byod-profile/Web", "group/Staff"}
	if diff := cmp.Diff(map[string][]string{"done": all}, got); diff != "" {
		t.Fatal(diff)
	}
	lines := []string{"intent group/Staff", "done group/Staff", "intent byod-profile/Web", "done byod-profile/Web", "intent byod-assignment/Staff (Web)", "done byod-assignment/Staff (Web)"}
	if diff := cmp.Diff(lines, journal.lines); diff != "" {
		t.Error(diff)
	}
	p := e.Plan(everything(), e.Look(t.Context(), everything()), time.Now())
	if len(p.Changes) != 0 {
		t.Errorf("second plan has changes: %+v", p.Changes)
	}
}

func TestApplyWhenThingsGoWrong(t *testing.T) {
	reset := errors.New("connection reset by peer")
	for _, tc := range []struct {
		name    string
		break_  func(groups, profiles, assignments *shelf, journal *paper)
		want    map[string][]string
		message string // of the first failed or unknown change
	}{
		{"the answer to a create is lost after the service acted", func(_, p, _ *shelf, _ *paper) {
			p.hidden["Web"] = 2
			p.after2 = func(*shelf, enroll.Change) error { return enroll.Lost(reset) }
		}, map[string][]string{"done": {"byod-assignment/Staff (Web)", "byod-profile/Web", "group/Staff"}}, ""},
		{"the answer to a create is lost before the service acted", func(_, p, _ *shelf, _ *paper) {
			p.on = func(*shelf, enroll.Change) error { return enroll.Lost(reset) }
		}, map[string][]string{"done": {"group/Staff"}, "unknown": {"byod-profile/Web"}, "not tried": {"byod-assignment/Staff (Web)"}}, "connection reset by peer"},
		{"the service refuses", func(g, _, _ *shelf, _ *paper) {
			g.on = func(*shelf, enroll.Change) error { return errors.New("403 Forbidden") }
		}, map[string][]string{"failed": {"group/Staff"}, "not tried": {"byod-assignment/Staff (Web)", "byod-profile/Web"}}, "403 Forbidden"},
		{"a mirror lags", func(_, p, _ *shelf, _ *paper) {
			n := 0
			p.on = func(*shelf, enroll.Change) error {
				if n++; n < 4 {
					return enroll.NotYet(errors.New("404 Profile not found"))
				}
				return nil
			}
		}, map[string][]string{"done": {"byod-assignment/Staff (Web)", "byod-profile/Web", "group/Staff"}}, ""},
		{"what was asked is accepted and not stored", func(_, p, _ *shelf, _ *paper) {
			p.after2 = func(s *shelf, _ enroll.Change) error {
				s.objects[0].Fields = enroll.Fields{"enrollment": "device"}
				return nil
			}
		}, map[string][]string{"done": {"group/Staff"}, "failed": {"byod-profile/Web"}, "not tried": {"byod-assignment/Staff (Web)"}}, "enrollment: asked deviceWeb, stored device"},
		{"what was written cannot be read back", func(_, p, _ *shelf, _ *paper) {
			p.after2 = func(s *shelf, c enroll.Change) error {
				s.gaps = []enroll.Gap{{Scope: enroll.Ref{Kind: c.Ref.Kind}, Reason: "503 Service Unavailable"}}
				return nil
			}
		}, map[string][]string{"done": {"group/Staff"}, "unknown": {"byod-profile/Web"}, "not tried": {"byod-assignment/Staff (Web)"}}, "read back: 503 Service Unavailable"},
		{"the journal cannot be written", func(_, _, _ *shelf, j *paper) { j.broken = true },
			map[string][]string{"failed": {"group/Staff"}, "not tried": {"byod-assignment/Staff (Web)", "byod-profile/Web"}}, "no space left on device"},
		{"an earlier run made it, and it shows late", func(g, _, _ *shelf, j *paper) {
			g.objects = append(g.objects, live(group("Staff"), "g1", enroll.Fields{"type": "assigned"}))
			g.hidden["Staff"] = 3
			j.pending = []enroll.Ref{group("Staff")}
			g.on = func(*shelf, enroll.Change) error { return errors.New("made twice") }
		}, map[string][]string{"done": {"byod-assignment/Staff (Web)", "byod-profile/Web", "group/Staff"}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e, groups, profiles, assignments, journal := tenant()
			tc.break_(groups, profiles, assignments, journal)
			result := apply(t, e, everything())
			if diff := cmp.Diff(tc.want, tell(result)); diff != "" {
				t.Error(diff)
			}
			var message string
			for _, o := range append(result.Failed, result.Unknown...) {
				message = o.Err.Error()
			}
			if !contains(message, tc.message) {
				t.Errorf("message %q lacks %q", message, tc.message)
			}
		})
	}
}

func contains(s, part string) bool {
	return part == "" && s == "" || part != "" && strings.Contains(s, part)
}

func TestLostForeignAssignmentIsSeen(t *testing.T) {
	e, groups, profiles, assignments, _ := tenant()
	groups.objects = []enroll.Object{live(group("Staff"), "g1", enroll.Fields{"type": "assigned"})}
	profiles.objects = []enroll.Object{live(profile("Web"), "p1", enroll.Fields{"enrollment": "deviceWeb"})}
	foreign := live(enroll.Ref{Kind: enroll.BYODAssignment, Scope: profile("Web").Owner(), Name: "g9"}, "a9", enroll.Fields{"target": group("g9")})
	assignments.objects = []enroll.Object{foreign}
	assignments.after2 = func(s *shelf, _ enroll.Change) error { s.objects = s.objects[1:]; return nil }
	result := apply(t, e, everything())
	if len(result.Failed) != 1 || !contains(result.Failed[0].Err.Error(), "byod-assignment/g9 (Web) (id a9), which this does not touch, is gone") {
		t.Fatalf("%+v", result)
	}
}

// A write that puts back a whole list may give the others new ids: they count
// as there, and what follows knows them by the new ones.
func TestForeignAssignmentMayGetANewID(t *testing.T) {
	e, groups, profiles, assignments, _ := tenant()
	groups.objects = []enroll.Object{live(group("Staff"), "g1", enroll.Fields{"type": "assigned"}), live(group("Old"), "g2", nil)}
	profiles.objects = []enroll.Object{live(profile("Web"), "p1", enroll.Fields{"enrollment": "deviceWeb"})}
	old := live(enroll.Ref{Kind: enroll.BYODAssignment, Scope: profile("Web").Owner(), Name: "Old"}, "a2", enroll.Fields{"target": group("Old")})
	assignments.objects = []enroll.Object{old}
	assignments.after2 = func(s *shelf, c enroll.Change) error {
		if c.Verb == enroll.Create {
			s.objects[0].Handles = map[enroll.Handle]string{enroll.ID: "a7"}
		} else if id := c.Before.Handles[enroll.ID]; id != "a7" {
			t.Errorf("removed by id %s", id)
		}
		return nil
	}
	gone := assigned(profile("Web"), group("Old"))
	gone.State = enroll.Absent
	e.Kinds[0] = planned{assignments}
	if diff := cmp.Diff(map[string][]string{"done": {"byod-assignment/Old (Web)", "byod-assignment/Staff (Web)"}}, tell(apply(t, e, append(everything(), gone)))); diff != "" {
		t.Error(diff)
	}
}

// planned is a shelf whose changes go in the order of the file.
type planned struct{ *shelf }

func (planned) Plan(want, have []enroll.Object, _ enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	return enroll.Diff(want, have), nil
}

func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	e, groups, _, _, _ := tenant()
	stop := make(chan struct{})
	groups.after2 = func(*shelf, enroll.Change) error { close(stop); return nil }
	want := everything()
	p := e.Plan(want, e.Look(t.Context(), want), time.Now())
	got := tell(e.Apply(t.Context(), p, stop, nil))
	if diff := cmp.Diff(map[string][]string{"done": {"group/Staff"}, "not tried": {"byod-assignment/Staff (Web)", "byod-profile/Web"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCancelWhileWritingIsUnknown(t *testing.T) {
	e, groups, _, _, _ := tenant()
	ctx, cancel := context.WithCancel(t.Context())
	groups.after2 = func(*shelf, enroll.Change) error { cancel(); return enroll.Lost(context.Canceled) }
	groups.hidden["Staff"] = 99
	want := everything()
	p := e.Plan(want, e.Look(t.Context(), want), time.Now())
	result := e.Apply(ctx, p, nil, nil)
	if len(result.Unknown) != 1 || result.Unknown[0].Change.Ref != group("Staff") || len(result.NotTried) != 2 {
		t.Fatalf("%+v", tell(result))
	}
}

// blind is a shelf whose changes are verified together, and where nobody can look.
type blind struct{ *shelf }

func (blind) Verify(_ context.Context, done []enroll.Change, _ enroll.Snapshot) []error {
	errs := make([]error, len(done))
	for i := range errs {
		errs[i] = enroll.Lost(errors.New("read it back: 503 Service Unavailable"))
	}
	return errs
}

// What nobody could look at is unknown, and never said not to have been done.
func TestChangeThatCannotBeLookedAtIsUnknown(t *testing.T) {
	for name, answer := range map[string]error{"written": nil, "the answer is lost": enroll.Lost(errors.New("connection reset by peer"))} {
		t.Run(name, func(t *testing.T) {
			e, groups, _, _, _ := tenant()
			groups.objects = []enroll.Object{live(group("Staff"), "g1", enroll.Fields{"description": "old"})}
			groups.after2 = func(*shelf, enroll.Change) error { return answer }
			e.Kinds = []enroll.Kind{blind{groups}}
			result := apply(t, e, []enroll.Object{wanted(group("Staff"), enroll.Fields{"description": "new"})})
			if diff := cmp.Diff(map[string][]string{"unknown": {"group/Staff"}}, tell(result)); diff != "" {
				t.Fatal(diff)
			}
			if message := result.Unknown[0].Err.Error(); !strings.Contains(message, "503 Service Unavailable") || strings.Contains(message, "did not do it") {
				t.Errorf("message %q", message)
			}
		})
	}
}
