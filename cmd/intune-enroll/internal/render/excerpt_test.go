package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// The caret stands below the character it means, or behind the end of the line.
func TestExcerpt(t *testing.T) {
	digits := strings.Repeat("0123456789", 30)
	for _, tt := range []struct {
		name       string
		line       string
		col, width int
		want       string
	}{
		{"short", "one", 2, 0, "    7 | one\n      |  ^\n"},
		{"what cannot be seen", "\ttwo\x1b[31m é\u202e!", 11, 0, "    7 |  two·[31m é·!\n      |           ^\n"},
		{"marks of a pipeline", "a: ##[error] ##vso[x]b", 22, 0, "    7 | a: #·[error] #·vso[x]b\n      |                      ^\n"},
		{"wide characters", "name: 日本語 x", 11, 0, "    7 | name: 日本語 x\n      |              ^\n"},
		{"combining characters", "name: e\u0301 x", 10, 0, "    7 | name: e\u0301 x\n      |         ^\n"},
		{"behind the end", "one", 99, 0, "    7 | one\n      |    ^\n"},
		{"no column", "one", 0, 0, "    7 | one\n      | ^\n"},
		{"long, in the middle", digits, 156, 38, "    7 | …1234567890123456789012345678…\n      |                ^\n"},
		{"long, at the beginning", digits, 1, 38, "    7 | 01234567890123456789012345678…\n      | ^\n"},
		{"long, at the end", digits, 300, 38, "    7 | …12345678901234567890123456789\n      |                              ^\n"},
		{"a very narrow terminal", digits, 1, 3, "    7 | 0123456789012345678…\n      | ^\n"},
		{"nothing there", "", 1, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &page{Look: Look{Width: tt.width, Line: func(enroll.Origin) string { return tt.line }}}
			p.excerpt(enroll.Origin{File: "a.yaml", Line: 7, Col: tt.col})
			if diff := cmp.Diff(tt.want, p.b.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
