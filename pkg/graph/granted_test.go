package graph

import "testing"

func TestGranted(t *testing.T) {
	for _, tt := range []struct {
		name        string
		have, anyOf []string
		want        bool
	}{
		{"the same", []string{"Group.Read.All"}, []string{"Group.Read.All"}, true},
		{"one of two", []string{"B.Read.All"}, []string{"A.Read.All", "B.Read.All"}, true},
		{"none", nil, []string{"Group.Read.All"}, false},
		{"nothing wanted", nil, nil, true},
		{"write grants read", []string{"DeviceManagementServiceConfig.ReadWrite.All"}, []string{"DeviceManagementServiceConfig.Read.All"}, true},
		{"read does not grant write", []string{"DeviceManagementServiceConfig.Read.All"}, []string{"DeviceManagementServiceConfig.ReadWrite.All"}, false},
		{"of another resource", []string{"DeviceManagementApps.ReadWrite.All"}, []string{"DeviceManagementServiceConfig.Read.All"}, false},
		{"of shorter reach", []string{"User.ReadWrite"}, []string{"User.Read.All"}, false},
		{"directory grants groups", []string{"Directory.Read.All"}, []string{"Group.Read.All"}, true},
		{"directory grants the organization", []string{"Directory.ReadWrite.All"}, []string{"Organization.Read.All"}, true},
		{"directory does not grant Intune", []string{"Directory.ReadWrite.All"}, []string{"DeviceManagementServiceConfig.Read.All"}, false},
		{"directory read does not grant group write", []string{"Directory.Read.All"}, []string{"Group.ReadWrite.All"}, false},
		{"groups grant members", []string{"Group.Read.All"}, []string{"GroupMember.Read.All"}, true},
		{"members do not grant groups", []string{"GroupMember.Read.All"}, []string{"Group.Read.All"}, false},
		{"organization grants subscriptions", []string{"Organization.Read.All"}, []string{"LicenseAssignment.Read.All"}, true},
		{"case counts", []string{"group.read.all"}, []string{"Group.Read.All"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Granted(tt.have, tt.anyOf); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
