package graph

import (
	"strings"
	"unicode"
)

// longest is the number of characters of foreign text shown in one error.
const longest = 1000

// clean makes foreign text fit for one line of a terminal: control, bidi and
// zero-width characters go, white space becomes single spaces, and what is
// longer than an error should be is cut.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	return s
}
