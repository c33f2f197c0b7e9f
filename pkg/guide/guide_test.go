package guide

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/internal/golden"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func contoso() Sender { return Sender{Name: "Contoso", Contact: "helpdesk@contoso.com"} }

// readDocument reads a file of testdata, which has to be in order.
func readDocument(t *testing.T, name string) document.Document {
	t.Helper()
	sources, err := document.Open([]string{filepath.Join("testdata", name)}, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	d, findings := document.Decode(sources)
	for _, f := range findings {
		t.Errorf("%s: %s", f.Origin, f.Message)
	}
	return d
}

// everybody are audiences of all variants: those of a file, and those that
// only a tenant shows.
func everybody(t *testing.T) []Audience {
	t.Helper()
	return append(Audiences(readDocument(t, "everybody.yaml")), FromTenant([]enroll.Object{
		{Ref: enroll.Ref{Kind: enroll.ADEProfile, Scope: "ade-token:Contoso ABM", Name: "Seen iPhones"}, Fields: enroll.Fields{"userAffinity": "user", "authentication": "setupAssistantModern"}},
		{Ref: enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: "Seen counter phones"}, Fields: enroll.Fields{"userAffinity": "user", "authentication": "companyPortal"}},
		{Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: "Seen in browser"}, Fields: enroll.Fields{"enrollment": "deviceWeb"}},
		{Ref: enroll.Ref{Kind: enroll.ADEProfile, Name: "foreign, not read"}},
		{Ref: enroll.Ref{Kind: enroll.PortalPolicy, Name: "settings of somebody else"}, Fields: enroll.Fields{"variant": "other"}},
		{Ref: enroll.Ref{Kind: enroll.Group, Name: "no profile"}, Fields: enroll.Fields{}},
	})...)
}

func TestVariants(t *testing.T) {
	got := map[string]Variant{}
	for _, a := range everybody(t) {
		got[a.Profile.String()] = a.Variant
	}
	want := map[string]Variant{
		"ade-profile/Sales phones (Contoso ABM)":           ADEPortal,
		"ade-profile/Sales tablets (Contoso ABM)":          ADEPortal,
		"ade-profile/Old phones (Contoso ABM)":             ADELegacyPortal,
		"ade-profile/Lab phones (Contoso ABM)":             ADELegacy,
		"ade-profile/Staff iPhones (Contoso ABM)":          ADEModernVPP,
		"ade-profile/Seen iPhones (Contoso ABM)":           ADEModernVPP,
		"ade-profile/Field iPhones (Contoso ABM)":          ADEModernAppleID,
		"ade-profile/Office iPhones (Contoso ABM)":         ADEModernJIT,
		"ade-profile/Branch iPhones (Contoso ABM)":         ADEModernJIT,
		"ade-profile/Test iPhones (Contoso ABM)":           ADEModernOnly,
		"ade-profile/Kiosks (Contoso ABM)":                 ADEUserless,
		"ade-profile/Class iPads (Contoso ABM)":            ADESharedIPad,
		"ade-profile/Museum iPads (Contoso ABM)":           ADESharedIPad,
		"ade-profile/Ward iPhones (Contoso ABM)":           ADEEntraShared,
		"configurator-profile/Seen counter phones":         ACPortal,
		"configurator-profile/Counter phones":              ACPortal,
		"configurator-profile/Store phones":                ACAssistantPortal,
		"configurator-profile/Lab phones":                  ACAssistant,
		"configurator-profile/Counter iPads":               ACDirect,
		"byod-profile/Own with app":                        BYODDevice,
		"byod-profile/Own in browser":                      BYODWeb,
		"byod-profile/Own in browser without registration": BYODWeb,
		"byod-profile/Seen in browser":                     BYODWeb,
		"byod-profile/Own by choice":                       BYODChoice,
		"byod-profile/Own partition":                       BYODAccount,
		"portal-policy/Enrolled before":                    PortalEnrolled,
		"portal-policy/Staged":                             PortalStaging,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variants of profiles (-want +got):\n%s", diff)
	}
	for _, o := range outlines() {
		if !slices.ContainsFunc(everybody(t), func(a Audience) bool { return a.Variant == o.variant }) {
			t.Errorf("no profile of the test leads to variant %s", o.variant)
		}
	}
}

func TestNoText(t *testing.T) {
	tests := []struct {
		name string
		kind enroll.KindName
		f    enroll.Fields
		want string
	}{
		{"sign-in in an app that does not come", enroll.ADEProfile, enroll.Fields{"userAffinity": "user", "authentication": "companyPortal", "companyPortal.install": "none"},
			"no instructions for ade-profile/P: users sign in in Company Portal, and companyPortal.install is none (M04); look with: intune-enroll validate"},
		{"no sign-in", enroll.ADEProfile, enroll.Fields{"userAffinity": "user"}, `no instructions for ade-profile/P: authentication is ""; look with: intune-enroll validate`},
		{"no affinity", enroll.ADEProfile, enroll.Fields{}, `no instructions for ade-profile/P: userAffinity is ""; look with: intune-enroll validate`},
		{"Configurator without Company Portal", enroll.ConfiguratorProfile, enroll.Fields{"userAffinity": "user", "authentication": "companyPortal", "companyPortal.install": "none"},
			"no instructions for configurator-profile/P: users sign in in Company Portal, and companyPortal.install is none; look with: intune-enroll validate"},
		{"Configurator with modern authentication", enroll.ConfiguratorProfile, enroll.Fields{"userAffinity": "user", "authentication": "setupAssistantModern"},
			`no instructions for configurator-profile/P: authentication is "setupAssistantModern"; look with: intune-enroll validate`},
		{"Configurator, Shared iPad", enroll.ConfiguratorProfile, enroll.Fields{"userAffinity": "sharedIPad"}, `no instructions for configurator-profile/P: userAffinity is "sharedIPad"; look with: intune-enroll validate`},
		{"retired enrollment", enroll.BYODProfile, enroll.Fields{"enrollment": "user"}, `no instructions for byod-profile/P: enrollment is "user"; look with: intune-enroll validate`},
		{"settings that nobody knows", enroll.PortalPolicy, enroll.Fields{"variant": ""},
			"no instructions for portal-policy/P: its settings are neither those for enrolled nor those for staged devices; look with: intune-enroll validate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			good := enroll.Object{Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: "good"}, Fields: enroll.Fields{"enrollment": "deviceWeb"}}
			got, err := Users(FromTenant([]enroll.Object{{Ref: enroll.Ref{Kind: tt.kind, Name: "P"}, Fields: tt.f}, good}), Sender{}, "", English)
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %v, want %s", err, tt.want)
			}
			if len(got) != 1 || got[0].Profile.Name != "good" {
				t.Errorf("the other profile's text is missing: %v", got)
			}
		})
	}
}

// TestPages compares the text of every profile, in every language, with its golden file.
func TestPages(t *testing.T) {
	for _, language := range Languages() {
		pages, err := Users(everybody(t), contoso(), "", language)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pages {
			var got bytes.Buffer
			if err := Markdown(&got, p); err != nil {
				t.Fatal(err)
			}
			name := strings.ToLower(strings.ReplaceAll(p.Profile.Name, " ", "-"))
			if p.Profile.Kind == enroll.ConfiguratorProfile {
				name = "configurator-" + name
			}
			golden.Check(t, filepath.Join("testdata", "users", name+"."+language+".md"), got.Bytes())
		}
	}
}

// TestFormats compares each layout of one page with its golden file.
func TestFormats(t *testing.T) {
	pages, err := Users(everybody(t), contoso(), "", English)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(pages, func(p Page) bool { return p.Profile.Name == "Staff iPhones" })
	page := pages[i]
	var html, text bytes.Buffer
	if err := HTML(&html, page); err != nil {
		t.Fatal(err)
	}
	if err := Text(&text, page); err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(page, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/staff-iphones.html", html.Bytes())
	golden.Check(t, "testdata/staff-iphones.txt", text.Bytes())
	golden.Check(t, "testdata/staff-iphones.json", append(data, '\n'))
}

// TestPresence: what shall go has no text, and what the file only names is
// nothing to go by.
func TestPresence(t *testing.T) {
	entry := func(name, state string, more ...string) enroll.Entry {
		v := enroll.Fields{"name": name, "state": state}
		for i := 0; i+1 < len(more); i += 2 {
			v[more[i]] = more[i+1]
		}
		return enroll.Entry{Values: v}
	}
	d := document.Document{BYOD: []enroll.Entry{
		entry("Gone", "absent"), entry("Named", "existing"), entry("Told", "existing", "enrollment", "deviceWeb"),
	}}
	got, err := Users(Audiences(d), Sender{}, "", English)
	const want = "no instructions for byod-profile/Named: the file only says that it exists; go by the tenant: intune-enroll guide users, without -f"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if len(got) != 1 || got[0].Profile.Name != "Told" {
		t.Errorf("pages %v, want that of Told only", got)
	}
	page, err := Admin(document.Document{BYOD: d.BYOD[:1]}, Known{}, English, "a.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range page.Sections {
		if s.Heading == "Before people enroll their own devices" {
			t.Error("the checklist speaks of personal devices, whose only profile shall go")
		}
	}
}

// wordsFor are the words of the page for an audience, with one space between.
func wordsFor(t *testing.T, a Audience) string {
	t.Helper()
	pages, err := Users([]Audience{a}, contoso(), "", English)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := Text(&text, pages...); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// TestNeverFromTheStore: people with a company device fetch Company Portal by
// no means themselves, unless nothing else opens before it came.
func TestNeverFromTheStore(t *testing.T) {
	for _, a := range everybody(t) {
		if a.Variant.personal() || a.Lock {
			continue
		}
		words := wordsFor(t, a)
		if !strings.Contains(words, "it from the App Store") && !strings.Contains(words, "Company Portal from the App Store") {
			t.Errorf("%s: nothing says not to get Company Portal from the App Store", a.Profile)
		}
	}
}

// TestAppleAccountIsOptional: where a work app registers the device, Company
// Portal may stay away, and an Apple Account is no must.
func TestAppleAccountIsOptional(t *testing.T) {
	words := wordsFor(t, Audience{Profile: enroll.Ref{Kind: enroll.ADEProfile, Name: "P"}, Variant: ADEModernJIT, Install: "appleId", JustInTime: true})
	if strings.Contains(words, "Do not skip this") || strings.Contains(words, "cannot come") || !strings.Contains(words, "If you have none, skip it.") {
		t.Errorf("the Apple Account is a must:\n%s", words)
	}
}

// TestHelpIsThere: where a page speaks of more help, the address is one of help.
func TestHelpIsThere(t *testing.T) {
	pages, err := Users(everybody(t), contoso(), "", English)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		for _, s := range p.Sections {
			for _, i := range s.Items {
				if strings.Contains(i.Text.String(), "the address on this page") && p.Code.Link != helpCompany && p.Code.Link != helpPersonal {
					t.Errorf("%s promises help at %s", p.Profile, p.Code.Link)
				}
			}
		}
	}
}
