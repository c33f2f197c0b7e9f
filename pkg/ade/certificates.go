package ade

import (
	"crypto/sha1" // a name for a certificate, not a protection
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// certificate is a managementCertificateWithThumbprint: the thumbprint is taken
// to be SHA-1 in hex and the certificate DER in base64, as elsewhere in Intune;
// read back after the write.
type certificate struct {
	Thumbprint  string `json:"thumbprint"`
	Certificate string `json:"certificate"`
}

// newCertificate is the certificate whose DER in base64 is given.
func newCertificate(content string) certificate {
	der, err := base64.StdEncoding.DecodeString(content)
	if err != nil {
		return certificate{Certificate: content} // the document lets none through
	}
	sum := sha1.Sum(der)
	return certificate{Thumbprint: strings.ToUpper(hex.EncodeToString(sum[:])), Certificate: content}
}

// print is the thumbprint in one spelling.
func (c certificate) print() string {
	if c.Thumbprint == "" {
		return newCertificate(c.Certificate).Thumbprint
	}
	return strings.ToUpper(strings.NewReplacer(":", "", " ", "").Replace(c.Thumbprint))
}

// thumbprints names certificates, given as DER in base64.
func thumbprints(contents []string) []string {
	out := []string{}
	for _, c := range contents {
		out = append(out, newCertificate(c).Thumbprint)
	}
	return enroll.Set(out...)
}

// certificates keeps the contents of the certificates that a file wants: a
// change has their thumbprints alone.
type certificates struct {
	mu    sync.Mutex
	known map[string]certificate // by thumbprint
}

// learn takes the certificates of wanted profiles.
func (k *certificates) learn(want []enroll.Object) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, o := range want {
		e, ok := o.Facts.(enroll.Entry)
		if !ok {
			continue
		}
		for _, content := range e.Values.List(pathCertificates) {
			c := newCertificate(content)
			k.known[c.Thumbprint] = c
		}
	}
}

// of are the certificates that fields want.
func (k *certificates) of(f enroll.Fields) ([]certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var out []certificate
	for _, print := range f.List(pathCertificates) {
		c, ok := k.known[print]
		if !ok {
			return nil, fmt.Errorf("the certificate with thumbprint %s is not at hand", print)
		}
		out = append(out, c)
	}
	return out, nil
}
