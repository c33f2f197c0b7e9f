package guide

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/internal/golden"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func contosoKnown() Known {
	return Known{
		Looked: true, TenantID: "8f6c1c2e-0000-4000-8000-00000000c0de", Domain: "contoso.com",
		PushAppleID: "apple@contoso.com", PushTopic: "com.apple.mgmt.External.00000000-0000-4000-8000-000000000001",
		PushExpires:   time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC),
		TokenAppleIDs: map[string]string{"Contoso ABM": "abm@contoso.com"},
		TokenExpires:  map[string]time.Time{"Contoso ABM": time.Date(2027, 4, 1, 12, 0, 0, 0, time.UTC)},
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

// TestOnlyByHand: nothing is asked that the plan does, or that can wait.
func TestOnlyByHand(t *testing.T) {
	entry := func(f enroll.Fields) enroll.Entry { return enroll.Entry{Values: f} }
	app := func(update bool) document.Document {
		a := entry(enroll.Fields{"source": "vpp", "vppToken": "Contoso VPP", "autoUpdate": update})
		return document.Document{App: &a}
	}
	web := entry(enroll.Fields{"name": "Own", "enrollment": "deviceWeb", "assignTo.groups": []string{"Staff"}})
	staff := entry(enroll.Fields{"name": "Staff", "assigned": true})
	staging := document.Document{Policies: []enroll.Entry{entry(enroll.Fields{"name": "Staged", "variant": "deviceStaging", "assignTo.groups": []string{"Carts"}})}}
	timed := document.Document{ADE: []document.Token{{Profiles: []enroll.Entry{entry(enroll.Fields{"name": "P", "userAffinity": "user", "enrollmentTimeGroup": "Pilots"})}}}}
	tests := []struct {
		name  string
		doc   document.Document
		known Known
		want  string
		there bool
	}{
		{"updates that the file switches on", app(true), Known{}, "Switch automatic app updates", false},
		{"updates that it does not", app(false), Known{}, "Switch automatic app updates", true},
		{"groups that the file makes", document.Document{Groups: []enroll.Entry{staff}, BYOD: []enroll.Entry{web}}, Known{}, "See that these groups are there", false},
		{"groups that it only names", document.Document{BYOD: []enroll.Entry{web}}, Known{}, "See that these groups are there: Staff.", true},
		{"the owner that apply adds", timed, Known{}, "an owner of the static security group", false},
		{"the service principal that nobody adds", timed, Known{}, "Intune Provisioning Client", true},
		{"a certificate that is valid", document.Document{BYOD: []enroll.Entry{web}}, contosoKnown(), "valid until 2027-03-01", true},
		{"a token that is valid", readDocument(t, "admin.yaml"), contosoKnown(), "valid until 2027-04-01", true},
		{"people whose devices are enrolled", staging, Known{}, "open Company Portal and sign in", true},
		{"a policy that has done its work", staging, Known{}, "write them under removeGroups", true},
		{"devices of another management on a Mac", document.Document{Mac: []enroll.Entry{entry(enroll.Fields{"name": "Counter", "userAffinity": "none"})}}, Known{}, "Devices in another management system leave it first.", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Admin(tt.doc, tt.known, English, "a.yaml")
			if err != nil {
				t.Fatal(err)
			}
			there := false
			for _, s := range p.Sections {
				if s.Heading != strings.TrimSpace(s.Heading) {
					t.Errorf("heading %q has space around it", s.Heading)
				}
				for _, item := range s.Items {
					there = there || strings.Contains(item.Text.String(), tt.want)
				}
			}
			if there != tt.there {
				t.Errorf("%q is there: %t, want %t", tt.want, there, tt.there)
			}
		})
	}
}

// TestTokenChapter: commands name tokens that are there, a first token is made
// in the admin center, which alone can, and renewing takes no new key.
func TestTokenChapter(t *testing.T) {
	named := readDocument(t, "admin.yaml")
	named.ADE = named.ADE[:1]
	unnamed := document.Document{ADE: []document.Token{{Profiles: []enroll.Entry{{Values: enroll.Fields{"name": "Kiosks", "userAffinity": "none"}}}}}}
	one := Known{Looked: true, OnlyToken: "Contoso ABM", TokenAppleIDs: map[string]string{"Contoso ABM": "abm@contoso.com"}}
	tests := []struct {
		name  string
		doc   document.Document
		known Known
		says  string
		codes []string
	}{
		{"nobody looked", named, Known{}, "If intune-enroll ade token list does not show it",
			[]string{"intune-enroll ade token upload contoso-abm.p7m --token 'Contoso ABM'", "intune-enroll ade token sync --token 'Contoso ABM'"}},
		{"nobody looked, and the file does not name it", unnamed, Known{}, "If intune-enroll ade token list does not show it",
			[]string{"intune-enroll ade token upload token.p7m", "intune-enroll ade token sync"}},
		{"none there", named, Known{Looked: true}, "In the Intune admin center",
			[]string{"intune-enroll ade token sync --token 'Contoso ABM'"}},
		{"none there, and the file does not name it", unnamed, Known{Looked: true}, "In the Intune admin center",
			[]string{"intune-enroll ade token sync"}},
		{"there", named, one, "sign in as abm@contoso.com",
			[]string{"intune-enroll ade token upload contoso-abm.p7m --token 'Contoso ABM' --apple-id abm@contoso.com", "intune-enroll ade token sync --token 'Contoso ABM'"}},
		{"the only one, which the file does not name", unnamed, one, "sign in as abm@contoso.com",
			[]string{"intune-enroll ade token upload contoso-abm.p7m --token 'Contoso ABM' --apple-id abm@contoso.com", "intune-enroll ade token sync --token 'Contoso ABM'"}},
		{"there, of nobody known", named, Known{Looked: true, TokenAppleIDs: map[string]string{"Contoso ABM": ""}}, "sign in with the Apple Account that made the token",
			[]string{"intune-enroll ade token upload contoso-abm.p7m --token 'Contoso ABM'", "intune-enroll ade token sync --token 'Contoso ABM'"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Admin(tt.doc, tt.known, English, "a.yaml")
			if err != nil {
				t.Fatal(err)
			}
			var says bool
			var codes []string
			for _, s := range p.Sections {
				for _, item := range s.Items {
					says = says || strings.Contains(item.Text.String(), tt.says)
					if strings.HasPrefix(item.Code, "intune-enroll ade token ") {
						codes = append(codes, item.Code)
					}
				}
			}
			if !says {
				t.Errorf("nothing says %q", tt.says)
			}
			if diff := cmp.Diff(tt.codes, codes); diff != "" {
				t.Errorf("commands (-want +got):\n%s", diff)
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
