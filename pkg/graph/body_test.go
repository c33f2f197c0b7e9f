package graph

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// short declares more than it gives, so that the body is cut.
func short(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"value":[`))
}

func TestUnusableAnswers(t *testing.T) {
	page := answer(200, "<!DOCTYPE html><title>Sign in to\x1b[2J the network</title>", "Content-Type", "text/html; charset=utf-8")
	endless := func(w http.ResponseWriter, _ *http.Request) {
		chunk := []byte(strings.Repeat(" ", 1<<20))
		for range 34 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	for _, tt := range []struct {
		name     string
		service  http.HandlerFunc
		class    Class
		requests int32
		lost     bool
		want     string
	}{
		{"read cut", short, Read, 5, false, "the answer was cut"},
		{"create cut", short, Create, 1, true, "the answer was cut"},
		{"merge cut", short, Merge, 1, true, "the answer was cut"},
		{"not JSON", answer(200, `{"value":`), Create, 1, true, "the body is not JSON"},
		{"page of a network", page, Read, 1, false, "an HTML page instead of JSON: Sign in to[2J the network"},
		{"page for a write", page, Create, 1, true, "an HTML page"},
		{"too large", endless, Read, 1, false, "larger than accepted (32 MiB)"},
		{"redirect", answer(302, "", "Location", "https://contoso.com/"), Read, 1, false, "302 Found"},
		{"page with 502", answer(502, "<html><title>Bad gateway</title>", "Content-Type", "text/html"), Read, 5, false, "502 Bad Gateway: an HTML page instead of JSON: Bad gateway"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int32
			b := newBench(t, func(w http.ResponseWriter, r *http.Request) { n.Add(1); tt.service(w, r) })
			_, err := b.Do(t.Context(), with(http.MethodPost, tt.class))
			e, ok := errors.AsType[*Error](err)
			if !ok || !strings.Contains(e.Error(), tt.want) || e.Do() == "" {
				t.Fatalf("got %v, do %q", err, e.Do())
			}
			if n.Load() != tt.requests || IsLost(err) != tt.lost || Unreachable(err) || IsNotFound(err) || IsDenied(err) {
				t.Errorf("%d requests, lost %t", n.Load(), IsLost(err))
			}
		})
	}
}

func TestUsableAnswers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		service http.HandlerFunc
		want    string
	}{
		{"no content", answer(204, ""), ""},
		{"empty 200", answer(200, ""), ""},
		{"a count with a byte order mark", answer(200, "\uFEFF42", "Content-Type", "text/plain"), "42"},
		{"no content type", answer(200, `{"id":"1"}`, "Content-Type", ""), `{"id":"1"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := newBench(t, tt.service).Do(t.Context(), read())
			if err != nil || string(a.Body) != tt.want {
				t.Errorf("got %q, %v", a.Body, err)
			}
		})
	}
}

func TestErrorBodyIsBounded(t *testing.T) {
	b := newBench(t, answer(404, strings.Repeat("x", 1<<20)))
	_, err := b.Do(t.Context(), read())
	if !IsNotFound(err) || len(err.Error()) > 2*longest {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func TestAttemptHasATimeLimitOfItsOwn(t *testing.T) {
	stop := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stop }))
	t.Cleanup(func() { close(stop); server.Close() })
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = bound(http.DefaultTransport, time.Millisecond).RoundTrip(r)
	w, ok := errors.AsType[*wireError](err)
	if !ok || !errors.Is(err, errTimeout) {
		t.Fatalf("got %v", err)
	}
	if e := (&Error{Class: Read, Sent: w.sent, Err: err}); !repeatable(e) {
		t.Error("an attempt out of time is not repeated")
	}
}
