package render

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func adviceReport() Report {
	return Report{Command: "advise", Tool: "intune-enroll test", Advice: &Advice{
		Option: "byod-web", Auth: "none", CompanyPortal: "none", Status: "blocked", Rules: []string{"X-01"},
		Messages: []AdviceMessage{{"X-01", enroll.Error, "The MDM authority is \"" + hostile + "\"."}, {"WEB-02", enroll.Info, "No app."}},
		Against:  []AdviceReason{{"ade", "ADE-T07", "Not for personal devices."}, {"ac-setup-assistant", "CFG-T10", "Not for them."}, {"ac-direct", "CFG-T10", "Not for them."}},
		Assumed:  map[string]string{"minOS": "newest", "apns": "ok"}, Answers: map[string]string{"ownership": "personal", "mdmAuthority": hostile},
		Names: map[string]string{"byod-web": "web based device enrollment"},
	}}
}

func TestAdvice(t *testing.T) {
	var out bytes.Buffer
	r := adviceReport()
	r.Advice.Messages[0].Text = "The MDM authority is \"sccm\"."
	if err := Write(&out, "table", r, Look{}); err != nil {
		t.Fatal(err)
	}
	want := `Enrollment      web based device enrollment (byod-web)
Sign-in         none
Company Portal  none
Status          blocked: make nothing before the errors are dealt with

error: The MDM authority is "sccm". (X-01)
info: No app. (WEB-02)

Why not the others
ade: Not for personal devices. (ADE-T07)
ac-setup-assistant, ac-direct: Not for them. (CFG-T10)

Not answered, and taken for granted: apns=ok, minOS=newest. Another answer changes the advice: say it with --set.
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestAdviceForMachines(t *testing.T) {
	var asJSON, asYAML bytes.Buffer
	for format, out := range map[string]*bytes.Buffer{"json": &asJSON, "yaml": &asYAML} {
		if err := Write(out, format, adviceReport(), Look{}); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e\u200b") {
			t.Errorf("%s acts on a terminal: %q", format, out.String())
		}
	}
	var fromJSON, fromYAML any
	if err := json.Unmarshal(asJSON.Bytes(), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(asYAML.Bytes(), &fromYAML); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"schemaVersion": "1", "command": "advise", "tool": "intune-enroll test",
		"option": "byod-web", "auth": "none", "companyPortal": "none", "status": "blocked",
		"lockUntilInstalled": false, "awaitFinalConfiguration": false, "rules": []any{"X-01"},
		"messages": []any{
			map[string]any{"rule": "X-01", "severity": "error", "text": "The MDM authority is \"" + hostile + "\"."},
			map[string]any{"rule": "WEB-02", "severity": "info", "text": "No app."}},
		"against": []any{
			map[string]any{"option": "ade", "rule": "ADE-T07", "text": "Not for personal devices."},
			map[string]any{"option": "ac-setup-assistant", "rule": "CFG-T10", "text": "Not for them."},
			map[string]any{"option": "ac-direct", "rule": "CFG-T10", "text": "Not for them."}},
		"assumed": map[string]any{"apns": "ok", "minOS": "newest"},
		"answers": map[string]any{"ownership": "personal", "mdmAuthority": hostile},
	}
	if diff := cmp.Diff(any(want), fromJSON); diff != "" {
		t.Error(diff)
	}
	// YAML breaks the marks of CI systems; what is not foreign is as in JSON.
	delete(want, "messages")
	delete(want, "answers")
	got, _ := fromYAML.(map[string]any)
	delete(got, "messages")
	delete(got, "answers")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAdviceFromTenant(t *testing.T) {
	r := adviceReport()
	r.Tenant = &Tenant{ID: "8f6c", Name: "Contoso" + hostile}
	r.Advice.Facts = []AdviceFact{{"apns", "ok", "it lasts until 2027-01-01"}, {"vpp", "", "could not look: " + hostile}}
	r.Error = &Error{Code: "permission-missing", Message: "no"}
	var table, asJSON bytes.Buffer
	for format, out := range map[string]*bytes.Buffer{"table": &table, "json": &asJSON} {
		if err := Write(out, format, r, Look{}); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e\u200b") {
			t.Errorf("%s acts on a terminal: %q", format, out.String())
		}
	}
	for _, want := range []string{"\nFrom tenant Contoso", "\napns=ok: it lasts until 2027-01-01\n", "\nvpp=unknown: could not look: "} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("%q is not in\n%s", want, table.String())
		}
	}
	var got struct {
		Tenant     Tenant
		FromTenant []AdviceFact
		Error      Error
	}
	if err := json.Unmarshal(asJSON.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{*r.Tenant, r.Advice.Facts, *r.Error}, []any{got.Tenant, got.FromTenant, got.Error}); diff != "" {
		t.Error(diff)
	}
}
