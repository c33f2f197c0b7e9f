package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

func writeYAML(w io.Writer, v any) error {
	text, err := asYAML(v, 0)
	if err != nil {
		return fmt.Errorf("render the report as YAML: %w", err)
	}
	_, err = io.WriteString(w, text)
	return err
}

// asYAML has the members of a value's JSON in the same order, as lines at a
// depth whose first one is begun. Every text is in double quotes, so that none
// is taken for a number or a date, no line begins with foreign text, and what
// cannot be seen is escaped; libraries write such characters as they are.
func asYAML(v any, depth int) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	y := yamlWriter{d: json.NewDecoder(bytes.NewReader(raw))}
	y.d.UseNumber()
	if err := y.value(depth, false); err != nil {
		return "", err
	}
	return y.b.String(), nil
}

type yamlWriter struct {
	d *json.Decoder
	b bytes.Buffer
}

// value writes the next value of the JSON. The line it begins on already holds
// a key (inline) or the dash of a list.
func (y *yamlWriter) value(depth int, inline bool) error {
	tok, err := y.d.Token()
	if err != nil {
		return err
	}
	switch t := tok.(type) {
	case json.Delim:
		return y.collection(t, depth, inline)
	case string:
		y.scalar(quote(t), inline)
	case nil:
		y.scalar("null", inline)
	default:
		y.scalar(fmt.Sprint(t), inline)
	}
	return nil
}

func (y *yamlWriter) scalar(s string, inline bool) {
	if inline {
		y.b.WriteByte(' ')
	}
	y.b.WriteString(s + "\n")
}

func (y *yamlWriter) collection(open json.Delim, depth int, inline bool) error {
	if !y.d.More() {
		y.scalar(map[json.Delim]string{'{': "{}", '[': "[]"}[open], inline)
		_, err := y.d.Token()
		return err
	}
	if inline {
		y.b.WriteByte('\n')
	}
	for first := true; y.d.More(); first = false {
		if inline || !first {
			y.b.WriteString(strings.Repeat("  ", depth))
		}
		var err error
		if open == '[' {
			y.b.WriteString("- ")
			err = y.value(depth+1, false)
		} else {
			var key json.Token
			if key, err = y.d.Token(); err == nil {
				y.b.WriteString(yamlKey(fmt.Sprint(key)) + ":")
				err = y.value(depth+1, true)
			}
		}
		if err != nil {
			return err
		}
	}
	_, err := y.d.Token()
	return err
}

// yamlKey writes the names of our own members plain and others in quotes.
func yamlKey(s string) string {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return quote(s)
		}
	}
	switch strings.ToLower(s) {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return quote(s)
	}
	return s
}

// quote is a double-quoted YAML text.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x100 && term.Hidden(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case term.Hidden(r) && r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		case term.Hidden(r) || !strconv.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return unmarked(b.String()) + `"`
}
