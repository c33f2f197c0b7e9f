package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// planned is the part of a plan that says what would be done, without where it
// stands in a file.
func planned(t *testing.T, said string) any {
	t.Helper()
	var r struct{ Changes []map[string]any }
	start := strings.Index(said, "{\n")
	if start < 0 {
		t.Fatal(said)
	}
	if err := json.NewDecoder(strings.NewReader(said[start:])).Decode(&r); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, c := range r.Changes {
		delete(c, "origin")
	}
	return r.Changes
}

// TestFlagsAreAFile: flags lead to the plan that a file leads to, and what
// --print prints is such a file.
func TestFlagsAreAFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		args       []string
	}{
		{"portal app", "companyPortal:\n  app: {source: vpp, vppToken: Contoso HQ, requiredFor: [iOS - pilots, iOS - kiosks], filter: {name: Kiosk iPads, mode: include}, autoUpdate: true}\n",
			[]string{"portal", "app", "--source", "vpp", "--vpp-token", "Contoso HQ", "--required-for", "iOS - pilots", "--required-for", "iOS - kiosks", "--filter", "Kiosk iPads", "--filter-mode", "include", "--auto-update"}},
		{"portal app of the store", "companyPortal:\n  app: {source: store, requiredFor: [iOS - pilots]}\n", []string{"portal", "app", "--source", "store", "--required-for", "iOS - pilots"}},
		{"portal policy", "companyPortal:\n  app: {source: vpp}\n  configPolicies: [{name: CP, variant: deviceStaging, description: carts, assignTo: {groups: [iOS - pilots], excludeGroups: [iOS - enrolled before Company Portal]}}]\n",
			[]string{"portal", "policy", "--name", "CP", "--variant", "deviceStaging", "--description", "carts", "--source", "vpp", "--group", "iOS - pilots", "--exclude-group", "iOS - enrolled before Company Portal"}},
		{"byod create", "byod:\n  profiles: [{name: 'yes: {no}', enrollment: userChoice, description: '', justInTime: true, priority: 1, assignTo: {allUsers: true, groups: [All staff]}}]\n",
			[]string{"byod", "create", "--name", "yes: {no}", "--enrollment", "userChoice", "--description", "", "--just-in-time", "--priority", "1", "--all-users", "--group", "All staff"}},
		{"byod assign", "byod:\n  profiles: [{name: Personal device, state: existing, assignTo: {allUsers: true}, removeGroups: [Sales], exclusive: true}]\n",
			[]string{"byod", "assign", "--profile", "Personal device", "--all-users", "--remove-group", "Sales", "--exclusive"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := sim.Options{}
			if tt.name == "byod assign" {
				o.Scenario = "crowded"
			}
			b := newBench(t, o)
			file := filepath.Join(b.dir, "file.yaml")
			fileOf(t, file, "apiVersion: intune-enroll/v1\n"+tt.file)
			code, said := b.run(t.Context(), "plan", "-f", file, "-o", "json", "-q")
			if code != 0 {
				t.Fatalf("plan ended with %d:\n%s", code, said)
			}
			want := planned(t, said)
			code, said = b.run(t.Context(), append(slices.Clone(tt.args), "--dry-run", "-o", "json", "-q")...)
			if code != 0 {
				t.Fatalf("--dry-run ended with %d:\n%s", code, said)
			}
			if diff := cmp.Diff(want, planned(t, said)); diff != "" {
				t.Errorf("flags and file (-file +flags):\n%s", diff)
			}
			code, said = b.run(t.Context(), append(slices.Clone(tt.args), "--print")...)
			if code != 0 {
				t.Fatalf("--print ended with %d:\n%s", code, said)
			}
			fileOf(t, file, said)
			code, said = b.run(t.Context(), "plan", "-f", file, "-o", "json", "-q")
			if code != 0 {
				t.Fatalf("plan of what was printed ended with %d:\n%s", code, said)
			}
			if diff := cmp.Diff(want, planned(t, said)); diff != "" {
				t.Errorf("flags and what they print (-file +printed):\n%s", diff)
			}
			if w := writes(b.server); w != 0 {
				t.Errorf("%d requests changed the tenant", w)
			}
		})
	}
}

func fileOf(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// writes counts the requests that change the tenant.
func writes(s *sim.Server) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Write {
			n++
		}
	}
	return n
}
