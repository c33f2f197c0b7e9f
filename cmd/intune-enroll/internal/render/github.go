package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// writeGitHub writes findings and gaps of a plan as annotations of GitHub
// Actions (GitHub docs page on workflow commands), and its last sentence as a
// notice.
func writeGitHub(w io.Writer, r Report) error {
	var b strings.Builder
	for _, f := range r.Findings {
		if f.Severity == enroll.OK {
			continue
		}
		level := map[enroll.Severity]string{enroll.Error: "error", enroll.Info: "notice"}[f.Severity]
		place := ""
		if f.Origin.File != "" {
			place = fmt.Sprintf(" file=%s,line=%d,col=%d", property(f.Origin.File), max(f.Origin.Line, 1), max(f.Origin.Col, 1))
		}
		message := f.Rule + ": " + f.Message
		if f.Fix != "" {
			message += " (fix: " + f.Fix + ")"
		}
		fmt.Fprintf(&b, "::%s%s::%s\n", cmp.Or(level, "warning"), place, data(message))
	}
	for _, g := range r.Gaps {
		fmt.Fprintf(&b, "::warning::%s\n", data("could not look at "+g.Scope.String()+": "+g.Reason))
	}
	if r.Error != nil {
		fmt.Fprintf(&b, "::error::%s\n", data(r.Error.Message))
	} else {
		fmt.Fprintf(&b, "::notice::%s\n", data(PlanLine(r.Changes)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// data escapes the text of an annotation.
func data(s string) string { return strings.ReplaceAll(term.Clean(s), "%", "%25") }

// property escapes a value before the text.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}
