package cli

import (
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
	"github.com/intune-enroll/intune-enroll/pkg/guide"
)

// idTopic is about the rule or statement of an id: what is checked, what the
// enrollment guide says, and what advice makes of it. nil: there is no such id.
func idTopic(id string) (*render.Topic, error) {
	rules := guard.Lookup(id)
	statements, err := guide.Statements()
	if err != nil {
		return nil, err
	}
	statement := slices.IndexFunc(statements, func(s guide.Statement) bool { return strings.EqualFold(s.ID, id) })
	cited := slices.IndexFunc(advise.Cited(), func(c string) bool { return strings.EqualFold(c, id) })
	t := &render.Topic{Type: "statement"}
	if cited >= 0 {
		t.Name = advise.Cited()[cited]
	}
	if statement >= 0 {
		t.Name = statements[statement].ID
	}
	if len(rules) > 0 {
		t.Name, t.Type, t.Title = rules[0].ID, "rule", rules[0].Title
		t.Lines = ruleLines(rules)
	}
	if t.Name == "" {
		return nil, nil
	}
	if statement >= 0 {
		t.Lines = append(t.Lines, statementLines(statements[statement])...)
	}
	for _, text := range advise.Texts(t.Name) {
		t.Lines = append(t.Lines, render.TopicLine{Name: "advice", Text: text})
	}
	return t, nil
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

func statementLines(s guide.Statement) []render.TopicLine {
	var kinds []string
	for _, k := range s.Kinds {
		kinds = append(kinds, string(k))
	}
	users, admin := guide.Carried()
	var carried []string
	if slices.Contains(users, s.ID) {
		carried = append(carried, "guide users")
	}
	if slices.Contains(admin, s.ID) {
		carried = append(carried, "guide admin")
	}
	see := ""
	if s.See != "" {
		see = "intune-enroll explain " + s.See
	}
	return topicLines([2]string{"guide", s.Text}, [2]string{"it is", strings.Join(kinds, ", ")}, [2]string{"covered by", see}, [2]string{"key", s.Key},
		[2]string{"told by", strings.Join(carried, ", ")}, [2]string{"for reference", s.Reference})
}
