package guard

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Entries of one name are told apart by their ids, and rules look at each with
// its own assignments.
func TestNamesakes(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		want       []string
	}{
		{"policies", `groups: [{name: G, devicesOfProfile: P}]
ade: [{profiles: [{name: P, userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: none, acceptUnregistered: true}}]}]
companyPortal:
  configPolicies:
    - {name: Twin, id: 8f6c1c2e-0000-4000-8000-000000000001, variant: userAffinity, assignTo: {groups: [G]}}
    - {name: Twin, id: 8f6c1c2e-0000-4000-8000-000000000002, variant: deviceStaging, assignTo: {groups: [G]}}
`, []string{
			`X-41 group "G" takes in the devices of profile "P", which brings Company Portal and its configuration itself`,
			`X-40 "G" gets both variants: deviceStaging by policy "8f6c1c2e-0000-4000-8000-000000000002", and userAffinity by policy "8f6c1c2e-0000-4000-8000-000000000001" (f.yaml:6:104)`,
		}},
		{"profiles", `ade: [{profiles: [{name: P, userAffinity: user, authentication: companyPortal, companyPortal: {install: vpp}}]}]
byod:
  profiles:
    - {name: Twin, id: 8f6c1c2e-0000-4000-8000-000000000001, enrollment: accountDriven, assignTo: {allUsers: true}}
    - {name: Twin, id: 8f6c1c2e-0000-4000-8000-000000000002, enrollment: deviceWeb, justInTime: true, assignTo: {groups: [G]}}
`, []string{`X-23 nobody could sign in in Company Portal: the account driven profile "Twin" goes to all users`}},
		{"not all users", `ade: [{profiles: [{name: P, userAffinity: user, authentication: companyPortal, companyPortal: {install: vpp}}]}]
byod: {profiles: [{name: B, enrollment: accountDriven, assignTo: {allUsers: false, groups: [G]}}]}
`, []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile("f.yaml", []byte("apiVersion: intune-enroll/v1\n"+tc.file), 0o600); err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, f := range validate(t, "f.yaml") {
				if f.Severity == enroll.Error {
					got = append(got, f.Rule+" "+f.Message)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}
