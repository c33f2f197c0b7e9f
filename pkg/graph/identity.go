package graph

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// Identity is who is signed in, by the claims of the access token.
type Identity struct {
	TenantID, ClientID string
	Name               string   // user principal name, or the application's display name
	App                bool     // an application (roles), not a user (scp)
	Permissions        []string // sorted
	Expires            time.Time
	Opaque             bool // the token could not be decoded: the rest is unknown
}

// Identity signs in and decodes the access token. The token is not verified:
// it is our own, fresh from the token service, and decides nothing but what we
// say about ourselves (claims: Microsoft docs page on access token claims).
func (c *Client) Identity(ctx context.Context) (Identity, error) {
	token, err := c.credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.cloud.Scope()}, EnableCAE: true})
	if err != nil {
		return Identity{}, signInError(ctx, err)
	}
	return identity(token.Token, token.ExpiresOn), nil
}

func identity(token string, expires time.Time) Identity {
	opaque := Identity{Expires: expires, Opaque: true}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return opaque
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return opaque
	}
	var claims struct {
		Tenant      string   `json:"tid"`
		App         string   `json:"appid"`
		Party       string   `json:"azp"`
		AppName     string   `json:"app_displayname"`
		UPN         string   `json:"upn"`
		Preferred   string   `json:"preferred_username"`
		UniqueName  string   `json:"unique_name"`
		Type        string   `json:"idtyp"`
		Roles       []string `json:"roles"`
		Delegated   string   `json:"scp"`
		ExpiresUnix float64  `json:"exp"`
	}
	if json.Unmarshal(raw, &claims) != nil || claims.Tenant == "" {
		return opaque
	}
	id := Identity{TenantID: claims.Tenant, ClientID: cmp.Or(claims.App, claims.Party), Expires: expires}
	if id.Expires.IsZero() && claims.ExpiresUnix > 0 {
		id.Expires = time.Unix(int64(claims.ExpiresUnix), 0)
	}
	id.App = claims.Type == "app" || claims.Type == "" && claims.Delegated == ""
	if id.App {
		id.Name, id.Permissions = clean(claims.AppName), claims.Roles
	} else {
		id.Name, id.Permissions = clean(cmp.Or(claims.UPN, claims.Preferred, claims.UniqueName, claims.AppName)), strings.Fields(claims.Delegated)
	}
	id.Permissions = slices.Sorted(slices.Values(id.Permissions))
	return id
}
