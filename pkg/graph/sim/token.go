package sim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// identity is who a token speaks for.
type identity struct {
	app         bool
	permissions []string
}

type claims struct {
	Audience string   `json:"aud"`
	Issuer   string   `json:"iss"`
	Issued   int64    `json:"iat"`
	From     int64    `json:"nbf"`
	Expires  int64    `json:"exp"`
	Tenant   string   `json:"tid"`
	App      string   `json:"appid"`
	AppName  string   `json:"app_displayname"`
	Object   string   `json:"oid"`
	Roles    []string `json:"roles,omitempty"`
	Scopes   string   `json:"scp,omitempty"`
	UPN      string   `json:"upn,omitempty"`
	Kind     string   `json:"idtyp"`
	Version  string   `json:"ver"`
}

// AccessToken issues a token for a Graph endpoint ("http://127.0.0.1:1234"), as the application or, delegated, as its
// signed-in user. It saves tests that are not about signing in the way over the token endpoint.
func (s *Simulator) AccessToken(audience string, delegated bool) string {
	now := s.options.Now()
	c := claims{
		Audience: audience, Issuer: "https://sts.windows.net/" + tenantID + "/", Issued: now.Unix(), From: now.Unix(), Expires: now.Add(s.options.TokenLife).Unix(),
		Tenant: tenantID, App: clientID, AppName: "intune-enroll", Object: guid("principal"), Version: "1.0",
	}
	if delegated {
		c.Kind, c.Scopes, c.UPN, c.Object = "user", strings.Join(s.options.Permissions, " "), adminUPN, guid("admin")
	} else {
		c.Kind, c.Roles = "app", s.options.Permissions
	}
	return s.sign(c)
}

const adminUPN = "admin@contoso.com"

// sign makes a JWT. The signature is the simulator's own: nothing but itself has to verify it.
func (s *Simulator) sign(payload any) string {
	body, err := json.Marshal(payload)
	if err != nil {
		panic(err) //nolint:forbidigo // structs of strings and numbers always encode
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + base64.RawURLEncoding.EncodeToString(body)
	return text + "." + s.signature(text)
}

func (s *Simulator) signature(text string) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// authenticate reads the Authorization header.
func (s *Simulator) authenticate(header, audience string, now time.Time) (*identity, error) {
	no := func(message string) error {
		return refusePlain(http.StatusUnauthorized, "InvalidAuthenticationToken", "%s", message)
	}
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || token == "" {
		return nil, no("Access token is empty.")
	}
	text, mac, ok := cutLast(token, ".")
	if !ok || !hmac.Equal([]byte(mac), []byte(s.signature(text))) {
		return nil, no("Access token validation failure. Signature is invalid.")
	}
	var c claims
	if _, payload, ok := strings.Cut(text, "."); ok {
		raw, err := base64.RawURLEncoding.DecodeString(payload)
		if err == nil {
			err = json.Unmarshal(raw, &c)
		}
		if err != nil {
			return nil, no("CompactToken parsing failed.")
		}
	}
	switch {
	case now.Unix() >= c.Expires:
		return nil, no("Lifetime validation failed, the token is expired.")
	case c.Audience != audience:
		return nil, no("Access token validation failure. Invalid audience.")
	case c.Tenant != tenantID:
		return nil, no("Access token validation failure. Invalid issuer.")
	}
	if c.Kind == "app" {
		return &identity{app: true, permissions: c.Roles}, nil
	}
	return &identity{permissions: slices.Sorted(strings.FieldsSeq(c.Scopes))}, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
