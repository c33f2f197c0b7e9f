package guard

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// TestConfiguratorCombinations walks the combinations of Apple Configurator:
// which errors each gives, none for a valid one.
func TestConfiguratorCombinations(t *testing.T) {
	profile := func(rest string) string {
		return "configurator: {profiles: [{name: P, " + rest + ", devices: {serials: [DMPX00000001]}}]}\n"
	}
	policy := "groups: [{name: G, devicesOfProfile: P}]\ncompanyPortal: {configPolicies: [{name: C, variant: userAffinity, assignTo: {groups: [G]}}]}\n"
	for _, tc := range []struct {
		name, file string
		want       []string
	}{
		{"M19", profile("userAffinity: user, authentication: companyPortal, companyPortal: {install: appleId}"), nil},
		{"M20", profile("userAffinity: user, authentication: companyPortal, companyPortal: {install: vpp}"), []string{"C-10"}},
		{"M21", profile("userAffinity: user, authentication: companyPortal, companyPortal: {install: appleId}") + policy, nil},
		{"M22", profile("userAffinity: user, authentication: setupAssistant, companyPortal: {install: appleId}"), nil},
		{"M23", profile("userAffinity: user, authentication: setupAssistant, companyPortal: {install: none, acceptUnregistered: true}") + policy, nil},
		{"M24", profile("userAffinity: user, authentication: setupAssistant, companyPortal: {install: none, acceptUnregistered: true}"), nil},
		{"M25", profile("userAffinity: none"), nil},
		{"M26 app", profile("userAffinity: none, companyPortal: {install: appleId}"), []string{"CFP-05"}},
		{"M26 policy", profile("userAffinity: none") + policy, []string{"CFP-05"}},
		{"M27", profile("userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: appleId}"), []string{"CAU-01"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, f := range enroll.Evaluate(Rules(Limits{}), wanted(t, tc.file), enroll.Snapshot{}, time.Time{}, false) {
				if f.Severity == enroll.Error && !slices.Contains(got, f.Rule) {
					got = append(got, f.Rule)
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestJoined: a rule of an id that is there joins all twins and keeps what they look at.
func TestJoined(t *testing.T) {
	says := func(text string) func([]enroll.Object, enroll.Snapshot, time.Time) []enroll.Finding {
		return func([]enroll.Object, enroll.Snapshot, time.Time) []enroll.Finding {
			return []enroll.Finding{{Message: text}}
		}
	}
	rules := joined(twins(enroll.Rule{ID: "A", Check: says("first")}, enroll.Group), []enroll.Rule{
		{ID: "A", Needs: []enroll.KindName{enroll.ConfiguratorProfile}, Check: says("second")}, {ID: "B", Check: says("third")}})
	type row struct {
		ID, Said string
		Offline  bool
		Needs    []enroll.KindName
	}
	var got []row
	for _, r := range rules {
		x := row{ID: r.ID, Offline: r.Offline, Needs: r.Needs}
		for _, f := range r.Check(nil, enroll.Snapshot{}, time.Time{}) {
			x.Said += f.Message + " "
		}
		got = append(got, x)
	}
	if d := cmp.Diff([]row{
		{"A", "first second ", true, nil}, {"A", "first second ", false, []enroll.KindName{enroll.Group, enroll.ConfiguratorProfile}}, {"B", "third ", false, nil},
	}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
