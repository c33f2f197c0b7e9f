package companyportal

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func at(line int) enroll.Origin { return enroll.Origin{File: "contoso.yaml", Line: line, Col: 3} }

func ref(name string) enroll.Ref { return enroll.Ref{Kind: enroll.PortalPolicy, Name: name} }

func appRef(name string) enroll.Ref { return enroll.Ref{Kind: enroll.PortalApp, Name: name} }

func policyEntry(name, variant string, more enroll.Fields) enroll.Entry {
	e := enroll.Entry{Values: enroll.Fields{"name": name, "variant": variant}.With(more), Origin: at(20), At: map[string]enroll.Origin{}}
	for i, path := range []string{"name", "variant", "assignTo.groups", "assignTo.excludeGroups"} {
		if e.Has(path) {
			e.At[path] = at(20 + i)
		}
	}
	return e
}

func TestObjects(t *testing.T) {
	e := policyEntry("Enrolled", UserAffinity, enroll.Fields{"description": nil, "id": "c1", "assignTo.groups": []string{"iOS - enrolled"}, "assignTo.excludeGroups": []string{"iOS - pilots"}})
	section := func(values enroll.Fields) *enroll.Entry {
		return &enroll.Entry{Values: values, Origin: at(10), At: map[string]enroll.Origin{"source": at(11), "vppToken": at(12)}}
	}
	policy := func(app string, where enroll.Origin) []enroll.Object {
		return []enroll.Object{
			{Ref: ref("Enrolled"), Pinned: "c1", Origin: at(20), Facts: e, Default: enroll.Fields{"description": ""},
				Fields: enroll.Fields{"app": enroll.Ref{Kind: enroll.PortalApp, Name: app}, "description": nil, "variant": UserAffinity},
				At:     map[string]enroll.Origin{"app": where, "name": at(20), "variant": at(21), "assignTo.groups": at(22), "assignTo.excludeGroups": at(23)}},
			{Ref: enroll.Ref{Kind: enroll.PolicyAssignment, Scope: "portal-policy:Enrolled", Name: "iOS - enrolled"}, NamedBy: "target", Origin: at(22),
				Fields: enroll.Fields{"target": enroll.Ref{Kind: enroll.Group, Name: "iOS - enrolled"}}, At: map[string]enroll.Origin{"target": at(22)}},
			{Ref: enroll.Ref{Kind: enroll.PolicyAssignment, Scope: "portal-policy:Enrolled", Name: "iOS - pilots"}, NamedBy: "target", Origin: at(23),
				Fields: enroll.Fields{"target": enroll.Ref{Kind: enroll.Group, Name: "iOS - pilots"}, "exclude": true}, At: map[string]enroll.Origin{"target": at(23)}},
		}
	}
	tests := []struct {
		name     string
		app      *enroll.Entry
		want     []enroll.Object
		findings int
	}{
		{"no app section", nil, policy("", at(20)), 0},
		{"store", section(enroll.Fields{"source": "store"}), policy("Company Portal (store)", at(11)), 0},
		{"token", section(enroll.Fields{"source": "vpp", "vppToken": "Contoso VPP"}), policy("Contoso VPP", at(12)), 0},
		{"the only token", section(enroll.Fields{"source": "vpp"}), policy("vpp", at(11)), 0},
		{"store with a token", section(enroll.Fields{"source": "store", "vppToken": "Contoso VPP"}), policy("Company Portal (store)", at(11)), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, findings := Objects(tt.app, []enroll.Entry{e})
			if tt.app != nil {
				name, _ := tt.want[0].Fields["app"].(enroll.Ref)
				app := enroll.Object{Ref: name, Origin: tt.want[0].At["app"], At: tt.app.At, Facts: *tt.app, Fields: enroll.Fields{"source": tt.app.Values["source"]}}
				tt.want = append([]enroll.Object{app}, tt.want...)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(findings) != tt.findings {
				t.Errorf("findings: %v", findings)
			}
		})
	}
}

func TestPlan(t *testing.T) {
	portal := enroll.Ref{Kind: enroll.PortalApp, Name: "Company Portal (Contoso VPP)"}
	all := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.PortalApp: {{Ref: portal}, {Ref: appRef(storeName)}}}}
	want := func(fields enroll.Fields) enroll.Object {
		return enroll.Object{Ref: ref("P"), Origin: at(20), Fields: fields, Default: enroll.Fields{"description": ""}}
	}
	live := func(fields enroll.Fields) enroll.Object { return enroll.Object{Ref: ref("P"), Fields: fields} }
	full := enroll.Undo{Level: "full"}
	tests := []struct {
		name     string
		want     enroll.Object
		have     []enroll.Object
		all      enroll.Snapshot
		changes  []enroll.Change
		findings []enroll.Finding
	}{
		{name: "new", want: want(enroll.Fields{"variant": UserAffinity, "app": portal}), all: all, changes: []enroll.Change{
			{Ref: ref("P"), Verb: enroll.Create, After: enroll.Fields{"variant": UserAffinity, "app": portal, "description": ""}, Needs: []enroll.Ref{portal}, Origin: at(20), Undo: full,
				Fields: []enroll.FieldChange{{Path: "app", New: portal}, {Path: "description", New: "", Default: true}, {Path: "variant", New: UserAffinity}}}}},
		{name: "as it is", want: want(enroll.Fields{"variant": UserAffinity, "app": portal}), have: []enroll.Object{live(enroll.Fields{"variant": UserAffinity, "app": portal, "description": "x"})}, all: all},
		{name: "another variant and app", want: want(enroll.Fields{"variant": UserAffinity, "app": portal}), have: []enroll.Object{live(enroll.Fields{"variant": DeviceStaging, "app": appRef(storeName)})}, all: all, changes: []enroll.Change{
			{Ref: ref("P"), Verb: enroll.Update, Before: live(enroll.Fields{"variant": DeviceStaging, "app": appRef(storeName)}), After: enroll.Fields{"variant": UserAffinity, "app": portal}, Needs: []enroll.Ref{portal},
				Origin: at(20), Undo: full, Because: []string{"exists already"},
				Fields: []enroll.FieldChange{{Path: "app", Old: appRef(storeName), New: portal}, {Path: "variant", Old: DeviceStaging, New: UserAffinity}}}}},
		{name: "foreign text", want: want(enroll.Fields{"variant": UserAffinity, "app": portal}), have: []enroll.Object{live(enroll.Fields{"variant": Other, "app": portal})}, all: all, findings: []enroll.Finding{
			{Rule: "policy-differs", Severity: enroll.Error, On: ref("P"), Path: "variant", Origin: at(20), Message: `app configuration policy "P" exists with a text that is neither variant; it is neither overwritten nor deleted`,
				Fix: "use another name in the file, or delete the policy in the Intune admin center, Apps > Configuration"}}},
		{name: "no app", want: want(enroll.Fields{"variant": UserAffinity, "app": appRef("")}), findings: []enroll.Finding{
			{Rule: "CPI-12", Severity: enroll.Error, On: ref("P"), Path: "app", Origin: at(20), Message: `policy "P" has no app to be for: the tenant has no Company Portal for iOS`,
				Fix: "get licences of Intune Company Portal in Apple Business Manager and sync the VPP token, or add the app of the App Store in the Intune admin center, Apps > iOS/iPadOS"}}},
		{name: "which app", want: want(enroll.Fields{"variant": UserAffinity, "app": appRef("")}), all: all, findings: []enroll.Finding{
			{Rule: "CPI-12", Severity: enroll.Error, On: ref("P"), Path: "app", Origin: at(20), Message: `it cannot be told which app policy "P" is for; the tenant has Company Portal (Contoso VPP), Company Portal (store)`,
				Fix: "write companyPortal.app with source: vpp and vppToken: <token>, or with source: store"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changes, findings := policies{}.Plan([]enroll.Object{tt.want}, tt.have, tt.all)
			if diff := cmp.Diff(tt.changes, changes); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.findings, findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRules(t *testing.T) {
	objects := func(entries ...enroll.Entry) []enroll.Object {
		out, _ := Objects(nil, entries)
		return out
	}
	group := enroll.Ref{Kind: enroll.Group, Name: "G"}
	assigned := objects(policyEntry("P", UserAffinity, enroll.Fields{"assignTo.groups": []string{"G"}}))
	on := enroll.Ref{Kind: enroll.PolicyAssignment, Scope: "portal-policy:P", Name: "G"}
	required := func(target directory.Target, intent string) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.AppAssignment, Scope: "portal-app:A", Name: target.Ref.Name}, Fields: target.Fields().With(enroll.Fields{"intent": intent})}
	}
	live := func(kind string, facts directory.GroupFacts, apps ...enroll.Object) enroll.Snapshot {
		if apps == nil {
			apps = []enroll.Object{required(directory.Target{Ref: group}, "required")}
		}
		fields := enroll.Fields{"type": kind}
		if strings.HasPrefix(kind, "dynamic") {
			fields["rule"] = "true"
		}
		return enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{
			enroll.Group: {{Ref: group, Fields: fields, Facts: facts}}, enroll.PortalApp: nil, enroll.AppAssignment: apps}}
	}
	cpi14 := func(s enroll.Severity, message string) []enroll.Finding {
		return []enroll.Finding{{Rule: "CPI-14", Severity: s, On: on, Path: "target", Origin: at(22), Message: message}}
	}
	cpi17 := func(seen string) []enroll.Finding {
		return []enroll.Finding{{Rule: "CPI-17", Severity: enroll.Warning, On: on, Path: "target", Origin: at(22), Message: `Company Portal is not required for "G", to which policy "P" is assigned; ` + seen}}
	}
	devices := directory.GroupFacts{Devices: 3}
	other := directory.Target{Ref: enroll.Ref{Kind: enroll.Group, Name: "H"}}
	var many []enroll.Object
	for _, name := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		many = append(many, required(directory.Target{Ref: enroll.Ref{Kind: enroll.Group, Name: name}}, "required"))
	}
	tests := []struct {
		name   string
		want   []enroll.Object
		live   enroll.Snapshot
		online bool
		out    []enroll.Finding
	}{
		{"devices", assigned, live("assigned", devices), true, nil},
		{"dynamic devices", assigned, live("dynamicDevices", directory.GroupFacts{Users: -1, Devices: -1}), true, nil},
		{"users", assigned, live("assigned", directory.GroupFacts{Users: 3}), true, cpi14(enroll.Error, `policy "P" names "G", a group of users`)},
		{"dynamic users", assigned, live("dynamicUsers", directory.GroupFacts{Users: -1, Devices: -1}), true, cpi14(enroll.Error, `policy "P" names "G", a group of users`)},
		{"both", assigned, live("assigned", directory.GroupFacts{Users: 3, Devices: 1}), true, cpi14(enroll.Warning, `policy "P" names "G", which holds users beside devices: it reaches other devices of those users too`)},
		{"empty", assigned, live("assigned", directory.GroupFacts{}), true, cpi14(enroll.Warning, `cannot tell whether "G", named by policy "P", is for devices: it has no members`)},
		{"hidden", assigned, live("dynamic", directory.GroupFacts{Users: -1, Devices: -1}), true,
			cpi14(enroll.Warning, `cannot tell whether "G", named by policy "P", holds devices: its rule is about neither users nor devices alone: true`)},
		{"excluded users", objects(policyEntry("P", UserAffinity, enroll.Fields{"assignTo.excludeGroups": []string{"G"}})), live("assigned", directory.GroupFacts{Users: 3}), true, []enroll.Finding{
			{Rule: "CPI-14", Severity: enroll.Error, On: on, Path: "target", Origin: at(23), Message: `policy "P" names "G", a group of users`}}},
		{"one group, two variants", objects(policyEntry("P", UserAffinity, enroll.Fields{"assignTo.groups": []string{"G"}}), policyEntry("Q", DeviceStaging, enroll.Fields{"assignTo.groups": []string{"G"}})), enroll.Snapshot{}, false, []enroll.Finding{
			{Rule: "X-42", Severity: enroll.Warning, On: ref("Q"), Path: "variant", Origin: at(21), Message: `policy "Q" binds each device to the first user who signs in to Company Portal`},
			{Rule: "X-40", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.PolicyAssignment, Scope: "portal-policy:Q", Name: "G"}, Path: "target", Origin: at(22),
				Message: `"G" gets both variants: deviceStaging by policy "Q", and userAffinity by policy "P" (contoso.yaml:22:3)`}}},
		{"one group, one variant twice", objects(policyEntry("P", UserAffinity, enroll.Fields{"assignTo.groups": []string{"G"}}), policyEntry("Q", UserAffinity, enroll.Fields{"assignTo.groups": []string{"G"}})), enroll.Snapshot{}, false, nil},
		{"app required for all devices", assigned, live("assigned", devices, required(directory.Target{Ref: directory.AllDevices()}, "required")), true, nil},
		{"app available only", assigned, live("assigned", devices, required(directory.Target{Ref: group}, "available")), true, cpi17("it is required for no group")},
		{"app excluded", assigned, live("assigned", devices, required(directory.Target{Ref: group, Exclude: true}, "required")), true, cpi17("it is required for no group")},
		{"app filtered", assigned, live("assigned", devices, required(directory.Target{Ref: group, Filter: "include f1"}, "required")), true, cpi17(`it is required for "G" with a filter`)},
		{"app elsewhere", assigned, live("assigned", devices, required(other, "required")), true, cpi17(`it is required for "H"`)},
		{"app for a group not looked up", assigned, live("assigned", devices, required(directory.Target{Ref: enroll.Ref{Kind: enroll.Group, Name: "19907f1f-babf-4215-80f4-26a3108f3bc0"}}, "required")), true,
			cpi17("it is required for group 19907f1f-babf-4215-80f4-26a3108f3bc0")},
		{"app in many places", assigned, live("assigned", devices, many...), true, cpi17(`it is required for "1", "2", "3", "4", "5" and 2 more`)},
		{"assignments not read", assigned, enroll.Snapshot{Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.AppAssignment}, Reason: "no"}}}, true, []enroll.Finding{
			{Rule: "CPI-17", Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.AppAssignment}, Message: "could not look: no"}}},
		{"assignments not looked at", assigned, enroll.Snapshot{}, true, []enroll.Finding{
			{Rule: "CPI-17", Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.AppAssignment}, Message: "the assignments of Company Portal were not looked at"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.out, enroll.Evaluate(Rules(), tt.want, tt.live, time.Time{}, tt.online)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
