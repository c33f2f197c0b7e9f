package render

import (
	"cmp"
	"fmt"
	"image/color"
	"maps"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// plan is the result of plan, and what apply shows before it asks.
func (p *page) plan(r Report) {
	if r.Tenant != nil {
		p.line(0, "%s", p.bold(fmt.Sprintf("Plan for tenant %s, cloud %s", term.Clean(r.Tenant.Label()), r.Cloud)))
		p.space()
	}
	for _, c := range r.Changes {
		p.change(c)
	}
	if len(r.Changes) > 0 {
		p.space()
	}
	p.findings(withoutGaps(r.Findings, r.Gaps))
	p.gaps(r.Gaps)
	if r.Error != nil && r.Summary == nil {
		return // refused before anything was compared: stderr says why
	}
	if !strings.HasSuffix(p.b.String(), "\n\n") {
		p.space()
	}
	line := PlanLine(r.Changes)
	switch {
	case len(r.Gaps) > 0 && line == "No changes.":
		line = "No changes in what could be looked at."
	case line == "No changes.":
		line += fmt.Sprintf(" What %s was compared with tenant %s at %s.", filesSay(r.Files), tenantName(r.Tenant), date(r.At, p.Titles))
	}
	p.line(0, "%s", p.bold(line))
	if r.Saved != "" {
		p.line(0, "Saved: %s", term.Clean(r.Saved))
	}
}

// withoutGaps leaves out what rules say of things that stand among the gaps.
func withoutGaps(findings []enroll.Finding, gaps []enroll.Gap) []enroll.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f enroll.Finding) bool {
		return f.Severity == enroll.Unknown && slices.ContainsFunc(gaps, func(g enroll.Gap) bool { return g.Scope == f.On })
	})
}

func tenantName(t *Tenant) string {
	if t == nil {
		return "(unknown)"
	}
	return term.Clean(t.Label())
}

func filesSay(files []string) string {
	if len(files) == 1 {
		return term.Clean(files[0]) + " says"
	}
	return enroll.Plural(len(files), "file") + " say"
}

func (p *page) change(c enroll.Change) {
	glyph := p.paint(verbColor(c.Verb), c.Verb.Glyph())
	if !c.Verb.Writes() {
		p.line(0, "%s %s: %s", glyph, thing(c.Ref), term.Clean(c.Op))
		p.rest(c)
		return
	}
	title := thing(c.Ref)
	if c.Op != "" {
		title += " · " + term.Clean(c.Op)
	}
	p.line(0, "%s %s", glyph, title)
	wide := 0
	for _, f := range c.Fields {
		wide = max(wide, width(term.Clean(f.Path)))
	}
	for _, f := range c.Fields {
		path := term.Clean(f.Path)
		path += strings.Repeat(" ", wide-width(path))
		switch {
		case c.Verb == enroll.Create && f.Default:
			p.line(4, "%s  %s (default)", path, value(f.New))
		case c.Verb == enroll.Create:
			p.line(4, "%s  %s", path, value(f.New))
		default:
			p.line(4, "%s  %s -> %s", path, value(f.Old), value(f.New))
		}
	}
	if len(c.Items.Add) > 0 {
		p.line(4, "%s", serials(c.Items))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Items.From)) {
		if n := c.Items.From[name]; name == "" {
			p.line(4, "without a profile until now: %d of them", n)
		} else {
			p.line(4, "moved away from profile %s: %d of them", quoted(name), n)
		}
	}
	p.rest(c)
}

// rest is what changes of every verb have.
func (p *page) rest(c enroll.Change) {
	for _, b := range c.Because {
		p.line(4, "%s", term.Clean(b))
	}
	for _, e := range c.Effects {
		on := ""
		if e.On != (enroll.Ref{}) {
			on = thing(e.On) + ": "
		}
		p.line(4, "%s %s%s", p.paint(lipgloss.Yellow, "effect:"), on, term.Clean(e.Text))
	}
	if c.Undo.Level != "" {
		why := ""
		if c.Undo.Why != "" {
			why = " (" + term.Clean(c.Undo.Why) + ")"
		}
		p.line(4, "undo: %s%s", c.Undo.Level, why)
	}
}

func verbColor(v enroll.Verb) color.Color {
	switch v {
	case enroll.Create:
		return lipgloss.Green
	case enroll.Update:
		return lipgloss.Yellow
	case enroll.Delete:
		return lipgloss.Red
	default:
		return lipgloss.Cyan
	}
}

// applied is what became of an apply. The plan was shown before.
func (p *page) applied(r Report) {
	if r.Results == nil {
		if !r.Shown {
			p.plan(r)
		}
		return
	}
	for _, o := range r.Results {
		if o.State == "done" {
			continue
		}
		p.line(0, "%s %s %s: %s", p.paint(stateColor(o.State), o.State+":"), o.Verb, thing(o.Ref), cmp.Or(term.Clean(o.Error), "not begun"))
		if o.Do != "" {
			p.line(4, "do: %s", term.Clean(o.Do))
		}
	}
	n := CountOutcomes(r.Results)
	p.line(0, "%s", p.bold(fmt.Sprintf("Applied to tenant %s: %d done, %d failed, %d not tried, %d unknown.", tenantName(r.Tenant), n["done"], n["failed"], n["not-tried"], n["unknown"])))
	if r.Journal != "" {
		p.line(0, "Journal: %s", term.Clean(r.Journal))
	}
}

func stateColor(state string) color.Color {
	switch state {
	case "done":
		return lipgloss.Green
	case "not-tried":
		return lipgloss.Yellow
	default:
		return lipgloss.Red
	}
}

// Event is the line that tells how one change goes on.
func Event(ev enroll.Event, look Look) string {
	p := &page{Look: look}
	text := fmt.Sprintf("%s %s", p.paint(verbColor(ev.Change.Verb), ev.Change.Verb.Glyph()), thing(ev.Change.Ref))
	if ev.Change.Op != "" {
		text += " · " + term.Clean(ev.Change.Op)
	}
	text += ": " + string(ev.State)
	if ev.Err != nil {
		text += ": " + term.Clean(ev.Err.Error())
	}
	return text
}
