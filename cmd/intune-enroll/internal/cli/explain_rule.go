package cli

import (
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guide"
)

// idTopic is about the rule or statement of an id: what is checked, what the
// enrollment guide says, and what advice makes of it. nil: there is no such id.
func (c catalogue) idTopic(id string) *render.Topic {
	var rules []enroll.Rule
	for _, r := range c.rules {
		if strings.EqualFold(r.ID, id) {
			rules = append(rules, r)
		}
	}
	statement := slices.IndexFunc(c.statements, func(s guide.Statement) bool { return strings.EqualFold(s.ID, id) })
	cited := slices.IndexFunc(c.cited, func(other string) bool { return strings.EqualFold(other, id) })
	t := &render.Topic{Type: "statement"}
	if cited >= 0 {
		t.Name = c.cited[cited]
	}
	if statement >= 0 {
		t.Name = c.statements[statement].ID
	}
	if len(rules) > 0 {
		t.Name, t.Type, t.Title = rules[0].ID, "rule", rules[0].Title
		t.Lines = ruleLines(rules)
	}
	if t.Name == "" {
		return nil
	}
	if statement >= 0 {
		t.Lines = append(t.Lines, c.statementLines(c.statements[statement])...)
	}
	for _, text := range advise.Texts(t.Name) {
		t.Lines = append(t.Lines, render.TopicLine{Name: "advice", Text: text})
	}
	return t
}

// ruleLines say what the rules of one id do. Twins differ in where they look;
// where two things share an id each has its say.
func ruleLines(rules []enroll.Rule) []render.TopicLine {
	var out []render.TopicLine
	var told []string
	for _, r := range rules {
		if slices.Contains(told, r.Title) {
			continue
		}
		told = append(told, r.Title)
		title := ""
		if len(told) > 1 {
			title = r.Title
		}
		force := ""
		if r.Forceable {
			force = "--force " + r.ID + " lets it pass"
		}
		out = append(out, topicLines([2]string{"also", title}, [2]string{"severity", string(r.Severity)}, [2]string{"looks at", looksAt(rules, r)},
			[2]string{"why", r.Why}, [2]string{"fix", r.Fix}, [2]string{"force", force}, [2]string{"more", r.Link})...)
	}
	return out
}

// looksAt says where a rule and its twin look.
func looksAt(rules []enroll.Rule, r enroll.Rule) string {
	var needs []enroll.KindName
	file := false
	for _, other := range rules {
		if other.Title == r.Title {
			needs = append(needs, other.Needs...)
			file = file || len(other.Needs) == 0
		}
	}
	switch {
	case r.Check == nil:
		return "what the command itself sees"
	case len(needs) == 0:
		return "the file"
	case file:
		return "the file, and with a tenant at hand: " + join(needs)
	default:
		return "the tenant: " + join(needs)
	}
}

func (c catalogue) statementLines(s guide.Statement) []render.TopicLine {
	var carried []string
	if slices.Contains(c.users, s.ID) {
		carried = append(carried, "guide users")
	}
	if slices.Contains(c.admin, s.ID) {
		carried = append(carried, "guide admin")
	}
	see := ""
	if s.See != "" {
		see = "intune-enroll explain " + s.See
	}
	return topicLines([2]string{"guide", s.Text}, [2]string{"it is", strings.Join(s.Kinds, ", ")}, [2]string{"covered by", see}, [2]string{"key", s.Key},
		[2]string{"told by", strings.Join(carried, ", ")}, [2]string{"for reference", s.Reference})
}
