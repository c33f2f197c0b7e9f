package enroll

import "time"

// Passed tells how bad it is that a thing runs out after left, and the limit
// that says so: the tightest of the worst that are passed. OK and 0 when none is.
func (l Limits) Passed(left time.Duration) (Severity, time.Duration) {
	if limit, ok := tightest(l.Critical, left); ok {
		return Error, limit
	}
	if limit, ok := tightest(l.Warn, left); ok {
		return Warning, limit
	}
	return OK, 0
}

func tightest(limits []time.Duration, left time.Duration) (time.Duration, bool) {
	var out time.Duration
	found := false
	for _, limit := range limits {
		if left <= limit && (!found || limit < out) {
			out, found = limit, true
		}
	}
	return out, found
}
