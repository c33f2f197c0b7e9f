package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// writeMarkdown writes a plan for a pull request or a job summary.
func writeMarkdown(w io.Writer, r Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### intune-enroll plan\n\n")
	if r.Tenant != nil {
		fmt.Fprintf(&b, "Tenant %s, cloud %s, %s.\n\n", md(r.Tenant.Label()), md(r.Cloud), date(r.At, false))
	}
	if r.Error != nil {
		fmt.Fprintf(&b, "**%s**: %s\n\n", md(r.Error.Code), md(r.Error.Message))
	} else {
		fmt.Fprintf(&b, "**%s**\n\n", PlanLine(r.Changes))
	}
	if len(r.Changes) > 0 {
		b.WriteString("| | Thing | What | Undo |\n|---|---|---|---|\n")
	}
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", md(c.Verb.Glyph()), md(thing(c.Ref)), strings.Join(mdChange(c), "<br>"), md(c.Undo.Level))
	}
	if len(r.Findings)+len(r.Gaps) > 0 {
		b.WriteString("\n| Severity | Rule | Where | What |\n|---|---|---|---|\n")
	}
	for _, f := range r.Findings {
		where := f.Origin.String()
		if where == "" {
			where = thing(f.On)
		}
		what := md(f.Message)
		if f.Fix != "" {
			what += "<br>Fix: " + md(f.Fix)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", f.Severity, md(f.Rule), md(where), what)
	}
	for _, g := range r.Gaps {
		fmt.Fprintf(&b, "| unknown | | %s | could not look: %s |\n", md(thing(g.Scope)), md(g.Reason))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mdChange are the lines of one change.
func mdChange(c enroll.Change) []string {
	var out []string
	if c.Op != "" {
		out = append(out, md(c.Op))
	}
	for _, f := range c.Fields {
		if c.Verb == enroll.Create {
			out = append(out, md(f.Path)+": "+md(value(f.New)))
			continue
		}
		out = append(out, md(f.Path)+": "+md(value(f.Old))+" → "+md(value(f.New)))
	}
	if len(c.Items.Add) > 0 {
		out = append(out, md(serials(c.Items)))
	}
	for _, e := range c.Effects {
		out = append(out, "effect: "+md(e.Text))
	}
	return out
}

// md makes foreign text plain in Markdown and in a cell of a table: every
// character that means something there is escaped.
func md(s string) string {
	var b strings.Builder
	for _, r := range term.Clean(s) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '@':
			b.WriteString("&#64;") // no mention of anybody
		case strings.ContainsRune("\\`*_{}[]()#+-.!|~:", r):
			fmt.Fprintf(&b, "\\%c", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
