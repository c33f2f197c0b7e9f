package companyportal

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

const mobileApps = "/deviceAppManagement/mobileApps"

// bodies are what was written, in order: method, last segments of the path, body.
func (n *tenant) bodies(t *testing.T) []any {
	t.Helper()
	var out []any
	for _, r := range n.Requests() {
		if !r.Write {
			continue
		}
		var body any
		if len(r.Body) > 0 {
			if err := json.Unmarshal(r.Body, &body); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, body)
	}
	return out
}

func (n *tenant) idOf(t *testing.T, kind enroll.KindName, name string) string {
	t.Helper()
	for _, k := range n.Engine.Kinds {
		if k.Name() != kind {
			continue
		}
		objects, _ := k.Read(t.Context(), enroll.Query{Names: []enroll.Ref{{Kind: kind, Name: name}}, All: true}, enroll.Snapshot{})
		if o, err := enroll.Resolve(objects, enroll.Ref{Kind: kind, Name: name}); err == nil {
			return o.Handles[enroll.ID]
		}
	}
	t.Fatalf("no %s %q", kind, name)
	return ""
}

func section(more enroll.Fields) enroll.Fields { return enroll.Fields{"source": FromVPP}.With(more) }

func TestRequireApp(t *testing.T) {
	n := start(t, sim.Options{})
	group, filter := n.idOf(t, enroll.Group, "iOS - pilots"), n.idOf(t, enroll.Filter, "Kiosk iPads")
	n.ResetLog()
	r := n.Settled(t, wanted(section(enroll.Fields{"requiredFor": []string{"iOS - pilots"}, "filter.name": "Kiosk iPads", "filter.mode": "exclude", "autoUpdate": true})))
	if diff := cmp.Diff([]any{
		map[string]any{"@odata.type": "#microsoft.graph.vppToken", "automaticallyUpdateApps": true},
		map[string]any{"@odata.type": "#microsoft.graph.mobileAppAssignment", "intent": "required",
			"target": map[string]any{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": group,
				"deviceAndAppManagementAssignmentFilterId": filter, "deviceAndAppManagementAssignmentFilterType": "exclude"},
			"settings": map[string]any{"@odata.type": "#microsoft.graph.iosVppAppAssignmentSettings", "useDeviceLicensing": true}},
	}, n.bodies(t), cmpopts.SortSlices(func(a, b any) bool { return len(fmt.Sprint(a)) < len(fmt.Sprint(b)) })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	effects := map[enroll.KindName][]enroll.Effect{}
	for _, o := range r.Done {
		effects[o.Change.Ref.Kind] = o.Change.Effects
	}
	if diff := cmp.Diff(map[enroll.KindName][]enroll.Effect{
		enroll.AppAssignment:   {{On: appRef("Company Portal (Contoso VPP)"), Text: "each device takes a licence; 88 of 100 left, the group holds 5 devices", N: 88}},
		enroll.TokenAutoUpdate: {{On: enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}, Text: "a switch of the whole token: its other apps (1) update by themselves too", N: 2}},
	}, effects); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	// Off again, by the token's location.
	n.Settled(t, wanted(section(enroll.Fields{"vppToken": "Contoso HQ", "autoUpdate": false})))
}

func TestStoreApp(t *testing.T) {
	n := start(t, sim.Options{Scenario: "empty"})
	phones := enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: "Phones"}, Fields: enroll.Fields{"type": "assigned"}}
	want := append([]enroll.Object{phones}, wanted(enroll.Fields{"source": FromStore, "requiredFor": []string{"Phones"}}, enroll.Fields{"name": "P", "variant": UserAffinity, "assignTo.groups": []string{"Phones"}})...)
	r := n.Settled(t, want)
	var made []string
	for _, o := range r.Done {
		made = append(made, o.Change.Ref.String())
	}
	slices.Sort(made)
	if diff := cmp.Diff([]string{"app-assignment/Phones (Company Portal (store))", "group/Phones", "policy-assignment/Phones (P)", "portal-app/Company Portal (store)", "portal-policy/P"}, made); diff != "" {
		t.Error(diff)
	}
	for _, r := range n.Requests() {
		if r.Write && strings.HasSuffix(r.Path, "/assignments") && strings.Contains(string(r.Body), "settings") {
			t.Errorf("settings of a store app: %s", r.Body)
		}
	}
}

// live assignments that others made, as the service takes them.
func (n *tenant) assign(t *testing.T, group, intent string, licensed bool) {
	t.Helper()
	n.post(t, mobileApps+"/"+n.idOf(t, enroll.PortalApp, "vpp")+"/assignments", map[string]any{"intent": intent,
		"target":   map[string]any{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": n.idOf(t, enroll.Group, group)},
		"settings": map[string]any{"@odata.type": "#microsoft.graph.iosVppAppAssignmentSettings", "useDeviceLicensing": licensed, "vpnConfigurationId": nil}})
}

func TestAppInAnotherWay(t *testing.T) {
	tests := []struct {
		name, intent string
		licensed     bool
		want         []string
	}{
		{"as it is", required, true, nil},
		{"available", "available", true, []string{`Company Portal (Contoso VPP) is assigned to "iOS - pilots" as available; a group has an app in one way only`}},
		{"uninstall", "uninstall", true, []string{`Company Portal (Contoso VPP) is assigned to "iOS - pilots" as uninstall; a group has an app in one way only`}},
		{"user licences", required, false, []string{`Company Portal (Contoso VPP) is required for "iOS - pilots" with licences of users, not of devices; both do not go on one group`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{})
			n.assign(t, "iOS - pilots", tt.intent, tt.licensed)
			p := n.Plan(t, wanted(section(enroll.Fields{"requiredFor": []string{"iOS - pilots"}})))
			var got []string
			for _, f := range p.Findings {
				if f.Severity == enroll.Error {
					got = append(got, f.Message)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || len(p.Changes) > 0 {
				t.Errorf("changes %v, findings (-want +got):\n%s", p.Changes, diff)
			}
		})
	}
}

func TestAppRefused(t *testing.T) {
	tests := []struct {
		name, scenario string
		want           []enroll.Object
		rule, says     string
	}{
		{"no VPP", "empty", wanted(section(nil)), "CPI-12", "no VPP token of the tenant has Company Portal for iOS"},
		{"another token", "contoso", wanted(section(enroll.Fields{"vppToken": "Fabrikam"})), "CPI-12", `no VPP token "Fabrikam" has Company Portal for iOS; it is on Contoso VPP`},
		{"a group of users", "contoso", wanted(section(enroll.Fields{"requiredFor": []string{"All staff"}})), "CPI-14", `Company Portal (Contoso VPP) names "All staff", a group of users`},
		{"an unknown filter", "contoso", wanted(section(enroll.Fields{"requiredFor": []string{"iOS - pilots"}, "filter.name": "Nothing", "filter.mode": "include"})), "name-unknown", `the tenant has no filter "Nothing", and the file makes none; there is "Kiosk iPads"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{Scenario: tt.scenario})
			p := n.Plan(t, tt.want)
			if !slices.ContainsFunc(p.Findings, func(f enroll.Finding) bool {
				return f.Rule == tt.rule && f.Severity == enroll.Error && strings.HasPrefix(f.Message, tt.says)
			}) {
				t.Errorf("findings: %v", p.Findings)
			}
		})
	}
}

func TestFilterOfAnotherPlatform(t *testing.T) {
	n := start(t, sim.Options{})
	n.post(t, "/deviceManagement/assignmentFilters", map[string]any{"displayName": "Laptops", "platform": "windows10AndLater", "rule": `(device.deviceName -startsWith "L")`, "assignmentFilterManagementType": "devices"})
	p := n.Plan(t, wanted(section(enroll.Fields{"requiredFor": []string{"iOS - pilots"}, "filter.name": "Laptops", "filter.mode": "include"})))
	if i := slices.IndexFunc(p.Findings, func(f enroll.Finding) bool { return f.Rule == "assignment-filter" }); i < 0 || len(p.Changes) > 0 {
		t.Errorf("%v %v", p.Changes, p.Findings)
	}
}

// The 103 assignments of others stay byte for byte, whichever way the service takes.
func TestCrowdedAppStays(t *testing.T) {
	single := mobileApps + "/*/assignments"
	tests := []struct {
		name   string
		faults []sim.Fault
		writes []string
	}{
		{"one by one", nil, []string{"POST assignments"}},
		{"no such request", []sim.Fault{{Match: "POST " + single, Do: "status", Status: 405, Times: 9}}, []string{"POST assignments", "POST assign"}},
		{"no such path", []sim.Fault{{Match: "POST " + single, Do: "status", Status: 404, Times: 9}}, []string{"POST assignments", "POST assign"}},
		{"not found, and not said what", []sim.Fault{{Match: "POST " + single, Do: "status", Status: 404, Body: `{"error":{"co`}}, []string{"POST assignments", "POST assignments"}},
		{"the answer to assign is lost", []sim.Fault{{Match: "POST " + single, Do: "status", Status: 405, Times: 9}, {Match: "POST " + mobileApps + "/*/assign$", Do: "drop-after"}}, []string{"POST assignments", "POST assign"}},
		{"assign is not received", []sim.Fault{{Match: "POST " + single, Do: "status", Status: 405, Times: 9}, {Match: "POST " + mobileApps + "/*/assign$", Do: "drop-before"}}, []string{"POST assignments", "POST assign", "POST assign"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{Scenario: "crowded"})
			path := mobileApps + "/" + n.idOf(t, enroll.PortalApp, "vpp") + "/assignments"
			before := n.raw(t, path)
			n.ResetLog()
			n.SetFaults(tt.faults)
			n.Settled(t, wanted(section(enroll.Fields{"requiredFor": []string{enrolled, "Site 001 devices"}})))
			after := n.raw(t, path)
			lost := slices.DeleteFunc(before, func(a string) bool { return slices.Contains(after, a) })
			if len(lost) > 0 || len(after) != 104 {
				t.Errorf("%d after, lost %v", len(after), lost)
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

// raw are the assignments as the service gives them, without their ids.
func (n *tenant) raw(t *testing.T, path string) []string {
	t.Helper()
	items, err := graph.List[json.RawMessage](t.Context(), n.Client, graph.Call{API: graph.Beta, Method: "GET", Path: path})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range items {
		out = append(out, enroll.Rest(i, "id"))
	}
	return out
}
