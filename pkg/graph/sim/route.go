package sim

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

const (
	v1   = "v1.0"
	beta = "beta"
)

// route is one path of the schema with its methods.
type route struct {
	pattern  string
	segments []string
	typ      string // of the answer, "" where it is not an object
	v1       bool
	expand   string
	methods  map[string]method
}

type method struct {
	handler string
	perms   []string
}

// place is a request path taken apart: the segments with keys in the slash form, the keys, and a function's argument.
type place struct {
	segments []string
	keys     []string
	arg      string
	paren    bool // the key of a profile came as enrollmentProfiles('key')
}

// path is the canonical form, which is also the name of a collection in the tenant.
func (p place) path() string { return "/" + strings.Join(p.segments, "/") }

// parent is the path of the collection an item is in.
func (p place) parent() string { return "/" + strings.Join(p.segments[:len(p.segments)-1], "/") }

var (
	keyForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([A-Za-z]+)\('((?:[^']|'')*)'\)$`)
	})
	functionForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([A-Za-z]+)\(([A-Za-z]+)='((?:[^']|'')*)'\)$`)
	})
)

// parsePath reads an escaped request path. Both key forms are OData; actions and functions are known by their short name,
// with or without parentheses.
func parsePath(escaped string) (place, error) {
	var p place
	for raw := range strings.SplitSeq(strings.TrimPrefix(escaped, "/"), "/") {
		s, err := url.PathUnescape(raw)
		if err != nil {
			return place{}, err
		}
		if cast, ok := strings.CutPrefix(s, "graph."); ok {
			s = "microsoft.graph." + cast
		}
		if m := keyForm().FindStringSubmatch(s); m != nil {
			p.segments = append(p.segments, m[1], strings.ReplaceAll(m[2], "''", "'"))
			p.paren = p.paren || m[1] == "enrollmentProfiles"
			continue
		}
		if m := functionForm().FindStringSubmatch(s); m != nil {
			p.segments = append(p.segments, m[1]+"("+m[2]+")")
			p.arg = strings.ReplaceAll(m[3], "''", "'")
			continue
		}
		p.segments = append(p.segments, strings.TrimSuffix(s, "()"))
	}
	return p, nil
}

// match returns the keys when the pattern fits, and how many of its segments are literal.
func (r *route) match(segments []string) (keys []string, literal int, ok bool) {
	if len(r.segments) != len(segments) {
		return nil, 0, false
	}
	for i, s := range r.segments {
		if s == "{id}" {
			if segments[i] == "" {
				return nil, 0, false
			}
			keys = append(keys, segments[i])
		} else if s != segments[i] {
			return nil, 0, false
		} else {
			literal++
		}
	}
	return keys, literal, true
}

// find looks for the route with the most literal segments.
func (sc *schema) find(p *place) *route {
	var best *route
	most := -1
	for _, r := range sc.routes {
		if keys, literal, ok := r.match(p.segments); ok && literal > most {
			best, most, p.keys = r, literal, keys
		}
	}
	return best
}

// missingSegment names the first segment of a beta path that v1.0 does not have, as the service's error does.
func (sc *schema) missingSegment(segments []string) string {
	for n := 1; n <= len(segments); n++ {
		known := false
		for _, r := range sc.routes {
			if r.v1 && len(r.segments) >= n {
				front := route{segments: r.segments[:n]}
				if _, _, ok := front.match(segments[:n]); ok {
					known = true
					break
				}
			}
		}
		if !known {
			return segments[n-1]
		}
	}
	return segments[len(segments)-1]
}

// granted says whether one of the permissions held satisfies one of the alternatives of a method.
func (sc *schema) granted(held, alternatives []string) bool {
	return slices.ContainsFunc(sc.permissionNames(alternatives), func(name string) bool { return slices.Contains(held, name) })
}

// permissionNames spells out the alternatives of a method, least privileged first.
func (sc *schema) permissionNames(alternatives []string) []string {
	var names []string
	for _, a := range alternatives {
		short, write := strings.CutSuffix(a, "+")
		family := short
		if full := sc.perms[short]; full != "" {
			family = full
		}
		switch {
		case strings.Contains(short, "."):
			names = append(names, short)
		case write:
			names = append(names, family+".ReadWrite.All")
		default:
			names = append(names, family+".Read.All", family+".ReadWrite.All")
		}
	}
	return names
}
