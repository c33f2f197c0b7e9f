package cli

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/intune-enroll/intune-enroll/internal/golden"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

const fixtures = "../../../../pkg/guard/testdata/rules"

// fixtureDay is the day that tenants of fixtures live in.
var fixtureDay = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// fixtureTenant is what ok.tenant.yaml and bad.tenant.yaml say.
type fixtureTenant struct {
	Scenario    string
	Remove      []string
	Add, Set    map[string]map[string]any
	Permissions []string       // of the sign-in; nil: all
	Behind      *time.Duration // how far this machine's clock is from the tenant's, which then is no fixed day
}

// fixtureUpload is what ok.upload.yaml and bad.upload.yaml say of a push
// certificate and how it is uploaded.
type fixtureUpload struct {
	Topic, Name, Issuer string
	From, Until         time.Time
	Request             string // last, or another
	AppleID             string `yaml:"appleId"`
}

// TestFixturesOfTenants lets the program look at the tenants of the fixtures:
// the rule has nothing to say of ok.tenant.yaml, and says exactly what stands
// in want.tenant.txt of bad.tenant.yaml.
func TestFixturesOfTenants(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob(filepath.Join(fixtures, "*", "bad.tenant.yaml"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no fixture of a tenant: %v", err)
	}
	for _, path := range dirs {
		dir := filepath.Dir(path)
		rule := filepath.Base(dir)
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			for _, f := range foundIn(t, dir, "ok") {
				if f.Severity == enroll.Error || f.Rule == rule && f.Severity != enroll.OK {
					t.Errorf("ok: %v", fixtureLines([]enroll.Finding{f}))
				}
			}
			found := slices.DeleteFunc(foundIn(t, dir, "bad"), func(f enroll.Finding) bool { return f.Rule != rule })
			if enroll.Worst(found) == enroll.OK {
				t.Errorf("bad does not break the rule: %v", fixtureLines(found))
			}
			got := strings.Join(append(fixtureLines(found), ""), "\n")
			golden.Check(t, filepath.Join(dir, "want.tenant.txt"), []byte(got))
		})
	}
}

func fixtureLines(findings []enroll.Finding) []string {
	var out []string
	for _, f := range findings {
		where := "run"
		switch {
		case f.Origin != enroll.Origin{}:
			where = f.Origin.String()
		case f.On != enroll.Ref{}:
			where = f.On.String()
		}
		out = append(out, fmt.Sprintf("%s %s %s %s", where, f.Severity, f.Rule, f.Message))
	}
	return out
}

// foundIn is what the program finds in one tenant of a fixture: check, with
// the file of the same name if there is one, or the upload of that name.
func foundIn(t *testing.T, dir, name string) []enroll.Finding {
	t.Helper()
	var tenant fixtureTenant
	readFixture(t, filepath.Join(dir, name+".tenant.yaml"), &tenant)
	o := sim.Options{Scenario: tenant.Scenario, Permissions: tenant.Permissions, Now: func() time.Time { return fixtureDay },
		Differences: sim.Differences{Remove: tenant.Remove, Add: tenant.Add, Set: tenant.Set}}
	if tenant.Behind != nil {
		o.Now = func() time.Time { return time.Now().Add(*tenant.Behind) }
	}
	b := newBench(t, o)
	args := []string{"check", "-o", "json"}
	if file := filepath.Join(dir, name+".yaml"); exists(t, file) {
		args = append(args, "-f", file)
	}
	if file := filepath.Join(dir, name+".upload.yaml"); exists(t, file) {
		args = b.upload(t, file)
	}
	var out, said bytes.Buffer
	code := b.into(t.Context(), &out, &said, args...)
	var r struct{ Findings []enroll.Finding }
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%s: exit code %d, %v\n%s", name, code, err, said.String())
	}
	if name == "ok" && code != 0 && code != 2 {
		t.Errorf("ok: exit code %d\n%s", code, said.String())
	}
	for i, f := range r.Findings {
		if f.Origin.File != "" {
			r.Findings[i].Origin.File = filepath.Base(f.Origin.File)
		}
	}
	return r.Findings
}

func exists(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return err == nil
}

func readFixture(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// upload makes the certificate that path describes, and the command that
// uploads it.
func (b *bench) upload(t *testing.T, path string) []string {
	t.Helper()
	var u fixtureUpload
	readFixture(t, path, &u)
	last, another := newKey(t), newKey(t)
	made, known := map[string]*ecdsa.PrivateKey{"last": last, "another": another}[u.Request]
	if !known {
		t.Fatalf("%s: request is last or another, not %q", path, u.Request)
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, last)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: u.From, NotAfter: u.Until, Subject: pkix.Name{
		CommonName: u.Name, ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}, Value: u.Topic}},
	}}
	issuer := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{Organization: []string{u.Issuer}}, NotBefore: u.From, NotAfter: u.Until}
	certificate, err := x509.CreateCertificate(rand.Reader, leaf, issuer, &made.PublicKey, another)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"pushcert", "upload", filepath.Join(b.dir, "certificate.pem"), "--csr", filepath.Join(b.dir, "request.csr"), "--dry-run", "-o", "json"}
	if u.AppleID != "" {
		args = append(args, "--apple-id", u.AppleID)
	}
	for at, block := range map[string]*pem.Block{args[2]: {Type: "CERTIFICATE", Bytes: certificate}, args[4]: {Type: "CERTIFICATE REQUEST", Bytes: request}} {
		if err := os.WriteFile(at, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return args
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
