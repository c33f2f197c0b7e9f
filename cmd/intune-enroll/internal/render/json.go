package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

func writeJSON(w io.Writer, r Report) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("render the report: %w", err)
	}
	_, err := io.WriteString(w, visible(b.String()))
	return err
}

// visible writes characters that act on a terminal or cannot be seen as \u
// escapes, and breaks the marks that Azure Pipelines looks for anywhere in a
// line. Outside strings JSON has none of them but the line break, so the
// meaning stays.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || !term.Hidden(r):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		}
	}
	return unmarked(b.String())
}

// unmarked is for texts in double quotes, of JSON and of YAML.
func unmarked(s string) string {
	return strings.NewReplacer("##vso[", `#\u0023vso[`, "##[", `#\u0023[`).Replace(s)
}
