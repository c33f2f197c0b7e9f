package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// outcome is what a test sees of a call that failed.
type outcome struct {
	Requests int
	Status   int
	Lost     bool
}

func TestRetryByClassAndStatus(t *testing.T) {
	all := []int{400, 401, 403, 404, 409, 412, 429, 500, 501, 502, 503, 504}
	passing := map[int]bool{429: true, 500: true, 502: true, 503: true, 504: true}
	for _, tt := range []struct {
		class  Class
		method string
		repeat func(status int) bool
	}{
		{Read, http.MethodGet, func(s int) bool { return passing[s] }},
		{Put, http.MethodPatch, func(s int) bool { return passing[s] }},
		{Put, http.MethodDelete, func(s int) bool { return passing[s] }},
		{Put, http.MethodPost, func(s int) bool { return passing[s] }},
		{Merge, http.MethodPut, func(int) bool { return false }},
		{Create, http.MethodPost, func(s int) bool { return s == 429 }},
		{Once, http.MethodPost, func(s int) bool { return s == 429 }},
	} {
		for _, status := range all {
			t.Run(fmt.Sprintf("class %d %s %d", tt.class, tt.method, status), func(t *testing.T) {
				var n atomic.Int32
				b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
					n.Add(1)
					answer(status, `{"error":{"code":"c","message":"m"}}`)(w, r)
				})
				_, err := b.Do(t.Context(), with(tt.method, tt.class))
				e, ok := errors.AsType[*Error](err)
				if !ok {
					t.Fatalf("got %v", err)
				}
				want := outcome{Requests: 1, Status: status}
				if tt.repeat(status) {
					want.Requests = attempts
				}
				want.Lost = tt.class != Read && passing[status] && status != 429
				if diff := cmp.Diff(want, outcome{int(n.Load()), e.Status, IsLost(err)}); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestRetrySucceedsWithTheSameBody(t *testing.T) {
	var mu sync.Mutex // a dropped attempt orders nothing between its connection and the next one
	var bodies []string
	note := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			raw, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			bodies = append(bodies, string(raw)+" "+r.Header.Get("client-request-id"))
			mu.Unlock()
			h(w, r)
		}
	}
	b := newBench(t, script(note(answer(503, "")), note(drop), note(answer(429, "")), note(answer(200, `{"id":"1"}`))))
	a, err := b.Do(t.Context(), with(http.MethodPatch, Put))
	if err != nil || string(a.Body) != `{"id":"1"}` {
		t.Fatal(a, err)
	}
	mu.Lock()
	defer mu.Unlock()
	ids := map[string]bool{}
	for _, s := range bodies {
		body, id, _ := strings.Cut(s, " ")
		if body != `{"displayName":"iPads"}` {
			t.Errorf("body %q", body)
		}
		ids[id] = true
	}
	if len(ids) != 4 {
		t.Errorf("%d ids for 4 attempts", len(ids))
	}
	if diff := cmp.Diff([]time.Duration{backoff, 2 * backoff, 4 * backoff}, b.waits); diff != "" {
		t.Error(diff)
	}
}

func TestRetryAfter(t *testing.T) {
	date := func(d time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			answer(429, "", "Retry-After", time.Now().Add(d).UTC().Format(http.TimeFormat))(w, r)
		}
	}
	nested := func(v string) http.HandlerFunc {
		return answer(429, `{"error":{"code":"TooManyRequests","message":"{\"Message\":\"slow down\",\"RetryAfter\":`+v+`}"}}`)
	}
	for _, tt := range []struct {
		name     string
		first    http.HandlerFunc
		min, max time.Duration
	}{
		{"seconds", answer(429, "", "Retry-After", "7"), 7 * time.Second, 7 * time.Second},
		{"date", date(30 * time.Second), 25 * time.Second, 30 * time.Second},
		{"date gone by", date(-time.Hour), backoff, backoff},
		{"nested number", nested("9"), 9 * time.Second, 9 * time.Second},
		{"nested string", nested(`\"11\"`), 11 * time.Second, 11 * time.Second},
		{"nested null", nested("null"), backoff, backoff},
		{"absent", answer(429, ""), backoff, backoff},
		{"nonsense", answer(429, "", "Retry-After", "soon"), backoff, backoff},
		{"negative", answer(429, "", "Retry-After", "-5"), backoff, backoff},
		{"not a number", answer(429, "", "Retry-After", "NaN"), backoff, backoff},
		{"on 503", answer(503, "", "Retry-After", "3"), 3 * time.Second, 3 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, script(tt.first, answer(200, "{}")))
			if _, err := b.Do(t.Context(), read()); err != nil {
				t.Fatal(err)
			}
			if len(b.waits) != 1 || b.waits[0] < tt.min || b.waits[0] > tt.max {
				t.Errorf("waited %v, want one of %s to %s", b.waits, tt.min, tt.max)
			}
		})
	}
}

func TestRetryGivesUpInsteadOfWaitingTooLong(t *testing.T) {
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for _, tt := range []struct {
		name, after string
		ctx         context.Context
		want        string
	}{
		{"longer than this run waits", "600", t.Context(), "asks to wait 10m0s, more than the 1m0s"},
		{"beyond any duration", "1e300", t.Context(), "asks to wait 24h0m0s"},
		{"after the end of the run", "30", soon, "after the end of this run's time"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, answer(429, "", "Retry-After", tt.after))
			_, err := b.Do(tt.ctx, read())
			e, ok := errors.AsType[*Error](err)
			if !ok || !strings.Contains(e.Error(), tt.want) || e.Do() == "" || len(b.waits) != 0 {
				t.Errorf("got %v after waits %v", err, b.waits)
			}
		})
	}
}

func TestRetryAfterHoldsEveryRequest(t *testing.T) {
	b := newBench(t, script(answer(429, "", "Retry-After", "12"), answer(200, "{}")))
	if _, err := b.Do(t.Context(), with(http.MethodPost, Merge)); err == nil {
		t.Fatal("a merge was repeated")
	}
	if _, err := b.Do(t.Context(), read()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Duration{12 * time.Second}, b.waits); diff != "" {
		t.Error(diff)
	}
}

func TestWritesAreThrottled(t *testing.T) {
	b := newBench(t, answer(200, "{}"))
	for range writes + 10 {
		if _, err := b.Do(t.Context(), with(http.MethodPatch, Put)); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Do(t.Context(), read()); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.waits) != 10 {
		t.Errorf("waited %d times for 10 writes over the limit", len(b.waits))
	}
	soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := b.Do(soon, with(http.MethodPatch, Put))
	if !errors.Is(err, context.DeadlineExceeded) || IsLost(err) {
		t.Errorf("got %v", err)
	}
}

func TestConnectionErrors(t *testing.T) {
	const nobody = "http://127.0.0.1:1" // a port that was free a moment ago may be the next server's
	for _, tt := range []struct {
		name     string
		class    Class
		before   bool // no connection at all
		requests int32
		waits    int
		lost     bool
	}{
		{"read, nobody there", Read, true, 0, 4, false},
		{"put, nobody there", Put, true, 0, 4, false},
		{"merge, nobody there", Merge, true, 0, 0, false},
		{"create, nobody there", Create, true, 0, 4, false},
		{"once, nobody there", Once, true, 0, 4, false},
		{"read, cut after it was sent", Read, false, 5, 4, false},
		{"put, cut after it was sent", Put, false, 5, 4, true},
		{"merge, cut after it was sent", Merge, false, 1, 0, true},
		{"create, cut after it was sent", Create, false, 1, 0, true},
		{"once, cut after it was sent", Once, false, 1, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int32
			b := newBench(t, func(w http.ResponseWriter, r *http.Request) { n.Add(1); drop(w, r) }, func(o *Options) {
				if tt.before {
					o.Cloud.GraphEndpoint = nobody
				}
				// One connection per request, so that the transport itself never repeats.
				o.Base = &http.Transport{DisableKeepAlives: true}
			})
			_, err := b.Do(t.Context(), with(http.MethodPost, tt.class))
			if n.Load() != tt.requests || len(b.waits) != tt.waits || IsLost(err) != tt.lost || !Unreachable(err) {
				t.Errorf("%d requests, %d waits, lost %t, unreachable %t: %v", n.Load(), len(b.waits), IsLost(err), Unreachable(err), err)
			}
		})
	}
}

// An earlier attempt that may have been acted on is not forgotten when a later
// one cannot even connect.
func TestLostStaysLost(t *testing.T) {
	first := true
	base := step(func(r *http.Request) (*http.Response, error) {
		if first {
			first = false
			return nil, errors.New("reset") // tells nothing: may have been sent
		}
		return (&http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("no route")
		}}).RoundTrip(r)
	})
	b := newBench(t, answer(200, "{}"), func(o *Options) { o.Base = base })
	_, err := b.Do(t.Context(), with(http.MethodPatch, Put))
	if !IsLost(err) {
		t.Errorf("got %v", err)
	}
}

func TestInterruptEndsTheWait(t *testing.T) {
	b := newBench(t, answer(503, ""))
	ctx, cancel := context.WithCancel(t.Context())
	b.Client.sleep = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	_, err := b.Do(ctx, read())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	_, err = b.Do(ctx, with(http.MethodPost, Create))
	if !errors.Is(err, context.Canceled) || IsLost(err) || Unreachable(err) {
		t.Errorf("an interrupted run sent something: %v", err)
	}
}

func TestInterruptOfAWriteOnItsWayIsLost(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := newBench(t, func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil { // or the server does not notice the end
			t.Error(err)
		}
		cancel()
		<-r.Context().Done()
	})
	_, err := b.Do(ctx, with(http.MethodPost, Create))
	if !errors.Is(err, context.Canceled) || !IsLost(err) {
		t.Errorf("got %v", err)
	}
}

func TestRealSleepEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := Sleep(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
}

func TestFullJitterStaysWithinItsCeiling(t *testing.T) {
	for range 1000 {
		if d := fullJitter(time.Second); d < 0 || d > time.Second {
			t.Fatal(d)
		}
	}
}
