package directory

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func pilots() enroll.Ref { return enroll.Ref{Kind: enroll.Group, Name: "iOS - pilots"} }

func TestAddOwnerOnce(t *testing.T) {
	n := start(t, sim.Options{Scenario: "contoso"})
	want := []enroll.Object{Provisioned(pilots(), enroll.Origin{}), {Ref: enroll.Ref{Kind: enroll.Group, Name: "iOS - new"}, Fields: enroll.Fields{"type": TypeAssigned}},
		Provisioned(enroll.Ref{Kind: enroll.Group, Name: "iOS - new"}, enroll.Origin{})}
	n.Settled(t, want)
	var owned int
	for _, w := range n.Writes() {
		if w != "POST /groups" {
			owned++
		}
	}
	if owned != 2 {
		t.Errorf("writes: %v", n.Writes())
	}
}

// TestOwnerLostAnswer: an owner that was added all the same is not added twice.
func TestOwnerLostAnswer(t *testing.T) {
	n := start(t, sim.Options{Scenario: "contoso", Faults: []sim.Fault{{Match: "POST /groups/*/owners/$ref", Do: "drop-after"}}})
	n.Settled(t, []enroll.Object{Provisioned(pilots(), enroll.Origin{})})
	if got := n.Writes(); len(got) != 1 {
		t.Errorf("writes: %v", got)
	}
}

// TestOwnersInOrder: what is seen, and what is not, comes in the same order each time.
func TestOwnersInOrder(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded", Permissions: []string{"Group.Read.All"}})
	n.SetFaults([]sim.Fault{{Match: "GET /groups/*/owners", Do: "status", Status: 403, Times: 99}})
	var q enroll.Query
	var known enroll.Snapshot
	known.Objects = map[enroll.KindName][]enroll.Object{}
	var want []string
	for i := range 9 {
		ref := enroll.Ref{Kind: enroll.Group, Name: fmt.Sprintf("Site %03d devices", i+1)}
		known.Objects[enroll.Group] = append(known.Objects[enroll.Group], enroll.Object{Ref: ref, Handles: map[enroll.Handle]string{enroll.ID: fmt.Sprint(i)}})
		q.Want, want = append(q.Want, Provisioned(ref, enroll.Origin{})), append(want, ref.Owner())
	}
	objects, gaps := owners{n.Client}.Read(t.Context(), q, known)
	var seen, unseen []string
	for _, o := range objects {
		seen = append(seen, o.Ref.Scope)
	}
	for _, g := range gaps {
		unseen = append(unseen, g.Scope.Scope)
	}
	if diff := cmp.Diff([][]string{want, want}, [][]string{seen, unseen}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlanOwner(t *testing.T) {
	w := Provisioned(pilots(), enroll.Origin{Line: 3})
	live := func(f OwnerFacts) []enroll.Object { return []enroll.Object{{Ref: w.Ref, Facts: f}} }
	for _, tc := range []struct {
		name    string
		have    []enroll.Object
		changes int
		said    []string
	}{
		{"not an owner", nil, 1, nil},
		{"owner", live(OwnerFacts{Owns: true}), 0, nil},
		{"no principal", live(OwnerFacts{Missing: true}), 0, []string{"error: the tenant has no service principal Intune Provisioning Client, which has to own group \"iOS - pilots\""}},
		{"not allowed", live(OwnerFacts{Unseen: "403"}), 0, []string{"warning: cannot tell whether Intune Provisioning Client owns group \"iOS - pilots\": 403"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			changes, findings := owners{}.Plan([]enroll.Object{w}, tc.have, enroll.Snapshot{})
			var said []string
			for _, f := range findings {
				said = append(said, string(f.Severity)+": "+f.Message)
			}
			if d := cmp.Diff(tc.said, said); d != "" || len(changes) != tc.changes {
				t.Errorf("%d changes, said (-want +got):\n%s", len(changes), d)
			}
		})
	}
}
