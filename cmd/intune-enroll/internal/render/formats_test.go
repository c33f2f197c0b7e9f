package render

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func written(t *testing.T, format string, r Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, r, Look{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// of are the reports of the commands that have a format.
func of(format string) map[string]Report {
	out := map[string]Report{}
	for name, r := range reports() {
		for _, f := range Formats(r.Command) {
			if f == format {
				out[name] = r
			}
		}
	}
	return out
}

func TestJUnitTotals(t *testing.T) {
	type totals struct{ Tests, Passed, Failed, Error int }
	want := map[string][]totals{
		"check":         {{7, 3, 2, 2}},
		"check-hostile": {{3, 0, 1, 2}},
		"check-all":     {{2, 2, 0, 0}, {7, 4, 1, 2}, {1, 0, 0, 1}}, // without --fail-on the bar is error
		"check-failed":  {{1, 0, 0, 1}},
		"validate":      {{1, 0, 1, 0}},
	}
	for name, r := range of("junit") {
		t.Run(name, func(t *testing.T) {
			suites, err := junit.Ingest(written(t, "junit", r))
			if err != nil {
				t.Fatal(err)
			}
			var got []totals
			for _, s := range suites {
				got = append(got, totals{s.Totals.Tests, s.Totals.Passed, s.Totals.Failed, s.Totals.Error})
			}
			if diff := cmp.Diff(want[name], got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPrometheusText(t *testing.T) {
	want := map[string]map[string]int{ // samples by metric
		"check":         {"expiry": 2, "findings": 7, "check": 1, "complete": 1},
		"check-hostile": {"expiry": 1, "findings": 2, "check": 1, "complete": 1},
		"check-all":     {"expiry": 3, "findings": 9, "check": 2, "complete": 3, "success": 1},
		"check-failed":  {"complete": 1},
	}
	short := strings.NewReplacer("intune_enroll_", "", "_timestamp_seconds", "", "check_last_", "", "check_complete", "complete")
	for name, r := range of("prometheus") {
		t.Run(name, func(t *testing.T) {
			parser := expfmt.NewTextParser(model.UTF8Validation)
			families, err := parser.TextToMetricFamilies(bytes.NewReader(written(t, "prometheus", r)))
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			for metric, f := range families {
				got[short.Replace(metric)] = len(f.GetMetric())
			}
			if diff := cmp.Diff(want[name], got); diff != "" {
				t.Error(diff)
			}
			if f := families["intune_enroll_expiry_timestamp_seconds"]; name == "check" && int64(f.GetMetric()[0].GetGauge().GetValue()) != noon().AddDate(0, 0, 20).Unix() {
				t.Errorf("not the time the token runs out: %v", f.GetMetric()[0])
			}
		})
	}
}

// Of two files of one profile, or two tokens of one name, the one that runs out first counts.
func TestPrometheusEarliest(t *testing.T) {
	on := enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: "Counter iPads"}
	at := func(days int) enroll.Finding {
		return enroll.Finding{Rule: "X-63", Severity: enroll.OK, On: on, Until: noon().AddDate(0, 0, days)}
	}
	text := string(written(t, "prometheus", Report{Command: "check", Findings: []enroll.Finding{at(-1), at(9), at(3)}}))
	if want := fmt.Sprintf("} %d\n", noon().AddDate(0, 0, -1).Unix()); strings.Count(text, want) != 1 {
		t.Errorf("not %q in\n%s", want, text)
	}
}

// A tenant that could not be looked at keeps the times that are known of it,
// and one that could keeps nothing of before.
func TestPrometheusKeepsTimes(t *testing.T) {
	const earlier = `# TYPE intune_enroll_expiry_timestamp_seconds gauge
intune_enroll_expiry_timestamp_seconds{context="a",tenant="1",kind="ade-token",name="gone, \"old\" {x} 1"} 5
intune_enroll_expiry_timestamp_seconds{context="b",tenant="2",kind="ade-token",name="gone, \"old\" {x} 1"} 6
intune_enroll_expiry_timestamp_seconds{context="bc",tenant="3",kind="ade-token",name="of no context any more"} 7
intune_enroll_findings{context="b",tenant="2",rule="X-15",severity="error"} 1
intune_enroll_check_last_success_timestamp_seconds{context="a",tenant="1"} 8
intune_enroll_check_last_success_timestamp_seconds{context="b",tenant="2"} 9
intune_enroll_check_last_success_timestamp_seconds{context="b",tenant="2"} none
half a li`
	failed := &Error{Code: "not-signed-in", Message: "the secret is wrong"}
	whole := Part{Context: "a", Tenant: &Tenant{ID: "1"}, At: noon()}
	tests := []struct {
		name string
		r    Report
		want map[string][]float64
	}{
		{"one of two fails", Report{Command: "check", Contexts: []Part{whole, {Context: "b", Error: failed}}}, map[string][]float64{
			"intune_enroll_expiry_timestamp_seconds":             {6},
			"intune_enroll_check_timestamp_seconds":              {float64(noon().Unix())},
			"intune_enroll_check_complete":                       {1, 0},
			"intune_enroll_check_last_success_timestamp_seconds": {float64(noon().Unix()), 9},
		}},
		{"nobody is signed in", Report{Command: "check", Error: failed}, map[string][]float64{
			"intune_enroll_expiry_timestamp_seconds":             {5, 6, 7},
			"intune_enroll_check_complete":                       {0},
			"intune_enroll_check_last_success_timestamp_seconds": {8, 9},
		}},
		{"all are looked at", Report{Command: "check", Contexts: []Part{whole}}, map[string][]float64{
			"intune_enroll_check_timestamp_seconds":              {float64(noon().Unix())},
			"intune_enroll_check_complete":                       {1},
			"intune_enroll_check_last_success_timestamp_seconds": {float64(noon().Unix())},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Write(&b, "prometheus", test.r, Look{Previous: earlier}); err != nil {
				t.Fatal(err)
			}
			parser := expfmt.NewTextParser(model.UTF8Validation)
			families, err := parser.TextToMetricFamilies(&b)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string][]float64{}
			for metric, f := range families {
				for _, m := range f.GetMetric() {
					got[metric] = append(got[metric], m.GetGauge().GetValue())
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The first line has one state, one text and one bar at most; what follows the
// bar is performance data by the grammar of the plugin guidelines.
func TestNagiosGrammar(t *testing.T) {
	const number, limit = `-?[0-9]+(\.[0-9]+)?`, `@?([0-9.]*|~):?[0-9.]*`
	value := fmt.Sprintf(`'[^'=|]+'=%s(;%s;%s)?`, number, limit, limit)
	line := regexp.MustCompile(`^INTUNE (OK|WARNING|CRITICAL|UNKNOWN): [^|]+( \| ` + value + `( ` + value + `)*)?$`)
	states := map[string]string{"check": "CRITICAL", "check-hostile": "CRITICAL", "check-all": "CRITICAL", "check-failed": "UNKNOWN"}
	for name, r := range of("nagios") {
		t.Run(name, func(t *testing.T) {
			first, rest, _ := strings.Cut(string(written(t, "nagios", r)), "\n")
			m := line.FindStringSubmatch(first)
			if m == nil || m[1] != states[name] {
				t.Errorf("want %s: %s", states[name], first)
			}
			if strings.Contains(rest, "|") {
				t.Errorf("a bar in the text: %s", rest)
			}
		})
	}
}

func TestState(t *testing.T) {
	one := func(s enroll.Severity) []enroll.Finding { return []enroll.Finding{{Severity: s}} }
	gap := []enroll.Gap{{Reason: "500"}}
	tests := []struct {
		name string
		r    Report
		want enroll.Severity
	}{
		{"nothing", Report{}, enroll.OK},
		{"info", Report{Findings: one(enroll.Info)}, enroll.OK},
		{"warning", Report{Findings: one(enroll.Warning)}, enroll.Warning},
		{"unknown over warning", Report{Findings: one(enroll.Warning), Gaps: gap}, enroll.Unknown},
		{"critical over unknown", Report{Findings: one(enroll.Error), Gaps: gap}, enroll.Error},
		{"stopped", Report{Error: &Error{}}, enroll.Unknown},
		{"worst of several", Report{Contexts: []Part{{Findings: one(enroll.OK)}, {Findings: one(enroll.Warning)}}}, enroll.Warning},
		{"one could not be looked at", Report{Contexts: []Part{{Error: &Error{}}, {Findings: one(enroll.Warning)}}}, enroll.Unknown},
		{"not delivered", Report{Contexts: []Part{{}}, Error: &Error{}}, enroll.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.r.State(); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// The alert rules ask for metrics that are written, by labels that they have.
func TestAlertRulesKnowTheMetrics(t *testing.T) {
	rules, err := os.ReadFile("../../../../configs/ops/prometheus/intune-enroll.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(written(t, "prometheus", allReport()))
	names := regexp.MustCompile(`intune_enroll_[a-z_]+`).FindAllString(string(rules), -1)
	labels := regexp.MustCompile(`\$labels\.([a-z]+)`).FindAllStringSubmatch(string(rules), -1)
	if len(names) < 6 || len(labels) < 6 {
		t.Fatalf("%d metrics and %d labels seen", len(names), len(labels))
	}
	for _, name := range names {
		if !strings.Contains(text, "# TYPE "+name+" gauge\n") {
			t.Errorf("no metric %s", name)
		}
	}
	for _, l := range labels {
		if !strings.Contains(text, l[1]+`="`) {
			t.Errorf("no label %s", l[1])
		}
	}
}
