package enroll

import "time"

// Day is the unit of limits, and of what is left of a thing that runs out.
const Day = 24 * time.Hour

// InDays is f with a length of time measured in whole days, cut toward zero:
// what expired a day and an hour ago has -1 days.
func (f Finding) InDays(d time.Duration) Finding { return f.Measured(float64(d/Day), "days") }

// Span is how people read a length of time: in whole days, in hours below two days.
func Span(d time.Duration) string {
	switch {
	case d < time.Hour:
		return "less than an hour"
	case d < 2*Day:
		return Plural(int(d/time.Hour), "hour")
	default:
		return Plural(int(d/Day), "day")
	}
}
