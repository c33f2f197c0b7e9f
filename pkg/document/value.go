package document

import (
	"strconv"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// value reads the value of a key that has no keys below it.
func (r *reader) value(p pair, path string, key enroll.Key) {
	at := site(p)
	var v any
	ok := true
	switch {
	case p.value.shape == null && key.Required == "always":
		r.refuse(at, path, "", "%s has no value, and it is required", path)
		return
	case p.value.shape == null && path == serialsKey:
		r.refuse(at, path, "list serial numbers, or delete the line", "%s has no value", path)
		return
	case p.value.shape == null:
	case path == serialsKey:
		r.entry.At[path] = at
		r.serialList(p.value)
		return
	default:
		v, ok = r.typed(p.value, path, key)
	}
	if !ok {
		return
	}
	if v != nil {
		clean, problem := check(key, v)
		if problem != nil {
			r.refuse(p.value.at, path, problem.fix, "%s %s", path, problem.text)
			return
		}
		v = clean
	}
	if names, ok := v.([]string); ok && key.Type == enroll.Files {
		if v, ok = r.certificates(names, path); !ok {
			return
		}
	}
	r.entry.Values[path], r.entry.At[path] = v, at
}

// typed turns a YAML value into the Go value of the key's type.
func (r *reader) typed(n node, path string, key enroll.Key) (any, bool) {
	switch key.Type {
	case enroll.Flag:
		if n.shape == flag {
			return strings.EqualFold(n.text, "true"), true
		}
		fix := ""
		if n.shape == text {
			fix = "write true or false without quotes; yes, no, on and off are texts in YAML"
		}
		r.refuse(n.at, path, fix, "%s wants true or false, this is %s", path, n.say())
	case enroll.Number:
		if i, err := strconv.ParseInt(n.text, 10, 64); n.shape == number && err == nil && plainNumber(n.text) {
			return i, true
		}
		fix := ""
		if n.shape == text {
			fix = "write digits only, without quotes"
		}
		r.refuse(n.at, path, fix, "%s wants a whole number, this is %s", path, n.say())
	case enroll.Choices, enroll.Texts, enroll.Files:
		return r.texts(n, path, key)
	default:
		return r.text(n, path)
	}
	return nil, false
}

func (r *reader) text(n node, path string) (string, bool) {
	switch n.shape {
	case text:
		return n.text, true
	case flag, number:
		r.refuse(n.at, path, "put it in quotes: "+strconv.Quote(n.text), "%s wants a text, this is %s", path, n.say())
	default:
		r.refuse(n.at, path, "", "%s wants a text, this is %s", path, n.say())
	}
	return "", false
}

func (r *reader) texts(n node, path string, key enroll.Key) (any, bool) {
	if n.shape != list {
		fix := "write each item on a line of its own after a dash (-)"
		if n.shape == text {
			fix = "write [" + escape(n.text) + "]"
		}
		r.refuse(n.at, path, fix, "%s wants a list, this is %s", path, n.say())
		return nil, false
	}
	first := map[string]enroll.Origin{}
	values, good := []string{}, true
	for _, item := range n.items {
		v, ok := r.text(item, path)
		if ok {
			var problem *problem
			if v, problem = checkItem(key, v); problem != nil {
				r.refuse(item.at, path, problem.fix, "%s %s", path, problem.text)
				ok = false
			}
		}
		if at, twice := first[v]; ok && twice {
			r.refuse(item.at, path, "delete one of the two", "%s stands twice in %s; the first is at %s", quote(v), path, at)
			ok = false
		}
		if !ok {
			good = false
			continue
		}
		first[v] = item.at
		values = append(values, v)
	}
	for v, at := range first {
		r.entry.At[itemPath(path, v)] = at
	}
	return enroll.Set(values...), good
}

// say names what a value is, with the value where it is short.
func (n node) say() string {
	switch n.shape {
	case flag:
		return "the truth value " + escape(n.text)
	case number:
		return "the number " + escape(n.text)
	case text:
		return "the text " + quote(n.text)
	default:
		return n.shape.String()
	}
}

// plainNumber tells whether a number is written in decimal digits without leading zero.
func plainNumber(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	return digits == "0" || digits != "" && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}
