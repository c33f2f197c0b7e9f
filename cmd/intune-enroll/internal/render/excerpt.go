package render

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// mostExcerpt is how many columns of a line an excerpt shows, where a terminal has them.
const mostExcerpt = 100

// excerpt writes the line at a place with a caret below the column. What the
// terminal has no room for is cut; what cannot be seen or would act is a middle
// dot, as wide as any, so that the caret stays true.
func (p *page) excerpt(at enroll.Origin) {
	if p.Line == nil || at.Line == 0 {
		return
	}
	line := p.Line(at)
	if line == "" {
		return
	}
	gutter := fmt.Sprintf("%5d", at.Line)
	room := mostExcerpt
	if p.Width > 0 {
		room = min(room, max(p.Width-width(gutter+" | "), 20))
	}
	chars := []rune(visibleLine(line))
	caret := min(max(at.Col-1, 0), len(chars))
	from, to := window(chars, caret, room)
	if from > 0 {
		chars[from] = '…'
	}
	if to < len(chars) {
		chars[to-1] = '…'
	}
	blank := strings.Repeat(" ", width(gutter))
	fmt.Fprintf(&p.b, "%s | %s\n%s | %s^\n", gutter, strings.TrimRight(string(chars[from:to]), " "), blank, strings.Repeat(" ", width(string(chars[from:caret]))))
}

// visibleLine is the line with one visible character for each of its own.
func visibleLine(line string) string {
	shown := strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case term.Hidden(r) || r == unicode.ReplacementChar || !unicode.IsPrint(r):
			return '·'
		}
		return r
	}, line)
	return strings.NewReplacer("##vso[", "#·vso[", "##[", "#·[").Replace(shown)
}

// window is the part of chars round the caret that fits into so many columns,
// the caret's own among them.
func window(chars []rune, caret, room int) (from, to int) {
	from, to = caret, min(caret+1, len(chars))
	used := max(width(string(chars[from:to])), 1)
	for grew := true; grew; {
		grew = false
		if from > 0 && used+width(string(chars[from-1])) <= room {
			from, grew = from-1, true
			used += width(string(chars[from]))
		}
		if to < len(chars) && used+width(string(chars[to])) <= room {
			used += width(string(chars[to]))
			to, grew = to+1, true
		}
	}
	return from, to
}
