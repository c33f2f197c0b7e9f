package render

import (
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// PublicKey is the public key of an enrollment program token.
type PublicKey struct {
	Token string `json:"token"`
	PEM   string `json:"pem"`
}

// Token is an enrollment program token that was synced.
type Token struct {
	Name    string    `json:"name"`
	ID      string    `json:"id"`
	Begun   time.Time `json:"lastSyncBegun,omitzero"`
	Synced  time.Time `json:"lastSync,omitzero"`
	Devices int       `json:"devices"`
}

// publicKey is the result of ade token public-key: the key itself, ready for a
// file, or where it was saved.
func (p *page) publicKey(r Report) {
	switch {
	case r.PublicKey == nil:
	case r.Saved != "":
		p.line(0, "Saved the public key of token %s: %s", quoted(r.PublicKey.Token), term.Clean(r.Saved))
		p.line(0, "Upload it to the MDM server in Apple Business Manager, download the server token there, and then: intune-enroll ade token upload FILE.p7m --token %s", term.Clean(enroll.ShellWord(r.PublicKey.Token)))
	default:
		p.b.WriteString(r.PublicKey.PEM)
	}
}

// synced is the result of ade token sync.
func (p *page) synced(t *Token) {
	if t == nil {
		return
	}
	if t.Synced.Before(t.Begun) {
		p.line(0, "Token %s began to sync at %s; see how it goes: intune-enroll ade token list", quoted(t.Name), date(t.Begun, p.Titles))
		return
	}
	p.line(0, "Token %s synced at %s: %s.", quoted(t.Name), date(t.Synced, p.Titles), enroll.Plural(t.Devices, "device"))
}
