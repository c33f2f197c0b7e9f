package guide

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Markdown writes pages as CommonMark, one after the other. Names that come
// from files, flags and the tenant cannot become marks in it.
func Markdown(w io.Writer, pages ...Page) error {
	out := bufio.NewWriter(w)
	for i, p := range pages {
		if i > 0 {
			fmt.Fprint(out, "\n---\n\n")
		}
		markdownPage(out, p)
	}
	return out.Flush()
}

func markdownPage(out io.Writer, p Page) {
	fmt.Fprintf(out, "# %s\n\n%s\n", escapeMarkdown(p.Title), markdownLine(p.Intro))
	for _, s := range p.Sections {
		fmt.Fprintf(out, "\n## %s\n\n", escapeMarkdown(s.Heading))
		for i, item := range s.Items {
			mark := "-"
			switch s.Style {
			case Steps:
				mark = fmt.Sprintf("%d.", i+1)
			case Checklist:
				mark = "- [ ]"
			case Bullets:
			}
			fmt.Fprintf(out, "%s %s%s\n", mark, markdownLine(item.Text), rulesOf(s, item))
			if item.Code != "" {
				markdownCode(out, item.Code)
			}
		}
	}
	if p.Code != nil {
		fmt.Fprintf(out, "\n%s: <%s>\n", escapeMarkdown(p.Code.Caption), p.Code.Link)
	}
	if len(p.Footer) > 0 {
		fmt.Fprintf(out, "\n%s\n", markdownLine(p.Footer))
	}
}

// markdownCode writes a block of code that belongs to the item before it. Its
// fence is longer than any run of backticks in it.
func markdownCode(out io.Writer, code string) {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	fmt.Fprintf(out, "\n  %s\n", fence)
	for l := range strings.Lines(code) {
		fmt.Fprintf(out, "  %s\n", strings.TrimSuffix(l, "\n"))
	}
	fmt.Fprintf(out, "  %s\n\n", fence)
}

// rulesOf are the ids behind an item of a checklist; people who only want
// their phone to work do not see them.
func rulesOf(s Section, item Item) string {
	if s.Style != Checklist || len(item.Rules) == 0 {
		return ""
	}
	return " (" + strings.Join(item.Rules, ", ") + ")"
}

func markdownLine(l Line) string {
	var b strings.Builder
	for _, s := range l {
		switch {
		case s.Label:
			b.WriteString("**" + escapeMarkdown(s.Text) + "**")
		case s.Link:
			b.WriteString("<" + s.Text + ">")
		default:
			b.WriteString(escapeMarkdown(s.Text))
		}
	}
	return b.String()
}

// escapeMarkdown keeps text from being taken for marks or HTML.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_[]<>#|~&!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
