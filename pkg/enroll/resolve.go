package enroll

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ErrUnknownName and the others below say why a name in the file does not lead to one thing.
var (
	ErrUnknownName   = errors.New("no such name")
	ErrAmbiguousName = errors.New("more than one fits")
	ErrNameCase      = errors.New("the name differs in upper and lower case only")
)

// Resolve finds the object that r names: by any of its ids, or by its exact
// name and owner. An empty name is the only one there is.
func Resolve(objects []Object, r Ref) (Object, error) {
	var near, found []Object
	for _, o := range objects {
		if o.Ref.Kind != r.Kind || o.Ref.Scope != r.Scope {
			continue
		}
		switch {
		case r.Name == "" || baseName(o) == r.Name || o.Ref.Name == r.Name:
			found = append(found, o)
		case hasHandle(o, r.Name):
			return o, nil
		case strings.EqualFold(baseName(o), r.Name):
			near = append(near, o)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1 && r.Name == "":
		return Object{}, fmt.Errorf("%w: name one of %s", ErrAmbiguousName, names(found))
	case len(found) > 1:
		return Object{}, fmt.Errorf("%w: %s; use the id instead of the name", ErrAmbiguousName, names(found))
	case len(near) > 0:
		return Object{}, fmt.Errorf("%w: the tenant has %s", ErrNameCase, names(near))
	}
	return Object{}, ErrUnknownName
}

func hasHandle(o Object, id string) bool {
	for _, v := range o.Handles {
		if v != "" && strings.EqualFold(v, id) {
			return true
		}
	}
	return false
}

// baseName is the name the service gave: that of an object whose name is taken
// twice carries its id in the Ref.
func baseName(o Object) string {
	return strings.TrimSuffix(o.Ref.Name, " ("+o.Handles[ID]+")")
}

// names lists objects for an error message, at most ten.
func names(objects []Object) string {
	var out []string
	for _, o := range objects {
		n := fmt.Sprintf("%q", baseName(o))
		if id := o.Handles[ID]; id != "" {
			n += " (" + id + ")"
		}
		out = append(out, n)
	}
	slices.Sort(out)
	if len(out) > 10 {
		out = append(out[:10], fmt.Sprintf("and %d more", len(out)-10))
	}
	return strings.Join(out, ", ")
}

// setApart gives objects that share one Ref names of their own, with their ids.
func setApart(objects []Object) []Object {
	count := map[Ref]int{}
	for _, o := range objects {
		count[o.Ref]++
	}
	for i, o := range objects {
		if count[o.Ref] > 1 && o.Handles[ID] != "" {
			objects[i].Ref.Name = o.Ref.Name + " (" + o.Handles[ID] + ")"
		}
	}
	return objects
}

// similar are names that a person may have meant, for a message.
func similar(objects []Object, r Ref) string {
	var out []Object
	for _, o := range objects {
		if o.Ref.Kind == r.Kind && o.Ref.Scope == r.Scope {
			out = append(out, o)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return names(out)
}

func mergeHandles(a, b map[Handle]string) map[Handle]string {
	out := maps.Clone(a)
	if out == nil {
		out = map[Handle]string{}
	}
	for h, id := range b {
		if id != "" {
			out[h] = id
		}
	}
	return out
}
