package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// writeNagios writes what Nagios, Icinga and their like take from a plugin
// (Monitoring Plugins development guidelines): the state and what is worst in
// the first line, performance data behind a bar, and then a line for each
// finding that is not ok.
func writeNagios(w io.Writer, r Report) error {
	var b strings.Builder
	b.WriteString("INTUNE " + nagiosWord(r.State()) + ": " + bar(nagiosHead(r)))
	if data := perfdata(r); len(data) > 0 {
		b.WriteString(" | " + strings.Join(data, " "))
	}
	b.WriteByte('\n')
	for _, p := range r.parts() {
		in := p.in()
		for _, f := range bad(p.Findings) {
			b.WriteString(bar(in+stateWord(f.Severity)+": "+told(f)) + "\n")
		}
		for _, g := range p.gapsAlone() {
			b.WriteString(bar(in+"unknown: could not look at "+thing(g.Scope)+": "+term.Clean(g.Reason)) + "\n")
		}
		if p.Error != nil && p.Context != "" {
			b.WriteString(bar(in+"unknown: "+term.Clean(p.Error.Message)) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func nagiosWord(s enroll.Severity) string { return strings.ToUpper(stateWord(s)) }

// nagiosHead is the first line without its state: the tenant, the count, and
// the worst finding.
func nagiosHead(r Report) string {
	parts := r.parts()
	head := r.sentence()
	if r.Error != nil && len(parts) == 1 && len(parts[0].Findings)+len(parts[0].Gaps) == 0 {
		head = term.Clean(r.Error.Message)
	}
	var all []enroll.Finding
	for _, p := range parts {
		all = append(all, p.Findings...)
	}
	if worst := bad(all); len(worst) > 0 && worst[0].Severity.AtLeast(enroll.Warning) {
		head += " " + where(worst[0]) + ": " + term.Clean(worst[0].Message)
	}
	if label := parts[0].label(); len(parts) == 1 && label != "" {
		head = term.Clean(label) + ": " + head
	}
	return head
}

// bar keeps text apart from performance data, which begins behind a bar.
func bar(s string) string { return strings.ReplaceAll(s, "|", "/") }

// perfdata are the measured values, each with its limits where the thing runs
// out: a range such as 30: says that less than 30 is bad.
func perfdata(r Report) []string {
	var out []string
	seen := map[string]bool{}
	for _, p := range r.parts() {
		for _, f := range p.Findings {
			if f.Value == nil {
				continue
			}
			name := strings.TrimSpace(strings.Join([]string{p.Context, thing(f.On), f.Rule}, " "))
			name = strings.NewReplacer("=", "-", "'", "", "|", "/").Replace(term.Clean(name))
			if seen[name] {
				continue
			}
			seen[name] = true
			var limits string
			if l, ok := p.Limits[f.On.Kind]; ok && !f.Until.IsZero() {
				limits = ";" + below(l.Warn) + ";" + below(l.Critical)
			}
			out = append(out, fmt.Sprintf("'%s'=%s%s", name, strconv.FormatFloat(*f.Value, 'f', -1, 64), limits))
		}
	}
	return out
}

// below is the range of a widest limit, in days.
func below(limits []time.Duration) string {
	if len(limits) == 0 {
		return ""
	}
	return strconv.FormatFloat(slices.MaxFunc(limits, cmp.Compare[time.Duration]).Hours()/24, 'f', -1, 64) + ":"
}
