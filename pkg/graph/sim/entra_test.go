package sim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// post sends a form to the token endpoint.
func post(t *testing.T, s *Server, path string, form url.Values) (int, object) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.AuthorityURL+"/"+s.TenantID+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := clientOptions(t, s).Transport.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var body object
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, body
}

// assertion makes an unsigned client assertion.
func assertion(t *testing.T, audience, subject string, expires time.Time) string {
	t.Helper()
	payload, err := json.Marshal(object{"aud": audience, "sub": subject, "exp": expires.Unix()})
	if err != nil {
		t.Fatal(err)
	}
	return "e30." + base64.RawURLEncoding.EncodeToString(payload) + ".c2ln"
}

func TestTokenGrants(t *testing.T) {
	s := start(t, Options{})
	scope := s.GraphURL + "/.default"
	endpoint := s.AuthorityURL + "/" + s.TenantID + "/oauth2/v2.0/token"
	assert := func(token string) url.Values {
		return url.Values{"grant_type": {"client_credentials"}, "client_id": {s.ClientID}, "scope": {scope}, "client_assertion": {token},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}}
	}
	tests := []struct {
		name string
		form url.Values
		want string // "": a token
	}{
		{"secret", url.Values{"grant_type": {"client_credentials"}, "client_id": {s.ClientID}, "client_secret": {s.Secret}, "scope": {scope}}, ""},
		{"no scope", url.Values{"grant_type": {"client_credentials"}, "client_id": {s.ClientID}, "client_secret": {s.Secret}}, "AADSTS70011"},
		{"wrong secret", url.Values{"grant_type": {"client_credentials"}, "client_id": {s.ClientID}, "client_secret": {"x"}, "scope": {scope}}, "AADSTS7000215"},
		{"another client", url.Values{"grant_type": {"client_credentials"}, "client_id": {"x"}}, "AADSTS700016"},
		{"certificate's assertion", assert(assertion(t, endpoint, "x", now.Add(time.Minute))), ""},
		{"federated assertion", assert(assertion(t, "api://AzureADTokenExchange", "x", now.Add(time.Minute))), ""},
		{"expired assertion", assert(assertion(t, endpoint, "x", now)), "AADSTS700027"},
		{"assertion for another", assert(assertion(t, "https://contoso.com", "x", now.Add(time.Minute))), "AADSTS700027"},
		{"assertion of nobody", assert(assertion(t, endpoint, "", now.Add(time.Minute))), "AADSTS700027"},
		{"no assertion at all", assert("x"), "AADSTS700027"},
		{"unknown grant", url.Values{"grant_type": {"password"}, "client_id": {s.ClientID}}, "AADSTS70003"},
		{"unknown device code", url.Values{"grant_type": {"device_code"}, "client_id": {s.ClientID}, "device_code": {"x"}}, "AADSTS70020"},
		{"unknown code", url.Values{"grant_type": {"authorization_code"}, "client_id": {s.ClientID}, "code": {"x"}}, "AADSTS70008"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, body := post(t, s, "/oauth2/v2.0/token", test.form)
			text, _ := body["error_description"].(string)
			if (status == 200) != (test.want == "") || !strings.HasPrefix(text, test.want) {
				t.Fatalf("status %d: %v", status, body)
			}
			if status == 200 {
				send(t, s, body["access_token"].(string), "GET", "/v1.0/organization", "").want(t, 200)
			}
		})
	}
}

// TestAuthorizationCode: the browser is sent back at once, and the code works once, with its verifier only.
func TestAuthorizationCode(t *testing.T) {
	s := start(t, Options{})
	const verifier, back = "verifier-of-this-test", "http://localhost:1234/"
	sum := sha256.Sum256([]byte(verifier))
	visit := func(client, redirect string) (*url.URL, int) {
		t.Helper()
		q := url.Values{"client_id": {client}, "redirect_uri": {redirect}, "state": {"s"}, "scope": {"openid " + s.GraphURL + "/.default"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}
		browser := *clientOptions(t, s).Transport.(*http.Client)
		browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.AuthorityURL+"/"+s.TenantID+"/oauth2/v2.0/authorize?"+q.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := browser.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		to, err := res.Location()
		if err != nil && !errors.Is(err, http.ErrNoLocation) {
			t.Fatal(err)
		}
		return to, res.StatusCode
	}
	if _, status := visit(s.ClientID, "https://contoso.com/"); status != 400 {
		t.Errorf("redirects to another host: %d", status)
	}
	if _, status := visit("x", back); status != 400 {
		t.Errorf("accepts another client: %d", status)
	}
	for _, test := range []struct {
		verifier string
		status   int
	}{{"wrong", 400}, {verifier, 200}} {
		to, _ := visit(s.ClientID, back)
		if to == nil || to.Query().Get("state") != "s" {
			t.Fatalf("sent to %v", to)
		}
		form := url.Values{"grant_type": {"authorization_code"}, "client_id": {s.ClientID}, "code": {to.Query().Get("code")}, "redirect_uri": {back}, "code_verifier": {test.verifier}}
		if status, body := post(t, s, "/oauth2/v2.0/token", form); status != test.status {
			t.Errorf("verifier %s: status %d %v", test.verifier, status, body)
		}
		if status, _ := post(t, s, "/oauth2/v2.0/token", form); status != 400 {
			t.Errorf("the code worked twice")
		}
	}
}
