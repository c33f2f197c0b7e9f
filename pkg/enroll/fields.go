package enroll

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Fields is the canonical, comparable form of an object. Values are nil (clear
// it, or back to the default), bool, int64, string, []string (sorted set),
// Ref or []Ref (sorted set). An absent key means "not managed" in a desired
// object and "the service did not say" in a live one.
type Fields map[string]any

// Paths are the keys in order.
func (f Fields) Paths() []string { return slices.Sorted(maps.Keys(f)) }

// Text is the string at path, "" when it is absent or of another type.
func (f Fields) Text(path string) string { s, _ := f[path].(string); return s }

// Flag is the bool at path and whether there is one.
func (f Fields) Flag(path string) (value, ok bool) { value, ok = f[path].(bool); return }

// Number is the int64 at path and whether there is one.
func (f Fields) Number(path string) (value int64, ok bool) { value, ok = f[path].(int64); return }

// List is the set of strings at path, nil when there is none.
func (f Fields) List(path string) []string { l, _ := f[path].([]string); return l }

// With is a copy of f with the fields of over laid on it.
func (f Fields) With(over Fields) Fields {
	out := maps.Clone(f)
	if out == nil {
		out = Fields{}
	}
	maps.Copy(out, over)
	return out
}

// Set makes the canonical form of a list: sorted, each value once, never nil.
func Set(values ...string) []string {
	out := append([]string{}, values...)
	slices.Sort(out)
	return slices.Compact(out)
}

// RefSet is Set for Refs.
func RefSet(refs ...Ref) []Ref {
	out := append([]Ref{}, refs...)
	slices.SortFunc(out, compareRefs)
	return slices.Compact(out)
}

// Same tells whether two field values mean the same, also after a way through
// JSON, where int64 and Ref change their Go types.
func Same(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	if err1 != nil || err2 != nil {
		return false
	}
	if bytes.Equal(x, y) {
		return true
	}
	return canonical(x) == canonical(y)
}

func canonical(raw []byte) string {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return string(raw)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return string(raw)
	}
	return string(out)
}

// Rest is the canonical form of a live JSON object without the members named:
// those that Fields cover and those that the service moves by itself. Comparing
// it before and after a write shows that nothing else changed.
func Rest(raw json.RawMessage, without ...string) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return string(raw)
	}
	for _, m := range without {
		delete(members, m)
	}
	out, err := json.Marshal(members)
	if err != nil {
		return string(raw)
	}
	return canonical(out)
}

// refsIn are the Refs that the fields point to.
func refsIn(f Fields) []Ref {
	var out []Ref
	for _, p := range f.Paths() {
		switch v := f[p].(type) {
		case Ref:
			out = append(out, v)
		case []Ref:
			out = append(out, v...)
		}
	}
	return out
}
