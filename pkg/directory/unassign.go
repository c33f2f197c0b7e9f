package directory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// RemovalKeys are the rows of an entry that say which assignments shall go.
func RemovalKeys() []enroll.Key {
	return []enroll.Key{
		{Path: "removeGroups", Type: enroll.Texts, Doc: "Groups, by name or id, whose assignment is removed."},
		{Path: "exclusive", Type: enroll.Flag, Doc: "true removes every assignment that the entry does not name; otherwise they stay."},
	}
}

// Removals are the assignments of owner that shall be absent: those of the
// groups that the entry names in removeGroups and, where it is exclusive, all
// that no other object names.
func Removals(kind enroll.KindName, owner enroll.Ref, e enroll.Entry) []enroll.Object {
	var out []enroll.Object
	for _, g := range e.Values.List("removeGroups") {
		out = append(out, Unassign(kind, owner, enroll.Ref{Kind: enroll.Group, Name: g}, e.Where("removeGroups")))
	}
	for _, path := range []string{"exclusive", "assignTo.exclusive"} {
		if only, _ := e.Values.Flag(path); only {
			return append(out, enroll.Object{Ref: enroll.Ref{Kind: kind, Scope: owner.Owner(), Name: unnamed}, NamedBy: "target", State: enroll.Absent, Origin: e.Where(path)})
		}
	}
	return out
}

// unnamed stands for all assignments that the file does not name. No object of
// this name is looked up: it has no target.
const unnamed = "*"

// Unassign is the wish that owner is not assigned to target.
func Unassign(kind enroll.KindName, owner, target enroll.Ref, at enroll.Origin) enroll.Object {
	o := Assign(kind, owner, target, false, at)
	o.State = enroll.Absent
	return o
}

// removals takes away what w names, or with exclusive what nothing names.
func removals(w enroll.Object, want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	var changes []enroll.Change
	var findings []enroll.Finding
	_, named := w.Fields["target"]
	for _, h := range have {
		if named && !SameTarget(h, w) || h.Ref.Scope != w.Ref.Scope ||
			!named && slices.ContainsFunc(want, func(o enroll.Object) bool { return SameTarget(o, h) }) {
			continue
		}
		if h.Fields.Text("source") == "policySets" {
			owner, _ := h.Ref.ScopeRef()
			f := enroll.Finding{Rule: differs, Severity: enroll.Error, On: h.Ref, Path: "target", Origin: w.Origin,
				Message: fmt.Sprintf("the assignment of %s to %q belongs to a policy set and is not removed here", owner, h.Ref.Name),
				Fix:     "take the app out of the policy set, or the group out of the policy set's assignments, in the Intune admin center, Devices > Policy sets"}
			if !named {
				f.Severity = enroll.Warning
			}
			findings = append(findings, f)
			continue
		}
		c := enroll.Remove(w, h)
		c.Effects = reached(h, all)
		if !named {
			c.Because = []string{"exclusive: true, and the file does not name it"}
		}
		changes = append(changes, c)
	}
	return changes, findings
}

// reached says how many users and devices an assignment reached, where that is known.
func reached(h enroll.Object, all enroll.Snapshot) []enroll.Effect {
	target, _ := h.Fields["target"].(enroll.Ref)
	excluded, _ := h.Fields.Flag("exclude")
	verb := "reached"
	if excluded {
		verb = "left out"
	}
	if target.Kind == enroll.Audience {
		return []enroll.Effect{{On: target, Text: "it " + verb + " " + target.Name}}
	}
	group, _ := all.Get(target)
	facts, seen := group.Facts.(GroupFacts)
	if !seen || facts.Users < 0 || facts.Devices < 0 {
		return []enroll.Effect{{On: target, Text: "how many users and devices it " + verb + " was not counted"}}
	}
	return []enroll.Effect{{On: target, Text: fmt.Sprintf("it %s %s and %s", verb, enroll.Plural(facts.Users, "user"), enroll.Plural(facts.Devices, "device")), N: facts.Users + facts.Devices}}
}

// Deletion is the change that deletes h, which w says shall be absent, with
// what hangs on it: the assignments of the given kind, foreign ones among them.
// It is an error where they could not be looked at.
func Deletion(w, h enroll.Object, kind enroll.KindName, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	assignments, looked := all.Objects[kind]
	for _, g := range all.Gaps {
		if g.Scope.Kind == kind && (g.Scope.Scope == "" || g.Scope.Scope == h.Ref.Owner()) {
			looked = false
		}
	}
	if !looked {
		return nil, []enroll.Finding{{Rule: "hangs-on-it", Severity: enroll.Error, On: h.Ref, Path: "state", Origin: w.Where("state"),
			Message: fmt.Sprintf("%s is not deleted: whom it is assigned to could not be looked at", h.Ref)}}
	}
	c := enroll.Remove(w, h)
	c.Undo = enroll.Undo{Level: "partial", Why: "it can be made again, with another id"}
	var names []string
	for _, a := range assignments {
		if a.Ref.Scope == h.Ref.Owner() {
			names = append(names, fmt.Sprintf("%q", a.Ref.Name))
			c.Effects = append(c.Effects, reached(a, all)...)
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		c.Confirm = "it is deleted while assigned to " + some(names)
	}
	return []enroll.Change{c}, nil
}

// some lists up to five names.
func some(names []string) string {
	if len(names) > 5 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:5], ", "), len(names)-5)
	}
	return strings.Join(names, ", ")
}
