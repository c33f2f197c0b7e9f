package document

import (
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// entry reads one mapping by a table of keys. Parts are lists of entries in it,
// which have tables of their own.
func (d *decoder) entry(n node, what string, keys []enroll.Key, parts ...part) enroll.Entry {
	r := reader{decoder: d, what: what, keys: keys, parts: parts, seen: map[string]bool{}, sources: map[string]enroll.Origin{},
		entry: enroll.Entry{Values: enroll.Fields{}, Origin: n.at, At: map[string]enroll.Origin{}}}
	r.mapping(n, "")
	r.missing()
	r.devices()
	return r.entry
}

// reader fills one entry.
type reader struct {
	*decoder
	what    string
	keys    []enroll.Key
	parts   []part
	entry   enroll.Entry
	seen    map[string]bool          // keys that stand in the file, also with a value that was refused
	sources map[string]enroll.Origin // serial -> where it stands
	details []string                 // of serial numbers from a file
}

func (r *reader) mapping(n node, path string) {
	for _, p := range r.unique(n, path) {
		r.pair(p, path)
	}
}

func (r *reader) pair(p pair, parent string) {
	path := join(parent, p.key)
	r.seen[path] = true
	if parent == "" {
		for _, known := range r.parts {
			if known.key == p.key {
				known.read(p)
				return
			}
		}
	}
	key, inTable := find(r.keys, path)
	inner := below(r.keys, path)
	switch {
	case !inTable && len(inner) == 0:
		what := r.what
		if parent != "" {
			what = parent + " of " + what
		}
		valid := below(r.keys, parent)
		for _, known := range r.parts {
			if parent == "" {
				valid = append(valid, known.key)
			}
		}
		r.unknown(p, parent, what, valid)
	case len(inner) > 0 && p.value.shape == mapping:
		r.entry.At[path] = site(p)
		r.mapping(p.value, path)
	case !inTable || key.Type == enroll.Mapping:
		r.refuse(p.value.at, path, "valid below it: "+strings.Join(inner, ", ")+"; to leave them all alone, delete the line", "%s wants a mapping, this is %s", path, p.value.shape)
	default:
		r.value(p, path, key)
	}
}

// missing reports required keys that do not stand in the entry. A key below
// another one is required only where that one stands; of a thing that shall go,
// or has to be there already, only the name is.
func (r *reader) missing() {
	for _, k := range r.keys {
		parent, nested := above(k.Path)
		at, there := r.entry.Origin, true
		if nested {
			at, there = r.entry.At[parent], r.isMapping(parent)
		}
		if required(k, r.entry) && !r.seen[k.Path] && there {
			r.refuse(at, k.Path, k.Doc, "%s is missing in %s", k.Path, r.what)
		}
	}
}

// required tells whether the key cannot be left out of the entry.
func required(k enroll.Key, e enroll.Entry) bool {
	_, nested := above(k.Path)
	return k.Required == "always" && (nested || k.Path == nameKey || e.Presence() == "")
}

// nameKey names an entry.
const nameKey = "name"

// isMapping tells whether a mapping was read at path.
func (r *reader) isMapping(path string) bool {
	_, read := r.entry.At[path]
	return read && !r.entry.Has(path)
}

// itemPath is where the place of one item of a list is kept in Entry.At: the
// list's path with the item in brackets, as in assignTo.groups[All staff].
func itemPath(path, item string) string { return path + "[" + item + "]" }

// site is the place of a value where it begins on its key's line, else that of the key.
func site(p pair) enroll.Origin {
	switch p.value.shape {
	case null:
		return p.at
	case list, mapping:
		if !p.value.flow {
			return p.at
		}
	}
	return p.value.at
}

func find(keys []enroll.Key, path string) (enroll.Key, bool) {
	for _, k := range keys {
		if k.Path == path {
			return k, true
		}
	}
	return enroll.Key{}, false
}

// below are the next words of all keys under path, in the order of the table.
func below(keys []enroll.Key, path string) []string {
	var out []string
	seen := map[string]bool{}
	for _, k := range keys {
		rest := k.Path
		if path != "" {
			var ok bool
			if rest, ok = strings.CutPrefix(k.Path, path+"."); !ok {
				continue
			}
		}
		word, _, _ := strings.Cut(rest, ".")
		if !seen[word] {
			seen[word] = true
			out = append(out, word)
		}
	}
	return out
}

// above is the path of the mapping that a key stands in, false for the entry itself.
func above(path string) (string, bool) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], i >= 0
}
