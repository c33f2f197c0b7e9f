package companyportal

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// assigned is for which groups an assignment of the app is there, by intent.
func (n *tenant) assigned(t *testing.T) []string {
	t.Helper()
	s := n.Engine.Look(t.Context(), wanted(section(enroll.Fields{"requiredFor": []string{"iOS - pilots", "iOS - kiosks", enrolled}})), enroll.AppAssignment)
	var out []string
	for _, o := range s.Objects[enroll.AppAssignment] {
		target, _ := o.Fields["target"].(enroll.Ref)
		out = append(out, o.Fields.Text("intent")+" "+target.Name)
	}
	slices.Sort(out)
	return out
}

func TestRemoveRequiredApp(t *testing.T) {
	single := "DELETE " + mobileApps + "/*/assignments/*"
	tests := []struct {
		name   string
		app    enroll.Fields
		faults []sim.Fault
		left   []string
		writes []string
	}{
		{"by name", enroll.Fields{"removeGroups": []string{"iOS - pilots"}}, nil, []string{"available iOS - enrolled before Company Portal", "required iOS - kiosks"}, []string{"DELETE"}},
		{"what is available stays", enroll.Fields{"removeGroups": []string{enrolled}}, nil, []string{"available iOS - enrolled before Company Portal", "required iOS - kiosks", "required iOS - pilots"}, nil},
		{"exclusive", enroll.Fields{"requiredFor": []string{"iOS - kiosks"}, "exclusive": true}, nil, []string{"available iOS - enrolled before Company Portal", "required iOS - kiosks"}, []string{"DELETE"}},
		{"exclusive, for nobody", enroll.Fields{"requiredFor": []string{}, "exclusive": true}, nil, []string{"available iOS - enrolled before Company Portal"}, []string{"DELETE", "DELETE"}},
		{"no such request", enroll.Fields{"removeGroups": []string{"iOS - pilots"}}, []sim.Fault{{Match: single, Do: "status", Status: 405, Times: 9}},
			[]string{"available iOS - enrolled before Company Portal", "required iOS - kiosks"}, []string{"DELETE", "POST"}},
		{"no such path", enroll.Fields{"removeGroups": []string{"iOS - pilots"}}, []sim.Fault{{Match: single, Do: "status", Status: 404, Times: 9}},
			[]string{"available iOS - enrolled before Company Portal", "required iOS - kiosks"}, []string{"DELETE", "POST"}},
		{"not found, and not said what", enroll.Fields{"removeGroups": []string{"iOS - pilots"}}, []sim.Fault{{Match: single, Do: "status", Status: 404, Body: `{"error":{"co`}},
			[]string{"available iOS - enrolled before Company Portal", "required iOS - kiosks"}, []string{"DELETE", "DELETE"}},
		{"the answer is lost", enroll.Fields{"removeGroups": []string{"iOS - pilots"}}, []sim.Fault{{Match: single, Do: "drop-after"}},
			[]string{"available iOS - enrolled before Company Portal", "required iOS - kiosks"}, []string{"DELETE", "DELETE"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{})
			n.assign(t, "iOS - pilots", required, true)
			n.assign(t, "iOS - kiosks", required, true)
			n.assign(t, enrolled, "available", true)
			n.ResetLog()
			n.SetFaults(tt.faults)
			r := n.Settled(t, wanted(section(tt.app)))
			var writes []string
			for _, w := range n.Writes() {
				writes = append(writes, strings.Fields(w)[0])
			}
			if diff := cmp.Diff(tt.writes, writes); diff != "" {
				t.Errorf("writes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.left, n.assigned(t)); diff != "" {
				t.Errorf("left (-want +got):\n%s", diff)
			}
			for _, o := range r.Done {
				if len(o.Change.Effects) != 1 || o.Change.Undo.Level != "full" {
					t.Errorf("%+v", o.Change)
				}
			}
		})
	}
}

func TestPolicySetStays(t *testing.T) {
	for _, tt := range []struct {
		name     string
		app      enroll.Fields
		severity enroll.Severity
		deletes  int
	}{
		{"named", enroll.Fields{"removeGroups": []string{"Site 103 devices"}}, enroll.Error, 0},
		{"exclusive", enroll.Fields{"requiredFor": []string{"Site 001 devices"}, "exclusive": true}, enroll.Warning, 96},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{Scenario: "crowded"})
			p := n.Plan(t, wanted(section(tt.app)))
			i := slices.IndexFunc(p.Findings, func(f enroll.Finding) bool { return f.Rule == "assignment-differs" })
			if i < 0 || p.Findings[i].Severity != tt.severity || !strings.Contains(p.Findings[i].Message, "policy set") {
				t.Errorf("findings: %v", p.Findings)
			}
			if len(p.Changes) != tt.deletes {
				t.Errorf("%d changes, want %d", len(p.Changes), tt.deletes)
			}
		})
	}
}

func TestDeletePolicy(t *testing.T) {
	absent := enroll.Fields{"name": "Company Portal - enrolled devices", "state": "absent"}
	n := start(t, sim.Options{})
	n.Settled(t, wanted(nil, userPolicy()))

	p := n.Plan(t, wanted(nil, absent))
	if i := slices.IndexFunc(p.Findings, func(f enroll.Finding) bool { return f.Rule == "hangs-on-it" && f.Severity == enroll.Error }); i < 0 || len(p.Changes) > 0 {
		t.Fatalf("deleted without a look at its assignments: %v %v", p.Changes, p.Findings)
	}
	p = n.Plan(t, wanted(nil, absent), enroll.PolicyAssignment)
	// A group that the file does not name is shown by its id.
	if len(p.Changes) != 1 || p.Changes[0].Verb != enroll.Delete || p.Changes[0].Confirm != fmt.Sprintf("it is deleted while assigned to %q", n.idOf(t, enroll.Group, enrolled)) || len(p.Changes[0].Effects) != 1 {
		t.Fatalf("%+v %v", p.Changes, p.Findings)
	}
	n.Settled(t, wanted(nil, absent), enroll.PolicyAssignment)
	if p := n.Plan(t, wanted(nil, userPolicy())); len(p.Changes) != 2 {
		t.Errorf("it is still there: %v", p.Changes)
	}

	crowded := start(t, sim.Options{Scenario: "crowded"})
	p = crowded.Plan(t, wanted(nil, enroll.Fields{"name": "Authenticator defaults", "state": "absent"}), enroll.PolicyAssignment)
	if i := slices.IndexFunc(p.Findings, func(f enroll.Finding) bool { return f.Rule == "policy-differs" }); i < 0 || len(p.Changes) > 0 {
		t.Errorf("a policy of others would be deleted: %v %v", p.Changes, p.Findings)
	}
}

func TestExistingPolicy(t *testing.T) {
	n := start(t, sim.Options{})
	existing := enroll.Fields{"name": "Company Portal - enrolled devices", "state": "existing", "assignTo.groups": []string{"iOS - kiosks"}, "exclusive": true}
	if p := n.Plan(t, wanted(nil, existing)); enroll.Worst(p.Findings) != enroll.Error || slices.ContainsFunc(p.Changes, func(c enroll.Change) bool { return c.Ref.Kind == enroll.PortalPolicy }) {
		t.Errorf("a policy that is not there: %v %v", p.Changes, p.Findings)
	}
	n.Settled(t, wanted(nil, userPolicy()))
	r := n.Settled(t, wanted(nil, existing))
	var did []string
	for _, o := range r.Done {
		did = append(did, fmt.Sprintf("%s %s", o.Change.Verb, o.Change.Ref))
	}
	if diff := cmp.Diff([]string{"create policy-assignment/iOS - kiosks (Company Portal - enrolled devices)", fmt.Sprintf("delete policy-assignment/%s (Company Portal - enrolled devices)", n.idOf(t, enroll.Group, enrolled))}, did); diff != "" {
		t.Error(diff)
	}
}

// Whatever goes wrong once, the second run ends in the same tenant.
func TestRemovalFaults(t *testing.T) {
	before := func(t *testing.T) *tenant {
		n := start(t, sim.Options{})
		n.foreignPolicy(t)
		n.assign(t, "iOS - pilots", required, true)
		return n
	}
	want := func() []enroll.Object {
		return wanted(section(enroll.Fields{"requiredFor": []string{"iOS - kiosks"}, "exclusive": true, "autoUpdate": true}), enroll.Fields{"name": "Company Portal - enrolled devices", "state": "absent"})
	}
	good := before(t)
	good.Settled(t, want(), enroll.PolicyAssignment)
	state := string(good.State())
	for _, w := range []string{"POST " + mobileApps + "/*/assignments", "DELETE " + mobileApps + "/*/assignments/*", "DELETE /deviceAppManagement/mobileAppConfigurations/*", "PATCH /deviceAppManagement/vppTokens/*"} {
		for _, f := range []sim.Fault{{Do: "drop-before"}, {Do: "drop-after"}, {Do: "cut-body"}, {Do: "status", Status: 429, RetryAfter: "0"}, {Do: "status", Status: 500}, {Do: "ignore-write"}} {
			t.Run(fmt.Sprintf("%s %s %d", w, f.Do, f.Status), func(t *testing.T) {
				t.Parallel()
				n := before(t)
				f.Match = w
				n.SetFaults([]sim.Fault{f})
				n.Apply(t, want(), enroll.PolicyAssignment)
				n.Settled(t, want(), enroll.PolicyAssignment)
				if diff := cmp.Diff(state, string(n.State())); diff != "" {
					t.Errorf("the tenant differs from one without faults:\n%s", diff)
				}
			})
		}
	}
}
