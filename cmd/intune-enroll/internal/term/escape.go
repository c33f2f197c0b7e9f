package term

import (
	"fmt"
	"strings"
	"unicode"
)

// Clean makes text that others wrote (display names, messages of a service,
// keys of a file) fit for one line of a terminal or of a CI log. Control
// characters, escapes, bidi and zero-width characters become visible, and what
// a CI system would take for a command loses its meaning.
func Clean(s string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteByte(' ')
		case Hidden(r):
			b.WriteString(escaped(r))
		default:
			b.WriteRune(r)
		}
	}
	return inert(b.String())
}

// Hidden tells whether a character acts on a terminal or cannot be seen there:
// control, format (bidi, zero-width), private use, line and paragraph
// separators.
func Hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
}

func escaped(r rune) string {
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// inert breaks the marks of Azure Pipelines (##vso[ and ##[, found anywhere in
// a line) and of GitHub Actions (:: at the beginning of a line).
func inert(s string) string {
	s = strings.NewReplacer("##vso[", "# #vso[", "##[", "# #[").Replace(s)
	if rest, ok := strings.CutPrefix(strings.TrimLeft(s, " "), "::"); ok {
		return ": :" + rest
	}
	return s
}
