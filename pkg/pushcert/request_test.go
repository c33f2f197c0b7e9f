package pushcert

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

func TestParseRequest(t *testing.T) {
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	pem, bare := armored("CERTIFICATE REQUEST", der), base64.StdEncoding.EncodeToString(der)
	list := base64.StdEncoding.EncodeToString([]byte(`<?xml version="1.0"?><plist version="1.0"><dict><key>PushCertRequestCSR</key><string>` + bare + `</string><key>PushCertSignature</key><string>x</string></dict></plist>`))
	tests := []struct {
		name string
		in   string
		file string // "": refused
		key  bool
	}{
		{"PEM", string(pem), string(pem), true},
		{"bare base64", bare, string(pem), true},
		{"base64 in lines", bare[:40] + "\r\n" + bare[40:], string(pem), true},
		{"signed by the vendor", list + "\n", list + "\n", true},
		{"base64 of something else", "aGVsbG8=", "aGVsbG8=\n", false},
		{"a page", "<html></html>", "", false},
		{"nothing", " \n", "", false},
		{"a key", string(armored("PRIVATE KEY", der)), "", false},
		{"damaged", string(armored("CERTIFICATE REQUEST", der[1:])), "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := ParseRequest([]byte(tt.in))
			if string(r.File) != tt.file || (err != nil) != (tt.file == "") || (r.Key != "") != tt.key {
				t.Errorf("got %q, key %q, error %v", r.File, r.Key, err)
			}
		})
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add([]byte("aGVsbG8="))
	f.Add([]byte(base64.StdEncoding.EncodeToString([]byte("<plist><dict><key>PushCertRequestCSR</key><string>a</string></dict></plist>"))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if r, err := ParseRequest(raw); err == nil && len(r.File) == 0 {
			t.Errorf("%q gives nothing", raw)
		}
	})
}

func TestSteps(t *testing.T) {
	c := graph.PushCertificate{AppleID: "apple@contoso.com", Topic: topicOne, Expires: time.Date(2026, 12, 12, 0, 0, 0, 0, time.UTC)}
	before := c.Expires.AddDate(0, 0, -20)
	renew, create := strings.Join(Steps(&c, "a.csr", before), "\n"), strings.Join(Steps(nil, "a.csr", before), "\n")
	for _, s := range []string{"apple@contoso.com, no other", topicOne, "2026-12-12", "Choose Renew on it, never Create", "a.csr", "pushcert upload"} {
		if !strings.Contains(renew, s) {
			t.Errorf("nothing of %q in: %s", s, renew)
		}
	}
	if !strings.Contains(create, "Choose Create a Certificate") || strings.Contains(create, "Renew") {
		t.Errorf("got %s", create)
	}
	if strings.Contains(renew, "--accept-topic-change") || strings.Contains(renew, "--apple-id") {
		t.Errorf("got %s", renew)
	}
	late := strings.Join(Steps(&c, "a.csr", c.Expires.Add(grace)), "\n")
	if !strings.Contains(late, "Choose Renew on it. Only where Apple does not offer that") || !strings.Contains(late, "--accept-topic-change") || strings.Contains(late, "never Create") {
		t.Errorf("got %s", late)
	}
	c.AppleID = ""
	s := Steps(&c, "a.csr", before)
	if !strings.Contains(s[0], "nobody wrote down which") || !strings.HasSuffix(s[len(s)-1], "pushcert upload FILE.pem --apple-id ACCOUNT") {
		t.Errorf("got %s", s)
	}
}

// The calendar is read by a library of others.
func TestCalendar(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c := graph.PushCertificate{AppleID: "apple;x,y@contoso.com", Topic: topicOne, Expires: now.AddDate(0, 2, 0)}
	raw := Calendar("Contoso Öhman\r\nEND:VCALENDAR "+strings.Repeat("長", 40), "8f6c", c, now)
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 75 {
			t.Errorf("%d octets: %s", len(line), line)
		}
	}
	calendar, err := ics.ParseCalendar(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	events := calendar.Events()
	if len(events) != 2 || len(events[0].Alarms()) != 3 {
		t.Fatalf("%d events", len(events))
	}
	at, err := events[0].GetAllDayStartAt()
	if err != nil || at.Format(time.DateOnly) != "2026-12-23" {
		t.Errorf("%v, %v", at, err)
	}
	if got := events[0].GetProperty(ics.ComponentPropertyDescription).Value; !strings.Contains(got, "apple;x,y@contoso.com") {
		t.Errorf("got %s", got)
	}
	if got := events[1].Id(); got != "push-certificate-end-8f6c@intune-enroll" {
		t.Errorf("got %s", got)
	}
}
