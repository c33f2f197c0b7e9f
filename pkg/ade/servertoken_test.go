package ade

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// serverToken is the public key of the token in a simulated tenant, and what
// Apple gives for it.
func serverToken(t *testing.T, x tenant) (PublicKey, []byte) {
	t.Helper()
	live := x.e.Look(t.Context(), nil, enroll.ADEToken)
	key, err := ReadPublicKey(t.Context(), x.c, live.Objects[enroll.ADEToken][0].Handles[enroll.ID])
	if err != nil {
		t.Fatal(err)
	}
	token, err := sim.ServerToken([]byte(key.PEM))
	if err != nil {
		t.Fatal(err)
	}
	return key, token
}

func TestParseServerToken(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso"})
	key, good := serverToken(t, x)
	for _, tc := range []struct {
		name, raw, want string
	}{
		{"as Apple gives it", string(good), ""},
		{"with a byte order mark and line feeds", "\ufeff" + strings.ReplaceAll(string(good), "\r\n", "\n"), ""},
		{"empty", " \r\n", "it is empty"},
		{"a web page", "\n<html>sign in</html>", "it is a web page"},
		{"XML", "<?xml version='1.0'?>", "it is a web page"},
		{"the public key", key.PEM, "it is a certificate"},
		{"another PEM", "-----BEGIN PKCS7-----\n", "it is a PEM file"},
		{"no message", "hello", "it is no S/MIME message"},
		{"a message of another type", "Content-Type: text/plain\r\n\r\nhello", "its content type is \"text/plain\""},
		{"signed", strings.Replace(string(good), "enveloped", "signed", 1), "S/MIME of type \"signed-data\""},
		{"cut", string(good[:len(good)/2]), "its content is cut or edited"},
		{"without content", string(good[:bytes.Index(good, []byte("\r\n\r\n"))+4]), "its content is cut or edited"},
		{"too large", strings.Repeat("a", MaxServerToken+1), "too large"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			token, err := ParseServerToken([]byte(tc.raw))
			switch {
			case tc.want == "" && err != nil:
				t.Fatal(err)
			case tc.want == "" && !token.IsFor(key.Certificate):
				t.Error("not for its own key")
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestParsePublicKey(t *testing.T) {
	key, _ := serverToken(t, newTenant(t, sim.Options{Scenario: "contoso"}))
	block, _ := pem.Decode([]byte(key.PEM))
	for _, tc := range []struct {
		name, value string
		lines       int
		certificate bool
		wantErr     bool
	}{
		{"PEM", key.PEM, strings.Count(key.PEM, "\n"), true, false},
		{"base64 of PEM", base64.StdEncoding.EncodeToString([]byte(key.PEM)), strings.Count(key.PEM, "\n"), true, false},
		{"base64 of DER", base64.StdEncoding.EncodeToString(block.Bytes), 3, true, false},
		{"a bare key", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")})), 3, false, false},
		{"a private key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})), 0, false, true},
		{"nothing", "", 0, false, true},
		{"no base64", "?!", 0, false, true},
		{"no certificate", base64.StdEncoding.EncodeToString([]byte("hello")), 0, false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := parsePublicKey(tc.value)
			if (err != nil) != tc.wantErr || strings.Count(got.PEM, "\n") != tc.lines || (got.Certificate != nil) != tc.certificate {
				t.Errorf("got %q, %v, %v", got.PEM, got.Certificate != nil, err)
			}
		})
	}
}

func FuzzParseServerToken(f *testing.F) {
	f.Add([]byte("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIACAQA="))
	f.Add([]byte("<html>"))
	f.Add([]byte("Content-Type: application/pkcs7-mime\n\nMIIB"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		token, err := ParseServerToken(raw)
		if err == nil && token.Text == "" {
			t.Error("a token without text")
		}
	})
}

func TestNextSync(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name      string
		triggered time.Time
		want      time.Time
	}{
		{"never", time.Time{}, time.Time{}},
		{"just now", now, now.Add(15 * time.Minute)},
		{"a minute before an hour and a quarter", now.Add(-74 * time.Minute), time.Time{}},
		{"a second too early", now.Add(-15*time.Minute + time.Second), now.Add(time.Second)},
		{"in time", now.Add(-15 * time.Minute), time.Time{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := (TokenFacts{Triggered: tc.triggered}).NextSync(now); !got.Equal(tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

// TestUploadEncodings: what the service does not take as text it gets as base64.
func TestUploadEncodings(t *testing.T) {
	const upload = "POST /deviceManagement/depOnboardingSettings/*/uploadDepToken"
	for _, tc := range []struct {
		name   string
		faults []sim.Fault
		sent   int
		failed bool
	}{
		{"as text", nil, 1, false},
		{"as base64", []sim.Fault{{Match: upload, Do: "status", Status: 400, Times: 1}}, 2, false},
		{"neither", []sim.Fault{{Match: upload, Do: "status", Status: 400, Times: 2}}, 2, true},
		{"the answer is lost", []sim.Fault{{Match: upload, Do: "drop-after", Times: 1}}, 1, false},
		{"refused", []sim.Fault{{Match: upload, Do: "status", Status: 403, Times: 1}}, 1, true},
		{"an outage", []sim.Fault{{Match: upload, Do: "status", Status: 503, Times: 1}}, 1, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := newTenant(t, sim.Options{Scenario: "contoso"})
			_, raw := serverToken(t, x)
			token, err := ParseServerToken(raw)
			if err != nil {
				t.Fatal(err)
			}
			x.SetFaults(tc.faults)
			u := Upload{File: "good.p7m", Server: token}
			x.e.Kinds, x.e.Settle = []enroll.Kind{Uploading(x.c, u)}, 100*time.Millisecond
			want := []enroll.Object{u.Object()}
			r := x.e.Apply(t.Context(), x.e.Plan(want, x.e.Look(t.Context(), want), time.Now()), nil, nil)
			if len(r.Failed) > 0 != tc.failed || len(r.Unknown)+len(r.NotTried) > 0 || len(x.writes()) != tc.sent {
				t.Errorf("%d sent, %+v", len(x.writes()), r)
			}
		})
	}
}
