package render

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// pagesOf is a report of guide whose layouts write a text.
func pagesOf(text string) Report {
	lay := func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	return Report{Command: "guide users", Pages: []string{text}, Layouts: Layouts{"table": lay, "markdown": lay, "html": lay}}
}

func TestPages(t *testing.T) {
	tests := []struct {
		name, format string
		report       Report
		want         string
	}{
		{"text", "table", pagesOf("one\n  two\n"), "one\n  two\n"},
		{"text that acts", "table", pagesOf("::error::x\n##vso[a]\n\x1b[31m\u202e\n"), ": :error::x\n# #vso[a]\n\\x1b[31m\\u202e\n"},
		{"markdown has escapes of its own", "markdown", pagesOf("# one\n"), "# one\n"},
		{"HTML", "html", pagesOf("<p>##vso[a] ##[b] # c</p>\n"), "<p>&#35;#vso[a] &#35;#[b] # c</p>\n"},
		{"HTML of a failure", "html", Report{Command: "guide users", Error: &Error{Code: "usage", Message: "m"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Write(&out, tt.format, tt.report, Look{}); err != nil {
				t.Fatal(err)
			}
			if out.String() != tt.want {
				t.Errorf("%q, want %q", out.String(), tt.want)
			}
		})
	}
	var out bytes.Buffer
	if err := Write(&out, "json", pagesOf("one"), Look{}); err != nil || !strings.Contains(out.String(), `"pages": [`) {
		t.Errorf("JSON %s, %v", out.String(), err)
	}
	lost := pagesOf("")
	lost.Layouts["html"] = func(io.Writer) error { return errors.New("no template") }
	if err := Write(&out, "html", lost, Look{}); err == nil {
		t.Error("a layout that failed is no error")
	}
}
