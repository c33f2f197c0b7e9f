package render

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

// writePrometheus writes the text format of Prometheus for the textfile
// collector of its node exporter (Prometheus docs page on exposition formats).
// Times are absolute, so that an alert works on also when nobody runs check
// any more; for the same reason a tenant that could not be looked at whole keeps
// the times of the file that this one replaces. Serial numbers and names of
// people are never labels.
func writePrometheus(w io.Writer, r Report, previous string) error {
	var m metrics
	for _, p := range r.parts() {
		// As the settings name it: that is known also where nobody could sign in.
		tenant := label{"tenant", p.Asked}
		if p.Asked == "" && p.Tenant != nil {
			tenant.value = p.Tenant.ID
		}
		labels := []label{{"context", p.Context}, tenant}
		if m.part(p, labels); !p.complete() {
			m.keep(previous, labels)
		}
	}
	_, err := io.WriteString(w, m.text())
	return err
}

type label struct{ name, value string }

// metrics are samples by metric; each has one value for the same labels.
type metrics map[string]map[string]float64

// help says what each metric is, in the order they are written.
func metricHelp() [][2]string {
	return [][2]string{
		{"intune_enroll_expiry_timestamp_seconds", "When the thing runs out, in seconds since 1970."},
		{"intune_enroll_findings", "How many findings a rule has of each severity."},
		{"intune_enroll_check_timestamp_seconds", "When check last ran, in seconds since 1970."},
		{"intune_enroll_check_complete", "Whether the last check could look at everything: 1 or 0."},
		{"intune_enroll_check_last_success_timestamp_seconds", "When a check last looked at everything, in seconds since 1970; --out-file keeps it where the last one could not."},
	}
}

func (m *metrics) part(p Part, labels []label) {
	for _, f := range p.Findings {
		if !f.Until.IsZero() {
			m.earliest("intune_enroll_expiry_timestamp_seconds", float64(f.Until.Unix()), append(labels, label{"kind", string(f.On.Kind)}, label{"name", f.On.Name})...)
		}
		m.add("intune_enroll_findings", append(labels, label{"rule", f.Rule}, label{"severity", string(f.Severity)})...)
	}
	complete := 0.0
	if p.complete() {
		complete = 1
	}
	m.set("intune_enroll_check_complete", complete, labels...)
	if p.At.IsZero() {
		return
	}
	m.set("intune_enroll_check_timestamp_seconds", float64(p.At.Unix()), labels...)
	if complete == 1 {
		m.set("intune_enroll_check_last_success_timestamp_seconds", float64(p.At.Unix()), labels...)
	}
}

// complete reports whether everything of the part could be looked at.
func (p Part) complete() bool {
	return !unsure(p.Findings) && len(p.Gaps) == 0 && (p.Error == nil || p.undelivered())
}

// keep takes over the expiries and the last success of a part from an earlier
// text, as far as they are not known anew.
func (m *metrics) keep(previous string, labels []label) {
	of := strings.TrimSuffix(series(labels), "}")
	for line := range strings.Lines(previous) {
		cut := strings.LastIndexByte(line, ' ')
		metric, rest, labelled := strings.Cut(line[:max(cut, 0)], "{")
		if !labelled || metric != "intune_enroll_expiry_timestamp_seconds" && metric != "intune_enroll_check_last_success_timestamp_seconds" {
			continue
		}
		value, err := strconv.ParseInt(strings.TrimSpace(line[cut:]), 10, 64)
		known := "{" + rest
		if after, mine := strings.CutPrefix(known, of); err != nil || !mine || of != "" && !strings.HasPrefix(after, ",") && after != "}" {
			continue
		}
		if _, anew := m.sample(metric)[known]; !anew {
			m.sample(metric)[known] = float64(value)
		}
	}
}

func (m *metrics) sample(metric string) map[string]float64 {
	if *m == nil {
		*m = metrics{}
	}
	if (*m)[metric] == nil {
		(*m)[metric] = map[string]float64{}
	}
	return (*m)[metric]
}

func (m *metrics) set(metric string, value float64, labels ...label) {
	m.sample(metric)[series(labels)] = value
}

// earliest keeps the earlier time where two things have the same labels.
func (m *metrics) earliest(metric string, value float64, labels ...label) {
	if known, there := m.sample(metric)[series(labels)]; !there || value < known {
		m.set(metric, value, labels...)
	}
}

func (m *metrics) add(metric string, labels ...label) { m.sample(metric)[series(labels)]++ }

// series are the labels as they are written. An empty label is none.
func series(labels []label) string {
	var out []string
	for _, l := range labels {
		if l.value != "" {
			out = append(out, fmt.Sprintf(`%s="%s"`, l.name, strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(term.Clean(l.value))))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "{" + strings.Join(out, ",") + "}"
}

func (m *metrics) text() string {
	var b strings.Builder
	for _, metric := range metricHelp() {
		name := metric[0]
		if len((*m)[name]) == 0 {
			continue
		}
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, metric[1], name)
		for _, labels := range slices.SortedFunc(maps.Keys((*m)[name]), cmp.Compare[string]) {
			fmt.Fprintf(&b, "%s%s %.0f\n", name, labels, (*m)[name][labels])
		}
	}
	return b.String()
}
