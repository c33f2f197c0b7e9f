package sim

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed schema.txt
var schemaText string

// schema is what schema.txt says: immutable once parsed, so one serves requests side by side.
type schema struct {
	types  map[string]*typ
	enums  map[string]*enum
	perms  map[string]string
	routes []*route
}

type typ struct {
	name     string
	base     *typ
	v1       bool
	abstract bool
	own      []*member
}

type member struct {
	name  string
	typ   string // without Collection()
	many  bool
	flags string
}

func (m *member) is(flag byte) bool { return strings.IndexByte(m.flags, flag) >= 0 }

type enum struct {
	members []string
	flags   bool
}

// valid says whether v is a member, or for a flags enumeration a comma separated list of members.
func (e *enum) valid(v string) bool {
	if !e.flags {
		return slices.Contains(e.members, v)
	}
	for part := range strings.SplitSeq(v, ",") {
		if !slices.Contains(e.members, strings.TrimSpace(part)) {
			return false
		}
	}
	return true
}

// member finds a member in the type and what it derives from.
func (t *typ) member(name string) *member {
	for ; t != nil; t = t.base {
		for _, m := range t.own {
			if m.name == name {
				return m
			}
		}
	}
	return nil
}

// members lists the members of the type and what it derives from.
func (t *typ) members() []*member {
	var all []*member
	for ; t != nil; t = t.base {
		all = append(all, t.own...)
	}
	return all
}

// derives says whether t is the named type or comes from it.
func (t *typ) derives(name string) bool {
	for ; t != nil; t = t.base {
		if t.name == name {
			return true
		}
	}
	return false
}

// in returns the type as an API version knows it: v1.0 shows an object of a beta type as the nearest type it has.
func (t *typ) in(api string) *typ {
	if api != v1 {
		return t
	}
	for ; t != nil && !t.v1; t = t.base {
	}
	return t
}

// of looks up the type an "@odata.type" names.
func (sc *schema) of(odata string) *typ {
	return sc.types[strings.TrimPrefix(odata, "#microsoft.graph.")]
}

func parseSchema(text string) (*schema, error) {
	sc := &schema{types: map[string]*typ{}, enums: map[string]*enum{}, perms: map[string]string{}}
	bases := map[*typ]string{}
	var path *route
	var current *typ
	for n, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		bad := func() (*schema, error) { return nil, fmt.Errorf("schema line %d: %q makes no sense", n+1, line) }
		switch {
		case strings.HasPrefix(line, "\t") && current != nil && len(words) >= 2:
			m := &member{name: words[0]}
			m.typ, m.many = strings.CutPrefix(words[1], "Collection(")
			m.typ = strings.TrimSuffix(m.typ, ")")
			if len(words) > 2 {
				m.flags = words[2]
			}
			current.own = append(current.own, m)
		case strings.HasPrefix(line, "\t") && path != nil && len(words) == 3:
			path.methods[words[0]] = method{handler: words[1], perms: strings.Split(words[2], "|")}
		case words[0] == "perm" && len(words) == 3:
			sc.perms[words[1]] = words[2]
		case (words[0] == "enum" || words[0] == "flags") && len(words) > 2:
			sc.enums[words[1]] = &enum{members: words[2:], flags: words[0] == "flags"}
		case words[0] == "type" && len(words) >= 3:
			current, path = &typ{name: words[1], v1: slices.Contains(words[3:], "v1"), abstract: slices.Contains(words[3:], "abstract")}, nil
			sc.types[current.name] = current
			bases[current] = words[2]
		case words[0] == "path" && len(words) >= 3:
			current, path = nil, &route{pattern: words[1], segments: strings.Split(words[1], "/")[1:], typ: strings.Trim(words[2], "-"), methods: map[string]method{}}
			for _, w := range words[3:] {
				if e, ok := strings.CutPrefix(w, "expand="); ok {
					path.expand = e
				} else if w == "v1" {
					path.v1 = true
				} else {
					return bad()
				}
			}
			sc.routes = append(sc.routes, path)
		default:
			return bad()
		}
	}
	return sc, sc.link(bases)
}

// link resolves the names between the lines and refuses a name that leads nowhere.
func (sc *schema) link(bases map[*typ]string) error {
	primitive := []string{"String", "Boolean", "Int32", "Int64", "Guid", "DateTimeOffset", "Binary"}
	for t, base := range bases {
		if base != "-" {
			if t.base = sc.types[base]; t.base == nil {
				return fmt.Errorf("schema: type %s derives from unknown %s", t.name, base)
			}
		}
		for _, m := range t.own {
			if sc.types[m.typ] == nil && sc.enums[m.typ] == nil && !slices.Contains(primitive, m.typ) {
				return fmt.Errorf("schema: %s.%s has unknown type %s", t.name, m.name, m.typ)
			}
		}
	}
	for _, r := range sc.routes {
		if r.typ != "" && sc.types[r.typ] == nil {
			return fmt.Errorf("schema: path %s has unknown type %s", r.pattern, r.typ)
		}
	}
	return nil
}
