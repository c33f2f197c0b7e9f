package graph

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// canary stands in for every secret: it must turn up nowhere.
const canary = "canary-7f3a9c"

// tokens is a credential that gives the same token and remembers the claims it
// was asked for.
type tokens struct {
	mu     sync.Mutex
	claims []string
	err    error
}

func (k *tokens) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.claims = append(k.claims, o.Claims)
	return azcore.AccessToken{Token: canary}, k.err
}

// bench is a service under a non-empty base path and a client of it whose
// clock moves only when the client sleeps.
type bench struct {
	*Client
	url    string // of the endpoint, base path included
	tokens *tokens
	mu     sync.Mutex
	waits  []time.Duration
	time   time.Time
}

func newBench(t *testing.T, service http.HandlerFunc, change ...func(*Options)) *bench {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/tenant/base/", http.StripPrefix("/tenant/base", service))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	b := &bench{url: server.URL + "/tenant/base", tokens: &tokens{}, time: time.Now()}
	o := Options{Cloud: Cloud{Name: custom, GraphEndpoint: b.url, AuthorityHost: "https://127.0.0.1"}, Credential: b.tokens}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	c.now = func() time.Time {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.time
	}
	c.sleep = func(ctx context.Context, d time.Duration) error {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.waits = append(b.waits, d)
		b.time = b.time.Add(d)
		return ctx.Err()
	}
	c.jitter = func(most time.Duration) time.Duration { return most }
	b.Client = c
	return b
}

// script answers the nth request with the nth handler, and the last one for ever.
func script(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[min(n, len(handlers)-1)]
		n++
		mu.Unlock()
		h(w, r)
	}
}

// answer is a handler that gives a status and a body; pairs are headers.
func answer(status int, body string, pairs ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(pairs); i += 2 {
			w.Header().Set(pairs[i], pairs[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// drop closes the connection without an answer.
func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// read is the call most tests make.
func read() Call {
	return Call{API: Beta, Method: http.MethodGet, Path: "/deviceManagement/depOnboardingSettings", Needs: []string{"DeviceManagementServiceConfig.Read.All"}}
}

// with gives a call of a class.
func with(method string, class Class) Call {
	return Call{API: Beta, Method: method, Path: "/groups", Class: class, Body: map[string]any{"displayName": "iPads"}}
}
