package guide

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/intune-enroll/intune-enroll/internal/golden"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func contosoKnown() Known {
	return Known{
		Looked: true, TenantID: "8f6c1c2e-0000-4000-8000-00000000c0de", Domain: "contoso.com",
		PushAppleID: "apple@contoso.com", PushTopic: "com.apple.mgmt.External.00000000-0000-4000-8000-000000000001",
		TokenAppleIDs: map[string]string{"Contoso ABM": "abm@contoso.com"},
		VPPAppleIDs:   map[string]string{"Contoso VPP": "vpp@contoso.com"},
	}
}

func TestAdmin(t *testing.T) {
	all := readDocument(t, "admin.yaml")
	tests := []struct {
		name     string
		language string
		doc      document.Document
		known    Known
	}{
		{"offline", English, all, Known{}},
		{"new", English, all, Known{Looked: true, TokenAppleIDs: map[string]string{"Contoso School": ""}}},
		{"without-apple-account", English, document.Document{BYOD: []enroll.Entry{{Values: enroll.Fields{"name": "Own", "enrollment": "deviceWeb"}}}}, Known{Looked: true, PushTopic: "com.apple.mgmt.External.1"}},
		{"known", English, all, contosoKnown()},
		{"empty", English, document.Document{}, Known{}},
		{"byod", English, document.Document{BYOD: []enroll.Entry{{Values: enroll.Fields{"name": "Own", "enrollment": "deviceCompanyPortal"}}}}, Known{Cloud: "china"}},
		{"offline.de", "de", all, Known{}},
		{"new.de", "de", all, Known{Looked: true, TokenAppleIDs: map[string]string{"Contoso School": ""}}},
		{"known.de", "de", all, contosoKnown()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Admin(tt.doc, tt.known, tt.language, "enroll ios.yaml", "more.yaml")
			if err != nil {
				t.Fatal(err)
			}
			var md, page, text bytes.Buffer
			if err := Markdown(&md, p); err != nil {
				t.Fatal(err)
			}
			golden.Check(t, filepath.Join("testdata", "admin", tt.name+".md"), md.Bytes())
			if err := HTML(&page, p); err != nil {
				t.Fatal(err)
			}
			if err := Text(&text, p); err != nil {
				t.Fatal(err)
			}
			boxes := 0
			for _, e := range elements(t, page.Bytes()) {
				if e.Data == "input" && attribute(e, "type") == "checkbox" {
					boxes++
				}
			}
			items := 0
			for _, s := range p.Sections {
				items += len(s.Items)
			}
			if boxes != items || strings.Count(text.String(), "[ ] ") != items {
				t.Errorf("%d boxes in HTML, %d in text, for %d items", boxes, strings.Count(text.String(), "[ ] "), items)
			}
		})
	}
}

// TestCommands looks whether what stands in a command survives a shell.
func TestCommands(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Contoso ABM", "it's $HOME `id` \"x\"; rm -rf /", "-n", "plain", "", "ä\\", "{appleID}"} {
		command := task{code: "intune-enroll ade token upload {token}"}.fill(values{"token": name, "appleID": "never"})
		out, err := exec.CommandContext(t.Context(), sh, "-c", "printf %s "+strings.TrimPrefix(command, "intune-enroll ade token upload ")).Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := string(out); got != visible(name) {
			t.Errorf("%s gives %q to the program, want %q", command, got, name)
		}
	}
}

func TestFileName(t *testing.T) {
	tests := []struct{ name, want string }{
		{"Contoso ABM", "contoso-abm"}, {"../../etc/passwd", "etc-passwd"}, {"", "token"}, {"東京", "token"}, {"A  -  B!", "a-b"},
	}
	for _, tt := range tests {
		if got := fileName(tt.name, "token"); got != tt.want {
			t.Errorf("file name of %q is %q, want %q", tt.name, got, tt.want)
		}
	}
}
