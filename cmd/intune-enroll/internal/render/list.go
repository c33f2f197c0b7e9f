package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

// Column is one column of a list. Width is how many characters it takes in a
// table; what is longer is not cut.
type Column struct {
	Title string // in a table's heading, and the first line of CSV
	Width int
}

// List writes a long list row by row, so that its length costs no memory. In
// JSON and YAML it is one member of the report that ends it.
type List struct {
	w       *bufio.Writer
	format  string
	member  string // its name in the report
	columns []Column
	look    Look
	rows    int
}

// ListFormats are the formats of lists.
func ListFormats() []string { return []string{"table", "json", "yaml", "csv"} }

// ListOf is the member of a command's report that is its list, "" when it has none.
func ListOf(command string) string {
	switch command {
	case "ade devices list", "configurator devices list":
		return "devices"
	case "ade token list":
		return "tokens"
	}
	return ""
}

// NewList begins the list of a command in one of ListFormats.
func NewList(w io.Writer, format, command string, columns []Column, look Look) *List {
	return &List{w: bufio.NewWriterSize(w, 64<<10), format: format, member: ListOf(command), columns: columns, look: look}
}

// Add writes one row: value in JSON and YAML, cells, one for each column, else.
func (l *List) Add(value any, cells ...string) error {
	l.rows++
	switch l.format {
	case "json":
		raw, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("render a row: %w", err)
		}
		begin := ",\n    "
		if l.rows == 1 {
			begin = "{\n  \"" + l.member + "\": [\n    "
		}
		_, err = l.w.WriteString(begin + visible(string(raw)))
		return err
	case "yaml":
		text, err := asYAML(value, 1)
		if err != nil {
			return fmt.Errorf("render a row as YAML: %w", err)
		}
		begin := "- "
		if l.rows == 1 {
			begin = l.member + ":\n- "
		}
		_, err = l.w.WriteString(begin + text)
		return err
	case "csv":
		if l.rows == 1 {
			l.heading()
		}
		return l.csv(cells)
	default:
		if l.rows == 1 && l.look.Titles {
			l.heading()
		}
		return l.line(cells)
	}
}

// End writes what the report says beside the list, whole also where the list
// broke off. CSV has the list alone.
func (l *List) End(r Report) error {
	var b bytes.Buffer
	rest := ""
	if l.format != "csv" {
		if err := Write(&b, l.format, r, l.look); err != nil {
			return err
		}
		rest = b.String()
	}
	switch {
	case l.format == "json" && l.rows > 0:
		rest = "\n  ]," + strings.TrimPrefix(rest, "{")
	case l.format == "json":
		rest = "{\n  \"" + l.member + "\": []," + strings.TrimPrefix(rest, "{")
	case l.format == "yaml" && l.rows == 0:
		rest = l.member + ": []\n" + rest
	case l.format == "csv" && l.rows == 0 && r.Error == nil:
		l.heading()
	}
	if _, err := l.w.WriteString(rest); err != nil {
		return err
	}
	return l.w.Flush()
}

// heading writes the titles; the writer keeps an error for what follows.
func (l *List) heading() {
	titles := make([]string, len(l.columns))
	for i, c := range l.columns {
		titles[i] = c.Title
	}
	if l.format == "csv" {
		_ = l.csv(titles) // see above
		return
	}
	_ = l.line(titles) // see above
}

// line writes the cells of a table. The last one needs no room beside it.
func (l *List) line(cells []string) error {
	var b strings.Builder
	for i, c := range cells {
		c = term.Clean(c)
		b.WriteString(c)
		if i < len(cells)-1 {
			b.WriteString(strings.Repeat(" ", max(0, l.columns[i].Width-width(c))+2))
		}
	}
	_, err := l.w.WriteString(strings.TrimRight(b.String(), " ") + "\n")
	return err
}

// csv writes a line as RFC 4180 has it. A cell that a spreadsheet would take
// for a formula gets an apostrophe before it.
func (l *List) csv(cells []string) error {
	out := make([]string, len(cells))
	for i, c := range cells {
		c = term.Clean(c)
		if strings.IndexAny(c, "=+-@") == 0 {
			c = "'" + c
		}
		if strings.ContainsAny(c, "\",") || strings.TrimSpace(c) != c {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		out[i] = c
	}
	_, err := l.w.WriteString(strings.Join(out, ",") + "\r\n")
	return err
}
