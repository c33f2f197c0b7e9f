package guard

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

var update = flag.Bool("update", false, "rewrite want.txt of the fixtures")

func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules(Limits{}) {
		key := fmt.Sprintf("%s offline=%v", r.ID, r.Offline)
		if seen[key] {
			t.Errorf("%s: stands twice", key)
		}
		seen[key] = true
		if r.ID == "" || r.Severity == "" || r.Title == "" || r.Why == "" || r.Fix == "" || r.Check == nil {
			t.Errorf("%s: incomplete: %+v", r.ID, r)
		}
		if !strings.HasPrefix(r.Link, "https://") {
			t.Errorf("%s: link %q", r.ID, r.Link)
		}
		if r.Offline && len(r.Needs) > 0 {
			t.Errorf("%s: runs offline only and needs %v", r.ID, r.Needs)
		}
	}
	for key := range seen {
		id, _, _ := strings.Cut(key, " ")
		if seen[id+" offline=true"] && !seen[id+" offline=false"] {
			t.Errorf("%s: has no online twin", id)
		}
	}
}

func TestLookup(t *testing.T) {
	for _, tc := range []struct {
		name, id string
		want     int
	}{{"one", "GEN-08", 1}, {"twins", "X-41", 2}, {"any case", "x-41", 2}, {"none", "X-0", 0}} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Lookup(tc.id); len(got) != tc.want {
				t.Errorf("got %d rules", len(got))
			}
		})
	}
}

// validate is what is said of a file without a tenant.
func validate(t *testing.T, path string) []enroll.Finding {
	t.Helper()
	sources, err := document.Open([]string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	doc, findings := document.Decode(sources)
	if len(findings) > 0 {
		t.Fatalf("not well formed: %v", lines(findings))
	}
	want, said := doc.Objects()
	return enroll.SortFindings(append(said, enroll.Evaluate(Rules(Limits{}), want, enroll.Snapshot{}, time.Time{}, false)...))
}

func lines(findings []enroll.Finding) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, fmt.Sprintf("%s %s %s %s", f.Origin, f.Severity, f.Rule, f.Message))
	}
	return out
}

const fixtures = "testdata/rules"

// TestFixtures: ok.yaml says nothing of the rule and no error at all, bad.yaml
// says exactly what stands in want.txt.
func TestFixtures(t *testing.T) {
	dirs, err := os.ReadDir(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		t.Run(d.Name(), func(t *testing.T) {
			t.Chdir(filepath.Join(fixtures, d.Name()))
			for _, f := range validate(t, "ok.yaml") {
				if f.Rule == d.Name() || f.Severity == enroll.Error {
					t.Errorf("ok.yaml: %v", lines([]enroll.Finding{f}))
				}
			}
			found := validate(t, "bad.yaml")
			if !slices.ContainsFunc(found, func(f enroll.Finding) bool { return f.Rule == d.Name() }) {
				t.Errorf("bad.yaml does not break the rule: %v", lines(found))
			}
			got := strings.Join(append(lines(found), ""), "\n")
			const path = "want.txt"
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
				t.Errorf("bad.yaml (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryOfflineRuleHasAFixture fails when a rule that runs without a tenant
// comes without one, and when a fixture is left over.
func TestEveryOfflineRuleHasAFixture(t *testing.T) {
	dirs, err := os.ReadDir(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, d := range dirs {
		have[d.Name()] = true
	}
	for _, r := range Rules(Limits{}) {
		if len(r.Needs) > 0 {
			continue
		}
		if !have[r.ID] {
			t.Errorf("rule %s (%s) has no fixture: add %s/%s/{ok.yaml,bad.yaml} and run the test with -update", r.ID, r.Title, fixtures, r.ID)
		}
		have[r.ID] = true
	}
	for id := range have {
		if len(Lookup(id)) == 0 {
			t.Errorf("fixture %s has no rule", id)
		}
	}
}
