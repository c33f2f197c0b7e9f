package directory

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestRules(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	profile, group := enroll.Ref{Kind: enroll.BYODProfile, Name: "P"}, enroll.Ref{Kind: enroll.Group, Name: "Sales"}
	assigned := []enroll.Object{Assign(enroll.BYODAssignment, profile, group, false, at(9)), Assign(enroll.BYODAssignment, profile, AllUsers(), false, at(8))}
	groups := func(kind string) enroll.Snapshot {
		return enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.Group: {{Ref: group, Fields: enroll.Fields{"type": kind}}}}}
	}
	tests := []struct {
		name string
		want []enroll.Object
		live enroll.Snapshot
		out  []enroll.Finding
	}{
		{"dynamic target", assigned, groups("dynamicUsers"), []enroll.Finding{{Rule: "EUB-05", Severity: enroll.Info, On: enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:P", Name: "Sales"}, Path: "target", Origin: at(9),
			Message: `byod-profile/P is assigned to the dynamic group "Sales": devices and users enter it only some time after they enrolled`}}},
		{"static target", assigned, groups("assigned"), nil},
		{"nothing looked at", nil, enroll.Snapshot{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.out, enroll.Evaluate(Rules(), tt.want, tt.live, now, true)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
