package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

// Layouts write the pages of guide, by format: table is plain text.
type Layouts map[string]func(io.Writer) error

// writePages writes the pages of guide in one of its formats; done is false
// where the format shows the report itself.
func writePages(w io.Writer, format string, r Report) (done bool, err error) {
	lay, ok := r.Layouts[format]
	switch {
	case !ok:
		// HTML shows pages and nothing else; why there are none stands on stderr.
		return format == "html", nil
	case r.Pages == nil:
		return true, nil
	}
	var b bytes.Buffer
	if err := lay(&b); err != nil {
		return true, fmt.Errorf("lay out the pages: %w", err)
	}
	_, err = io.WriteString(w, inertPages(format, b.String()))
	return true, err
}

// inertPages keeps names in pages from acting on a terminal or in a CI log.
// Markdown needs no more than its own escapes.
func inertPages(format, text string) string {
	switch format {
	case "table":
		var out strings.Builder
		for line := range strings.Lines(text) {
			out.WriteString(term.Clean(strings.TrimSuffix(line, "\n")) + "\n")
		}
		return out.String()
	case "html":
		return strings.NewReplacer("##vso[", "&#35;#vso[", "##[", "&#35;#[").Replace(text)
	default:
		return text
	}
}
