package configurator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/smallstep/pkcs7"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

const profileXML = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>PayloadType</key><string>Profile Service</string></dict></plist>`

// signed is content in a CMS envelope, signed by a key of this test.
func signed(t testing.TB, content string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "contoso.com"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := pkcs7.NewSignedData([]byte(content))
	if err != nil {
		t.Fatal(err)
	}
	if err := envelope.AddSigner(certificate, key, pkcs7.SignerInfoConfig{}); err != nil {
		t.Fatal(err)
	}
	out, err := envelope.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDecodeMobileConfig(t *testing.T) {
	cms := signed(t, profileXML)
	lines := strings.ReplaceAll(base64.StdEncoding.EncodeToString(cms), "A", "A\r\n")
	for _, tc := range []struct{ name, value, want string }{
		{"text", profileXML, profileXML},
		{"text with a byte order mark", "\ufeff" + profileXML + "\n", profileXML},
		{"base64", base64.StdEncoding.EncodeToString([]byte(profileXML)), profileXML},
		{"signed", base64.StdEncoding.EncodeToString(cms), string(cms)},
		{"signed, in lines", lines, string(cms)},
		{"signed, but no profile", base64.StdEncoding.EncodeToString(signed(t, "hello")), ""},
		{"nothing", "", ""},
		{"a page", "<html><body>sign in</body></html>", ""},
		{"another list", strings.ReplaceAll(profileXML, "Profile Service", "Letter"), ""},
		{"noise", base64.StdEncoding.EncodeToString([]byte("0\x82noise")), ""},
		{"no base64", "PayloadType = Configuration;", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := decodeMobileConfig(tc.value)
			if (err != nil) != (tc.want == "") || string(got) != tc.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func FuzzMobileConfig(f *testing.F) {
	for _, s := range []string{profileXML, base64.StdEncoding.EncodeToString([]byte(profileXML)), base64.StdEncoding.EncodeToString(signed(f, profileXML)), "<", "bplist00", "{}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if file, err := decodeMobileConfig(value); err == nil && len(file) == 0 {
			t.Error("an empty file is no profile")
		}
	})
}

func TestExport(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	n.Settled(t, wanted(enroll.Fields{"name": "Desks", "userAffinity": "user", "authentication": "companyPortal", "companyPortal.install": "appleId"}))
	live := n.Engine.Look(t.Context(), nil, enroll.ConfiguratorProfile).Objects[enroll.ConfiguratorProfile]
	byName := func(name string) enroll.Object {
		o, err := enroll.Resolve(live, enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	if u, err := URL(byName("Desks")); err != nil || !strings.HasPrefix(u, "https://appleconfigurator2.manage.microsoft.com/EnrollmentServer/MDMServiceConfig?id=") {
		t.Errorf("URL %q, %v", u, err)
	}
	if _, err := URL(enroll.Object{Facts: ProfileFacts{URL: "javascript:alert(1)"}}); err == nil {
		t.Error("took what is no https URL")
	}
	if file, err := MobileConfig(t.Context(), n.Client, byName("Counter iPads")); err != nil || !strings.Contains(string(file), "<plist") {
		t.Errorf("file %q, %v", file, err)
	}
	if _, err := MobileConfig(t.Context(), n.Client, byName("Desks")); err == nil {
		t.Error("exported a file for a profile with user affinity")
	}
}

func TestExportFindings(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ago := func(days int) Exported { return Exported{"P", "p.mobileconfig", now.AddDate(0, 0, -days)} }
	var got []string
	for _, f := range ExportFindings([]Exported{ago(0), ago(10), ago(11), ago(14), ago(300)}, now) {
		got = append(got, string(f.Severity)+": "+f.Message)
	}
	if d := cmp.Diff([]string{
		"ok: the exported file p.mobileconfig can be used until 2026-12-06",
		"ok: the exported file p.mobileconfig can be used until 2026-11-26",
		"info: the exported file p.mobileconfig runs out on 2026-11-25",
		"warning: the exported file p.mobileconfig ran out on 2026-11-22: devices cannot enroll with it any more",
		"warning: the exported file p.mobileconfig ran out on 2026-02-09: devices cannot enroll with it any more",
	}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestSteps(t *testing.T) {
	if d := cmp.Diff(Steps(ModeDirect), Steps(ModeSetup)); d == "" {
		t.Error("both ways have the same steps")
	}
}
