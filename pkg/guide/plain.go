package guide

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// width is the length of a line of mail (RFC 5322 advises 78 at most).
const width = 72

// Text writes pages as plain text for mail. Labels stand in the quotation
// marks of the language.
func Text(w io.Writer, pages ...Page) error {
	out := bufio.NewWriter(w)
	for i, p := range pages {
		if i > 0 {
			fmt.Fprintf(out, "\n%s\n\n", strings.Repeat("=", width))
		}
		plainPage(out, p)
	}
	return out.Flush()
}

func plainPage(out io.Writer, p Page) {
	wrap(out, "", "", p.Title)
	fmt.Fprintf(out, "%s\n\n", strings.Repeat("=", min(width, utf8.RuneCountInString(p.Title))))
	wrap(out, "", "", p.quoted(p.Intro))
	for _, s := range p.Sections {
		fmt.Fprintf(out, "\n%s\n%s\n", s.Heading, strings.Repeat("-", utf8.RuneCountInString(s.Heading)))
		for i, item := range s.Items {
			mark := "- "
			switch s.Style {
			case Steps:
				mark = fmt.Sprintf("%d. ", i+1)
			case Checklist:
				mark = "[ ] "
			case Bullets:
			}
			wrap(out, mark, strings.Repeat(" ", len(mark)), p.quoted(item.Text)+rulesOf(s, item))
			for l := range strings.Lines(item.Code) {
				fmt.Fprintf(out, "      %s\n", strings.TrimSuffix(l, "\n"))
			}
		}
	}
	if p.Code != nil {
		fmt.Fprintf(out, "\n%s:\n%s\n", p.Code.Caption, p.Code.Link)
	}
	if len(p.Footer) > 0 {
		fmt.Fprintln(out)
		wrap(out, "", "", p.quoted(p.Footer))
	}
}

func (p Page) quoted(l Line) string {
	var b strings.Builder
	for _, s := range l {
		if s.Label {
			b.WriteString(p.quotes[0] + s.Text + p.quotes[1])
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// wrap writes words in lines of up to width characters; a longer word has a line of its own.
func wrap(out io.Writer, first, rest, text string) {
	line, begin := first, true
	for _, word := range strings.Fields(text) {
		if !begin && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			fmt.Fprintln(out, line)
			line, begin = rest, true
		}
		if !begin {
			line += " "
		}
		line += word
		begin = false
	}
	fmt.Fprintln(out, line)
}
