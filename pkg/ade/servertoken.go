package ade

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net/mail"
	"strings"

	"github.com/smallstep/pkcs7"
)

// MaxServerToken is the size in bytes of a server token that is still read;
// Apple's are a few thousand long.
const MaxServerToken = 1 << 20

// ServerToken is what Apple Business Manager or Apple School Manager gives for
// an MDM server (.p7m): an S/MIME message, encrypted to the public key of one
// enrollment program token. Only Intune can open it.
type ServerToken struct {
	Text     string // the file as it is, which is what Intune takes
	envelope *pkcs7.PKCS7
}

// ParseServerToken reads a downloaded file, and says what it is instead where
// it is no server token.
func ParseServerToken(raw []byte) (ServerToken, error) {
	text := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff")))
	start := strings.ToLower(string(text[:min(len(text), 512)]))
	switch {
	case len(raw) > MaxServerToken:
		return ServerToken{}, errors.New("it is too large for a server token")
	case len(text) == 0:
		return ServerToken{}, errors.New("it is empty: the download did not finish; download the token again")
	case strings.HasPrefix(start, "<"):
		return ServerToken{}, errors.New("it is a web page saved under that name: the session at Apple had ended; sign in there and download the token again")
	case strings.HasPrefix(start, "-----begin certificate"):
		return ServerToken{}, errors.New("it is a certificate, such as the public key that goes to Apple, and not the token that comes back")
	case strings.HasPrefix(start, "-----begin"):
		return ServerToken{}, errors.New("it is a PEM file and no server token")
	}
	message, err := mail.ReadMessage(bufio.NewReader(bytes.NewReader(text)))
	if err != nil {
		return ServerToken{}, errors.New("it is no S/MIME message, which a server token is; download it again, and do not edit it")
	}
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "application/pkcs7-mime" && kind != "application/x-pkcs7-mime" {
		return ServerToken{}, fmt.Errorf("its content type is %q, and that of a server token application/pkcs7-mime", kind)
	}
	if t := params["smime-type"]; t != "" && t != "enveloped-data" {
		return ServerToken{}, fmt.Errorf("it is S/MIME of type %q, and a server token is encrypted (enveloped-data)", t)
	}
	der, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, message.Body))
	if err != nil || len(der) == 0 {
		return ServerToken{}, errors.New("its content is cut or edited; download it again")
	}
	envelope, err := pkcs7.Parse(der)
	if err != nil {
		return ServerToken{}, errors.New("its content is cut or edited; download it again")
	}
	t := ServerToken{Text: string(raw), envelope: envelope}
	if _, err := envelope.Decrypt(&x509.Certificate{SerialNumber: new(big.Int)}, &witness{}); errors.Is(err, pkcs7.ErrNotEncryptedContent) {
		return ServerToken{}, errors.New("it is signed and not encrypted, so it is no server token")
	}
	return t, nil
}

// IsFor tells whether the token is encrypted to the key of that certificate.
func (t ServerToken) IsFor(key *x509.Certificate) bool {
	var w witness
	_, err := t.envelope.Decrypt(key, &w)
	return w.asked || errors.Is(err, pkcs7.ErrUnsupportedAsymmetricEncryptionAlgorithm)
}

// witness stands in for a private key, which only Intune has: it learns
// whether it is asked, which happens for the recipient alone.
type witness struct{ asked bool }

var errNoKey = errors.New("only Intune has the private key")

func (*witness) Public() crypto.PublicKey { return nil }

func (w *witness) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) {
	w.asked = true
	return nil, errNoKey
}

// PublicKey is the key that goes to Apple with a new MDM server.
type PublicKey struct {
	PEM         string
	Certificate *x509.Certificate // nil where the service gave a bare key
}

// parsePublicKey reads the value that the service gives: PEM, or base64 of PEM
// or of DER; which one is not established. PEM goes on as it came; otherwise
// its base64 stands on one line, as Apple's portal takes it (Microsoft
// troubleshooting page on iOS enrollment errors).
func parsePublicKey(value string) (PublicKey, error) {
	text := strings.TrimSpace(value)
	if !strings.HasPrefix(text, "-----BEGIN") {
		raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil || len(raw) == 0 {
			return PublicKey{}, errors.New("the service gave something that is no public key")
		}
		if text = strings.TrimSpace(string(raw)); !strings.HasPrefix(text, "-----BEGIN") {
			text = "-----BEGIN CERTIFICATE-----\n" + base64.StdEncoding.EncodeToString(raw) + "\n-----END CERTIFICATE-----"
		}
	}
	block, _ := pem.Decode([]byte(text + "\n"))
	if block == nil {
		return PublicKey{}, errors.New("the service gave something that is no public key")
	}
	k := PublicKey{PEM: text + "\n"}
	switch block.Type {
	case "CERTIFICATE":
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return PublicKey{}, fmt.Errorf("the service gave a certificate that cannot be read: %w", err)
		}
		k.Certificate = c
	case "PUBLIC KEY", "RSA PUBLIC KEY":
	default:
		return PublicKey{}, fmt.Errorf("the service gave %q in place of a public key", block.Type)
	}
	return k, nil
}
