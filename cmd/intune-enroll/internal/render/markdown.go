package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// writeMarkdown writes a report for a pull request or a job summary.
func writeMarkdown(w io.Writer, r Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### intune-enroll %s\n\n", md(r.Command))
	if r.Tenant != nil {
		fmt.Fprintf(&b, "Tenant %s, cloud %s, %s.\n\n", md(r.Tenant.Label()), md(r.Cloud), date(r.At, false))
	}
	if r.Error != nil {
		fmt.Fprintf(&b, "**%s**: %s\n\n", md(r.Error.Code), md(r.Error.Message))
	} else {
		fmt.Fprintf(&b, "**%s**\n\n", r.sentence())
	}
	if len(r.Changes) > 0 {
		b.WriteString("| | Thing | What | Undo |\n|---|---|---|---|\n")
	}
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", md(c.Verb.Glyph()), md(thing(c.Ref)), strings.Join(mdChange(c), "<br>"), md(c.Undo.Level))
	}
	for _, p := range r.parts() {
		if p.Context != "" {
			fmt.Fprintf(&b, "\n#### %s\n\n%s\n", md(p.label()), p.conclusion())
		}
		mdFindings(&b, p)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func mdFindings(b *strings.Builder, p Part) {
	var findings []enroll.Finding
	for _, f := range p.Findings {
		if f.Severity != enroll.OK {
			findings = append(findings, f)
		}
	}
	if len(findings)+len(p.Gaps) > 0 {
		b.WriteString("\n| Severity | Rule | Where | What |\n|---|---|---|---|\n")
	}
	for _, f := range findings {
		what := md(f.Message)
		if f.Fix != "" {
			what += "<br>Fix: " + md(f.Fix)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", f.Severity, md(f.Rule), md(cmp.Or(f.Origin.String(), thing(f.On))), what)
	}
	for _, g := range p.gapsAlone() {
		fmt.Fprintf(b, "| unknown | | %s | could not look: %s |\n", md(thing(g.Scope)), md(g.Reason))
	}
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
