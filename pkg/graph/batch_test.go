package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// batcher answers a $batch item by item; nil leaves an item out.
func batcher(t *testing.T, item func(r batchRequest) *batchResponse) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Requests []batchRequest }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		if len(in.Requests) > batchSize {
			t.Errorf("%d requests in one batch", len(in.Requests))
		}
		out := struct {
			Responses []batchResponse `json:"responses"`
		}{}
		for _, q := range in.Requests {
			if a := item(q); a != nil {
				a.ID = q.ID
				out.Responses = append([]batchResponse{*a}, out.Responses...) // any order
			}
		}
		raw, err := json.Marshal(out)
		if err != nil {
			t.Error(err)
		}
		answer(200, string(raw))(w, r)
	}
}

func lookups(n int) []Call {
	calls := make([]Call, n)
	for i := range calls {
		calls[i] = Call{API: Beta, Method: http.MethodGet, Path: "/groups", Query: url.Values{"$filter": {fmt.Sprintf("displayName eq 'g %d'", i)}}, Eventual: true}
	}
	return calls
}

func TestBatch(t *testing.T) {
	var mu sync.Mutex
	alone := map[string]int{}
	items := batcher(t, func(q batchRequest) *batchResponse {
		if q.Method != http.MethodGet || q.Headers["ConsistencyLevel"] != "eventual" {
			t.Errorf("item %+v", q)
		}
		u, err := url.Parse(q.URL)
		if err != nil {
			t.Error(err)
		}
		switch name := u.Query().Get("$filter"); name {
		case "displayName eq 'g 3'":
			return &batchResponse{Status: 403, Body: json.RawMessage(`{"error":{"code":"Forbidden","message":"no"}}`)}
		case "displayName eq 'g 7'":
			return &batchResponse{Status: 429, Headers: map[string]string{"Retry-After": "5"}, Body: json.RawMessage(`null`)}
		case "displayName eq 'g 22'":
			return nil
		case "displayName eq 'g 23'":
			return &batchResponse{Status: 502, Headers: map[string]string{"Content-Type": "text/html"}, Body: json.RawMessage(`"<html></html>"`)}
		default:
			return &batchResponse{Status: 200, Body: json.RawMessage(fmt.Sprintf("{\"asked\":%q}", name))}
		}
	})
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/$batch") {
			items(w, r)
			return
		}
		name := r.URL.Query().Get("$filter")
		mu.Lock()
		alone[name]++
		mu.Unlock()
		answer(200, fmt.Sprintf("{\"asked\":%q}", name))(w, r)
	})
	answers, errs := b.Batch(t.Context(), Beta, lookups(45))
	for i := range 45 {
		want := fmt.Sprintf(`{"asked":"displayName eq 'g %d'"}`, i)
		switch {
		case i == 3:
			if e, ok := errors.AsType[*Error](errs[i]); !ok || !IsDenied(e) || e.Message != "no" {
				t.Errorf("item 3: %v", errs[i])
			}
		case errs[i] != nil || string(answers[i].Body) != want:
			t.Errorf("item %d: %s, %v", i, answers[i].Body, errs[i])
		}
	}
	want := map[string]int{"displayName eq 'g 7'": 1, "displayName eq 'g 22'": 1, "displayName eq 'g 23'": 1}
	if diff := cmp.Diff(want, alone); diff != "" {
		t.Error(diff)
	}
	for _, w := range b.waits {
		if w != 5*time.Second {
			t.Errorf("waited %v", b.waits)
		}
	}
}

func TestBatchAsAWhole(t *testing.T) {
	b := newBench(t, answer(403, `{"error":{"code":"Forbidden","message":"no"}}`))
	_, errs := b.Batch(t.Context(), Beta, lookups(2))
	for _, err := range errs {
		if !IsDenied(err) {
			t.Error(err)
		}
	}
}

func TestBatchRefuses(t *testing.T) {
	b := newBench(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	_, errs := b.Batch(t.Context(), Beta, []Call{
		with(http.MethodPost, Create),
		{API: V1, Method: http.MethodGet, Path: "/groups"},
		{API: Beta, Method: http.MethodGet, Path: "/groups/"},
	})
	for i, err := range errs {
		if err == nil {
			t.Errorf("call %d accepted", i)
		}
	}
	if a, errs := b.Batch(t.Context(), Beta, nil); len(a)+len(errs) != 0 {
		t.Error(a, errs)
	}
}
