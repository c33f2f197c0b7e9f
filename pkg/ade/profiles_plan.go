package ade

import (
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Plan compares profiles field by field. What cannot be changed becomes a
// manual step; rule X-34 reports it as an error beside.
func (profiles) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	live := map[enroll.Ref]enroll.Object{}
	for _, o := range have {
		live[o.Ref] = o
	}
	tags := tagNames(all)
	var out []enroll.Change
	for _, w := range want {
		w = tags.byID(w)
		h, exists := live[w.Ref]
		if !exists {
			out = append(out, tags.shown(enroll.Make(w)))
			continue
		}
		if h.Fields == nil {
			continue // it could not be read, which is a gap
		}
		if fixed := immutable(w, h); len(fixed) > 0 {
			out = append(out, besides(w, h, fixed))
			continue
		}
		if c := enroll.Differ(w, h); len(c.Fields) > 0 {
			c.Effects = notices(c)
			out = append(out, tags.shown(c))
		}
	}
	return out, nil
}

// besides is the manual step where type or user affinity would have to change.
func besides(w, h enroll.Object, fixed []string) enroll.Change {
	var parts []string
	for _, path := range fixed {
		parts = append(parts, fmt.Sprintf("%s is %s and cannot become %s", path, h.Fields.Text(path), asked(w, path)))
	}
	return enroll.Change{
		Ref: w.Ref, Verb: enroll.Manual, Origin: w.Where(fixed[0]),
		Op: strings.Join(parts, ", ") + ": make a profile of another name beside it and move its devices there",
	}
}

// notices says when devices take a change over: only after a wipe, except the
// name template, which is applied at every check-in (Microsoft docs page on
// setting up automated enrollment, 2026).
func notices(c enroll.Change) []enroll.Effect {
	var out []enroll.Effect
	if slices.ContainsFunc(c.Fields, func(f enroll.FieldChange) bool {
		return !slices.Contains([]string{pathTemplate, pathDescription, pathTags}, f.Path)
	}) {
		out = append(out, enroll.Effect{On: c.Ref, Text: "devices enrolled with this profile take the change over only after they are wiped"})
	}
	if slices.ContainsFunc(c.Fields, func(f enroll.FieldChange) bool { return f.Path == pathTemplate }) {
		out = append(out, enroll.Effect{On: c.Ref, Text: "devices enrolled with this profile are renamed at their next check-in"})
	}
	return out
}
