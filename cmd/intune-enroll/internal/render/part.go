package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Part is what was found in one tenant of several.
type Part struct {
	Context  string           `json:"context,omitempty"`
	Tenant   *Tenant          `json:"tenant,omitempty"`
	Cloud    string           `json:"cloud,omitempty"`
	At       time.Time        `json:"at,omitzero"`
	Status   enroll.Severity  `json:"status,omitempty"`
	Findings []enroll.Finding `json:"findings"`
	Gaps     []enroll.Gap     `json:"gaps"`
	Summary  map[string]int   `json:"summary,omitempty"`
	Error    *Error           `json:"error,omitempty"`

	Asked  string                            `json:"-"` // the tenant as the settings name it
	FailOn string                            `json:"-"`
	Limits map[enroll.KindName]enroll.Limits `json:"-"`
}

// parts are the tenants that the report is about: those of check --all, or the
// one, or none where only files were looked at.
func (r Report) parts() []Part {
	if len(r.Contexts) > 0 {
		return r.Contexts
	}
	return []Part{r.Part("")}
}

// Part is the report as the part of a context, "" where there are none.
func (r Report) Part(context string) Part {
	return Part{
		Context: context, Tenant: r.Tenant, Cloud: r.Cloud, At: r.At, Status: r.Status, Summary: r.Summary, Error: r.Error, Asked: r.Asked, FailOn: r.FailOn, Limits: r.Limits,
		Findings: append([]enroll.Finding{}, r.Findings...), Gaps: append([]enroll.Gap{}, r.Gaps...), // a list also where it is empty
	}
}

// label names the part for people: its context and tenant, as far as known.
func (p Part) label() string {
	switch {
	case p.Context != "" && p.Tenant != nil:
		return p.Context + ": " + p.Tenant.Label()
	case p.Tenant != nil:
		return p.Tenant.Label()
	}
	return p.Context
}

// in begins a line about the part where there are several.
func (p Part) in() string {
	if p.Context == "" {
		return ""
	}
	return term.Clean(p.Context) + ": "
}

// State is how a part is: the worst of its findings, and at least unknown when
// something kept the program from looking. Of a tenant that was not looked at
// nothing is known, whatever is wrong with a file. What is only worth knowing is ok.
func (p Part) State() enroll.Severity {
	if p.Tenant == nil && p.Error != nil {
		return enroll.Unknown
	}
	state := enroll.Worst(p.Findings)
	if (len(p.Gaps) > 0 || p.Error != nil) && !state.AtLeast(enroll.Unknown) {
		return enroll.Unknown
	}
	if state == enroll.Info {
		return enroll.OK
	}
	return state
}

// State is the worst state of the report's parts.
func (r Report) State() enroll.Severity {
	state := enroll.OK
	for _, p := range r.parts() {
		if s := p.State(); !state.AtLeast(s) {
			state = s
		}
	}
	if r.Error != nil && !state.AtLeast(enroll.Unknown) {
		return enroll.Unknown
	}
	return state
}

// unsure reports whether a rule could not tell.
func unsure(findings []enroll.Finding) bool {
	return slices.ContainsFunc(findings, func(f enroll.Finding) bool { return f.Severity == enroll.Unknown })
}

// unseen counts the things that could not be looked at.
func (p Part) unseen() int {
	seen := map[enroll.Ref]bool{}
	for _, f := range p.Findings {
		if f.Severity == enroll.Unknown {
			seen[f.On] = true
		}
	}
	for _, g := range p.Gaps {
		seen[g.Scope] = true
	}
	return len(seen)
}

// gapsAlone are the gaps that no finding tells of already.
func (p Part) gapsAlone() []enroll.Gap {
	return slices.DeleteFunc(slices.Clone(p.Gaps), func(g enroll.Gap) bool {
		return slices.ContainsFunc(p.Findings, func(f enroll.Finding) bool { return f.Severity == enroll.Unknown && f.On == g.Scope })
	})
}

// stopped is the error that findings and gaps do not tell of already; nil when
// there is none.
func (r Report) stopped(p Part) *Error {
	if len(p.Gaps) > 0 || slices.ContainsFunc(p.Findings, func(f enroll.Finding) bool { return f.Severity == enroll.Unknown || f.Severity == enroll.Error }) {
		return nil
	}
	return cmp.Or(p.Error, r.Error)
}

// undelivered reports whether the only thing that went wrong is that nobody
// could be notified: the tenant was looked at all the same.
func (p Part) undelivered() bool { return p.Error != nil && p.Error.Code == "notification-failed" }

// conclusion is the sentence that check ends with.
func (p Part) conclusion() string {
	n, unknown := Count(p.Findings), p.unseen()
	switch {
	case n["error"]+n["warning"]+unknown > 0:
		return fmt.Sprintf("%d critical, %s, %s that could not be looked at.", n["error"], enroll.Plural(n["warning"], "warning"), enroll.Plural(unknown, "thing"))
	case p.undelivered():
		return "All is well, but " + term.Clean(p.Error.Message)
	case p.Error != nil:
		return "Could not look: " + term.Clean(p.Error.Message)
	case p.FailOn == string(enroll.Info) && n["info"] > 0: // then the command ends with found
		return enroll.Plural(n["info"], "note") + "."
	case len(p.Findings) == 0:
		return "Nothing to report: the tenant has none of it, or no rule found fault."
	default:
		return "All is well."
	}
}

// sentence is what a report ends with in formats for people.
func (r Report) sentence() string {
	switch {
	case r.Command == "plan":
		return PlanLine(r.Changes)
	case r.Command == "validate":
		return validLine(r)
	case len(r.Contexts) == 0:
		return r.parts()[0].conclusion()
	}
	counts := map[enroll.Severity]int{}
	for _, p := range r.Contexts {
		counts[p.State()]++
	}
	return fmt.Sprintf("%s: %d well, %d with warnings, %d critical, %d that could not be looked at.", enroll.Plural(len(r.Contexts), "tenant"),
		counts[enroll.OK], counts[enroll.Warning], counts[enroll.Error], counts[enroll.Unknown])
}

// validLine is the sentence that validate ends with.
func validLine(r Report) string {
	n, files := Count(r.Findings), enroll.Plural(len(r.Files), "file")
	if n["error"]+n["warning"]+n["info"] == 0 {
		return files + ": nothing to report."
	}
	return fmt.Sprintf("%s: %s, %s, %s.", files, enroll.Plural(n["error"], "error"), enroll.Plural(n["warning"], "warning"), enroll.Plural(n["info"], "note"))
}

// fails tells whether a finding is one that makes the command end with found.
func (r Report) fails(f enroll.Finding) bool {
	bar := enroll.Severity(r.FailOn)
	if bar == "" {
		bar = enroll.Error
	}
	return bar != "never" && !f.Forced && f.Severity != enroll.Unknown && f.Severity.AtLeast(bar)
}

// where says what a finding is about: its place in the file, else the thing.
func where(f enroll.Finding) string {
	if at := f.Origin.String(); at != "" {
		return term.Clean(at)
	}
	if f.On == (enroll.Ref{}) {
		return ""
	}
	return thing(f.On)
}

// bad are the findings that are not ok, the worst first.
func bad(findings []enroll.Finding) []enroll.Finding {
	out := slices.DeleteFunc(slices.Clone(findings), func(f enroll.Finding) bool { return f.Severity == enroll.OK })
	worstFirst(out)
	return out
}

// told is a finding in one line: where, what, rule and fix.
func told(f enroll.Finding) string {
	var b strings.Builder
	if at := where(f); at != "" {
		b.WriteString(at + ": ")
	}
	b.WriteString(term.Clean(f.Message) + " (" + term.Clean(f.Rule) + ")")
	if f.Fix != "" {
		b.WriteString("; fix: " + term.Clean(f.Fix))
	}
	return b.String()
}
