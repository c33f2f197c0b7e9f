package guard

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/internal/golden"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

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
	for id := range fixtureDirs(t) {
		if !offline(id) {
			continue // shown by tenants: the tests of the command line look at them
		}
		t.Run(id, func(t *testing.T) {
			t.Chdir(filepath.Join(fixtures, id))
			for _, f := range validate(t, "ok.yaml") {
				if f.Rule == id || f.Severity == enroll.Error {
					t.Errorf("ok.yaml: %v", lines([]enroll.Finding{f}))
				}
			}
			found := validate(t, "bad.yaml")
			if !slices.ContainsFunc(found, func(f enroll.Finding) bool { return f.Rule == id }) {
				t.Errorf("bad.yaml does not break the rule: %v", lines(found))
			}
			got := strings.Join(append(lines(found), ""), "\n")
			golden.Check(t, "want.txt", []byte(got))
		})
	}
}

// TestEveryRuleHasAFixture fails when a rule comes without one, and when a
// fixture is left over. A rule that a file alone can break is shown by files,
// any other by tenants.
func TestEveryRuleHasAFixture(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range All() {
		ids[r.ID] = true
	}
	for id := range ids {
		files, want := there(t, id, "ok.yaml", "bad.yaml"), there(t, id, "want.txt")
		tenants := there(t, id, "ok.tenant.yaml", "bad.tenant.yaml", "want.tenant.txt")
		there(t, id, "ok.upload.yaml", "bad.upload.yaml")
		switch {
		case offline(id) && !(files && want):
			t.Errorf("%s is about a file: add %s/%s/{ok.yaml,bad.yaml} and run go test ./pkg/guard -update", id, fixtures, id)
		case !offline(id) && !tenants:
			t.Errorf("%s is about a tenant: add %s/%s/{ok.tenant.yaml,bad.tenant.yaml} and run go test ./cmd/intune-enroll/internal/cli -run TestFixturesOfTenants -update", id, fixtures, id)
		case !offline(id) && want:
			t.Errorf("%s is about a tenant, and %s/%s/want.txt is left over", id, fixtures, id)
		}
	}
	for id := range fixtureDirs(t) {
		if !ids[id] {
			t.Errorf("fixture %s has no rule", id)
		}
	}
}

// offline tells whether a file alone can break a rule.
func offline(id string) bool {
	return slices.ContainsFunc(Rules(Limits{}), func(r enroll.Rule) bool { return r.ID == id && len(r.Needs) == 0 })
}

// there tells whether the parts of a fixture are there; some of them without
// the others are an error.
func there(t *testing.T, id string, parts ...string) bool {
	t.Helper()
	have := 0
	for _, part := range parts {
		if _, err := os.Stat(filepath.Join(fixtures, id, part)); err == nil {
			have++
		}
	}
	if have != 0 && have != len(parts) {
		t.Errorf("fixture %s has only some of %v", id, parts)
	}
	return have == len(parts)
}

func fixtureDirs(t *testing.T) map[string]bool {
	t.Helper()
	dirs, err := os.ReadDir(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, d := range dirs {
		out[d.Name()] = true
	}
	return out
}
