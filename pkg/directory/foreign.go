package directory

import (
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Foreign are the groups that lose something by the file without being named in
// it: live assignments point at them by id, and their owner, or all that the
// file does not name, shall go. Whoever is asked has to know their names. The
// wanted objects are bound.
func Foreign(want []enroll.Object, live enroll.Snapshot) []enroll.Object {
	gone := map[string]bool{} // owners
	for _, w := range want {
		if w.State == enroll.Absent {
			gone[w.Ref.Owner()], gone[w.Ref.Scope] = true, true
		}
	}
	var out []enroll.Object
	for _, a := range assignments(live) {
		target, ok := a.Fields["target"].(enroll.Ref)
		if _, seen := live.Get(target); !ok || seen || target.Kind != enroll.Group || !gone[a.Ref.Scope] ||
			slices.ContainsFunc(out, func(o enroll.Object) bool { return o.Ref == target }) {
			continue
		}
		out = append(out, enroll.Object{Ref: target})
	}
	return out
}

// assignments are the live assignments of all kinds.
func assignments(live enroll.Snapshot) []enroll.Object {
	return slices.Concat(live.Objects[enroll.BYODAssignment], live.Objects[enroll.AppAssignment], live.Objects[enroll.PolicyAssignment])
}

// Known is live with more groups: assignments that pointed at them by id point
// at them by name.
func Known(live enroll.Snapshot, groups []enroll.Object) enroll.Snapshot {
	byID := map[string]enroll.Ref{}
	all := slices.Clone(live.Objects[enroll.Group])
	for _, g := range groups {
		if _, taken := live.Get(g.Ref); taken {
			g.Ref.Name += " (" + g.Handles[enroll.ID] + ")"
		}
		byID[strings.ToLower(g.Handles[enroll.ID])] = g.Ref
		all = append(all, g)
	}
	objects := map[enroll.KindName][]enroll.Object{}
	for kind, list := range live.Objects {
		objects[kind] = slices.Clone(list)
		for i, o := range list {
			target, ok := o.Fields["target"].(enroll.Ref)
			to, known := byID[strings.ToLower(target.Name)]
			if ok && known && target.Kind == enroll.Group {
				o.Ref.Name = to.Name + strings.TrimPrefix(o.Ref.Name, target.Name)
				o.Fields = o.Fields.With(enroll.Fields{"target": to})
				objects[kind][i] = o
			}
		}
	}
	objects[enroll.Group] = all
	live.Objects = objects
	return live
}
