package enroll_test

import (
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestLimitsPassed(t *testing.T) {
	const day = 24 * time.Hour
	l := enroll.Limits{Warn: []time.Duration{60 * day, 30 * day}, Critical: []time.Duration{7 * day}}
	tests := []struct {
		name  string
		left  time.Duration
		worst enroll.Severity
		limit time.Duration
	}{
		{"far", 61 * day, enroll.OK, 0},
		{"first warning", 60 * day, enroll.Warning, 60 * day},
		{"tighter warning", 20 * day, enroll.Warning, 30 * day},
		{"critical", 7 * day, enroll.Error, 7 * day},
		{"over", -day, enroll.Error, 7 * day},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if s, limit := l.Passed(tt.left); s != tt.worst || limit != tt.limit {
				t.Errorf("Passed(%s) = %s, %s; want %s, %s", tt.left, s, limit, tt.worst, tt.limit)
			}
		})
	}
}
