package enroll

import (
	"cmp"
	"slices"
	"time"
)

// Severity is how bad a finding is.
type Severity string

// The severities, best first. Unknown means that it could not be looked at.
const (
	OK      Severity = "ok"
	Info    Severity = "info"
	Warning Severity = "warning"
	Unknown Severity = "unknown"
	Error   Severity = "error"
)

// rank orders severities, worst last.
func (s Severity) rank() int {
	return slices.Index([]Severity{OK, Info, Warning, Unknown, Error}, s)
}

// AtLeast tells whether s is as bad as t or worse.
func (s Severity) AtLeast(t Severity) bool { return s.rank() >= t.rank() }

// Finding is what a rule says of one thing.
type Finding struct {
	Rule     string    `json:"rule"`
	Severity Severity  `json:"severity"`
	Message  string    `json:"message"`
	Fix      string    `json:"fix,omitempty"` // what to do here; where empty, the rule's own
	On       Ref       `json:"on,omitzero"`
	Path     string    `json:"path,omitempty"` // the field
	Origin   Origin    `json:"origin,omitzero"`
	Until    time.Time `json:"until,omitzero"` // when the thing runs out
	Value    *float64  `json:"value,omitempty"`
	Unit     string    `json:"unit,omitempty"`
	Forced   bool      `json:"forced,omitempty"` // an error that --force let pass
}

// Measured is f with a measured value in the given unit.
func (f Finding) Measured(value float64, unit string) Finding {
	f.Value, f.Unit = &value, unit
	return f
}

// SortFindings orders findings by place in the file, then worst first, then by thing and rule, and drops repeats.
func SortFindings(in []Finding) []Finding {
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Origin.File, b.Origin.File), cmp.Compare(a.Origin.Line, b.Origin.Line), cmp.Compare(a.Origin.Col, b.Origin.Col),
			cmp.Compare(b.Severity.rank(), a.Severity.rank()), compareRefs(a.On, b.On),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(out, func(a, b Finding) bool {
		return a.Rule == b.Rule && a.Severity == b.Severity && a.Message == b.Message && a.On == b.On && a.Path == b.Path && a.Origin == b.Origin
	})
}

// Worst is the worst severity among findings, OK when there is none.
func Worst(findings []Finding) Severity {
	worst := OK
	for _, f := range findings {
		if !f.Forced && f.Severity.rank() > worst.rank() {
			worst = f.Severity
		}
	}
	return worst
}

// Rule is one statement of the enrollment guide, or one limit of the service,
// that can be checked. Check is pure: time comes as a parameter.
type Rule struct {
	ID        string
	Severity  Severity // of what it reports when it is broken; a rule may report milder
	Title     string   // what it says, in a few words
	Why       string
	Fix       string
	Link      string
	Forceable bool
	Offline   bool       // runs only where no tenant is at hand (validate); its online twin looks at the tenant
	Needs     []KindName // kinds of the tenant it looks at: empty for a rule about the file; a gap in one makes it Unknown
	Check     func(want []Object, live Snapshot, now time.Time) []Finding
}

// Evaluate runs the rules. With online false only rules about the file run. A
// rule whose Needs have a gap reports Unknown beside what it could see. Things
// that shall be absent are no concern of rules.
func Evaluate(rules []Rule, want []Object, live Snapshot, now time.Time, online bool) []Finding {
	want = slices.DeleteFunc(slices.Clone(want), func(o Object) bool { return o.State == Absent })
	var out []Finding
	for _, r := range rules {
		if online && r.Offline || !online && len(r.Needs) > 0 {
			continue
		}
		for _, f := range r.Check(want, live, now) {
			f.Rule = cmp.Or(f.Rule, r.ID)
			f.Severity = cmp.Or(f.Severity, r.Severity)
			out = append(out, f)
		}
		if gap, ok := live.GapIn(r.Needs...); ok {
			out = append(out, Finding{Rule: r.ID, Severity: Unknown, On: gap.Scope, Message: "could not look: " + gap.Reason})
		}
	}
	return SortFindings(out)
}

// Limits say how long before an expiry a thing is reported: Warn as a warning,
// Critical as an error. The tightest limit that is passed is the one reported.
type Limits struct{ Warn, Critical []time.Duration }
