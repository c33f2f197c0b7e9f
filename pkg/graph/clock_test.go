package graph

import (
	"net/http"
	"testing"
	"time"
)

func TestNowIsTheServicesTime(t *testing.T) {
	date := func(at time.Time, h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", at.UTC().Format(http.TimeFormat))
			h(w, r)
		}
	}
	service := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	b := newBench(t, script(
		date(service.Add(-99*time.Hour), answer(404, "<html>", "Content-Type", "text/html")), // a proxy's time
		date(service, answer(404, "")),
		date(service.Add(time.Hour), answer(200, "{}"))))
	machine := service.Add(10 * time.Minute)
	b.time = machine
	if !b.Now().Equal(machine) || b.Skew() != 0 {
		t.Errorf("before any answer: %s, skew %s", b.Now(), b.Skew())
	}
	for range 3 {
		if _, err := b.Do(t.Context(), read()); Unreachable(err) {
			t.Fatal(err)
		}
	}
	b.time = machine.Add(time.Minute)
	if want := service.Add(time.Minute); !b.Now().Equal(want) {
		t.Errorf("got %s, want %s: the first answer counts", b.Now(), want)
	}
	if b.Skew() != 10*time.Minute {
		t.Errorf("skew %s", b.Skew())
	}
}
