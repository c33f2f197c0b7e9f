package sim

import (
	"bufio"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/mail"
	"strings"
	"time"

	"github.com/smallstep/pkcs7"
)

// publicKey makes the certificate whose key an Apple server token is encrypted to. Each has a serial number of its own,
// by which the recipient of a token is known.
func publicKey(now time.Time) (string, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", err
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return "", err
	}
	t := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: "Contoso enrollment program"}, NotBefore: now, NotAfter: now.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return "", fmt.Errorf("make public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), nil
}

// ServerToken is what Apple gives for an MDM server with that public key (PEM): an S/MIME message encrypted to it, in
// CRLF lines. The simulator plays Intune; this plays Apple.
func ServerToken(publicKey []byte) ([]byte, error) {
	block, _ := pem.Decode(publicKey)
	if block == nil {
		return nil, errors.New("no PEM")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	content, err := pkcs7.Encrypt([]byte("Content-Type: text/plain\r\n\r\n{\"access_token\":\"simulated\"}"), []*x509.Certificate{certificate})
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("Content-Type: application/pkcs7-mime; name=\"smime.p7m\"; smime-type=enveloped-data\r\n" +
		"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"smime.p7m\"\r\nContent-Description: S/MIME Encrypted Message\r\n\r\n")
	for text := base64.StdEncoding.EncodeToString(content); text != ""; {
		n := min(len(text), 64)
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	return []byte(b.String()), nil
}

// opens tells whether a server token is meant for the certificate with that key.
func opens(text, key string) bool {
	block, _ := pem.Decode([]byte(key))
	message, err := mail.ReadMessage(bufio.NewReader(strings.NewReader(text)))
	if err != nil || block == nil || !strings.HasPrefix(message.Header.Get("Content-Type"), "application/pkcs7-mime") {
		return false
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return false
	}
	content, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, message.Body))
	if err != nil {
		return false
	}
	envelope, err := pkcs7.Parse(content)
	if err != nil {
		return false
	}
	var k keyhole
	_, err = envelope.Decrypt(certificate, &k)
	return err != nil && k.tried
}

// keyhole stands in for a private key: it is tried for the right recipient alone.
type keyhole struct{ tried bool }

func (*keyhole) Public() crypto.PublicKey { return nil }

func (k *keyhole) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) {
	k.tried = true
	return nil, errors.New("not needed")
}
