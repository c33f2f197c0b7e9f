package byod

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func profileEntry(name, enrollment string, more enroll.Fields) enroll.Entry {
	values := enroll.Fields{"name": name, "enrollment": enrollment}.With(more)
	e := enroll.Entry{Values: values, Origin: at(10), At: map[string]enroll.Origin{}}
	for i, path := range []string{"name", "enrollment", "justInTime", "priority", "assignTo.allUsers", "assignTo.groups"} {
		if e.Has(path) {
			e.At[path] = at(10 + i)
		}
	}
	return e
}

func TestObjects(t *testing.T) {
	e := profileEntry("Everyone else", DeviceWeb, enroll.Fields{"id": "p1", "description": nil, "justInTime": true, "priority": int64(1), "assignTo.allUsers": true, "assignTo.groups": []string{"All staff"}})
	got, findings := Objects([]enroll.Entry{e, profileEntry("Plain", AccountDriven, enroll.Fields{"assignTo.allUsers": false})})
	group := enroll.Ref{Kind: enroll.Group, Name: "All staff"}
	plain := profileEntry("Plain", AccountDriven, enroll.Fields{"assignTo.allUsers": false})
	want := []enroll.Object{
		{Ref: ref("Everyone else"), Pinned: "p1", Origin: at(10), At: e.At, Facts: e,
			Fields: enroll.Fields{"description": nil, "enrollment": DeviceWeb, "priority": int64(1)}, Default: enroll.Fields{"description": ""}},
		{Ref: enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:Everyone else", Name: "all users"}, NamedBy: "target", Origin: at(14),
			Fields: enroll.Fields{"target": directory.AllUsers()}, At: map[string]enroll.Origin{"target": at(14)}},
		{Ref: enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:Everyone else", Name: "All staff"}, NamedBy: "target", Origin: at(15),
			Fields: enroll.Fields{"target": group}, At: map[string]enroll.Origin{"target": at(15)}},
		{Ref: ref("Plain"), Origin: at(10), At: plain.At, Facts: plain, Fields: enroll.Fields{"enrollment": AccountDriven}, Default: enroll.Fields{"description": ""}},
		{Ref: enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:Plain", Name: "all users"}, NamedBy: "target", State: enroll.Absent, Origin: at(14),
			Fields: enroll.Fields{"target": directory.AllUsers()}, At: map[string]enroll.Origin{"target": at(14)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if findings != nil {
		t.Errorf("findings: %v", findings)
	}
}

func TestRules(t *testing.T) {
	objects := func(entries ...enroll.Entry) []enroll.Object {
		out, _ := Objects(entries)
		return out
	}
	withGroup := func(kind string) []enroll.Object {
		return append(objects(profileEntry("P", DeviceCompanyPortal, enroll.Fields{"assignTo.groups": []string{"G"}})),
			enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: "G"}, Fields: enroll.Fields{"type": kind}, Facts: enroll.Entry{}})
	}
	assigned := objects(profileEntry("P", DeviceCompanyPortal, enroll.Fields{"assignTo.groups": []string{"G"}}))
	live := func(kind string, facts directory.GroupFacts) enroll.Snapshot {
		return enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.Group: {{Ref: enroll.Ref{Kind: enroll.Group, Name: "G"}, Fields: enroll.Fields{"type": kind}, Facts: facts}}}}
	}
	on := enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:P", Name: "G"}
	byo08 := func(s enroll.Severity, message string) []enroll.Finding {
		return []enroll.Finding{{Rule: "BYO-08", Severity: s, On: on, Path: "target", Origin: at(15), Message: message}}
	}
	tests := []struct {
		name   string
		want   []enroll.Object
		live   enroll.Snapshot
		online bool
		out    []enroll.Finding
	}{
		{"user group", assigned, live("assigned", directory.GroupFacts{Users: 3}), true, nil},
		{"dynamic user group", assigned, live("dynamicUsers", directory.GroupFacts{Users: -1, Devices: -1}), true, nil},
		{"device group", assigned, live("assigned", directory.GroupFacts{Devices: 3}), true, byo08(enroll.Error, `profile "P" is assigned to "G", a group of devices`)},
		{"dynamic device group", assigned, live("dynamicDevices", directory.GroupFacts{Users: -1, Devices: -1}), true, byo08(enroll.Error, `profile "P" is assigned to "G", a group of devices`)},
		{"mixed group", assigned, live("assigned", directory.GroupFacts{Users: 1, Devices: 3}), true, byo08(enroll.Warning, `profile "P" is assigned to "G", which holds devices beside users; only the users count`)},
		{"empty group", assigned, live("assigned", directory.GroupFacts{}), true, byo08(enroll.Warning, `cannot tell whether "G", assigned to profile "P", is for users: it has no members`)},
		{"members hidden", assigned, live("assigned", directory.GroupFacts{Users: 2, Devices: -1, Unseen: "count the devices of the group: 403 Forbidden"}), true,
			byo08(enroll.Warning, `cannot tell whether "G", assigned to profile "P", holds users: count the devices of the group: 403 Forbidden`)},
		{"group not read", assigned, enroll.Snapshot{Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.Group, Name: "G"}, Reason: "no"}}}, true,
			[]enroll.Finding{{Rule: "BYO-08", Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.Group, Name: "G"}, Message: "could not look: no"}}},
		{"offline, device group of the file", withGroup("dynamicDevices"), enroll.Snapshot{}, false, byo08(enroll.Error, `profile "P" is assigned to "G", a group of devices`)},
		{"offline, new static group of the file", withGroup("assigned"), enroll.Snapshot{}, false, nil},
		{"offline, a group of the tenant", assigned, enroll.Snapshot{}, false, nil},

		{"web with just in time", objects(profileEntry("P", DeviceWeb, enroll.Fields{"justInTime": true})), enroll.Snapshot{}, false, nil},
		{"web without", objects(profileEntry("P", DeviceWeb, enroll.Fields{"justInTime": false})), enroll.Snapshot{}, false, []enroll.Finding{
			{Rule: "X-75", Severity: enroll.Warning, On: ref("P"), Path: "justInTime", Origin: at(12), Message: `profile "P" enrolls in the browser without just in time registration`}}},
		{"one rank twice", objects(profileEntry("P", DeviceCompanyPortal, enroll.Fields{"priority": int64(2)}), profileEntry("Q", DeviceCompanyPortal, enroll.Fields{"priority": int64(2)})), enroll.Snapshot{}, false, []enroll.Finding{
			{Rule: "X-77", Severity: enroll.Error, On: ref("Q"), Path: "priority", Origin: at(13), Message: `profile "Q" has priority 2, which profile "P" has at contoso.yaml:13:3`}}},
		{"account driven", objects(profileEntry("P", AccountDriven, nil)), enroll.Snapshot{}, false, []enroll.Finding{
			{Rule: "X-81", Severity: enroll.Info, On: ref("P"), Path: "enrollment", Origin: at(11), Message: `by hand, for profile "P": users sign in with managed Apple accounts: set up federation in Apple Business Manager, or make the accounts there`},
			{Rule: "X-82", Severity: enroll.Info, On: ref("P"), Path: "enrollment", Origin: at(11), Message: `by hand, for profile "P": each sign-in domain serves /.well-known/com.apple.remotemanagement with the address of Intune and your tenant id`},
			{Rule: "X-83", Severity: enroll.Info, On: ref("P"), Path: "enrollment", Origin: at(11), Message: `by hand, for profile "P": the users get an SSO extension policy and Microsoft Authenticator as a required app`}}},
		{"retired enrollment in the file", objects(profileEntry("P", Retired, nil)), enroll.Snapshot{}, false, []enroll.Finding{
			{Rule: "X-88", Severity: enroll.Error, On: ref("P"), Path: "enrollment", Origin: at(11), Message: `profile "P" asks for user enrollment with Company Portal, which is retired`,
				Fix: "write enrollment: accountDriven, or enrollment: deviceWeb"}}},
		{"retired profile in the tenant", nil, enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.BYODProfile: {{Ref: ref("Old"), Fields: enroll.Fields{"enrollment": Retired}}}}}, true, []enroll.Finding{
			{Rule: "X-88", Severity: enroll.Info, On: ref("Old"), Path: "enrollment", Message: `profile "Old" offers user enrollment with Company Portal, which enrolls no new devices`}}},
		{"two profiles for one group", objects(profileEntry("P", DeviceCompanyPortal, enroll.Fields{"assignTo.groups": []string{"G"}}), profileEntry("Q", DeviceCompanyPortal, enroll.Fields{"assignTo.groups": []string{"G", "H"}})), enroll.Snapshot{}, false, []enroll.Finding{
			{Rule: "ACC-10", Severity: enroll.Warning, On: enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:Q", Name: "G"}, Path: "target", Origin: at(15),
				Message: `"G" gets profile "Q" and profile "P" (contoso.yaml:15:3); the higher rank counts`}}},
		{"a profile that reaches nobody", objects(profileEntry("P", DeviceWeb, enroll.Fields{"justInTime": true, "priority": int64(1), "assignTo.allUsers": true}),
			profileEntry("Q", DeviceCompanyPortal, enroll.Fields{"priority": int64(2), "assignTo.groups": []string{"G"}})), enroll.Snapshot{}, false, []enroll.Finding{
			{Rule: "ACC-10", Severity: enroll.Warning, On: enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:Q", Name: "G"}, Path: "target", Origin: at(15),
				Message: `"G" never gets profile "Q": profile "P" goes to all users and has the higher rank`, Fix: "give the profile for all users the lower rank: a larger number in priority"}}},
		{"a profile for the others", objects(profileEntry("P", DeviceWeb, enroll.Fields{"justInTime": true, "priority": int64(2), "assignTo.allUsers": true}),
			profileEntry("Q", DeviceCompanyPortal, enroll.Fields{"priority": int64(1), "assignTo.groups": []string{"G"}})), enroll.Snapshot{}, false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.out, enroll.Evaluate(Rules(), tt.want, tt.live, time.Time{}, tt.online)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
