package cli

import (
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/intune-enroll/intune-enroll/configs"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// TestExamples: each example is valid, can be applied to the tenant Contoso, and
// then nothing is left to do.
func TestExamples(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(configs.Examples(), "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if name == "large.yaml" { // for a tenant of its own, with forty groups
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sim.Options{Scenario: map[string]string{"school-two-tokens.yaml": "school"}[name]})
			file := filepath.Join(b.dir, name)
			for _, args := range [][]string{{"validate", file}, {"apply", "-f", file, "--yes", "--confirm", b.server.TenantID}, {"plan", "-f", file, "--detailed-exitcode"}} {
				if code, said := b.run(t.Context(), args...); code != 0 {
					t.Fatalf("%s ended with %d:\n%s", args[0], code, said)
				}
			}
		})
	}
}
