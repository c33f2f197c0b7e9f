package enroll

// Diff is the plan of most kinds: what is wanted and not there is made, and
// fields that differ are changed, what shall be absent is deleted. What is there
// and not named is left alone.
func Diff(want, have []Object) []Change {
	live := ByRef(have)
	var out []Change
	for _, w := range want {
		h, exists := live[w.Ref]
		switch {
		case w.State == Absent && exists:
			out = append(out, Remove(w, h))
			continue
		case w.State == Absent:
			continue
		case !exists:
			out = append(out, Make(w))
			continue
		}
		if c := Differ(w, h); len(c.Fields) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// Make is the change that creates w: its fields over the defaults.
func Make(w Object) Change {
	after := w.Default.With(w.Fields)
	for path, v := range w.Fields {
		if v == nil {
			after[path] = w.Default[path]
		}
	}
	c := Change{Ref: w.Ref, Verb: Create, After: after, Items: Items{Add: w.Items}, Needs: needs(w.Ref, after), Origin: w.Origin,
		Undo: Undo{Level: "full"}}
	for _, path := range after.Paths() {
		written, inFile := w.Fields[path]
		c.Fields = append(c.Fields, FieldChange{Path: path, New: after[path], Default: !inFile || written == nil})
	}
	return c
}

// Differ is the change that brings the fields of h to those of w; it has no
// Fields when there is nothing to do.
func Differ(w, h Object) Change {
	c := Change{Ref: h.Ref, Verb: Update, Before: h, After: Fields{}, Origin: w.Origin, Undo: Undo{Level: "full"}, Because: []string{"exists already"}}
	for _, path := range w.Fields.Paths() {
		v := w.Fields[path]
		if v == nil {
			v = w.Default[path]
		}
		if old := h.Fields[path]; !Same(old, v) {
			c.Fields = append(c.Fields, FieldChange{Path: path, Old: old, New: v})
			c.After[path] = v
		}
	}
	c.Needs = needs(h.Ref, c.After)
	return c
}

// Remove is the change that deletes h, which w says shall be absent.
func Remove(w, h Object) Change {
	c := Change{Ref: h.Ref, Verb: Delete, Before: h, Origin: w.Origin, Undo: Undo{Level: "full"}}
	if owner, ok := h.Ref.ScopeRef(); ok {
		c.Needs = []Ref{owner}
	}
	return c
}

func needs(r Ref, f Fields) []Ref {
	out := refsIn(f)
	if owner, ok := r.ScopeRef(); ok {
		out = append(out, owner)
	}
	return RefSet(out...)
}
