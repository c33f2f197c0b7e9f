package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// value shows the value of a field in one line.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return "(none)"
	case string:
		return quoted(v)
	case []string:
		return list(v, quoted)
	case enroll.Ref:
		return thing(v)
	case []enroll.Ref:
		return list(v, thing)
	default:
		return term.Clean(fmt.Sprint(v))
	}
}

// quoted shows where a text begins and ends.
func quoted(s string) string {
	s = term.Clean(s)
	if strings.Contains(s, `"`) && !strings.Contains(s, "'") {
		return "'" + s + "'"
	}
	return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"`
}

// thing names an object for people.
func thing(r enroll.Ref) string { return term.Clean(r.String()) }

func list[T any](items []T, show func(T) string) string {
	out := make([]string, len(items))
	for i, v := range items {
		out[i] = show(v)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// mostShown is how many serial numbers a plan shows before it only counts.
const mostShown = 5

func serials(items enroll.Items) string {
	shown := items.Add[:min(len(items.Add), mostShown)]
	out := enroll.Plural(len(items.Add), "serial number") + ": " + term.Clean(strings.Join(shown, ", "))
	if more := len(items.Add) - len(shown); more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	return out
}

// left is how long something still lasts, where a finding measured it.
func left(f enroll.Finding) string {
	if f.Value == nil {
		return ""
	}
	n := strconv.FormatFloat(*f.Value, 'f', -1, 64)
	if f.Unit == "days" {
		return n + "d"
	}
	if n == "1" {
		return strings.TrimSpace(n + " " + strings.TrimSuffix(f.Unit, "s"))
	}
	return strings.TrimSpace(n + " " + f.Unit)
}

// date is a time for people on a terminal, and to the second for a pipe.
func date(t time.Time, titles bool) string {
	switch {
	case t.IsZero():
		return ""
	case titles:
		return t.UTC().Format("2006-01-02 15:04 UTC")
	default:
		return t.UTC().Format(time.RFC3339)
	}
}

func worstFirst(findings []enroll.Finding) { slices.SortStableFunc(findings, compareSeverity) }

// PlanLine is the sentence that ends a plan.
func PlanLine(changes []enroll.Change) string {
	n := CountChanges(changes)
	if n["create"]+n["update"]+n["delete"]+n["manual"] == 0 {
		return "No changes."
	}
	return fmt.Sprintf("Plan: %d to create, %d to change, %d to delete, %d manual.", n["create"], n["update"], n["delete"], n["manual"])
}
