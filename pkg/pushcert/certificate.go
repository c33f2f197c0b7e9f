package pushcert

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Certificate is a push certificate as Apple gives it: public, without its key,
// which stays with Intune.
type Certificate struct {
	Topic  string // the user id of its subject: com.apple.mgmt.External.<uuid>
	Name   string // the common name of its subject
	Issuer string // the organization that signed it
	Serial string // hexadecimal
	From   time.Time
	Until  time.Time
	Key    string // SHA-256 of its public key, hexadecimal
	PEM    string
}

// MDM tells whether the certificate is of Apple's MDM push kind: one for apps
// has the app's bundle id as its topic (Apple's MDM protocol reference).
func (c Certificate) MDM() bool { return strings.HasPrefix(c.Topic, "com.apple.mgmt.") }

// largest is more than any certificate with its chain has.
const largest = 64 << 10

// Reasons why a file is no certificate that can be uploaded.
var (
	ErrPrivateKey = errors.New("the file holds a private key: nobody should have that of a push certificate, and it must not be sent anywhere; upload the .pem file from identity.apple.com as it was downloaded")
	ErrRequest    = errors.New("the file is a certificate signing request: upload that at identity.apple.com, and here the certificate that Apple makes from it")
	ErrNone       = errors.New("the file holds no certificate: upload the .pem file from identity.apple.com as it was downloaded")
)

// Parse reads the certificate in a file, PEM or DER. There must be one, and no
// private key.
func Parse(raw []byte) (Certificate, error) {
	if len(raw) > largest {
		return Certificate{}, fmt.Errorf("%w; it is larger than %d KiB", ErrNone, largest>>10)
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	switch text := bytes.TrimSpace(raw); {
	case len(text) == 0:
		return Certificate{}, fmt.Errorf("%w; it is empty", ErrNone)
	case text[0] == '<':
		return Certificate{}, fmt.Errorf("%w; it is a web page, as when the session at Apple had ended: sign in there and download the certificate again", ErrNone)
	case !bytes.Contains(raw, []byte("-----BEGIN ")):
		return fromDER(raw)
	case bytes.Contains(raw, []byte("PRIVATE KEY-----")): // not only in blocks: the decoder skips a damaged one
		return Certificate{}, ErrPrivateKey
	}
	var found []Certificate
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case strings.HasSuffix(block.Type, "CERTIFICATE REQUEST"):
			return Certificate{}, ErrRequest
		case block.Type != "CERTIFICATE":
			return Certificate{}, fmt.Errorf("%w; it has a block of type %q", ErrNone, block.Type)
		}
		c, err := fromDER(block.Bytes)
		if err != nil {
			return Certificate{}, err
		}
		found = append(found, c)
	}
	switch len(found) {
	case 0:
		return Certificate{}, fmt.Errorf("%w; its PEM is damaged", ErrNone)
	case 1:
		return found[0], nil
	default:
		return Certificate{}, fmt.Errorf("the file holds %d certificates: upload the one that Apple made, alone", len(found))
	}
}

func fromDER(raw []byte) (Certificate, error) {
	x, err := x509.ParseCertificate(raw)
	if err != nil {
		return Certificate{}, notCertificate(raw, err)
	}
	c := Certificate{
		Name: x.Subject.CommonName, Issuer: strings.Join(x.Issuer.Organization, ", "), Serial: strings.ToUpper(hex.EncodeToString(x.SerialNumber.Bytes())),
		From: x.NotBefore.UTC(), Until: x.NotAfter.UTC(), Key: fingerprint(x.RawSubjectPublicKeyInfo),
		PEM: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: x.Raw})),
	}
	for _, n := range x.Subject.Names {
		if !n.Type.Equal(asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}) { // user id (RFC 4519)
			continue
		}
		topic, ok := n.Value.(string)
		if !ok || c.Topic != "" && c.Topic != topic {
			return Certificate{}, errors.New("the subject of the certificate has no one user id: which topic it is for cannot be told")
		}
		c.Topic = topic
	}
	return c, nil
}

func fingerprint(publicKey []byte) string {
	sum := sha256.Sum256(publicKey)
	return hex.EncodeToString(sum[:])
}

// notCertificate says what a file is instead.
func notCertificate(raw []byte, err error) error {
	if _, e := x509.ParsePKCS8PrivateKey(raw); e == nil {
		return ErrPrivateKey
	}
	if _, e := x509.ParsePKCS1PrivateKey(raw); e == nil {
		return ErrPrivateKey
	}
	if _, e := x509.ParseECPrivateKey(raw); e == nil {
		return ErrPrivateKey
	}
	// PKCS #8 with a password: how it is encrypted, and what (RFC 5958).
	var sealed struct {
		How  pkix.AlgorithmIdentifier
		What []byte
	}
	if rest, e := asn1.Unmarshal(raw, &sealed); e == nil && len(rest) == 0 {
		return ErrPrivateKey
	}
	if _, e := x509.ParseCertificateRequest(raw); e == nil {
		return ErrRequest
	}
	// PKCS #12 begins with its version, 3, and holds key and certificate.
	var p12 struct {
		Version int
		Rest    asn1.RawValue
		Mac     asn1.RawValue `asn1:"optional"`
	}
	if _, e := asn1.Unmarshal(raw, &p12); e == nil && p12.Version == 3 {
		return fmt.Errorf("%w (it looks like PKCS #12)", ErrPrivateKey)
	}
	return fmt.Errorf("%w: %w", ErrNone, err)
}
