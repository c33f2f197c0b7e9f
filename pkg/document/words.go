package document

import (
	"fmt"
	"strings"
	"unicode"
)

// maxShown is how much of a text from the file a message repeats, in characters.
const maxShown = 60

// escape makes a text from the file safe to print: what cannot be seen is
// written out, and a long text is cut.
func escape(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxShown {
			b.WriteString("…")
			break
		}
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			fmt.Fprintf(&b, "<U+%04X>", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func quote(s string) string { return `"` + escape(s) + `"` }

// Nearest is the one of the valid words that was probably meant, "" when none is near.
func Nearest(word string, valid []string) string {
	best, distance := "", 1+max(1, min(len(word), 30)/3)
	if len(word) > 2*maxShown {
		return ""
	}
	for _, v := range valid {
		if d := edits(strings.ToLower(word), strings.ToLower(v)); d < distance {
			best, distance = v, d
		}
	}
	return best
}

// edits is the number of letters to insert, delete, replace or swap with their
// neighbour to make b of a.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
