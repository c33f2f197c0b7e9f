package graph

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// authorized adds the token, and only for the chosen cloud's own host. When
// the service revokes a token in between and says what it wants (continuous
// access evaluation, Microsoft docs page on claims challenges), the credential
// is asked once with those claims; a 401 has changed nothing, so this is safe
// for every class.
func (c *Client) authorized(next http.RoundTripper, credential azcore.TokenCredential) http.RoundTripper {
	return step(func(r *http.Request) (*http.Response, error) {
		if !sameHost(r.URL, c.endpoint) {
			return nil, fmt.Errorf("no token for %s: it is not the host of cloud %s (%s)", r.URL.Host, c.cloud.Name, c.endpoint.Host)
		}
		resp, err := c.withToken(next, r, credential, "")
		if err != nil || resp.StatusCode != http.StatusUnauthorized {
			return resp, err
		}
		claims := challenge(resp.Header)
		if claims == "" {
			return resp, nil
		}
		if err := resp.Body.Close(); err != nil {
			return nil, err
		}
		return c.withToken(next, r, credential, claims)
	})
}

func (c *Client) withToken(next http.RoundTripper, r *http.Request, credential azcore.TokenCredential, claims string) (*http.Response, error) {
	token, err := credential.GetToken(r.Context(), policy.TokenRequestOptions{
		Scopes: []string{c.cloud.Scope()}, EnableCAE: true, Claims: claims,
	})
	if err != nil {
		return nil, signInError(r.Context(), err)
	}
	out := r.Clone(r.Context())
	out.Header.Set("Authorization", "Bearer "+token.Token)
	return next.RoundTrip(out)
}

// challenge takes the claims out of a WWW-Authenticate header: base64 of JSON.
func challenge(h http.Header) string {
	for _, v := range h.Values("WWW-Authenticate") {
		scheme, rest, _ := strings.Cut(strings.TrimSpace(v), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			continue
		}
		_, rest, ok := strings.Cut(rest, `claims="`)
		if !ok {
			continue
		}
		value, _, ok := strings.Cut(rest, `"`)
		if !ok {
			continue
		}
		enc := base64.StdEncoding
		if strings.ContainsAny(value, "-_") {
			enc = base64.URLEncoding
		}
		if len(value)%4 != 0 {
			enc = enc.WithPadding(base64.NoPadding)
		}
		if raw, err := enc.DecodeString(value); err == nil {
			return string(raw)
		}
	}
	return ""
}
