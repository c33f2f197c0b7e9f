package byod

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// did is what an apply did, in short.
func did(r enroll.Result) []string {
	var out []string
	for _, o := range r.Done {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", o.Change.Verb, o.Change.Ref, o.Change.Op)))
	}
	return out
}

func three(n *tenant, t *testing.T) {
	t.Helper()
	n.Settled(t, wanted(
		enroll.Fields{"name": "A", "enrollment": DeviceWeb, "assignTo.groups": []string{"All staff"}, "assignTo.allUsers": true},
		enroll.Fields{"name": "B", "enrollment": AccountDriven, "assignTo.groups": []string{"All staff", "Sales"}},
		enroll.Fields{"name": "C", "enrollment": DeviceWeb}))
	n.ResetLog()
}

func TestRemoveAssignments(t *testing.T) {
	tests := []struct {
		name  string
		entry enroll.Fields
		did   []string
	}{
		{"by name", enroll.Fields{"name": "B", "enrollment": AccountDriven, "removeGroups": []string{"Sales"}}, []string{"delete byod-assignment/Sales (B)"}},
		{"not there", enroll.Fields{"name": "A", "state": "existing", "removeGroups": []string{"Sales"}}, nil},
		{"all users", enroll.Fields{"name": "A", "state": "existing", "assignTo.allUsers": false}, []string{"delete byod-assignment/all users (A)"}},
		{"null leaves all users alone", enroll.Fields{"name": "A", "state": "existing", "assignTo.allUsers": nil}, nil},
		{"exclusive", enroll.Fields{"name": "B", "state": "existing", "assignTo.groups": []string{"Sales"}, "removeGroups": []string{"All staff"}, "exclusive": true}, []string{"delete byod-assignment/All staff (B)"}},
		{"exclusive, written beside the groups", enroll.Fields{"name": "A", "state": "existing", "assignTo.groups": []string{"All staff"}, "assignTo.exclusive": true}, []string{"delete byod-assignment/all users (A)"}},
		{"not exclusive", enroll.Fields{"name": "A", "state": "existing", "assignTo.groups": []string{"All staff"}, "exclusive": false}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{})
			three(n, t)
			r := n.Settled(t, wanted(tt.entry))
			if diff := cmp.Diff(tt.did, did(r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if writes := n.Writes(); len(writes) != len(tt.did) {
				t.Errorf("writes: %v", writes)
			}
		})
	}
}

// Deleting a profile says who loses it and who rises; the others keep their order.
func TestDeleteProfile(t *testing.T) {
	n := start(t, sim.Options{})
	three(n, t)
	want := wanted(
		enroll.Fields{"name": "A", "state": "absent"},
		enroll.Fields{"name": "C", "state": "existing", "description": "now first", "priority": int64(1)},
		enroll.Fields{"name": "D", "enrollment": UserChoice})
	p := n.Plan(t, want, enroll.BYODAssignment)
	i := slices.IndexFunc(p.Changes, func(c enroll.Change) bool { return c.Verb == enroll.Delete })
	if i < 0 || !strings.HasPrefix(p.Changes[i].Confirm, "it is deleted while assigned to ") || p.Changes[i].Undo.Level != "partial" {
		t.Fatalf("%+v", p.Changes)
	}
	var effects []string
	for _, e := range p.Changes[i].Effects {
		effects = append(effects, e.On.String()+": "+e.Text)
	}
	if len(effects) < 2 || !slices.Contains(effects, "byod-profile/B: rank 2 becomes 1") || !slices.Contains(effects, "audience/all users: it reached all users") {
		t.Errorf("effects: %v", effects)
	}
	r := n.Settled(t, want, enroll.BYODAssignment)
	if diff := cmp.Diff([]string{"update byod-profile/C", "create byod-profile/D", "delete byod-profile/A", "update byod-profile/C setPriority"}, did(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p = n.Plan(t, wanted(enroll.Fields{"name": "B", "state": "existing", "priority": int64(3)}))
	if i := slices.IndexFunc(p.Changes, func(c enroll.Change) bool { return c.After["order"] == "C > D > B" }); i < 0 {
		t.Errorf("order is not C > B > D: %+v", p.Changes)
	}
}

func TestDeleteIsNotBlind(t *testing.T) {
	n := start(t, sim.Options{})
	three(n, t)
	want := wanted(enroll.Fields{"name": "A", "state": "absent"})
	if p := n.Plan(t, want); enroll.Worst(p.Findings) != enroll.Error || len(p.Changes) > 0 {
		t.Errorf("deleted without a look at its assignments: %v %v", p.Changes, p.Findings)
	}
	n.SetFaults([]sim.Fault{{Match: "GET " + path + "/*/assignments", Do: "status", Status: 400, Times: 9}})
	p := n.Plan(t, want, enroll.BYODAssignment)
	if enroll.Worst(p.Findings) != enroll.Error || len(p.Changes) > 0 || len(p.Gaps) == 0 {
		t.Errorf("deleted although its assignments could not be read: %v %v", p.Changes, p.Findings)
	}
}

// priority: null is the default, the last rank.
func TestNullPriority(t *testing.T) {
	n := start(t, sim.Options{})
	three(n, t)
	r := n.Settled(t, wanted(enroll.Fields{"name": "A", "enrollment": DeviceWeb, "priority": nil, "description": nil}))
	if diff := cmp.Diff([]string{"update byod-profile/A setPriority"}, did(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := r.Done[0].Change.After["order"]; got != "B > C > A" {
		t.Errorf("order %v", got)
	}
}

// Two profiles of one name are told apart by their ids, with all that belongs to them.
func TestNamesakes(t *testing.T) {
	n := start(t, sim.Options{})
	n.Settled(t, wanted(enroll.Fields{"name": "Twin", "enrollment": DeviceWeb}))
	n.Settled(t, wanted(enroll.Fields{"name": "Other", "enrollment": DeviceWeb}))
	all, _ := profiles{n.Client}.Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{})
	one, two := all[0].Handles[enroll.ID], all[1].Handles[enroll.ID]
	n.rename(t, two, "Twin")
	want := wanted(
		enroll.Fields{"name": "Twin", "id": one, "enrollment": DeviceWeb, "assignTo.groups": []string{"All staff"}},
		enroll.Fields{"name": "Twin", "id": two, "enrollment": DeviceWeb, "assignTo.groups": []string{"Sales"}})
	n.Settled(t, want)
	s := n.Engine.Look(t.Context(), want)
	got := map[string]string{}
	for _, a := range s.Objects[enroll.BYODAssignment] {
		owner, _ := a.Ref.ScopeRef()
		got[owner.Name] = a.Ref.Name
	}
	if diff := cmp.Diff(map[string]string{"Twin (" + one + ")": "All staff", "Twin (" + two + ")": "Sales"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	n.Settled(t, wanted(enroll.Fields{"name": "Twin", "id": one, "state": "absent"}), enroll.BYODAssignment)
	left, _ := profiles{n.Client}.Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{})
	if len(left) != 1 || left[0].Handles[enroll.ID] != two {
		t.Errorf("left: %v", left)
	}
}

// Whatever goes wrong once, the second run ends in the same tenant.
func TestRemovalFaults(t *testing.T) {
	want := func() []enroll.Object {
		return wanted(enroll.Fields{"name": "A", "state": "absent"}, enroll.Fields{"name": "B", "state": "existing", "assignTo.groups": []string{"Sales"}, "exclusive": true, "priority": int64(2)})
	}
	good := start(t, sim.Options{})
	three(good, t)
	good.Settled(t, want(), enroll.BYODAssignment)
	state := string(good.State())
	for _, w := range []string{"DELETE " + path + "/*$", "DELETE " + path + "/*/assignments/*", "POST " + path + "/*/setPriority"} {
		for _, f := range []sim.Fault{{Do: "drop-before"}, {Do: "drop-after"}, {Do: "cut-body"}, {Do: "status", Status: 429, RetryAfter: "0"}, {Do: "status", Status: 500}, {Do: "ignore-write"}} {
			t.Run(fmt.Sprintf("%s %s %d", w, f.Do, f.Status), func(t *testing.T) {
				t.Parallel()
				n := start(t, sim.Options{})
				three(n, t)
				f.Match = w
				n.SetFaults([]sim.Fault{f})
				n.Apply(t, want(), enroll.BYODAssignment)
				n.Settled(t, want(), enroll.BYODAssignment)
				if diff := cmp.Diff(state, string(n.State())); diff != "" {
					t.Errorf("the tenant differs from one without faults:\n%s", diff)
				}
			})
		}
	}
}

// rename gives a profile another name, as others do in the admin center.
func (n *tenant) rename(t *testing.T, id, name string) {
	t.Helper()
	if _, err := n.Client.Do(t.Context(), graph.Call{API: graph.Beta, Method: "PATCH", Path: path + graph.Path(id), Class: graph.Put,
		Body: map[string]any{"@odata.type": "#microsoft.graph.appleUserInitiatedEnrollmentProfile", "displayName": name}}); err != nil {
		t.Fatal(err)
	}
}
