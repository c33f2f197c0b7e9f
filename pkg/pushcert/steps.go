package pushcert

import (
	"cmp"
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Steps are what a person does at Apple with a signing request: Renew where
// there is a certificate, never Create, with the same Apple account; nil is no
// certificate (Microsoft docs page on the MDM push certificate). What Apple
// offers for one whose grace is over is not established, so Renew comes first.
func Steps(c *graph.PushCertificate, csr string, now time.Time) []string {
	if c == nil {
		return []string{
			"Sign in at https://identity.apple.com/pushcert with a company Apple account whose mailbox several people read, not with anybody's own.",
			fmt.Sprintf("Choose Create a Certificate, accept the terms, and upload %s.", csr),
			"Download the certificate, a .pem file, and leave it as it is.",
			"Upload it: intune-enroll pushcert upload FILE.pem --apple-id ACCOUNT",
		}
	}
	account, upload := "the Apple account that made the certificate; nobody wrote down which, so look for it in the mailbox that got Apple's reminders", " --apple-id ACCOUNT"
	if c.AppleID != "" {
		account, upload = "Apple account "+c.AppleID+", no other", ""
	}
	choose := "Choose Renew on it, never Create a Certificate: that would cut off every enrolled device."
	if c.Expires.Sub(now) <= -grace {
		choose = "Choose Renew on it. Only where Apple does not offer that any more: Create a Certificate; then every device must enroll again, and the upload takes --accept-topic-change."
	}
	return []string{
		"Sign in at https://identity.apple.com/pushcert with " + account + ".",
		fmt.Sprintf("Find the certificate of Microsoft Corporation that ends on %s, and compare under the i its UID, which must be %s.", c.Expires.UTC().Format(time.DateOnly), cmp.Or(c.Topic, "that of the present certificate")),
		fmt.Sprintf("%s Upload %s.", choose, csr),
		"Download the certificate, a .pem file, and leave it as it is.",
		"Upload it: intune-enroll pushcert upload FILE.pem" + upload,
	}
}
