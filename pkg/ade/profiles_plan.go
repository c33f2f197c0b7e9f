package ade

import (
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Plan compares profiles field by field, and deletes those that shall go. What cannot be changed becomes a
// manual step; rule X-34 reports it as an error beside.
func (profiles) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	live := enroll.ByRef(have)
	tags := tagNames(all)
	var out []enroll.Change
	var findings []enroll.Finding
	for _, w := range want {
		w = tags.byID(w)
		h, exists := live[w.Ref]
		if w.State == enroll.Absent {
			if exists {
				out = append(out, deletion(w, h))
			}
			continue
		}
		if w.State == enroll.Existing && h.Fields != nil {
			var lacks []enroll.Finding
			w, lacks = fitted(w, h)
			findings = append(findings, lacks...)
		}
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
		w.Fields = following(w.Fields, h.Fields)
		if c := enroll.Differ(w, h); len(c.Fields) > 0 {
			c.Effects = notices(c)
			out = append(out, tags.shown(c))
		}
	}
	return out, findings
}

// following are the wanted fields, and beside them the settings that go with
// the setup they change, and those that come with it, as their defaults.
func following(want, have enroll.Fields) enroll.Fields {
	was, is := setupOf(have), setupOf(have.With(want))
	more := enroll.Fields{}
	for path := range have {
		if was.has(path) && !is.has(path) {
			more[path] = nil
		}
	}
	for path, v := range is.defaults() {
		if !was.has(path) {
			more[path] = v
		}
	}
	if mode, said := want[pathSync].(string); said && mode != pairingByCertificate && have[pathCertificates] != nil {
		more[pathCertificates] = nil
	}
	return more.With(want)
}

// fitted is w with the setup of the live profile where the file says none, and
// an error for each setting that a profile of that setup does not have.
func fitted(w, h enroll.Object) (enroll.Object, []enroll.Finding) {
	s := setupOf(h.Fields.With(w.Fields))
	w.Default = s.defaults()
	delete(w.Default, pathType) // it is as it is
	fields := enroll.Fields{}
	var findings []enroll.Finding
	for _, path := range w.Fields.Paths() {
		if s.has(path) {
			fields[path] = w.Fields[path]
			continue
		}
		findings = append(findings, enroll.Finding{
			Rule: "profile-lacks", Severity: enroll.Error, On: w.Ref, Path: path, Origin: w.Where(path),
			Message: fmt.Sprintf("%s is no setting of this profile: it is of type %s with userAffinity: %s", path, h.Fields.Text(pathType), h.Fields.Text(pathAffinity)),
			Fix:     "leave it out",
		})
	}
	w.Fields = fields
	return w, findings
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
