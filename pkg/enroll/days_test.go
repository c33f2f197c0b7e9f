package enroll_test

import (
	"math"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestDays(t *testing.T) {
	for _, tt := range []struct {
		length time.Duration
		days   float64
		span   string
	}{
		{10*enroll.Day + time.Hour, 10, "10 days"},
		{2 * enroll.Day, 2, "2 days"},
		{enroll.Day + time.Hour, 1, "25 hours"},
		{time.Hour, 0, "1 hour"},
		{time.Minute, 0, "less than an hour"},
		{-time.Hour, 0, "less than an hour"},
		{-enroll.Day - time.Hour, -1, "less than an hour"},
		{-10*enroll.Day - time.Hour, -10, "less than an hour"},
	} {
		f := enroll.Finding{}.InDays(tt.length)
		if *f.Value != tt.days || math.Signbit(*f.Value) != (tt.days < 0) || f.Unit != "days" {
			t.Errorf("%s is %v %s, want %v days", tt.length, *f.Value, f.Unit, tt.days)
		}
		if got := enroll.Span(tt.length); got != tt.span {
			t.Errorf("%s reads %q, want %q", tt.length, got, tt.span)
		}
	}
}
