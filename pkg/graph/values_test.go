package graph

import (
	"testing"
	"time"
)

func TestGiven(t *testing.T) {
	for _, in := range []time.Time{{}, time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600)), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)} {
		if got := Given(in); !got.IsZero() {
			t.Errorf("%v is a time", got)
		}
	}
	if in := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC); Given(in) != in {
		t.Errorf("%v is no time", in)
	}
}
