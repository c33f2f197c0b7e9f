package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Thresholds are times before an expiry: All for every kind, Kinds for one
// that has its own.
type Thresholds struct {
	All   []time.Duration
	Kinds map[string][]time.Duration
}

// For gives the thresholds of one kind.
func (t Thresholds) For(kind string) []time.Duration {
	if own, ok := t.Kinds[kind]; ok {
		return own
	}
	return t.All
}

// ParseThresholds reads "60d,30d" and "push-certificate=60d,30d". Times are
// days (30d) or hours (36h). A later value for the same thing wins.
func ParseThresholds(values []string, kinds []string) (Thresholds, error) {
	t := Thresholds{Kinds: map[string][]time.Duration{}}
	for _, v := range values {
		kind, list, ok := strings.Cut(v, "=")
		if !ok {
			kind, list = "", v
		}
		if ok && !slices.Contains(kinds, kind) {
			return Thresholds{}, fmt.Errorf("%s: unknown kind %q: use one of %s", v, kind, strings.Join(kinds, ", "))
		}
		var times []time.Duration
		for s := range strings.SplitSeq(list, ",") {
			d, err := parseTime(strings.TrimSpace(s))
			if err != nil {
				return Thresholds{}, fmt.Errorf("%s: %w", v, err)
			}
			times = append(times, d)
		}
		if kind == "" {
			t.All = times
		} else {
			t.Kinds[kind] = times
		}
	}
	return t, nil
}

// longest keeps days within what a duration can hold.
const longest = 10 * 365

func parseTime(s string) (time.Duration, error) {
	bad := fmt.Errorf("%q is not a time: write days as 30d or hours as 36h, at most %dd", s, longest)
	number, unit := strings.TrimRight(s, "dh"), time.Hour
	switch strings.TrimPrefix(s, number) {
	case "d":
		unit = 24 * time.Hour
	case "h":
	default:
		return 0, bad
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || time.Duration(n) > longest*24*time.Hour/unit {
		return 0, bad
	}
	return time.Duration(n) * unit, nil
}
