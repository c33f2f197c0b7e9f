package render

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/internal/golden"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// hostile is a display name as somebody with bad intentions would choose it.
const hostile = "::error::Staff\x1b[31m \u202eenohpi\u200b ##vso[task.setvariable variable=a]b|`<script>@all`\n::set-output name=x::y"

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func ref(kind enroll.KindName, owner, name string) enroll.Ref {
	r := enroll.Ref{Kind: kind, Name: name}
	if owner != "" {
		r.Scope = "ade-token:" + owner
	}
	return r
}

func contoso() *Tenant {
	return &Tenant{ID: "8f6c1c2e-0f5a-4c52-9d3e-5b7a1c0e4d21", Name: "Contoso", Domains: []string{"contoso.com"}}
}

func checkReport() Report {
	push, token := ref(enroll.PushCertificate, "", "push certificate"), ref(enroll.ADEToken, "", "Contoso ABM")
	findings := []enroll.Finding{
		enroll.Finding{Rule: "X-11", Severity: enroll.OK, On: push, Message: "valid for 300 days, until 2027-09-18", Until: noon().AddDate(0, 0, 300)}.Measured(300, "days"),
		{Rule: "GEN-08", Severity: enroll.OK, On: push, Message: "there is one"},
		enroll.Finding{Rule: "ADE-13", Severity: enroll.Warning, On: token, Message: "the token expires on 2026-12-12, in 20 days: less than 30 days", Fix: "in Apple Business Manager download a new token of the same MDM server, and upload it in Intune", Until: noon().AddDate(0, 0, 20)}.Measured(20, "days"),
		{Rule: "X-32", Severity: enroll.OK, On: token, Message: "synced 3 hours ago"},
		{Rule: "X-15", Severity: enroll.Error, On: token, Message: "the terms of Apple Business Manager are not accepted", Fix: "accept them"},
		{Rule: "X-19", Severity: enroll.Unknown, On: ref(enroll.VPPToken, "", ""), Message: "could not look: GET /deviceAppManagement/vppTokens: 403 Forbidden"},
		{Rule: "X-44", Severity: enroll.Unknown, On: ref(enroll.VPPToken, "", ""), Message: "could not look: GET /deviceAppManagement/vppTokens: 403 Forbidden"},
	}
	return Report{
		Command: "check", Tool: "intune-enroll test", Tenant: contoso(), Cloud: "global", At: noon(),
		Status: enroll.Error, Findings: findings, Summary: Count(findings), FailOn: "warning",
		Limits: map[enroll.KindName]enroll.Limits{enroll.PushCertificate: {Warn: []time.Duration{60 * 24 * time.Hour, 30 * 24 * time.Hour}, Critical: []time.Duration{7 * 24 * time.Hour}}},
		Rules:  []Rule{{ID: "ADE-13", Title: "the enrollment program token is valid", Why: "it lasts a year", Fix: "renew it", Link: "https://learn.microsoft.com/intune"}},
		Gaps:   []enroll.Gap{{Scope: ref(enroll.VPPToken, "", ""), Reason: "GET /deviceAppManagement/vppTokens: 403 Forbidden", Denied: true}},
	}
}

// allReport is of three tenants: one well, one as in checkReport, one that nobody could sign in to.
func allReport() Report {
	of := func(name string, r Report) Part {
		return Part{Context: name, Tenant: r.Tenant, Cloud: r.Cloud, At: r.At, Status: r.Status, Findings: r.Findings, Gaps: r.Gaps, Summary: r.Summary, Limits: r.Limits}
	}
	well := checkReport()
	well.Findings, well.Gaps, well.Status = well.Findings[:2], []enroll.Gap{}, enroll.OK
	well.Tenant = &Tenant{ID: "0d8f9a50-6f4e-4d2c-8a38-5c1c0a3a7a10", Name: "Contoso School"}
	refused := Part{Context: "lab", Cloud: "global", Findings: []enroll.Finding{}, Gaps: []enroll.Gap{}, Error: &Error{Code: "not-signed-in", Message: "sign in by client-secret: no"}}
	return Report{Command: "check", Tool: "intune-enroll test", At: noon(), Contexts: []Part{of("school", well), of("staff", checkReport()), refused}}
}

func planReport() Report {
	profile := ref(enroll.ADEProfile, "Contoso ABM", "Staff iPhones")
	changes := []enroll.Change{
		{Ref: ref(enroll.Group, "", "iOS - staff iPhones"), Verb: enroll.Create, Undo: enroll.Undo{Level: "none", Why: "groups are never deleted"},
			Fields: []enroll.FieldChange{{Path: "rule", New: `(device.enrollmentProfileName -eq "Staff iPhones")`}, {Path: "type", New: "dynamicDevices", Default: true}}},
		{Ref: profile, Verb: enroll.Update, Because: []string{"exists already"}, Undo: enroll.Undo{Level: "full"},
			Fields:  []enroll.FieldChange{{Path: "description", Old: "old", New: "new"}, {Path: "setupAssistant.hide", Old: []string{"siri"}, New: []string{"applePay", "siri"}}, {Path: "lockedEnrollment", Old: nil, New: true}},
			Effects: []enroll.Effect{{Text: "25 devices enrolled with it notice only after a wipe", N: 25}}},
		{Ref: ref(enroll.ADEDefault, "Contoso ABM", "default"), Verb: enroll.Update, Confirm: "the default is taken away from profile Old", Undo: enroll.Undo{Level: "full"},
			Fields: []enroll.FieldChange{{Path: "profile", Old: ref(enroll.ADEProfile, "Contoso ABM", "Old"), New: profile}}},
		{Ref: ref(enroll.ADEDevices, "Contoso ABM", "Staff iPhones"), Verb: enroll.Update, Op: "batch 1/1", Undo: enroll.Undo{Level: "partial", Why: "devices without a profile before cannot go back to none"},
			Items: enroll.Items{Add: []string{"F2LA00000001", "F2LA00000002", "F2LA00000003", "F2LA00000004", "F2LA00000005", "F2LA00000006"}, From: map[string]int{"": 4, "Old": 2}}},
		{Ref: ref(enroll.VPPToken, "", "Contoso VPP"), Verb: enroll.Manual, Op: "assign Company Portal as required"},
		{Ref: profile, Verb: enroll.Note, Op: "exists already"},
	}
	return Report{
		Command: "plan", Tool: "intune-enroll test", Tenant: contoso(), Cloud: "global", At: noon(), Files: []string{"contoso.yaml"},
		Changes: changes, Summary: CountChanges(changes),
		Findings: []enroll.Finding{{Rule: "CPI-04", Severity: enroll.Warning, Message: "nothing keeps the promise of install: vpp", Fix: "add companyPortal.app", On: profile, Origin: enroll.Origin{File: "contoso.yaml", Line: 12, Col: 9}}},
	}
}

func reports() map[string]Report {
	apply := planReport()
	apply.Command, apply.Findings, apply.Shown = "apply", nil, true
	apply.Results = []Outcome{
		{Ref: apply.Changes[0].Ref, Verb: enroll.Create, State: "done"},
		{Ref: apply.Changes[1].Ref, Verb: enroll.Update, State: "failed", Error: "PUT /x: 409 Conflict", Do: "look again with: intune-enroll plan -f FILE"},
		{Ref: apply.Changes[2].Ref, Verb: enroll.Update, State: "not-tried"},
	}
	apply.Summary, apply.Journal = CountOutcomes(apply.Results), "/home/u/.local/state/intune-enroll/x.jsonl"
	apply.Error = &Error{Code: "half-way", Message: "stopped half way", Do: "run the same command again"}
	evil := planReport()
	evil.Tenant = &Tenant{ID: "id", Name: hostile}
	evil.Changes = []enroll.Change{{Ref: ref(enroll.ADEProfile, hostile, hostile), Verb: enroll.Update, Fields: []enroll.FieldChange{{Path: hostile, Old: hostile, New: []string{hostile}}}, Items: enroll.Items{Add: []string{hostile}, From: map[string]int{hostile: 1}}, Effects: []enroll.Effect{{Text: hostile}}, Undo: enroll.Undo{Level: "full", Why: hostile}, Because: []string{hostile}}}
	evil.Findings = []enroll.Finding{{Rule: hostile, Severity: enroll.Error, Message: hostile, Fix: hostile, Origin: enroll.Origin{File: hostile, Line: 1, Col: 1}}}
	evil.Gaps = []enroll.Gap{{Scope: ref(enroll.Group, "", hostile), Reason: hostile}}
	evil.Error = &Error{Code: "rule-broken", Message: hostile, Do: hostile}
	watched := checkReport()
	watched.Findings = []enroll.Finding{{Rule: hostile, Severity: enroll.Error, Message: hostile, Fix: hostile, On: ref(enroll.ADEToken, "", hostile), Path: hostile, Until: noon()}, {Rule: "X-19", Severity: enroll.Unknown, Message: hostile, On: ref(enroll.ADEToken, "", hostile)}}
	watched.Findings[0] = watched.Findings[0].Measured(-1, "days")
	watched.Gaps, watched.Tenant = []enroll.Gap{{Scope: ref(enroll.Group, "", hostile), Reason: hostile}}, &Tenant{ID: "id", Name: hostile}
	watched.Rules, watched.Error = []Rule{{ID: hostile, Title: hostile, Why: hostile, Fix: hostile}}, &Error{Code: "could-not-look", Message: hostile}
	none := planReport()
	none.Changes, none.Findings, none.Summary = nil, nil, CountChanges(nil)
	return map[string]Report{
		"check": checkReport(), "check-hostile": watched, "check-all": allReport(),
		"plan": planReport(), "plan-hostile": evil, "plan-none": none,
		"apply":        apply,
		"validate":     {Command: "validate", Files: []string{"a.yaml"}, Status: enroll.Error, Findings: []enroll.Finding{{Rule: "unknown-key", Severity: enroll.Error, Message: `unknown key "useraffinity"`, Fix: "use userAffinity", Origin: enroll.Origin{File: "a.yaml", Line: 3, Col: 5}}}},
		"auth":         {Command: "auth status", SignIn: &SignIn{Name: "Contoso app", ClientID: "5d0f", TenantID: "8f6c", Kind: "application", Method: "client-secret", Cloud: "global", Endpoint: "https://graph.microsoft.com", Permissions: []string{"Group.Read.All"}, Expires: noon()}, Settings: []Setting{{Name: "tenant", Value: "contoso.com", From: "flag --tenant"}, {Name: "client-id", From: "default"}}},
		"explain":      {Command: "explain", Topic: &Topic{Name: "GEN-08", Type: "rule", Title: "there is a push certificate", Lines: []TopicLine{{"why", "nothing enrolls without one"}, {"fix", ""}}, Keys: []TopicKey{{"name", "text", "the name"}}}},
		"version":      {Command: "version", Build: &Build{Version: "v1.2.3", Go: "go1.26"}},
		"check-failed": {Command: "check", Error: &Error{Code: "not-signed-in", Message: "sign in: no", Do: "az login"}},
		"failed":       {Command: "plan", Error: &Error{Code: "not-signed-in", Message: "sign in: no", Do: "az login"}},
	}
}

// What is pasted stays in one piece on a terminal: commands as lines, ids and
// flags as words.
func TestPasted(t *testing.T) {
	const command, id = "intune-enroll check --auth client-certificate --tenant 8f6c1c2e-0f5a-4c52-9d3e-5b7a1c0e4d21 --client-id 5d0f3c1a-9a77-4a55-8f0e-2b6f1f7f9c3e", "8f6c1c2e-0f5a-4c52-9d3e-5b7a1c0e4d21"
	for _, tt := range []struct {
		name   string
		report Report
		want   string
	}{
		{"after what was made", Report{Command: "auth setup", Setup: &Setup{Name: "x", Next: []string{command}}}, "\n  " + command + "\n"},
		{"behind a script", Report{Command: "auth setup", Setup: &Setup{Name: "x", Ways: []SetupWay{{"az", "set -eu"}}, Next: []string{command}}}, "\n#   " + command + "\n"},
		{"in a text", Report{Command: "pushcert csr", Push: &Push{Steps: []string{"Look at the one thing that there is in the tenant " + id + "."}}}, id},
		{"a flag", Report{Command: "pushcert csr", Push: &Push{Steps: []string{"Upload it, with the account: intune-enroll upload --apple-id A"}}}, "--apple-id"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			if err := Write(&b, "table", tt.report, Look{Width: 60, Titles: true}); err != nil || !strings.Contains(b.String(), tt.want) {
				t.Errorf("%v\n%s", err, b.String())
			}
		})
	}
}

func looks() map[string]Look {
	line := func(enroll.Origin) string { return "    useraffinity: user" }
	return map[string]Look{
		"pipe":   {Line: line},
		"wide":   {Width: 120, Titles: true, Line: line},
		"narrow": {Width: 60, Titles: true},
		"color":  {Width: 100, Titles: true, Color: true},
	}
}

func TestGolden(t *testing.T) {
	for name, r := range reports() {
		for look, l := range looks() {
			t.Run(name+"/"+look, func(t *testing.T) { rendered(t, name+"."+look+".txt", "table", r, l) })
		}
		for _, format := range Formats(r.Command)[1:] {
			t.Run(name+"/"+format, func(t *testing.T) { rendered(t, name+"."+format, format, r, Look{}) })
		}
	}
}

func rendered(t *testing.T, name, format string, r Report, l Look) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, r, l); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, filepath.Join("testdata", name), b.Bytes())
	if l.Width > 0 {
		for _, line := range strings.Split(b.String(), "\n") {
			if n := width(line); n > l.Width+1 && strings.Contains(line, " ") && !strings.Contains(line, "####") {
				t.Errorf("%d characters wide, the terminal has %d: %s", n, l.Width, line)
			}
		}
	}
}

// Nothing that others wrote acts on a terminal, a CI system or a page.
func TestHostileNames(t *testing.T) {
	plan := reports()["plan-hostile"]
	plan.Error = nil
	for _, r := range []Report{plan, reports()["check-hostile"]} {
		for _, format := range Formats(r.Command) {
			for look, l := range looks() {
				if look == "color" {
					continue // has escapes of its own
				}
				var b bytes.Buffer
				if err := Write(&b, format, r, l); err != nil {
					t.Fatal(err)
				}
				harmless(t, r.Command, format, b.String())
			}
		}
	}
}

func harmless(t *testing.T, command, format, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s: not UTF-8", format)
	}
	for _, c := range text {
		if c != '\n' && term.Hidden(c) {
			t.Errorf("%s keeps %U", format, c)
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		own := false
		for _, start := range []string{"::error file=", "::error::", "::warning::", "::notice::Plan:"} {
			own = own || format == "github" && strings.HasPrefix(line, start)
		}
		if !own && strings.HasPrefix(strings.TrimLeft(line, " "), "::") {
			t.Errorf("%s: a command of GitHub: %s", format, line)
		}
		if strings.Contains(line, "##vso[") {
			t.Errorf("%s: a command of Azure Pipelines: %s", format, line)
		}
	}
	if format == "markdown" && (strings.Contains(text, "<script") || strings.Contains(text, "@all")) {
		t.Errorf("%s: markdown lets HTML or a mention through: %s", command, text)
	}
}

// JSON and YAML mean the same, also after their escapes.
func TestMachineFormatsAgree(t *testing.T) {
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			var j, y bytes.Buffer
			if err := Write(&j, "json", r, Look{}); err != nil {
				t.Fatal(err)
			}
			if err := Write(&y, "yaml", r, Look{}); err != nil {
				t.Fatal(err)
			}
			var fromJSON, fromYAML any
			if err := json.Unmarshal(j.Bytes(), &fromJSON); err != nil {
				t.Fatal(err)
			}
			if err := yaml.Unmarshal(y.Bytes(), &fromYAML); err != nil {
				t.Fatalf("%v\n%s", err, y.String())
			}
			again, err := json.Marshal(fromYAML)
			if err != nil {
				t.Fatal(err)
			}
			var back any
			if err := json.Unmarshal(again, &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fromJSON, back); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzYAMLText(f *testing.F) {
	for _, s := range []string{"", "yes", "a: b", "\u202e\x00", "012", "\U0001F600", "\"\\", "\x85\ufeff", hostile} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		var got string
		if err := yaml.Unmarshal([]byte(quote(s)), &got); err != nil {
			t.Fatalf("%q: %v", quote(s), err)
		}
		if got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestEvent(t *testing.T) {
	ev := enroll.Event{Change: enroll.Change{Ref: ref(enroll.Group, "", hostile), Verb: enroll.Create}, State: enroll.DoneState}
	if got := Event(ev, Look{}); strings.ContainsAny(got, "\x1b\n\u202e") || !strings.HasPrefix(got, "+ group/") {
		t.Errorf("got %q", got)
	}
}
