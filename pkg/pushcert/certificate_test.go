package pushcert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const topicOne = "com.apple.mgmt.External.1"

// maker makes certificates as Apple does, and as others do.
type maker struct {
	topics      []string
	name        string
	from, until time.Time
	key         *ecdsa.PrivateKey
	issuer      string
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (m maker) der(t testing.TB) []byte {
	t.Helper()
	if m.key == nil {
		m.key = newKey(t)
	}
	subject := pkix.Name{CommonName: m.name}
	for _, topic := range m.topics {
		subject.ExtraNames = append(subject.ExtraNames, pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}, Value: topic})
	}
	caKey := newKey(t)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{Organization: []string{m.issuer}}, NotBefore: m.from, NotAfter: m.until}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(0xA1B2), Subject: subject, NotBefore: m.from, NotAfter: m.until}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, &m.key.PublicKey, caKey)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func armored(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func TestParse(t *testing.T) {
	from := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	m := maker{topics: []string{topicOne}, name: "APSP:1", from: from, until: from.AddDate(1, 0, 0), key: newKey(t), issuer: "Apple Inc."}
	der := m.der(t)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(m.key)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(m.key)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, m.key)
	if err != nil {
		t.Fatal(err)
	}
	p12, err := asn1.Marshal(struct {
		Version int
		Rest    []int
	}{3, []int{1}})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := asn1.Marshal(struct {
		How  pkix.AlgorithmIdentifier
		What []byte
	}{pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}}, []byte("canary")}) // PBES2 (RFC 8018)
	if err != nil {
		t.Fatal(err)
	}
	other := maker{from: from, until: from.AddDate(1, 0, 0)}.der(t)
	tests := []struct {
		name string
		raw  []byte
		is   error
		says string
	}{
		{"PEM", armored("CERTIFICATE", der), nil, ""},
		{"DER", der, nil, ""},
		{"PEM with a byte order mark and text before", slices.Concat([]byte("\ufeffsubject=/UID=x\n"), armored("CERTIFICATE", der)), nil, ""},
		{"key beside it", slices.Concat(armored("CERTIFICATE", der), armored("PRIVATE KEY", pkcs8)), ErrPrivateKey, ""},
		{"key before it", slices.Concat(armored("EC PRIVATE KEY", sec1), armored("CERTIFICATE", der)), ErrPrivateKey, ""},
		{"encrypted key", armored("ENCRYPTED PRIVATE KEY", pkcs8), ErrPrivateKey, ""},
		{"damaged key beside it", slices.Concat(armored("CERTIFICATE", der), []byte("-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----\n")), ErrPrivateKey, ""},
		{"key with its parameters before it", slices.Concat(armored("EC PARAMETERS", []byte{6, 1, 1}), armored("EC PRIVATE KEY", sec1)), ErrPrivateKey, ""},
		{"certificate, then a key with its parameters", slices.Concat(armored("CERTIFICATE", der), armored("EC PARAMETERS", []byte{6, 1, 1}), armored("EC PRIVATE KEY", sec1)), ErrPrivateKey, ""},
		{"encrypted key in DER", sealed, ErrPrivateKey, ""},
		{"key in DER", pkcs8, ErrPrivateKey, ""},
		{"key of another form in DER", sec1, ErrPrivateKey, ""},
		{"PKCS #12", p12, ErrPrivateKey, "PKCS #12"},
		{"request", armored("CERTIFICATE REQUEST", csr), ErrRequest, ""},
		{"request in DER", csr, ErrRequest, ""},
		{"two certificates", slices.Concat(armored("CERTIFICATE", der), armored("CERTIFICATE", other)), nil, "holds 2 certificates"},
		{"another block", armored("PKCS7", der), ErrNone, `"PKCS7"`},
		{"damaged PEM", []byte("-----BEGIN CERTIFICATE-----\nMII\n"), ErrNone, "damaged"},
		{"cut DER", der[:len(der)/2], ErrNone, ""},
		{"something behind", append(slices.Clone(der), 0), ErrNone, ""},
		{"a page", []byte("\r\n<html>sign in</html>"), ErrNone, "web page"},
		{"nothing", nil, ErrNone, "empty"},
		{"lines only", []byte("\r\n\r\n"), ErrNone, "empty"},
		{"large", make([]byte, largest+1), ErrNone, "larger than 64 KiB"},
		{"two topics", maker{topics: []string{topicOne, "com.apple.mgmt.External.2"}, from: from, until: from}.der(t), nil, "no one user id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Parse(tt.raw)
			if tt.is == nil && tt.says == "" {
				want := Certificate{Topic: topicOne, Name: "APSP:1", Issuer: "Apple Inc.", Serial: "A1B2", From: from, Until: from.AddDate(1, 0, 0), Key: got.Key, PEM: string(armored("CERTIFICATE", der))}
				if diff := cmp.Diff(want, got); err != nil || len(got.Key) != 64 || diff != "" {
					t.Error(err, diff)
				}
				return
			}
			if err == nil || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Whatever a file holds, nothing of a key in it is repeated.
func FuzzParse(f *testing.F) {
	m := maker{topics: []string{topicOne}, from: time.Unix(0, 0), until: time.Unix(1, 0)}
	der := m.der(f)
	f.Add(der)
	f.Add(armored("CERTIFICATE", der))
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := Parse(raw)
		if err == nil && (c.PEM == "" || strings.Contains(string(raw), "PRIVATE KEY-----")) {
			t.Errorf("%q was taken", raw)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%v repeats the file", err)
		}
	})
}
