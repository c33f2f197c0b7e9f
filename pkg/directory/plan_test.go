package directory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func at(line int) enroll.Origin { return enroll.Origin{File: "contoso.yaml", Line: line, Col: 5} }

func TestObjects(t *testing.T) {
	entry := func(values enroll.Fields) enroll.Entry {
		return enroll.Entry{Values: values, Origin: at(3), At: map[string]enroll.Origin{"name": at(3), "devicesOfProfile": at(4), "assigned": at(5)}}
	}
	dynamic := entry(enroll.Fields{"name": "iOS - staff", "devicesOfProfile": "Staff"})
	static := entry(enroll.Fields{"name": "iOS - pilots", "assigned": true})
	refusal := []enroll.Finding{{Rule: "FILE", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.Group, Name: "X"}, Origin: at(3),
		Message: `group "X" needs exactly one of devicesOfProfile and assigned: true`,
		Fix:     "write devicesOfProfile: <profile name> for a dynamic device group, or assigned: true for a static one"}}
	tests := []struct {
		name     string
		entry    enroll.Entry
		want     []enroll.Object
		findings []enroll.Finding
	}{
		{"dynamic", dynamic, []enroll.Object{{Ref: enroll.Ref{Kind: enroll.Group, Name: "iOS - staff"}, Origin: at(3), Facts: dynamic,
			Fields: enroll.Fields{"type": "dynamicDevices", "rule": `(device.enrollmentProfileName -eq "Staff")`},
			At:     map[string]enroll.Origin{"name": at(3), "type": at(4), "rule": at(4)}}}, nil},
		{"static", static, []enroll.Object{{Ref: enroll.Ref{Kind: enroll.Group, Name: "iOS - pilots"}, Origin: at(3), Facts: static,
			Fields: enroll.Fields{"type": "assigned"}, At: map[string]enroll.Origin{"name": at(3), "type": at(5), "rule": at(4)}}}, nil},
		{"both", entry(enroll.Fields{"name": "X", "devicesOfProfile": "Staff", "assigned": true}), nil, refusal},
		{"neither", entry(enroll.Fields{"name": "X"}), nil, refusal},
		{"assigned: false alone", entry(enroll.Fields{"name": "X", "assigned": false}), nil, refusal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, findings := Objects([]enroll.Entry{tt.entry})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("objects (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.findings, findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlan(t *testing.T) {
	group := func(fields enroll.Fields) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: "iOS"}, Fields: fields, Origin: at(3)}
	}
	dynamic := enroll.Fields{"type": "dynamicDevices", "rule": RuleOfProfile("Staff")}
	differs := func(message string) []enroll.Finding {
		return []enroll.Finding{{Rule: "group-differs", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.Group, Name: "iOS"}, Path: "rule", Origin: at(3), Message: message,
			Fix: "use another name in the file, or bring the file and the group together in the Entra admin center"}}
	}
	tests := []struct {
		name     string
		want     enroll.Object
		have     []enroll.Object
		changes  []enroll.Change
		findings []enroll.Finding
	}{
		{name: "not there", want: group(dynamic), changes: []enroll.Change{{Ref: enroll.Ref{Kind: enroll.Group, Name: "iOS"}, Verb: enroll.Create, After: dynamic, Needs: []enroll.Ref{}, Origin: at(3),
			Fields: []enroll.FieldChange{{Path: "rule", New: dynamic["rule"]}, {Path: "type", New: "dynamicDevices"}},
			Undo:   enroll.Undo{Level: "none", Why: "groups are never deleted; delete it in the Entra admin center"}}}},
		{name: "there", want: group(dynamic), have: []enroll.Object{group(enroll.Fields{"type": "dynamicDevices", "rule": `device.enrollmentProfileName  -eq "Staff"`})}},
		{name: "static there", want: group(enroll.Fields{"type": "assigned"}), have: []enroll.Object{group(enroll.Fields{"type": "assigned"})}},
		{name: "another rule", want: group(dynamic), have: []enroll.Object{group(enroll.Fields{"type": "dynamicDevices", "rule": RuleOfProfile("Others")})},
			findings: differs(`group "iOS" exists and differs: the tenant has dynamicDevices with rule (device.enrollmentProfileName -eq "Others"), the file wants dynamicDevices with rule (device.enrollmentProfileName -eq "Staff"); a group is never changed`)},
		{name: "another type", want: group(enroll.Fields{"type": "assigned"}), have: []enroll.Object{group(enroll.Fields{"type": "microsoft365"})},
			findings: differs(`group "iOS" exists and differs: the tenant has microsoft365, the file wants assigned; a group is never changed`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changes, findings := groups{}.Plan([]enroll.Object{tt.want}, tt.have, enroll.Snapshot{})
			if diff := cmp.Diff(tt.changes, changes); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.findings, findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBody(t *testing.T) {
	tests := []struct {
		name   string
		fields enroll.Fields
		want   groupBody
	}{
		{"Staff iPhones", enroll.Fields{"type": "dynamicDevices", "rule": "r"}, groupBody{DisplayName: "Staff iPhones", MailNickname: "StaffiPhones-8da52ce3",
			SecurityEnabled: true, GroupTypes: []string{"DynamicMembership"}, Rule: "r", Processing: "On"}},
		{"Käufer", enroll.Fields{"type": "assigned"}, groupBody{DisplayName: "Käufer", MailNickname: "Kufer-81c5f4e7", SecurityEnabled: true, GroupTypes: []string{}}},
		{"社員", enroll.Fields{"type": "assigned"}, groupBody{DisplayName: "社員", MailNickname: "group-d2d856b4", SecurityEnabled: true, GroupTypes: []string{}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, body(tt.name, tt.fields)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if long := nickname(strings.Repeat("a", 256)); len(long) > 64 {
		t.Errorf("nickname of %d characters, the service takes 64", len(long))
	}
	if nickname("a b") == nickname("ab") {
		t.Error("two names give one nickname")
	}
}

func TestHolds(t *testing.T) {
	static := func(users, devices int) enroll.Object {
		return enroll.Object{Fields: enroll.Fields{"type": "assigned"}, Facts: GroupFacts{Users: users, Devices: devices}}
	}
	tests := []struct {
		name  string
		group enroll.Object
		want  Membership
	}{
		{"dynamic devices", enroll.Object{Fields: enroll.Fields{"type": "dynamicDevices"}}, HoldsDevices},
		{"dynamic users", enroll.Object{Fields: enroll.Fields{"type": "dynamicUsers"}, Facts: GroupFacts{Users: -1, Devices: -1}}, HoldsUsers},
		{"dynamic, no telling", enroll.Object{Fields: enroll.Fields{"type": "dynamic"}, Facts: GroupFacts{Users: -1, Devices: -1}}, CannotTell},
		{"about to be made", enroll.Object{Fields: enroll.Fields{"type": "assigned"}, Facts: enroll.Entry{}}, HoldsNothing},
		{"users", static(3, 0), HoldsUsers},
		{"devices", static(0, 3), HoldsDevices},
		{"both", static(1, 1), HoldsBoth},
		{"empty", static(0, 0), HoldsNothing},
		{"users, devices not counted", static(3, -1), CannotTell},
		{"devices, users not counted", static(-1, 3), CannotTell},
		{"nothing counted", static(-1, -1), CannotTell},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Holds(tt.group); got != tt.want {
				t.Errorf("Holds = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestPlanAssignments(t *testing.T) {
	owner := enroll.Ref{Kind: enroll.BYODProfile, Name: "P"}
	group := enroll.Ref{Kind: enroll.Group, Name: "All staff"}
	want := Assign(enroll.BYODAssignment, owner, group, false, at(7))
	wantOut := Assign(enroll.BYODAssignment, owner, group, true, at(7))
	have := func(t Target) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:P", Name: "All staff"}, Fields: t.Fields()}
	}
	create := func(fields enroll.Fields, changes ...enroll.FieldChange) []enroll.Change {
		return []enroll.Change{{Ref: enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:P", Name: "All staff"}, Verb: enroll.Create, After: fields, Fields: changes,
			Needs: []enroll.Ref{owner, group}, Origin: at(7), Undo: enroll.Undo{Level: "full"}}}
	}
	finding := func(s enroll.Severity, rule, message, fix string) []enroll.Finding {
		return []enroll.Finding{{Rule: rule, Severity: s, On: enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:P", Name: "All staff"}, Path: "target", Origin: at(7), Message: message, Fix: fix}}
	}
	tests := []struct {
		name     string
		want     enroll.Object
		have     []enroll.Object
		changes  []enroll.Change
		findings []enroll.Finding
	}{
		{name: "not there", want: want, changes: create(enroll.Fields{"target": group}, enroll.FieldChange{Path: "target", New: group})},
		{name: "exclusion not there", want: wantOut, changes: create(enroll.Fields{"target": group, "exclude": true},
			enroll.FieldChange{Path: "exclude", New: true}, enroll.FieldChange{Path: "target", New: group})},
		{name: "there", want: want, have: []enroll.Object{have(Target{Ref: group})}},
		{name: "another group", want: want, have: []enroll.Object{have(Target{Ref: AllUsers()})}, changes: create(enroll.Fields{"target": group}, enroll.FieldChange{Path: "target", New: group})},
		{name: "filtered", want: want, have: []enroll.Object{have(Target{Ref: group, Filter: "include f1"})},
			findings: finding(enroll.Warning, "assignment-filtered", `byod-profile/P is assigned to "All staff" already, narrowed by an assignment filter (include f1); it stays so`,
				"look at the filter in the Intune admin center, Tenant administration > Filters")},
		{name: "excluded", want: want, have: []enroll.Object{have(Target{Ref: group, Exclude: true})},
			findings: finding(enroll.Error, "assignment-differs", `byod-profile/P excludes "All staff" in the tenant, the file assigns it`,
				"remove the exclusion first, by removeGroups or in the Intune admin center, or take the group out of the file")},
		{name: "included", want: wantOut, have: []enroll.Object{have(Target{Ref: group})},
			findings: finding(enroll.Error, "assignment-differs", `byod-profile/P is assigned to "All staff" in the tenant, the file excludes it`,
				"remove the assignment first, by removeGroups or in the Intune admin center, or take the group out of excludeGroups")},
		{name: "both ways there", want: want, have: []enroll.Object{have(Target{Ref: group, Exclude: true}), have(Target{Ref: group})}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changes, findings := PlanAssignments([]enroll.Object{tt.want}, tt.have, enroll.Snapshot{})
			if diff := cmp.Diff(tt.changes, changes); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.findings, findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
