package directory

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestReadTarget(t *testing.T) {
	known := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.Group: {
		{Ref: enroll.Ref{Kind: enroll.Group, Name: "All staff"}, Handles: map[enroll.Handle]string{enroll.ID: "g1"}}}}}
	tests := []struct {
		name, raw string
		want      Target
		bad       bool
	}{
		{"a known group", `{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"G1"}`, Target{Ref: enroll.Ref{Kind: enroll.Group, Name: "All staff"}}, false},
		{"a foreign group", `{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"g2"}`, Target{Ref: enroll.Ref{Kind: enroll.Group, Name: "g2"}}, false},
		{"exclusion", `{"@odata.type":"#microsoft.graph.exclusionGroupAssignmentTarget","groupId":"g1"}`, Target{Ref: enroll.Ref{Kind: enroll.Group, Name: "All staff"}, Exclude: true}, false},
		{"all users", `{"@odata.type":"#microsoft.graph.allLicensedUsersAssignmentTarget"}`, Target{Ref: AllUsers()}, false},
		{"all devices", `{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget","deviceAndAppManagementAssignmentFilterId":"f1","deviceAndAppManagementAssignmentFilterType":"exclude"}`,
			Target{Ref: AllDevices(), Filter: "exclude f1"}, false},
		{"zero filter", `{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget","deviceAndAppManagementAssignmentFilterId":"00000000-0000-0000-0000-000000000000","deviceAndAppManagementAssignmentFilterType":"none"}`,
			Target{Ref: AllDevices()}, false},
		{"a type not known", `{"@odata.type":"#microsoft.graph.configurationManagerCollectionAssignmentTarget"}`, Target{Ref: enroll.Ref{Kind: enroll.Audience, Name: "configurationManagerCollectionAssignmentTarget"}}, false},
		{"a group without id", `{"@odata.type":"#microsoft.graph.groupAssignmentTarget"}`, Target{}, true},
		{"no object", `[]`, Target{}, true},
		{"nothing", ``, Target{}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadTarget(json.RawMessage(tt.raw), known)
			if (err != nil) != tt.bad {
				t.Fatalf("error %v, want one: %t", err, tt.bad)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWriteTarget(t *testing.T) {
	group := enroll.Ref{Kind: enroll.Group, Name: "All staff"}
	tests := []struct {
		name    string
		ref     enroll.Ref
		exclude bool
		id      string
		want    TargetBody
		bad     bool
	}{
		{"group", group, false, "g1", TargetBody{Type: "#microsoft.graph.groupAssignmentTarget", GroupID: "g1"}, false},
		{"exclusion", group, true, "g1", TargetBody{Type: "#microsoft.graph.exclusionGroupAssignmentTarget", GroupID: "g1"}, false},
		{"all users", AllUsers(), false, "", TargetBody{Type: "#microsoft.graph.allLicensedUsersAssignmentTarget"}, false},
		{"all devices", AllDevices(), false, "", TargetBody{Type: "#microsoft.graph.allDevicesAssignmentTarget"}, false},
		{"group without id", group, false, "", TargetBody{}, true},
		{"nobody", AllUsers(), true, "", TargetBody{}, true},
		{"unknown audience", enroll.Ref{Kind: enroll.Audience, Name: "x"}, false, "", TargetBody{}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := WriteTarget(tt.ref, tt.exclude, tt.id)
			if (err != nil) != tt.bad {
				t.Fatalf("error %v, want one: %t", err, tt.bad)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzReadTarget(f *testing.F) {
	f.Add([]byte(`{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"g1"}`))
	f.Add([]byte(`{"deviceAndAppManagementAssignmentFilterId":7}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		target, err := ReadTarget(raw, enroll.Snapshot{})
		if err == nil && target.Ref.Kind != enroll.Group && target.Ref.Kind != enroll.Audience {
			t.Errorf("%s gave %v", raw, target)
		}
	})
}
