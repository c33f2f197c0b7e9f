package render

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Advice is the result of advise: which enrollment fits, and why. As JSON and
// YAML it takes the place of a Report, with the members a Report has in common.
type Advice struct {
	Schema                  string            `json:"schemaVersion"`
	Command                 string            `json:"command"`
	Tool                    string            `json:"tool"`
	Option                  string            `json:"option"`
	Auth                    string            `json:"auth"`
	CompanyPortal           string            `json:"companyPortal"`
	Status                  string            `json:"status"` // ok, warn or blocked
	LockUntilInstalled      bool              `json:"lockUntilInstalled"`
	AwaitFinalConfiguration bool              `json:"awaitFinalConfiguration"`
	Rules                   []string          `json:"rules"`
	Messages                []AdviceMessage   `json:"messages"`
	Against                 []AdviceReason    `json:"against"`
	Assumed                 map[string]string `json:"assumed"`
	Answers                 map[string]string `json:"answers"`
	Tenant                  *Tenant           `json:"tenant,omitempty"` // with --from-tenant
	Facts                   []AdviceFact      `json:"fromTenant,omitempty"`
	Error                   *Error            `json:"error,omitempty"`

	Names map[string]string `json:"-"` // values of option, auth and companyPortal in words
}

// AdviceMessage is one reason, limit or task.
type AdviceMessage struct {
	Rule     string          `json:"rule"`
	Severity enroll.Severity `json:"severity"`
	Text     string          `json:"text"`
}

// AdviceReason is why an option is not the one.
type AdviceReason struct {
	Option string `json:"option"`
	Rule   string `json:"rule"`
	Text   string `json:"text"`
}

// AdviceFact is what the tenant says for one answer. Value is what counts, empty
// where it cannot be told; Text is what was seen, or why not.
type AdviceFact struct {
	Key   string `json:"key"`
	Value string `json:"value,omitempty"`
	Text  string `json:"text"`
}

// writeAdvice writes the advice of a report.
func writeAdvice(w io.Writer, format string, r Report, look Look) error {
	a := *r.Advice
	a.Schema, a.Command, a.Tool, a.Tenant, a.Error = r.Schema, r.Command, r.Tool, r.Tenant, r.Error
	a.Rules, a.Messages, a.Against = emptyNotNull(a.Rules), emptyNotNull(a.Messages), emptyNotNull(a.Against)
	switch format {
	case "json":
		return writeJSON(w, a)
	case "yaml":
		return writeYAML(w, a)
	default:
		p := &page{Look: look}
		p.advice(a)
		_, err := io.WriteString(w, p.b.String())
		return err
	}
}

// advice is the result of advise for people.
func (p *page) advice(a Advice) {
	word := func(value string) string {
		if name := a.Names[value]; name != "" {
			return name + " (" + value + ")"
		}
		return value
	}
	status := map[string]string{
		"ok": p.paint(lipgloss.Green, "ok"), "warn": p.paint(lipgloss.Yellow, "warn") + ": see the warnings",
		"blocked": p.paint(lipgloss.Red, "blocked") + ": make nothing before the errors are dealt with"}[a.Status]
	p.pairs([2]string{"Enrollment", p.bold(word(a.Option))}, [2]string{"Sign-in", word(a.Auth)},
		[2]string{"Company Portal", word(a.CompanyPortal)}, [2]string{"Status", cmp.Or(status, a.Status)})
	if len(a.Messages) > 0 {
		p.space()
	}
	for _, m := range a.Messages {
		p.line(0, "%s %s (%s)", p.paint(severityColor(m.Severity), string(m.Severity)+":"), term.Clean(m.Text), m.Rule)
	}
	if len(a.Against) > 0 {
		p.space()
		p.line(0, "%s", p.bold("Why not the others"))
	}
	for i := 0; i < len(a.Against); {
		r, options := a.Against[i], []string{}
		for ; i < len(a.Against) && a.Against[i].Text == r.Text; i++ {
			options = append(options, a.Against[i].Option)
		}
		p.line(0, "%s: %s (%s)", strings.Join(options, ", "), term.Clean(r.Text), r.Rule)
	}
	if a.Tenant != nil {
		p.space()
		p.line(0, "%s", p.bold("From tenant "+term.Clean(a.Tenant.Label())))
		for _, f := range a.Facts {
			p.line(0, "%s=%s: %s", f.Key, cmp.Or(term.Clean(f.Value), "unknown"), term.Clean(f.Text))
		}
	}
	if len(a.Assumed) > 0 {
		p.space()
		var assumed []string
		for _, key := range slices.Sorted(maps.Keys(a.Assumed)) {
			assumed = append(assumed, key+"="+term.Clean(a.Assumed[key]))
		}
		p.line(0, "Not answered, and taken for granted: %s. Another answer changes the advice: say it with --set.", strings.Join(assumed, ", "))
	}
}
