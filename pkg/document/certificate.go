package document

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// certificates reads the files that the value names and gives their contents
// in place of the names: DER in base64. Findings never repeat a content: the
// file may hold a private key.
func (r *reader) certificates(names []string, path string) ([]string, bool) {
	var out []string
	good := true
	for _, name := range names {
		at := r.entry.Where(itemPath(path, name))
		data, bad := readFile(r.source, name)
		var der []byte
		if bad == nil {
			der, bad = certificate(data)
			if bad != nil {
				bad.text = quote(name) + " " + bad.text
			}
		}
		if bad != nil {
			r.refuse(at, path, bad.fix, "%s", bad.text)
			good = false
			continue
		}
		out = append(out, base64.StdEncoding.EncodeToString(der))
	}
	return enroll.Set(out...), good
}

// certificate is the one certificate of a file, DER or PEM, as DER.
func certificate(data []byte) ([]byte, *problem) {
	der := data
	if bytes.Contains(data, []byte("-----BEGIN")) {
		block, rest := pem.Decode(data)
		switch {
		case bytes.Contains(data, []byte("PRIVATE KEY")):
			return nil, wrong("name the certificate alone, and keep the key where it is", "holds a private key")
		case block == nil || block.Type != "CERTIFICATE":
			return nil, wrong("export the certificate as .cer", "is no certificate")
		case len(bytes.TrimSpace(rest)) > 0:
			return nil, wrong("put each certificate into a file of its own", "holds more than one thing")
		}
		der = block.Bytes
	}
	if _, err := x509.ParseCertificate(der); err != nil {
		return nil, wrong("export the certificate as .cer", "is no certificate")
	}
	return der, nil
}

// foldedCertificates checks certificates as a saved plan has them.
func foldedCertificates(list []string) *problem {
	for _, s := range list {
		der, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return wrong("", "is no list of certificates")
		}
		if _, err := x509.ParseCertificate(der); err != nil {
			return wrong("", "is no list of certificates")
		}
	}
	return nil
}
