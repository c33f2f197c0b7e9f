package sim

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const newGroup = `{"displayName":"x","mailEnabled":false,"mailNickname":"x","securityEnabled":true}`

// TestFaults: what the client sees, and whether the service acted.
func TestFaults(t *testing.T) {
	tests := []struct {
		name   string
		fault  Fault
		status int // 0: the connection fails
		acted  bool
		text   string
		killed bool
	}{
		{"drop before", Fault{Do: "drop-before"}, 0, false, "", false},
		{"drop after", Fault{Do: "drop-after"}, 0, true, "", false},
		{"status", Fault{Do: "status", Status: 503}, 503, false, "ServiceUnavailable", false},
		{"status with body", Fault{Do: "status", Status: 500, Body: `{"error":{}}`}, 500, false, `{"error":{}}`, false},
		{"ignored write", Fault{Do: "ignore-write"}, 201, false, `"displayName":"x"`, false},
		{"HTML", Fault{Do: "html"}, 502, false, "<html>", false},
		{"HTML of a portal", Fault{Do: "html", Status: 200}, 200, false, "<html>", false},
		{"cut body", Fault{Do: "cut-body"}, 0, true, "", false},
		{"kill", Fault{Do: "kill"}, 0, false, "", true},
		{"kill after", Fault{Do: "kill-after"}, 0, true, "", true},
		{"delay", Fault{Do: "delay", Delay: time.Microsecond}, 201, true, "", false},
		{"unknown", Fault{Do: "dance"}, 501, false, "dance", false},
		{"by path", Fault{Match: "POST /gro", Do: "html"}, 502, false, "", false},
		{"by whole path", Fault{Match: "POST /groups$", Do: "html"}, 502, false, "", false},
		{"another path", Fault{Match: "POST /groups/", Do: "html"}, 201, true, "", false},
		{"another method", Fault{Match: "GET /groups", Do: "html"}, 201, true, "", false},
		{"later", Fault{At: 2, Do: "html"}, 201, true, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			killed := false
			s := start(t, Options{Faults: []Fault{test.fault}, OnKill: func() { killed = true }, Lag: -1})
			before := string(s.State())
			r, err := trySend(t, s, s.AccessToken(s.GraphURL, false), "POST", "/v1.0/groups", newGroup)
			if (err != nil) != (test.status == 0) || r.status != test.status && err == nil {
				t.Fatalf("status %d, error %v, want %d", r.status, err, test.status)
			}
			got := []any{string(s.State()) != before, strings.Contains(r.text, test.text), killed}
			if diff := cmp.Diff([]any{test.acted, true, test.killed}, got); diff != "" {
				t.Errorf("acted, text, killed -want +got:\n%s%s", diff, r.text)
			}
		})
	}
}

func TestFaultSchedule(t *testing.T) {
	s := start(t, Options{Faults: []Fault{
		{Match: "GET /groups/*/owners", Times: 2, Do: "status", Status: 429, RetryAfter: "3"},
		{At: 4, Do: "status", Status: 500},
	}})
	group := "/v1.0/groups/" + named(t, s, "/v1.0/groups", "All staff") // request 1
	var got []int
	for range 4 {
		r := ask(t, s, "GET", group+"/owners", "")
		got = append(got, r.status)
		if r.status == 429 && r.header.Get("Retry-After") != "3" {
			t.Error("no Retry-After")
		}
	}
	if diff := cmp.Diff([]int{429, 429, 500, 200}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	s.SetFaults([]Fault{{Do: "status", Status: 503}})
	ask(t, s, "GET", "/v1.0/organization", "").want(t, 503)
	ask(t, s, "GET", "/v1.0/organization", "").want(t, 200)
}

// TestDelayEndsWithTheClient: a client that gives up during a delay has had nothing done.
func TestDelayEndsWithTheClient(t *testing.T) {
	s := start(t, Options{Faults: []Fault{{Do: "delay", Delay: time.Hour}}})
	before := string(s.State())
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.GraphURL+"/v1.0/groups", strings.NewReader(newGroup))
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan error)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			err = errors.Join(errors.New("an answer came"), res.Body.Close())
		}
		over <- err
	}()
	for len(s.Requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	for s.Requests()[0].End.IsZero() {
		time.Sleep(time.Millisecond)
	}
	if string(s.State()) != before {
		t.Error("the tenant changed")
	}
}

func TestWaves(t *testing.T) {
	at := func(ms int) time.Time { return now.Add(time.Duration(ms) * time.Millisecond) }
	get := func(path, query string, status, from, to int) *entry {
		return &entry{Request: Request{Method: "GET", API: v1, Path: path, Query: query, Status: status, Start: at(from), End: at(to)}, pushback: status == 429}
	}
	tests := []struct {
		name string
		log  []*entry
		want int
	}{
		{"none", nil, 0},
		{"side by side", []*entry{get("/a", "", 200, 0, 10), get("/b", "", 200, 1, 9), get("/c", "", 200, 2, 12)}, 1},
		{"one after the other", []*entry{get("/a", "", 200, 0, 10), get("/b", "", 200, 11, 20), get("/c", "", 200, 21, 30)}, 3},
		{"two chains", []*entry{get("/a", "", 200, 0, 10), get("/b", "", 200, 0, 30), get("/c", "", 200, 11, 20)}, 2},
		{"pages are one", []*entry{get("/a", "", 200, 0, 10), get("/a", "%24skiptoken=x", 200, 11, 20), get("/b", "", 200, 21, 30)}, 2},
		{"a retry is not counted", []*entry{get("/a", "", 429, 0, 10), get("/c", "", 200, 0, 10), get("/a", "", 200, 20, 30)}, 1},
		{"but what follows it is", []*entry{get("/a", "", 429, 0, 10), get("/a", "", 429, 20, 30), get("/a", "", 200, 40, 50), get("/b", "", 200, 60, 70)}, 2},
		{"under way", []*entry{{Request: Request{Start: at(0)}}}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := (&Simulator{log: test.log}).Waves(); got != test.want {
				t.Errorf("%d waves, want %d", got, test.want)
			}
		})
	}
}

// TestSideBySide: requests overlap in their latency, and writers do not lose each other's work.
func TestSideBySide(t *testing.T) {
	s := start(t, Options{Latency: 200 * time.Millisecond, Lag: -1})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			method, path, body := "POST", "/v1.0/groups", newGroup
			if i%2 == 0 {
				method, path, body = "GET", "/v1.0/groups", ""
			}
			if r, err := trySend(t, s, s.AccessToken(s.GraphURL, false), method, path, body); err != nil || r.status/100 != 2 {
				t.Errorf("%s: status %d, error %v", method, r.status, err)
			}
		})
	}
	all.Wait()
	if got := s.Waves(); got != 1 {
		t.Errorf("%d waves, want 1", got)
	}
	log := s.Requests()
	for i, r := range log {
		if r.N != i+1 || r.End.Sub(r.Start) < 200*time.Millisecond || r.Write != (r.Method == http.MethodPost) {
			t.Errorf("request %+v", r)
		}
	}
	s.ResetLog()
	if n := len(ask(t, s, "GET", "/v1.0/groups?$filter=displayName eq 'x'", "").items(t)); n != 8 {
		t.Errorf("%d groups, want 8", n)
	}
	if log := s.Requests(); len(log) != 1 || log[0].N != 17 || log[0].Query != "$filter=displayName%20eq%20'x'" || log[0].Path != "/groups" || log[0].API != v1 {
		t.Errorf("log %+v", log)
	}
}

// TestState: the same in every run, blind to ids, order and time, but not to content, doubles and losses.
func TestState(t *testing.T) {
	run := func(hours int, steps ...string) string {
		t.Helper()
		s := start(t, Options{Scenario: "crowded", Lag: -1, Now: func() time.Time { return now.Add(time.Duration(hours) * time.Hour) }})
		for _, body := range steps {
			ask(t, s, "POST", "/v1.0/groups", body).want(t, 201)
		}
		return string(s.State())
	}
	other := strings.ReplaceAll(newGroup, `"x"`, `"y"`)
	want := run(0, newGroup, other)
	same := map[string]string{"again": run(0, newGroup, other), "other order, so other ids": run(0, other, newGroup), "later": run(5, newGroup, other),
		"another nickname": run(0, strings.Replace(newGroup, `"mailNickname":"x"`, `"mailNickname":"z"`, 1), other)}
	for name, got := range same {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s -want +got:\n%s", name, diff)
		}
	}
	different := map[string]string{"doubled": run(0, newGroup, newGroup, other), "lost": run(0, newGroup), "changed": run(0, strings.Replace(newGroup, `"displayName"`, `"description":"z","displayName"`, 1), other)}
	for name, got := range different {
		if got == want {
			t.Errorf("%s: no difference", name)
		}
	}
	s := start(t, Options{Lag: -1})
	if id := tokenID(t, s); strings.Contains(string(s.State()), id) || strings.Contains(string(s.State()), s.TenantID) {
		t.Error("the state shows ids")
	}
}

func TestOptions(t *testing.T) {
	if _, err := New(Options{Scenario: "nothing"}); err == nil || !strings.Contains(err.Error(), "contoso crowded empty expiring large neglected") {
		t.Errorf("error %v", err)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "contoso.com:80", "x"} {
		if _, err := StartAt(Options{}, addr, "127.0.0.1:0"); err == nil {
			t.Errorf("listens on %q", addr)
		}
		if _, err := StartAt(Options{}, "127.0.0.1:0", addr); err == nil {
			t.Errorf("token endpoint listens on %q", addr)
		}
	}
	a := start(t, Options{})
	if got, want := a.Scenarios(), Scenarios(); !cmp.Equal(got, want) {
		t.Errorf("scenarios %v and %v", got, want)
	}
}
