package byod

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func wanted(entries ...enroll.Fields) []enroll.Object {
	var list []enroll.Entry
	for _, f := range entries {
		list = append(list, enroll.Entry{Values: f})
	}
	out, _ := Objects(list)
	return out
}

// body is what the nth write of the log sent.
func (n *tenant) body(t *testing.T, nth int) map[string]any {
	t.Helper()
	for _, r := range n.Requests() {
		if !r.Write {
			continue
		}
		if nth == 0 {
			var v map[string]any
			if err := json.Unmarshal(r.Body, &v); err != nil {
				t.Fatal(err)
			}
			return v
		}
		nth--
	}
	t.Fatal("no such write")
	return nil
}

func TestCreateAndAssign(t *testing.T) {
	n := start(t, sim.Options{})
	want := wanted(enroll.Fields{"name": "Everyone else", "enrollment": DeviceWeb, "justInTime": true, "assignTo.allUsers": true, "assignTo.groups": []string{"All staff"}})
	n.Settled(t, want)
	if diff := cmp.Diff(map[string]any{
		"@odata.type": "#microsoft.graph.appleUserInitiatedEnrollmentProfile", "displayName": "Everyone else", "description": "", "platform": "iOS", "priority": 1.0,
		"defaultEnrollmentType":          "webDeviceEnrollment",
		"availableEnrollmentTypeOptions": []any{map[string]any{"@odata.type": "#microsoft.graph.appleOwnerTypeEnrollmentType", "ownerType": "personal", "enrollmentType": "webDeviceEnrollment"}},
	}, n.body(t, 0)); diff != "" {
		t.Errorf("profile (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"target": map[string]any{"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}, n.body(t, 1)); diff != "" {
		t.Errorf("assignment to all users (-want +got):\n%s", diff)
	}
	var groups []enroll.Object
	groups, _ = n.Engine.Kinds[0].Read(t.Context(), enroll.Query{Names: []enroll.Ref{{Kind: enroll.Group, Name: "All staff"}}}, enroll.Snapshot{})
	if diff := cmp.Diff(map[string]any{"target": map[string]any{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": groups[0].Handles[enroll.ID]}}, n.body(t, 2)); diff != "" {
		t.Errorf("assignment to a group (-want +got):\n%s", diff)
	}
}

func TestEveryEnrollment(t *testing.T) {
	for _, enrollment := range choices() {
		t.Run(enrollment, func(t *testing.T) {
			n := start(t, sim.Options{})
			n.Settled(t, wanted(enroll.Fields{"name": "P", "enrollment": enrollment, "description": "for all"}))
			n.Settled(t, wanted(enroll.Fields{"name": "P", "enrollment": DeviceWeb, "description": nil}))
			n.Settled(t, wanted(enroll.Fields{"name": "P", "enrollment": enrollment}))
		})
	}
}

// ranks are the names of the live profiles, highest rank first.
func (n *tenant) ranks(t *testing.T) []string {
	t.Helper()
	objects, gaps := profiles{n.Client}.Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{})
	if len(gaps) > 0 {
		t.Fatal(gaps)
	}
	var out []string
	for _, o := range objects {
		out = append(out, o.Ref.Name)
	}
	return out
}

func TestPriorities(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	n.Settled(t, wanted(
		enroll.Fields{"name": "Second", "enrollment": DeviceWeb, "priority": int64(2)},
		enroll.Fields{"name": "First", "enrollment": DeviceWeb, "priority": int64(1)},
		enroll.Fields{"name": "Whatever", "enrollment": DeviceWeb},
	))
	if diff := cmp.Diff([]string{"First", "Second", "Personal device", "Personal accountDrivenUserEnrollment", "Whatever"}, n.ranks(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r := n.Settled(t, wanted(
		enroll.Fields{"name": "First", "enrollment": AccountDriven, "priority": int64(5)},
		enroll.Fields{"name": "Second", "enrollment": DeviceWeb, "description": "changed"},
	))
	if diff := cmp.Diff([]string{"Second", "Personal device", "Personal accountDrivenUserEnrollment", "Whatever", "First"}, n.ranks(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	last := r.Done[len(r.Done)-1].Change
	if last.Op != "setPriority" || len(last.Effects) != 5 {
		t.Errorf("effects on others: %v", last.Effects)
	}
}

// foreign are the assignments of the profiles that the scenario made, as the service gives them.
func (n *tenant) foreign(t *testing.T) []string {
	t.Helper()
	s := n.Engine.Look(t.Context(), nil, enroll.BYODAssignment)
	var out []string
	for _, o := range s.Objects[enroll.BYODAssignment] {
		if strings.HasPrefix(o.Ref.Scope, "byod-profile:Personal") {
			out = append(out, string(o.Raw))
		}
	}
	return out
}

func TestForeignAssignmentsStay(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	before := n.foreign(t)
	n.Settled(t, wanted(enroll.Fields{"name": "Personal device", "enrollment": DeviceCompanyPortal, "assignTo.groups": []string{"Sales"}}))
	if diff := cmp.Diff([]string{"POST /deviceManagement/appleUserInitiatedEnrollmentProfiles"}, trimmed(n.Writes())); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	after := n.foreign(t)
	for _, a := range before {
		if !slices.Contains(after, a) {
			t.Errorf("lost or changed: %s", a)
		}
	}
	if len(after) != len(before)+1 {
		t.Errorf("%d assignments, want %d", len(after), len(before)+1)
	}
}

// trimmed leaves the ids out of requests.
func trimmed(writes []string) []string {
	for i, w := range writes {
		writes[i] = strings.Join(strings.Split(w, "/")[:3], "/")
	}
	return writes
}

func TestFaults(t *testing.T) {
	want := func() []enroll.Object {
		return wanted(enroll.Fields{"name": "P", "enrollment": UserChoice, "priority": int64(1), "assignTo.groups": []string{"Sales"}},
			enroll.Fields{"name": "Personal device", "enrollment": DeviceCompanyPortal, "description": "ours now"})
	}
	begin := func(t *testing.T) *graphtest.Tenant { return start(t, sim.Options{Scenario: "crowded"}).Tenant }
	graphtest.Survives(t, begin, want, "POST "+path+"$", "POST "+path+"/*/assignments", "POST "+path+"/*/setPriority", "PATCH "+path)
}

func TestNewGroupLags(t *testing.T) {
	n := start(t, sim.Options{Lag: 3})
	want := append(wanted(enroll.Fields{"name": "P", "enrollment": DeviceWeb, "assignTo.groups": []string{"New staff"}}),
		enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: "New staff"}, Fields: enroll.Fields{"type": "assigned"}})
	n.Settled(t, want)
}

func TestGaps(t *testing.T) {
	n := start(t, sim.Options{Permissions: []string{"Group.Read.All", "Device.Read.All"}})
	p := n.Plan(t, wanted(enroll.Fields{"name": "P", "enrollment": DeviceWeb, "assignTo.allUsers": true}))
	if gap, blocked := p.Blocked(); !blocked || !gap.Denied || len(p.Changes) > 0 {
		t.Errorf("gaps %v, changes %v", p.Gaps, p.Changes)
	}
	n = start(t, sim.Options{Scenario: "crowded"})
	n.SetFaults([]sim.Fault{{Match: "GET " + path + "/*/assignments", Do: "status", Status: 404}})
	s := n.Engine.Look(t.Context(), nil, enroll.BYODAssignment)
	if len(s.Gaps) != 1 || s.Gaps[0].Scope.Scope == "" || len(s.Objects[enroll.BYODAssignment]) != 1 {
		t.Errorf("one list fails: gaps %v, objects %v", s.Gaps, s.Objects[enroll.BYODAssignment])
	}
}

func TestDeniedWrite(t *testing.T) {
	n := start(t, sim.Options{Permissions: []string{"Group.Read.All", "Device.Read.All", "DeviceManagementServiceConfig.Read.All"}})
	r := n.Apply(t, wanted(enroll.Fields{"name": "P", "enrollment": DeviceWeb}))
	if len(r.Failed) != 1 || !graph.IsDenied(r.Failed[0].Err) {
		t.Errorf("failed %v", r.Failed)
	}
}

func TestWaves(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	want := wanted(enroll.Fields{"name": "Personal device", "enrollment": DeviceWeb, "assignTo.groups": []string{"Sales"}})
	if waves := graphtest.Waves(n.Server, 2, func() { n.Engine.Look(t.Context(), want) }); waves != 2 { // the group is dynamic: no members to count
		t.Errorf("%d waves of requests, want 2", waves)
	}
}

// TestSameRank: that ranks are each there once is not established.
func TestSameRank(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded", Differences: sim.Differences{Set: map[string]map[string]any{path + "/Personal accountDrivenUserEnrollment": {"priority": 1}}}})
	n.Settled(t, wanted(enroll.Fields{"name": "Last", "enrollment": DeviceWeb}))
	if diff := cmp.Diff("Last", n.ranks(t)[2]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
