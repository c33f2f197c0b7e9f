package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// writeGitHub writes findings and gaps as annotations of GitHub Actions
// (GitHub docs page on workflow commands), and the last sentence as a notice.
func writeGitHub(w io.Writer, r Report) error {
	var b strings.Builder
	for _, p := range r.parts() {
		in := p.in()
		for _, f := range p.Findings {
			if f.Severity != enroll.OK {
				b.WriteString(annotation(f, in))
			}
		}
		for _, g := range p.gapsAlone() {
			fmt.Fprintf(&b, "::warning::%s\n", data(in+"could not look at "+thing(g.Scope)+": "+g.Reason))
		}
		if p.Error != nil && p.Context != "" {
			fmt.Fprintf(&b, "::error::%s\n", data(in+p.Error.Message))
		}
	}
	if r.Error != nil {
		fmt.Fprintf(&b, "::error::%s\n", data(r.Error.Message))
	} else {
		fmt.Fprintf(&b, "::notice::%s\n", data(r.sentence()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func annotation(f enroll.Finding, in string) string {
	level := map[enroll.Severity]string{enroll.Error: "error", enroll.Info: "notice"}[f.Severity]
	place, message := "", in
	if f.Origin.File != "" {
		place = fmt.Sprintf(" file=%s,line=%d,col=%d", property(f.Origin.File), max(f.Origin.Line, 1), max(f.Origin.Col, 1))
	} else if f.On != (enroll.Ref{}) {
		message += thing(f.On) + ": "
	}
	message += f.Rule + ": " + f.Message
	if f.Fix != "" {
		message += " (fix: " + f.Fix + ")"
	}
	return fmt.Sprintf("::%s%s::%s\n", cmp.Or(level, "warning"), place, data(message))
}

// data escapes the text of an annotation.
func data(s string) string { return strings.ReplaceAll(term.Clean(s), "%", "%25") }

// property escapes a value before the text.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}
