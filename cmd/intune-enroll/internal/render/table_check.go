package render

import (
	"cmp"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// check is the result of check: for each tenant one line for each thing, then
// what else could not be looked at, and one sentence.
func (p *page) check(r Report) {
	for _, part := range r.parts() {
		p.checkPart(part)
	}
	if len(r.Contexts) > 0 {
		p.space()
		p.line(0, "%s", p.bold(r.sentence()))
	}
}

func (p *page) checkPart(part Part) {
	if label := part.label(); label != "" {
		p.space()
		p.line(0, "%s", p.bold("Tenant "+term.Clean(label)))
		p.space()
	}
	rows := p.checkRows(part.Findings)
	if len(rows) > 0 && p.Titles {
		rows = slices.Insert(rows, 0, row{cells: [4]string{"STATE", "THING", "LEFT", "WHAT"}, paint: p.bold})
	}
	p.grid(rows)
	p.gaps(part.gapsAlone())
	if part.Error != nil && part.Context == "" && len(part.Findings)+len(part.Gaps) == 0 {
		return // stderr says why
	}
	if len(rows) > 0 || len(part.Gaps) > 0 {
		p.space()
	}
	p.line(0, "%s", part.conclusion())
}

// row is a line of the table of check.
type row struct {
	cells [4]string // state, thing, time left, text
	fix   string
	paint func(string) string // of the state
}

// checkRows makes the rows. A thing that is well has one, and one for each
// note; of another, every finding that is not ok has one; what no rule could
// look at, one for each reason.
func (p *page) checkRows(findings []enroll.Finding) []row {
	var rows []row
	for _, group := range byThing(findings) {
		on, well := thing(group[0].On), !group[0].Severity.AtLeast(enroll.Warning)
		rules := map[string][]string{} // of unknown findings, by message
		for _, f := range group {
			if f.Severity == enroll.Unknown {
				rules[f.Message] = append(rules[f.Message], term.Clean(f.Rule))
			}
		}
		var notes []row
		merged := row{cells: [4]string{"ok", on, "", ""}, paint: p.painter(enroll.OK)}
		for _, f := range group {
			what := term.Clean(f.Message)
			switch {
			case well && f.Severity == enroll.OK:
				merged.cells[2] = cmp.Or(merged.cells[2], left(f))
				merged.cells[3] = strings.TrimPrefix(merged.cells[3]+"; "+what, "; ")
			case f.Severity == enroll.OK:
			case f.Severity == enroll.Unknown && rules[f.Message] == nil: // stands there already
			default:
				ids := cmp.Or(strings.Join(rules[f.Message], ", "), term.Clean(f.Rule))
				delete(rules, f.Message)
				notes = append(notes, row{[4]string{stateWord(f.Severity), cmp.Or(on, where(f)), left(f), what + " (" + ids + ")"}, term.Clean(f.Fix), p.painter(f.Severity)})
			}
		}
		if well && merged.cells[3] != "" {
			rows = append(rows, merged)
		}
		rows = append(rows, notes...)
	}
	return rows
}

func (p *page) painter(s enroll.Severity) func(string) string {
	return func(text string) string { return p.paint(severityColor(s), text) }
}

// stateWord is what check calls a severity.
func stateWord(s enroll.Severity) string {
	if s == enroll.Error {
		return "critical"
	}
	return string(s)
}

// leastText is how narrow the column of texts may be.
const leastText = 24

// stack writes rows one below the other, the text under what it is about.
func (p *page) stack(rows []row) {
	for _, r := range rows {
		p.line(0, "%s", strings.TrimRight(r.paint(r.cells[0])+"  "+r.cells[1]+"  "+r.cells[2], " "))
		p.line(4, "%s", r.cells[3])
		if r.fix != "" {
			p.line(4, "fix: %s", r.fix)
		}
	}
}

// grid writes rows in columns, or below each other on a narrow terminal. On a
// terminal the things and the texts are wrapped to its width; in a pipe each row
// is one line.
func (p *page) grid(rows []row) {
	var wide [4]int
	for _, r := range rows {
		for i, cell := range r.cells {
			wide[i] = max(wide[i], width(cell))
		}
	}
	if p.Width > 0 {
		wide[1] = min(wide[1], max(p.Width/3, 16))
		wide[3] = p.Width - wide[0] - wide[1] - wide[2] - 6
		if wide[3] < leastText {
			p.stack(rows)
			return
		}
	}
	for _, r := range rows {
		if r.fix != "" && p.Width > 0 {
			r.cells[3] += "\nfix: " + r.fix
		} else if r.fix != "" {
			r.cells[3] += "; fix: " + r.fix
		}
		var lines [4][]string
		height := 0
		for i, cell := range r.cells {
			if p.Width > 0 {
				cell = lipgloss.Wrap(cell, wide[i], "")
			}
			lines[i] = strings.Split(cell, "\n")
			height = max(height, len(lines[i]))
		}
		for n := range height {
			var b strings.Builder
			for i, cell := range lines {
				text := ""
				if n < len(cell) {
					text = cell[n]
				}
				pad := strings.Repeat(" ", max(wide[i]-width(text), 0)+2)
				if i == 0 && text != "" {
					text = r.paint(text)
				}
				b.WriteString(text + pad)
			}
			p.b.WriteString(strings.TrimRight(b.String(), " ") + "\n")
		}
	}
}
