package document

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// newCertificate is a certificate and its private key, both DER.
func newCertificate(t *testing.T, serial int64) (certificate, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0)}
	if certificate, err = x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k); err != nil {
		t.Fatal(err)
	}
	if key, err = x509.MarshalPKCS8PrivateKey(k); err != nil {
		t.Fatal(err)
	}
	return certificate, key
}

func TestCertificates(t *testing.T) {
	one, key := newCertificate(t, 1)
	two, _ := newCertificate(t, 2)
	armored := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	for _, tc := range []struct {
		name, content, want string
	}{
		{"DER", string(one), ""},
		{"PEM", armored("CERTIFICATE", one), ""},
		{"two", armored("CERTIFICATE", one) + armored("CERTIFICATE", two), `"a.cer" holds more than one thing`},
		{"with its key", armored("CERTIFICATE", one) + armored("PRIVATE KEY", key), `"a.cer" holds a private key`},
		{"a key", armored("PRIVATE KEY", key), `"a.cer" holds a private key`},
		{"a key as DER", string(key), `"a.cer" is no certificate`},
		{"a request", armored("CERTIFICATE REQUEST", one), `"a.cer" is no certificate`},
		{"a text", "hello", `"a.cer" is no certificate`},
		{"nothing", "", `"a.cer" is no certificate`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "a.cer"), tc.content)
			write(t, filepath.Join(dir, "f.yaml"), inProfile("type: classicProfile\nsyncWithComputers: {certificates: [a.cer]}"))
			sources, err := Open([]string{filepath.Join(dir, "f.yaml")}, nil)
			if err != nil {
				t.Fatal(err)
			}
			doc, findings := Decode(sources)
			if tc.want != "" {
				if len(findings) != 1 || findings[0].Message != tc.want || !strings.HasSuffix(findings[0].Origin.String(), "f.yaml:7:44") {
					t.Errorf("findings: %+v", findings)
				}
				return
			}
			if len(findings) > 0 {
				t.Fatalf("findings: %+v", findings)
			}
			values := doc.ADE[0].Profiles[0].Values
			if d := cmp.Diff([]string{base64.StdEncoding.EncodeToString(one)}, values["syncWithComputers.certificates"]); d != "" {
				t.Error(d)
			}
			raw, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			var back Document
			if err := json.Unmarshal(raw, &back); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(values, back.ADE[0].Profiles[0].Values); d != "" {
				t.Errorf("through a plan: %s", d)
			}
			edited := strings.Replace(string(raw), base64.StdEncoding.EncodeToString(one), "a.cer", 1)
			if err := json.Unmarshal([]byte(edited), &back); err == nil {
				t.Error("an edited plan that names a file was taken")
			}
		})
	}
}

func TestCertificatesOfStandardInput(t *testing.T) {
	_, findings := Decode([]Source{{Name: Stdin, Data: []byte(inProfile("syncWithComputers: {certificates: [a.cer]}"))}})
	if len(findings) != 1 || findings[0].Severity != enroll.Error || findings[0].Fix != "read the document from a file" {
		t.Errorf("findings: %+v", findings)
	}
}
