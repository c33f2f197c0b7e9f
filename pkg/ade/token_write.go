package ade

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Paths of the fields of a token that is renewed.
const (
	pathAppleAccount = "appleAccount"
	pathServerToken  = "serverToken"
)

// ReadPublicKey reads the public key of a token. It makes none.
func ReadPublicKey(ctx context.Context, c *graph.Client, tokenID string) (PublicKey, error) {
	answer, err := graph.Get[struct {
		Value string `json:"value"`
	}](ctx, c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: tokenPath(tokenID, "getEncryptionPublicKey"), Needs: []string{graph.ServiceConfigRead},
	})
	if err != nil {
		return PublicKey{}, fmt.Errorf("read the public key: %w", err)
	}
	return parsePublicKey(answer.Value)
}

// Upload is a server token that shall renew an enrollment program token.
type Upload struct {
	Token   string // name or id; "" is the only one
	File    string // the name of the file, for people
	AppleID string // "": the one the token has
	Server  ServerToken
}

// Object is what the upload wants.
func (u Upload) Object() enroll.Object {
	f := enroll.Fields{pathServerToken: u.File}
	if u.AppleID != "" {
		f[pathAppleAccount] = u.AppleID
	}
	return enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEToken, Name: u.Token}, Origin: enroll.Origin{File: u.File}, Fields: f}
}

// Uploading is kind ade-token for one upload: it looks whether the server token
// is meant for the enrollment program token before it is sent, and reads back
// that the service took it. Graph does not say which server token it holds, so
// the later expiry or upload date shows it.
func Uploading(c *graph.Client, u Upload) enroll.Kind {
	return &uploading{tokens: tokens{c}, upload: u, before: map[string]TokenFacts{}}
}

type uploading struct {
	tokens
	upload Upload
	before map[string]TokenFacts // as they were when they were first read, by id
	sent   time.Time             // by the service's clock, which has whole seconds; zero: not yet
}

// uploadFacts are TokenFacts, and whom the server token is for.
type uploadFacts struct {
	TokenFacts
	unfit string // why the server token is not for this one; "" when it is
	blind string // why that cannot be told; "" when it can
}

// Read reads the tokens, and of the wanted one the public key.
func (k *uploading) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	objects, gaps := k.tokens.Read(ctx, q, known)
	for i, o := range objects {
		facts, _ := o.Facts.(TokenFacts)
		if _, seen := k.before[facts.ID]; !seen {
			k.before[facts.ID] = facts
		}
		was := k.before[facts.ID]
		o.Fields = enroll.Fields{pathAppleAccount: facts.AppleID, pathServerToken: "valid until " + date(facts.Expires)}
		if facts.Expires.After(was.Expires) || facts.Changed.After(was.Changed) || !k.sent.IsZero() && !facts.Changed.Before(k.sent) {
			o.Fields[pathServerToken] = k.upload.File
		}
		about := uploadFacts{TokenFacts: facts}
		if _, err := enroll.Resolve([]enroll.Object{o}, enroll.Ref{Kind: enroll.ADEToken, Name: k.upload.Token}); err == nil && !q.Fresh {
			about.unfit, about.blind = k.fits(ctx, o, objects)
		}
		o.Facts = about
		objects[i] = o
	}
	return objects, gaps
}

func date(t time.Time) string {
	if t.IsZero() {
		return "an unknown date"
	}
	return t.UTC().Format(time.DateOnly)
}

// fits tells whether the server token is encrypted to the key of the token,
// and if it is not, to which other token's.
func (k *uploading) fits(ctx context.Context, token enroll.Object, all []enroll.Object) (unfit, blind string) {
	key, err := ReadPublicKey(ctx, k.c, token.Handles[enroll.ID])
	switch {
	case err != nil:
		return "", err.Error()
	case key.Certificate == nil:
		return "", "the service gives a bare key and no certificate"
	case k.upload.Server.IsFor(key.Certificate):
		return "", ""
	}
	for _, other := range all {
		if other.Ref == token.Ref {
			continue
		}
		if key, err := ReadPublicKey(ctx, k.c, other.Handles[enroll.ID]); err == nil && key.Certificate != nil && k.upload.Server.IsFor(key.Certificate) {
			return fmt.Sprintf("it is encrypted to the public key of token %q", other.Ref.Name), ""
		}
	}
	return "it is not encrypted to the public key that Intune has for this token: that key was made anew since, or the MDM server at Apple has another one", ""
}

// Plan sends the server token unless it is for another token.
func (k *uploading) Plan(want, have []enroll.Object, _ enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	var changes []enroll.Change
	var findings []enroll.Finding
	live := enroll.ByRef(have)
	for _, w := range want {
		h, exists := live[w.Ref]
		if !exists {
			findings = append(findings, enroll.Finding{Rule: "name-unknown", Severity: enroll.Error, On: w.Ref,
				Message: fmt.Sprintf("the tenant has no enrollment program token %q", k.upload.Token), Fix: "see which there are: intune-enroll ade token list; a new one is added in the Intune admin center, and whether there is room for it says: intune-enroll check --only X-31"})
			continue
		}
		facts, _ := h.Facts.(uploadFacts)
		say := func(severity enroll.Severity, message, fix string) {
			findings = append(findings, enroll.Finding{Rule: "X-14", Severity: severity, On: w.Ref, Origin: w.Origin, Message: message, Fix: fix})
		}
		account := cmp.Or(w.Fields.Text(pathAppleAccount), facts.AppleID)
		switch {
		case facts.unfit != "":
			say(enroll.Error, fmt.Sprintf("%s is not for token %q: %s", k.upload.File, w.Ref.Name, facts.unfit),
				fmt.Sprintf("save the key with: intune-enroll ade token public-key --token %s --out key.pem; upload it to the MDM server at Apple, download the token there, and upload that", enroll.ShellWord(w.Ref.Name)))
			continue
		case account == "":
			say(enroll.Error, "the token has no Apple Account yet", "name the one that downloaded the server token, with --apple-id")
			continue
		case facts.blind != "":
			say(enroll.Warning, "cannot tell whether the server token is for this token: "+facts.blind, "make sure that it was downloaded from the MDM server of this token")
		}
		if facts.AppleID != "" && account != facts.AppleID {
			say(enroll.Warning, fmt.Sprintf("the token was made with Apple Account %s, and this one names %s", facts.AppleID, account),
				"use the same Apple Account where it still exists; enrolled devices notice another one when they enroll again")
		}
		w.Fields = w.Fields.With(enroll.Fields{pathAppleAccount: account})
		c := enroll.Differ(w, h)
		c.After[pathAppleAccount] = account // it goes with the token, the same or not
		c.Because = nil
		c.Undo = enroll.Undo{Level: "none", Why: "Apple made the token before this one invalid when this one was downloaded"}
		changes = append(changes, c)
	}
	return changes, findings
}

// Permissions is what an upload takes.
func (*uploading) Permissions(enroll.Change) []string { return []string{graph.ServiceConfigWrite} }

// Write uploads the text of the file; where the service does not take it as it
// is, base64 of it. Which of the two it wants is not established.
func (k *uploading) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	id, err := h.Handle(ctx, c.Ref, enroll.ID)
	if err != nil {
		return nil, err
	}
	k.sent = k.c.Now().Truncate(time.Second)
	send := func(text string) error {
		_, err := k.c.Do(ctx, graph.Call{
			API: graph.Beta, Method: http.MethodPost, Path: tokenPath(id, "uploadDepToken"), Class: graph.Once, Needs: k.Permissions(c),
			Body: map[string]string{"appleId": c.After.Text(pathAppleAccount), "depToken": text},
		})
		return err
	}
	if err = send(k.upload.Server.Text); refusedBody(err) {
		if again := send(base64.StdEncoding.EncodeToString([]byte(k.upload.Server.Text))); !refusedBody(again) {
			err = again
		}
	}
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("upload %s to %s: %w", k.upload.File, c.Ref, err))
	}
	return nil, nil
}

func refusedBody(err error) bool {
	e, ok := errors.AsType[*graph.Error](err)
	return ok && e.Status == http.StatusBadRequest
}

// syncPause is how long after a sync began the next one may begin (Microsoft
// docs page on managing Apple enrollment tokens).
const syncPause = 15 * time.Minute

// NextSync is when a sync may begin; zero: now. What the service answers to an
// earlier one is not established, so none is sent.
func (f TokenFacts) NextSync(now time.Time) time.Time {
	if next := f.Triggered.Add(syncPause); !f.Triggered.IsZero() && next.After(now) {
		return next
	}
	return time.Time{}
}

// Sync asks Intune to sync a token with Apple.
func Sync(ctx context.Context, c *graph.Client, tokenID string) error {
	_, err := c.Do(ctx, graph.Call{
		API: graph.Beta, Method: http.MethodPost, Path: tokenPath(tokenID, "syncWithAppleDeviceEnrollmentProgram"), Class: graph.Once, Needs: []string{graph.ServiceConfigWrite},
	})
	return err
}

// ReadToken reads one token afresh.
func ReadToken(ctx context.Context, c *graph.Client, tokenID string) (TokenFacts, error) {
	raw, err := graph.Get[json.RawMessage](ctx, c, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: tokenPath(tokenID), Needs: []string{graph.ServiceConfigRead}})
	if err != nil {
		return TokenFacts{}, err
	}
	w, err := decodeToken(raw)
	if err != nil {
		return TokenFacts{}, err
	}
	return w.facts(), nil
}
