package companyportal

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

const enrolled = "iOS - enrolled before Company Portal"

func wanted(app enroll.Fields, entries ...enroll.Fields) []enroll.Object {
	var section *enroll.Entry
	if app != nil {
		section = &enroll.Entry{Values: app}
	}
	var list []enroll.Entry
	for _, f := range entries {
		list = append(list, enroll.Entry{Values: f})
	}
	out, _ := Objects(section, list)
	return out
}

func userPolicy() enroll.Fields {
	return enroll.Fields{"name": "Company Portal - enrolled devices", "variant": UserAffinity, "assignTo.groups": []string{enrolled}}
}

// post sends what others do in the tenant, and gives the id of what it made.
func (n *tenant) post(t *testing.T, path string, body any) string {
	t.Helper()
	a, err := n.Client.Do(t.Context(), graph.Call{API: graph.Beta, Method: "POST", Path: path, Class: graph.Create, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ ID string }
	if len(a.Body) > 0 {
		if err := json.Unmarshal(a.Body, &made); err != nil {
			t.Fatal(err)
		}
	}
	return made.ID
}

func (n *tenant) storeApp(t *testing.T) string {
	t.Helper()
	return n.post(t, "/deviceAppManagement/mobileApps", map[string]any{
		"@odata.type": "#microsoft.graph.iosStoreApp", "displayName": "Intune Company Portal", "publisher": "Microsoft", "bundleId": "com.microsoft.CompanyPortal",
		"appStoreUrl":                     "https://apps.apple.com/app/id719171358",
		"applicableDeviceType":            map[string]any{"@odata.type": "#microsoft.graph.iosDeviceType", "iPad": true, "iPhoneAndIPod": true},
		"minimumSupportedOperatingSystem": map[string]any{"@odata.type": "#microsoft.graph.iosMinimumOperatingSystem", "v15_0": true},
	})
}

func TestReadApps(t *testing.T) {
	n := start(t, sim.Options{Latency: 20 * time.Millisecond})
	n.storeApp(t)
	n.ResetLog()
	objects, gaps := apps{n.Client}.Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{})
	if len(gaps) > 0 || len(objects) != 2 {
		t.Fatalf("%v %v", objects, gaps)
	}
	if waves := n.Waves(); waves != 1 {
		t.Errorf("%d waves of requests, want 1", waves)
	}
	token, ok := objects[0].Facts.(AppFacts)
	if diff := cmp.Diff(AppFacts{Token: enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}, TokenID: token.TokenID, Licences: 100, Used: 12, DeviceLicensing: true, TokenApps: 2}, token); diff != "" || !ok || token.TokenID == "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(AppFacts{Store: true}, objects[1].Facts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, name := range []string{"Company Portal (Contoso VPP)", "Contoso VPP", "Contoso HQ", token.TokenID, "vpp", objects[0].Handles[enroll.ID]} {
		if o, err := enroll.Resolve(objects, appRef(name)); err != nil || o.Ref != objects[0].Ref {
			t.Errorf("%q finds %v, %v", name, o.Ref, err)
		}
	}
	if o, err := enroll.Resolve(objects, appRef(storeName)); err != nil || o.Ref != objects[1].Ref {
		t.Errorf("the store app: %v, %v", o.Ref, err)
	}
	if _, err := enroll.Resolve(objects, appRef("")); err == nil {
		t.Error("no name finds one of two")
	}
}

func TestNames(t *testing.T) {
	token := func(id, name string) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.VPPToken, Name: name}, Handles: map[enroll.Handle]string{enroll.ID: id, vpp.Location: "at " + id}}
	}
	live := func(ids ...string) []enroll.Object {
		var out []enroll.Object
		for i, id := range ids {
			out = append(out, enroll.Object{Ref: appRef(""), Handles: map[enroll.Handle]string{enroll.ID: fmt.Sprint("a", i)}, Facts: AppFacts{TokenID: id, Token: enroll.Ref{Kind: enroll.VPPToken, Name: "as the app says"}}})
		}
		return out
	}
	tests := []struct {
		name   string
		apps   []enroll.Object
		tokens []enroll.Object
		want   []string // name, then what it is found by
	}{
		{"one", live("t1"), []enroll.Object{token("t1", "HQ")}, []string{"Company Portal (HQ): HQ a0 at t1 t1 vpp"}},
		{"two tokens", live("t1", "t2"), []enroll.Object{token("t1", "HQ"), token("t2", "Branch")}, []string{"Company Portal (HQ): HQ a0 at t1 t1", "Company Portal (Branch): Branch a1 at t2 t2"}},
		{"two tokens of one name", live("t1", "t2"), []enroll.Object{token("t1", "HQ"), token("t2", "HQ")}, []string{"Company Portal (HQ): a0 at t1 t1", "Company Portal (HQ): a1 at t2 t2"}},
		{"one token twice", live("t1", "t1"), []enroll.Object{token("t1", "HQ")}, []string{"Company Portal (HQ): a0", "Company Portal (HQ): a1"}},
		{"a token that is gone", live("t9"), nil, []string{"Company Portal (as the app says): a0 t9 vpp"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for i := range tt.apps {
				name(tt.apps, i, tt.tokens)
			}
			for _, o := range tt.apps {
				var by []string
				for _, v := range o.Handles {
					if v != "" {
						by = append(by, v)
					}
				}
				slices.Sort(by)
				got = append(got, o.Ref.Name+": "+strings.Join(by, " "))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCreateAndAssign(t *testing.T) {
	n := start(t, sim.Options{})
	n.Settled(t, wanted(nil, userPolicy()))
	var bodies []map[string]any
	for _, r := range n.Requests() {
		if r.Write {
			var body map[string]any
			if err := json.Unmarshal(r.Body, &body); err != nil {
				t.Fatal(err)
			}
			bodies = append(bodies, body)
		}
	}
	objects, _ := apps{n.Client}.Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{})
	groups, _ := n.Engine.Kinds[0].Read(t.Context(), enroll.Query{Names: []enroll.Ref{{Kind: enroll.Group, Name: enrolled}}}, enroll.Snapshot{})
	text, _ := encoded(UserAffinity)
	if diff := cmp.Diff([]map[string]any{
		{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "displayName": "Company Portal - enrolled devices", "description": "",
			"targetedMobileApps": []any{objects[0].Handles[enroll.ID]}, "encodedSettingXml": text},
		{"@odata.type": "#microsoft.graph.managedDeviceMobileAppConfigurationAssignment",
			"target": map[string]any{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": groups[0].Handles[enroll.ID]}},
	}, bodies); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r := n.Settled(t, wanted(enroll.Fields{"source": "vpp", "vppToken": "Contoso HQ"}, enroll.Fields{"name": "Company Portal - enrolled devices", "variant": DeviceStaging, "description": "carts",
		"assignTo.groups": []string{"iOS - pilots"}, "assignTo.excludeGroups": []string{"iOS - kiosks"}}))
	if len(r.Done) != 3 {
		t.Errorf("done: %v", r.Done)
	}
}

func TestRefusedBeforeAnyWrite(t *testing.T) {
	tests := []struct {
		name     string
		scenario string
		want     []enroll.Object
		rule     string
	}{
		{"a user group", "contoso", wanted(nil, enroll.Fields{"name": "P", "variant": UserAffinity, "assignTo.groups": []string{"All staff"}}), "CPI-14"},
		{"a dynamic user group", "contoso", wanted(nil, enroll.Fields{"name": "P", "variant": UserAffinity, "assignTo.groups": []string{"Sales"}}), "CPI-14"},
		{"no Company Portal", "empty", wanted(nil, enroll.Fields{"name": "P", "variant": UserAffinity}), "CPI-12"},
		{"a policy of others", "crowded", wanted(nil, enroll.Fields{"name": "Authenticator defaults", "variant": UserAffinity}), "policy-differs"},
		{"an unknown group", "contoso", wanted(nil, enroll.Fields{"name": "P", "variant": UserAffinity, "assignTo.groups": []string{"Nobody"}}), "name-unknown"},
		{"an unknown token", "contoso", wanted(enroll.Fields{"source": "vpp", "vppToken": "Fabrikam"}, enroll.Fields{"name": "P", "variant": UserAffinity}), "CPI-12"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{Scenario: tt.scenario})
			p := n.Plan(t, tt.want)
			if !slices.ContainsFunc(p.Findings, func(f enroll.Finding) bool { return f.Rule == tt.rule && f.Severity == enroll.Error }) {
				t.Errorf("findings: %v", p.Findings)
			}
			if w := n.Writes(); w != nil {
				t.Errorf("wrote %v", w)
			}
		})
	}
}

func TestTwoApps(t *testing.T) {
	n := start(t, sim.Options{})
	n.storeApp(t)
	p := n.Plan(t, wanted(nil, userPolicy()))
	if i := slices.IndexFunc(p.Findings, func(f enroll.Finding) bool { return f.Rule == "name-ambiguous" }); i < 0 || !strings.Contains(p.Findings[i].Message, "Company Portal (store)") {
		t.Errorf("findings: %v", p.Findings)
	}
	n.Settled(t, wanted(enroll.Fields{"source": "store"}, userPolicy()))
	n.Settled(t, wanted(enroll.Fields{"source": "vpp"}, userPolicy()))
}

// foreignPolicy makes a policy with a filtered assignment, as others do.
func (n *tenant) foreignPolicy(t *testing.T) (path, filter string) {
	t.Helper()
	objects, _ := apps{n.Client}.Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{})
	text, _ := encoded(UserAffinity)
	id := n.post(t, configuration(), map[string]any{"@odata.type": iosPolicy, "displayName": "Company Portal - enrolled devices", "description": "made by hand",
		"targetedMobileApps": []string{objects[0].Handles[enroll.ID]}, "encodedSettingXml": text})
	filters, err := graph.List[struct{ ID string }](t.Context(), n.Client, graph.Call{API: graph.Beta, Method: "GET", Path: "/deviceManagement/assignmentFilters"})
	if err != nil {
		t.Fatal(err)
	}
	n.post(t, configuration(id, "assignments"), map[string]any{"target": map[string]any{"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget",
		"deviceAndAppManagementAssignmentFilterId": filters[0].ID, "deviceAndAppManagementAssignmentFilterType": "include"}})
	return configuration(id, "assignments"), filters[0].ID
}

// targets are the targets of a policy's assignments, as the service gives them.
func (n *tenant) targets(t *testing.T, path string) []string {
	t.Helper()
	items, err := graph.List[struct{ Target json.RawMessage }](t.Context(), n.Client, graph.Call{API: graph.Beta, Method: "GET", Path: path})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range items {
		out = append(out, string(i.Target))
	}
	return out
}

func TestForeignAssignmentsStay(t *testing.T) {
	tests := []struct {
		name   string
		faults []sim.Fault
		writes []string
	}{
		{"one by one", nil, []string{"POST assignments"}},
		{"no such request", []sim.Fault{{Match: "POST /deviceAppManagement/mobileAppConfigurations/*/assignments", Do: "status", Status: 405, Times: 9}}, []string{"POST assignments", "POST assign"}},
		{"no such path", []sim.Fault{{Match: "POST /deviceAppManagement/mobileAppConfigurations/*/assignments", Do: "status", Status: 404, Times: 9}}, []string{"POST assignments", "POST assign"}},
		{"the answer to assign is lost", []sim.Fault{{Match: "POST /deviceAppManagement/mobileAppConfigurations/*/assignments", Do: "status", Status: 405, Times: 9},
			{Match: "POST /deviceAppManagement/mobileAppConfigurations/*/assign$", Do: "drop-after"}}, []string{"POST assignments", "POST assign"}},
		{"assign is not received", []sim.Fault{{Match: "POST /deviceAppManagement/mobileAppConfigurations/*/assignments", Do: "status", Status: 405, Times: 9},
			{Match: "POST /deviceAppManagement/mobileAppConfigurations/*/assign$", Do: "drop-before"}}, []string{"POST assignments", "POST assign", "POST assign"}},
		{"assign is too busy", []sim.Fault{{Match: "POST /deviceAppManagement/mobileAppConfigurations/*/assignments", Do: "status", Status: 405, Times: 9},
			{Match: "POST /deviceAppManagement/mobileAppConfigurations/*/assign$", Do: "status", Status: 429, RetryAfter: "0"}}, []string{"POST assignments", "POST assign", "POST assignments", "POST assign"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{})
			path, filter := n.foreignPolicy(t)
			before := n.targets(t, path)
			n.ResetLog()
			n.SetFaults(tt.faults)
			n.Settled(t, wanted(nil, userPolicy()))
			after := n.targets(t, path)
			if !strings.Contains(before[0], filter) || !slices.Contains(after, before[0]) || len(after) != 2 {
				t.Errorf("before %v, after %v", before, after)
			}
			var writes []string
			for _, w := range n.Writes() {
				writes = append(writes, "POST "+w[strings.LastIndex(w, "/")+1:])
			}
			if diff := cmp.Diff(tt.writes, writes); diff != "" {
				t.Errorf("writes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	want := func() []enroll.Object {
		return append(wanted(nil, enroll.Fields{"name": "New", "variant": DeviceStaging, "assignTo.groups": []string{"New carts"}}, userPolicy().With(enroll.Fields{"description": "ours now"})),
			enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: "New carts"}, Fields: enroll.Fields{"type": "assigned"}})
	}
	begin := func(t *testing.T) *graphtest.Tenant {
		n := start(t, sim.Options{Lag: 2})
		n.foreignPolicy(t)
		return n.Tenant
	}
	const path = "/deviceAppManagement/mobileAppConfigurations"
	graphtest.Survives(t, begin, want, "POST "+path+"$", "POST "+path+"/*/assignments", "PATCH "+path, "POST /groups")
}

func TestCrowdedApp(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	s := n.Engine.Look(t.Context(), nil, enroll.AppAssignment)
	all := s.Objects[enroll.AppAssignment]
	if len(all) != 103 || len(s.Gaps) > 0 {
		t.Fatalf("%d assignments, gaps %v", len(all), s.Gaps)
	}
	count := map[string]int{}
	for _, o := range all {
		if o.Fields.Text("intent") == "required" {
			count["required"]++
		}
		if licensed, _ := o.Fields.Flag("deviceLicensing"); licensed {
			count["device licensed"]++
		}
		if excluded, _ := o.Fields.Flag("exclude"); excluded {
			count["excluded"]++
		}
		if o.Fields.Text("filter") != "" {
			count["filtered"]++
		}
		if o.Fields.Text("source") == "policySets" {
			count["policy sets"]++
		}
	}
	if diff := cmp.Diff(map[string]int{"required": 103, "device licensed": 98, "excluded": 5, "filtered": 5, "policy sets": 1}, count); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	n.Settled(t, wanted(nil, enroll.Fields{"name": "P", "variant": UserAffinity, "assignTo.groups": []string{"Site 001 devices"}}), enroll.AppAssignment)
	p := n.Plan(t, wanted(nil, enroll.Fields{"name": "P", "variant": UserAffinity, "assignTo.groups": []string{"Site 001 devices", enrolled}}), enroll.AppAssignment)
	if i := slices.IndexFunc(p.Findings, func(f enroll.Finding) bool { return f.Rule == "CPI-17" }); i < 0 || !strings.Contains(p.Findings[i].Message, enrolled) || enroll.Worst(p.Findings) != enroll.Warning {
		t.Errorf("findings: %v", p.Findings)
	}
	n.ResetLog()
	n.Engine.Look(t.Context(), nil, enroll.AppAssignment, enroll.PortalPolicy, enroll.PolicyAssignment)
	if w := n.Writes(); w != nil {
		t.Errorf("looking wrote %v", w)
	}
}

func TestGaps(t *testing.T) {
	for _, tt := range []struct {
		name        string
		permissions []string
	}{
		{"no apps", []string{"Group.Read.All", "Device.Read.All", "DeviceManagementServiceConfig.Read.All"}},
		{"no tokens", []string{"Group.Read.All", "Device.Read.All", "DeviceManagementApps.Read.All"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{Permissions: tt.permissions})
			p := n.Plan(t, wanted(nil, userPolicy()))
			if gap, blocked := p.Blocked(); !blocked || !gap.Denied || slices.ContainsFunc(p.Changes, func(c enroll.Change) bool { return c.Ref.Kind == enroll.PortalPolicy }) {
				t.Errorf("gaps %v, changes %v", p.Gaps, p.Changes)
			}
		})
	}
}

// An app that does not say enough of itself is a gap: what is not said is not 0.
func TestAppUnsaid(t *testing.T) {
	for _, tt := range []struct{ name, raw string }{
		{"no type", `{"id":"a","bundleId":"com.microsoft.CompanyPortal"}`},
		{"no licences", `{"@odata.type":"#microsoft.graph.iosVppApp","id":"a","bundleId":"com.microsoft.CompanyPortal","usedLicenseCount":1}`},
		{"no use of licences", `{"@odata.type":"#microsoft.graph.iosVppApp","id":"a","bundleId":"com.microsoft.CompanyPortal","totalLicenseCount":9,"usedLicenseCount":null}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, ours, _, err := app(json.RawMessage(tt.raw)); ours || err == nil {
				t.Errorf("taken for an app (%v), %v", ours, err)
			}
		})
	}
}
