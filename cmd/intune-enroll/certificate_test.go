package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// certificate FILE [topic=T] [csr=FILE] [from=N] [days=N] [with=key] makes a push
// certificate as Apple does: with the topic of the tenant's own, from N days from
// now, a year ago where it is left out, for N days from now. It is DER where the
// file is called so, and PEM else.
func certificate(ts *testscript.TestScript, _ bool, args []string) {
	topic, from, days := theTopic(ts), -365, 365
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	var public any = &key.PublicKey
	withKey := false
	for _, a := range args[1:] {
		name, value, _ := strings.Cut(a, "=")
		switch name {
		case "topic":
			topic = value
		case "from":
			from = number(ts, value)
		case "days":
			days = number(ts, value)
		case "with":
			withKey = true
		case "csr":
			block, _ := pem.Decode([]byte(ts.ReadFile(value)))
			if block == nil {
				ts.Fatalf("%s is not PEM", value)
			}
			request, err := x509.ParseCertificateRequest(block.Bytes)
			ts.Check(err)
			public = request.PublicKey
		default:
			ts.Fatalf("certificate: unknown %s", name)
		}
	}
	now := time.Now().UTC() // where every day has 24 hours
	leaf := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), NotBefore: now.AddDate(0, 0, from), NotAfter: now.AddDate(0, 0, days), Subject: pkix.Name{
		CommonName: "APSP:contoso", ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}, Value: topic}},
	}}
	apple := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{Organization: []string{"Apple Inc."}}, NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter}
	der, err := x509.CreateCertificate(rand.Reader, leaf, apple, public, key)
	ts.Check(err)
	out := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if withKey {
		secret, err := x509.MarshalPKCS8PrivateKey(key)
		ts.Check(err)
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...)
	}
	switch secret, err := x509.MarshalPKCS8PrivateKey(key); {
	case !strings.HasSuffix(args[0], ".der"):
	case withKey:
		ts.Check(err)
		out = secret // DER holds one thing
	default:
		out = der
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out, 0o600))
}

// theTopic is that of the tenant's present certificate; a new one where there is none.
func theTopic(ts *testscript.TestScript) string {
	w := theWorld(ts)
	request, err := http.NewRequest(http.MethodGet, w.server.GraphURL+"/v1.0/deviceManagement/applePushNotificationCertificate", nil)
	ts.Check(err)
	request.Header.Set("Authorization", "Bearer "+w.server.AccessToken(w.server.GraphURL, true))
	answer, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer answer.Body.Close()
	w.server.ResetLog()
	if answer.StatusCode == http.StatusNotFound {
		return "com.apple.mgmt.External.new"
	}
	var c struct{ TopicIdentifier string }
	ts.Check(json.NewDecoder(answer.Body).Decode(&c))
	return c.TopicIdentifier
}
