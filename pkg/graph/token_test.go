package graph

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClaimsChallengeIsAnsweredOnce(t *testing.T) {
	claims := `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`
	bearer := `Bearer realm="", authorization_uri="https://contoso.com/authorize", error="insufficient_claims", claims="`
	std := base64.StdEncoding.EncodeToString([]byte(claims))
	for _, tt := range []struct {
		name      string
		challenge string
		again     int // status of the second answer
		want      []string
		requests  int32
		signIn    bool
	}{
		{"accepted", bearer + std + `"`, 200, []string{"", claims}, 2, false},
		{"without padding", bearer + strings.TrimRight(std, "=") + `"`, 200, []string{"", claims}, 2, false},
		{"refused again", bearer + std + `"`, 401, []string{"", claims}, 2, true},
		{"no claims", `Bearer realm=""`, 200, []string{""}, 1, true},
		{"claims without quotes", `Bearer claims=abc`, 200, []string{""}, 1, true},
		{"claims cut", `Bearer claims="abc`, 200, []string{""}, 1, true},
		{"claims not base64", `Bearer claims="%%%"`, 200, []string{""}, 1, true},
		{"another scheme", `Basic claims="` + std + `"`, 200, []string{""}, 1, true},
		{"none", "", 200, []string{""}, 1, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int32
			b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
				if n.Add(1) == 1 {
					answer(401, `{"error":{"code":"InvalidAuthenticationToken","message":"revoked"}}`, "WWW-Authenticate", tt.challenge)(w, r)
					return
				}
				answer(tt.again, "{}", "WWW-Authenticate", tt.challenge)(w, r)
			})
			_, err := b.Do(t.Context(), with(http.MethodPost, Create))
			if diff := cmp.Diff(tt.want, b.tokens.claims); diff != "" || n.Load() != tt.requests || IsSignIn(err) != tt.signIn || IsLost(err) {
				t.Errorf("%d requests, %v\n%s", n.Load(), err, diff)
			}
		})
	}
}

func TestTokenGoesToTheCloudsHostOnly(t *testing.T) {
	b := newBench(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for _, address := range []string{"https://graph.contoso.com/x", "http://127.0.0.1:1/x", strings.Replace(b.url, "http:", "https:", 1)} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.send(t.Context(), read(), u)
		if err == nil || !strings.Contains(err.Error(), "no token for") || len(b.tokens.claims) != 0 || len(b.waits) != 0 {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestSameHost(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"https://graph.microsoft.com", "https://graph.microsoft.com:443/beta", true},
		{"https://graph.microsoft.com", "https://GRAPH.microsoft.com", true},
		{"https://graph.microsoft.com", "http://graph.microsoft.com", false},
		{"https://graph.microsoft.com", "https://graph.microsoft.com.contoso.com", false},
		{"https://graph.microsoft.com", "https://graph.microsoft.us", false},
		{"http://127.0.0.1:1", "http://127.0.0.1:2", false},
	} {
		t.Run(tt.b, func(t *testing.T) {
			a, err := url.Parse(tt.a)
			if err != nil {
				t.Fatal(err)
			}
			b, err := url.Parse(tt.b)
			if err != nil {
				t.Fatal(err)
			}
			if got := sameHost(a, b); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func TestCredentialWithoutAToken(t *testing.T) {
	b := newBench(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	b.tokens.err = errors.New("no")
	_, err := b.Do(t.Context(), with(http.MethodPost, Create))
	if !IsSignIn(err) || IsLost(err) || Unreachable(err) || len(b.tokens.claims) != 1 {
		t.Errorf("got %v", err)
	}
	if _, err := b.Identity(t.Context()); !IsSignIn(err) {
		t.Errorf("got %v", err)
	}
}
