package render

import (
	"fmt"
	"image/color"
	"io"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// page is a text for people under way.
type page struct {
	Look
	b strings.Builder
}

func writeTable(w io.Writer, r Report, look Look) error {
	p := &page{Look: look}
	switch r.Command {
	case "check":
		p.check(r)
	case "plan":
		p.plan(r)
	case "ade migrate":
		// Where it fails before there is a plan no file was compared with anything.
		if r.Text == "" && (r.Error == nil || len(r.Files) > 0) {
			p.applied(r)
		}
		p.b.WriteString(r.Text)
	case "ade token public-key":
		p.publicKey(r)
	case "ade token sync":
		p.synced(r.Token)
	case "apply", "ade create", "ade assign", "ade default", "ade token upload", "configurator create", "configurator assign", "configurator devices import",
		"byod create", "byod assign", "portal app", "portal policy":
		p.applied(r)
	case "byod discovery generate":
		p.discovery(r.Serve)
	case "byod discovery verify":
		p.verified(r)
	case "validate":
		p.validated(r)
	case "auth permissions":
		p.permissions(r)
	case "auth setup":
		p.setup(r)
	case "pushcert status":
		p.push(r)
	case "pushcert csr":
		if r.Push != nil {
			p.pushFiles(*r.Push)
		}
	case "pushcert upload":
		p.uploaded(r)
	case "configurator export":
		p.exported(r)
	case "auth status", "auth login":
		p.signIn(r)
	case "explain":
		p.topic(r.Topic)
	case "version":
		p.build(r.Build)
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// Failure writes why a command did not do all it was asked to.
func Failure(w io.Writer, e Error, look Look) error {
	p := &page{Look: look}
	p.line(0, "%s %s", p.paint(lipgloss.Red, "error:"), term.Clean(e.Message))
	if e.Do != "" {
		p.line(0, "%s %s", p.paint(lipgloss.Cyan, "do:"), term.Clean(e.Do))
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// paint colours text where colour is wanted. It never carries meaning alone.
func (p *page) paint(c color.Color, s string) string {
	if !p.Color {
		return s
	}
	return lipgloss.NewStyle().Foreground(c).Render(s)
}

func (p *page) bold(s string) string {
	if !p.Color {
		return s
	}
	return lipgloss.NewStyle().Bold(true).Render(s)
}

// line writes one line, indented, and wrapped between words to the width with
// its further lines indented by four more.
func (p *page) line(indent int, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	pad := strings.Repeat(" ", indent)
	if p.Width == 0 || width(text)+indent <= p.Width {
		p.b.WriteString(strings.TrimRight(pad+text, " ") + "\n")
		return
	}
	for i, l := range strings.Split(term.Wrap(text, max(p.Width-indent-4, 20)), "\n") {
		if i > 0 {
			l = "    " + strings.TrimLeft(l, " ")
		}
		p.b.WriteString(strings.TrimRight(pad+l, " ") + "\n")
	}
}

func (p *page) space() {
	if p.b.Len() > 0 {
		p.b.WriteByte('\n')
	}
}

// findings writes findings with their place in the file.
func (p *page) findings(findings []enroll.Finding) {
	for _, f := range findings {
		if f.Severity == enroll.OK {
			continue
		}
		var where string
		if f.Origin.File != "" {
			where = term.Clean(f.Origin.String()) + ": "
		} else if f.On != (enroll.Ref{}) {
			where = thing(f.On) + ": "
		}
		word := string(f.Severity)
		if f.Forced {
			word += " (forced)"
		}
		p.line(0, "%s %s%s (%s)", p.paint(severityColor(f.Severity), word+":"), where, term.Clean(f.Message), term.Clean(f.Rule))
		p.excerpt(f.Origin)
		if f.Fix != "" {
			p.line(4, "fix: %s", term.Clean(f.Fix))
		}
	}
}

// gaps writes what could not be looked at.
func (p *page) gaps(gaps []enroll.Gap) {
	for _, g := range gaps {
		p.line(0, "%s could not look at %s: %s", p.paint(lipgloss.Magenta, "unknown:"), thing(g.Scope), term.Clean(g.Reason))
	}
}

func severityColor(s enroll.Severity) color.Color {
	switch s {
	case enroll.Error:
		return lipgloss.Red
	case enroll.Warning:
		return lipgloss.Yellow
	case enroll.Unknown:
		return lipgloss.Magenta
	case enroll.Info:
		return lipgloss.Cyan
	default:
		return lipgloss.Green
	}
}

// validated is the result of validate.
func (p *page) validated(r Report) {
	p.findings(r.Findings)
	if r.Error != nil && len(r.Findings) == 0 {
		return // stderr says why
	}
	if len(bad(r.Findings)) > 0 {
		p.space()
	}
	p.line(0, "%s", validLine(r))
}

// width is how many columns of a terminal text takes.
func width(s string) int { return lipgloss.Width(s) }
