package guide

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// families are the ids of the guide's statements, counted apart from the list:
// prefix, first and last number, and numbers that were never given out.
var families = []struct {
	prefix      string
	first, last int
	never       []int
}{
	{"GEN-", 1, 12, nil},
	{"ADE-", 1, 6, nil}, {"ADE-T", 1, 10, nil}, {"ADE-", 11, 21, nil},
	{"AUT-", 1, 29, nil}, {"CPI-", 1, 18, nil}, {"EUA-", 1, 11, nil},
	{"CFG-", 1, 3, nil}, {"CFG-T", 1, 12, nil}, {"CFG-", 13, 15, nil},
	{"CAU-", 1, 14, nil}, {"CCP-", 1, 13, nil}, {"CFP-", 1, 6, nil}, {"EUC-", 1, 6, nil},
	{"BYO-", 1, 4, nil}, {"BYO-T", 1, 9, nil}, {"BYO-", 5, 9, nil},
	{"DEV-", 1, 4, nil}, {"WEB-", 1, 3, nil}, {"CHO-", 1, 2, nil}, {"ACC-", 1, 14, nil}, {"EUB-", 1, 11, nil},
	{"X-", 1, 91, []int{29, 53, 54, 56, 57, 58, 59, 65, 66, 67, 68, 69, 78, 79}},
	{"M", 1, 36, nil}, {"C-", 1, 33, []int{31, 32}}, {"DD-", 1, 5, nil},
}

func list(t *testing.T) []Statement {
	t.Helper()
	all, err := Statements()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNoStatementIsMissing(t *testing.T) {
	var want, got []string
	for _, f := range families {
		for n := f.first; n <= f.last; n++ {
			if !slices.Contains(f.never, n) {
				want = append(want, fmt.Sprintf("%s%02d", f.prefix, n))
			}
		}
	}
	for _, s := range list(t) {
		got = append(got, s.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestStatements(t *testing.T) {
	all := list(t)
	known := map[string]Statement{}
	for _, s := range all {
		known[s.ID] = s
	}
	keys := map[string]bool{}
	for path, table := range map[string][]enroll.Key{"ade.profiles": ade.ProfileKeys(), "byod.profiles": byod.ProfileKeys(), "companyPortal.configPolicies": companyportal.PolicyKeys()} {
		for _, k := range table {
			keys[path+"."+k.Path] = true
		}
	}
	kinds := []string{"prerequisite", "decision", "field", "error", "warning", "automated", "manual", "user", "reference", "valid", "invalid", "contradiction"}
	for _, s := range all {
		if s.Text == "" || strings.HasSuffix(s.Text, ".") || strings.Contains(s.Text, "|") {
			t.Errorf("%s: the text is one sentence without a full stop: %q", s.ID, s.Text)
		}
		if len(s.Kinds) == 0 || slices.ContainsFunc(s.Kinds, func(k string) bool { return !slices.Contains(kinds, k) }) {
			t.Errorf("%s: kinds are %v", s.ID, s.Kinds)
		}
		if to, ok := known[s.See]; s.See != "" && (!ok || to.See == s.ID || to.ID == s.ID) {
			t.Errorf("%s: see %s leads nowhere", s.ID, s.See)
		}
		if s.Key != "" && !keys[s.Key] {
			t.Errorf("%s: there is no key %s", s.ID, s.Key)
		}
	}
	users, admin := Carried()
	for _, id := range slices.Concat(users, admin) {
		if _, ok := known[id]; !ok {
			t.Errorf("a text carries %s, which is no statement", id)
		}
	}
}
