package document

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// excerptWidth is how many characters of a line an excerpt shows.
const excerptWidth = 100

// Excerpt is the line at a place with a caret below the column, ready to
// print: what cannot be seen is shown as a middle dot, so that the caret stays
// true. It is "" for a place outside the sources: lists of serial numbers are
// never shown.
func Excerpt(sources []Source, at enroll.Origin) string {
	for _, s := range sources {
		if s.Name == at.File && at.Line > 0 {
			return excerpt(s.Data, at)
		}
	}
	return ""
}

func excerpt(data []byte, at enroll.Origin) string {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for range at.Line - 1 {
		_, rest, ok := bytes.Cut(data, []byte("\n"))
		if !ok {
			return ""
		}
		data = rest
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	chars := []rune(strings.TrimRight(string(line), "\r"))
	caret := min(max(at.Col-1, 0), len(chars))
	from := max(0, min(caret-excerptWidth/2, len(chars)-excerptWidth))
	chars = chars[from:min(len(chars), from+excerptWidth)]
	for i, r := range chars {
		if r == '\t' {
			chars[i] = ' '
		} else if escape(string(r)) != string(r) {
			chars[i] = '·'
		}
	}
	gutter := fmt.Sprintf("%5d", at.Line)
	return fmt.Sprintf("%s | %s\n%s | %s^", gutter, strings.TrimRight(string(chars), " "), strings.Repeat(" ", len(gutter)), strings.Repeat(" ", caret-from))
}
