package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

// writeJSON writes a value as JSON for people and programs: indented by two
// spaces, and safe to print.
func writeJSON(w io.Writer, v any) error {
	text, err := encoded(v, "  ")
	if err != nil {
		return fmt.Errorf("render the report: %w", err)
	}
	_, err = io.WriteString(w, text)
	return err
}

// encoded is a value as JSON that is safe to print.
func encoded(v any, indent string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return visible(b.String()), nil
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
