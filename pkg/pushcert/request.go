package pushcert

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"howett.net/plist"

	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Consent is whether the tenant lets Microsoft share data with Apple, which
// making a push certificate takes.
type Consent struct {
	Granted bool      `json:"granted"`
	Service string    `json:"serviceDisplayName"`
	Terms   string    `json:"termsUrl"`
	By      string    `json:"grantedByUpn"`
	At      time.Time `json:"grantDateTime"`
}

func consentPath(more ...string) string {
	return graph.Path(append([]string{"deviceManagement", "dataSharingConsents", "appleMDMPushCertificate"}, more...)...)
}

// ReadConsent reads the consent (recorded portal traffic, 2026).
func ReadConsent(ctx context.Context, c *graph.Client) (Consent, error) {
	consent, err := graph.Get[Consent](ctx, c, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: consentPath(), Needs: []string{graph.ServiceConfigRead}})
	if err != nil {
		return Consent{}, fmt.Errorf("read the consent to share data with Apple: %w", err)
	}
	return consent, nil
}

// GrantConsent grants it, and reads it back. Whether the service takes that
// from an application is not established; the error says what it answered.
func GrantConsent(ctx context.Context, c *graph.Client) error {
	_, err := c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Path: consentPath("consentToDataSharing"), Class: graph.Put, Needs: []string{graph.ServiceConfigWrite}})
	if err != nil {
		return fmt.Errorf("grant the consent to share data with Apple: %w", err)
	}
	consent, err := ReadConsent(ctx, c)
	if err == nil && !consent.Granted {
		err = errors.New("the service took the consent to share data with Apple, and does not show it: grant it in the Intune admin center, Devices > Enrollment > Apple > Apple MDM push certificate")
	}
	return err
}

// Request is a certificate signing request for Apple.
type Request struct {
	File []byte // what Apple wants to get
	Key  string // the fingerprint of its key; "" where the request has a form that is not known
}

// NewRequest gets a signing request. Every one has a key of its own, and Intune
// is taken to keep the last one's only (not established). Reading it takes the
// permission to write (Microsoft docs page of the function).
func NewRequest(ctx context.Context, c *graph.Client) (Request, error) {
	answer, err := graph.Get[struct{ Value string }](ctx, c, graph.Call{
		API: graph.V1, Method: http.MethodGet,
		Path:  graph.Path("deviceManagement", "applePushNotificationCertificate", "downloadApplePushNotificationCertificateSigningRequest"),
		Needs: []string{graph.ServiceConfigWrite, graph.ConfigurationWrite},
	})
	if err != nil {
		return Request{}, fmt.Errorf("download the signing request: %w", err)
	}
	r, err := ParseRequest([]byte(answer.Value))
	if err != nil {
		return Request{}, fmt.Errorf("download the signing request: %w", err)
	}
	return r, nil
}

// ParseRequest reads a signing request: PEM, its DER in base64, or a property
// list in base64 that an MDM vendor has signed, which holds the request (Apple's
// MDM protocol reference). Which of them the service gives is not established;
// anything else that is base64 is kept as it is, its key not known.
func ParseRequest(raw []byte) (Request, error) {
	if len(raw) > largest {
		return Request{}, fmt.Errorf("the signing request is larger than %d KiB", largest>>10)
	}
	text := bytes.TrimSpace(raw)
	if block, _ := pem.Decode(text); block != nil {
		if strings.Contains(block.Type, "PRIVATE KEY") {
			return Request{}, errors.New("this is a private key, not a signing request")
		}
		if !strings.HasSuffix(block.Type, "CERTIFICATE REQUEST") {
			return Request{}, fmt.Errorf("this is a %s, not a signing request", strings.ToLower(block.Type))
		}
		return fromRequest(block.Bytes)
	}
	inner, err := decode64(text)
	if err != nil || len(inner) == 0 {
		return Request{}, errors.New("this is no signing request: neither PEM nor base64")
	}
	if r, err := fromRequest(inner); err == nil {
		return r, nil
	}
	r := Request{File: append(text, '\n')}
	var signed struct {
		CSR string `plist:"PushCertRequestCSR"`
	}
	if _, err := plist.Unmarshal(inner, &signed); err == nil && signed.CSR != "" {
		if der, err := decode64([]byte(signed.CSR)); err == nil {
			if inside, err := fromRequest(der); err == nil {
				r.Key = inside.Key
			}
		}
	}
	return r, nil
}

func decode64(text []byte) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(text)), ""))
}

func fromRequest(der []byte) (Request, error) {
	x, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return Request{}, fmt.Errorf("the signing request cannot be read: %w", err)
	}
	return Request{File: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: x.Raw}), Key: fingerprint(x.RawSubjectPublicKeyInfo)}, nil
}
