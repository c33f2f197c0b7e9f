// Package docs holds no code: its test writes rules.md, and keeps it true.
package docs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/intune-enroll/intune-enroll/internal/golden"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
	"github.com/intune-enroll/intune-enroll/pkg/guide"
)

// carriers are the ids that each part of the program carries.
type carriers struct {
	rules         map[string][]enroll.Rule
	advice        []string
	users, admins []string
	statements    map[string]guide.Statement
}

func read(t *testing.T) (carriers, []guide.Statement) {
	t.Helper()
	list, err := guide.Statements()
	if err != nil {
		t.Fatal(err)
	}
	c := carriers{rules: map[string][]enroll.Rule{}, advice: advise.Cited(), statements: map[string]guide.Statement{}}
	for _, r := range guard.Rules(guard.Limits{}) {
		c.rules[r.ID] = append(c.rules[r.ID], r)
	}
	c.users, c.admins = guide.Carried()
	for _, s := range list {
		c.statements[s.ID] = s
	}
	return c, list
}

// places say where a statement lives, most binding first.
func (c carriers) places(s guide.Statement) []string {
	var out []string
	if rules := c.rules[s.ID]; len(rules) > 0 {
		out = append(out, fmt.Sprintf("rule (%s)", rules[0].Severity))
	}
	if slices.Contains(c.advice, s.ID) {
		out = append(out, "advice")
	}
	if s.Key != "" {
		out = append(out, "key `"+s.Key+"`")
	}
	if slices.Contains(c.users, s.ID) {
		out = append(out, "instructions for users")
	}
	if slices.Contains(c.admins, s.ID) {
		out = append(out, "administrator's checklist")
	}
	if s.See != "" {
		out = append(out, "see "+s.See)
	}
	if len(out) == 0 && s.Reference != "" {
		out = append(out, "reference only: "+s.Reference)
	}
	return out
}

// held tells whether something checks, decides or takes down what s says, or
// it is said why nothing can.
func (c carriers) held(s guide.Statement) bool {
	_, rule := c.rules[s.ID]
	return rule || s.Key != "" || s.Reference != "" || slices.Contains(c.advice, s.ID) || s.See != "" && c.held(c.statements[s.See])
}

// TestEveryStatementLives: none is without a place, and what somebody could
// get wrong is checked, decided or a key of the file, unless it is said why
// nobody but the administrator can look.
func TestEveryStatementLives(t *testing.T) {
	c, list := read(t)
	binding := []string{"prerequisite", "decision", "field", "error", "warning"}
	for _, s := range list {
		if len(c.places(s)) == 0 {
			t.Errorf("%s (%v: %s) lives nowhere", s.ID, s.Kinds, s.Text)
		}
		if to, ok := c.statements[s.See]; ok && len(c.places(to)) == 0 {
			t.Errorf("%s is to be seen at %s, which lives nowhere", s.ID, s.See)
		}
		bound := slices.ContainsFunc(s.Kinds, func(k string) bool { return slices.Contains(binding, k) })
		if bound && !c.held(s) {
			t.Errorf("%s (%v: %s) is no rule, no advice and no key: only %s", s.ID, s.Kinds, s.Text, strings.Join(c.places(s), ", "))
		}
	}
	for _, id := range c.advice {
		if _, ok := c.statements[id]; !ok {
			t.Errorf("advice %s is no statement of the list", id)
		}
	}
}

func TestRulesAreFresh(t *testing.T) {
	c, list := read(t)
	got, seen := page(c, list)
	if seen != len(list) {
		t.Errorf("%d of %d statements have no part in the page", len(list)-seen, len(list))
	}
	golden.Check(t, "rules.md", got)
}
