package sim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"maps"
	"net/http"
	"strings"
)

// getRoot answers the deviceManagement singleton (recorded portal traffic: intuneAccountId and maximumDepTokens by
// default, subscriptionState only when selected).
func getRoot(c *call) (answer, error) {
	return c.one(http.StatusOK, "deviceManagement", c.t.root)
}

// getPush answers 404 without a certificate, as Microsoft's own sample script expects.
func getPush(c *call) (answer, error) {
	if c.t.push == nil {
		return answer{}, refuse(http.StatusNotFound, "ResourceNotFound", "The Apple push notification certificate has not been configured.")
	}
	return c.one(http.StatusOK, "applePushNotificationCertificate", c.t.push)
}

// uidOID is the attribute of the certificate's subject that holds the topic.
const uidOID = "0.9.2342.19200300.100.1.1"

// patchPush takes the two members recorded portal traffic sends. A certificate of another topic is accepted: nobody
// checks it on the way in, which is why clients must.
func patchPush(c *call) (answer, error) {
	o, err := c.checkBody("applePushNotificationCertificate", "", false)
	if err != nil {
		return answer{}, err
	}
	text, _ := o["certificate"].(string)
	if text == "" || o["appleIdentifier"] == nil || o["appleIdentifier"] == "" {
		return answer{}, invalid("appleIdentifier and certificate must both be given.")
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return answer{}, invalid("The certificate is not a PEM certificate.")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return answer{}, invalid("The certificate could not be read.")
	}
	topic := ""
	for _, name := range certificate.Subject.Names {
		if name.Type.String() == uidOID {
			topic, _ = name.Value.(string)
		}
	}
	switch {
	case !strings.HasPrefix(topic, "com.apple.mgmt."):
		return answer{}, invalid("The certificate is not an Apple MDM push certificate.")
	case !c.now.Before(certificate.NotAfter):
		return answer{}, invalid("The certificate has expired.")
	case c.t.requests == 0:
		// Inferred: Intune holds the private key of the signing request it made, so without one nothing can match.
		return answer{}, invalid("The certificate does not match a signing request of this tenant.")
	}
	if c.t.push == nil {
		c.t.push = object{"id": c.t.newID()}
	}
	maps.Copy(c.t.push, object{
		"appleIdentifier": o["appleIdentifier"], "topicIdentifier": topic, "certificateSerialNumber": strings.ToUpper(certificate.SerialNumber.Text(16)),
		"expirationDateTime": stamp(certificate.NotAfter), "lastModifiedDateTime": stamp(c.now),
	})
	// Recorded portal traffic: the id in this answer is the account's and differs from the one a later GET gives.
	echo := copyObject(c.t.push)
	echo["id"] = c.t.account
	return c.one(http.StatusOK, "applePushNotificationCertificate", echo)
}

// signingRequest answers the CSR in PEM; whether the service sends PEM or bare base64 is not established. Every call
// makes a new one, so the certificate of an earlier request may be worthless (assumed).
func signingRequest(c *call) (answer, error) {
	if err := c.noBody(); err != nil {
		return answer{}, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return answer{}, err
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "Contoso MDM push"}}, key)
	if err != nil {
		return answer{}, err
	}
	c.t.requests++
	return ok(object{"value": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))})
}

// consent grants the data sharing consent (recorded portal traffic; whether it works app-only is not established).
func consent(c *call) (answer, error) {
	if err := c.noBody(); err != nil {
		return answer{}, err
	}
	it, err := c.owner()
	if err != nil {
		return answer{}, err
	}
	it.object["granted"], it.object["grantDateTime"], it.object["grantedByUpn"] = true, stamp(c.now), adminUPN
	return c.one(http.StatusOK, "dataSharingConsent", it.object)
}
