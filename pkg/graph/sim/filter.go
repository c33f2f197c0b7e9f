package sim

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// test is one node of a $filter expression. Only what is known to work is understood; the rest answers 400.
type test struct {
	op          string // and, or, eq, ge, gt, le, lt, has, startswith, contains, any, isof
	left, right *test
	path        []string
	value       any
	fold        bool // strings of the directory compare without case (Microsoft docs: directory queries)
}

var filterToken = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*('(?:[^']|'')*'|\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)|-?\d+|[A-Za-z_@][\w@/.]*|[(),:])`)
})

// maxFilter bounds an expression, and with it the depth of its parentheses.
const maxFilter = 8 << 10

type filterParser struct {
	c    *call
	rest string
	typ  *typ
}

// parseFilter reads $filter for items of a type.
func (c *call) parseFilter(text string, t *typ) (*test, error) {
	p := &filterParser{c: c, rest: text, typ: t}
	if len(text) > maxFilter {
		return nil, p.bad()
	}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(p.rest) != "" {
		return nil, p.bad()
	}
	return e, nil
}

func (p *filterParser) bad() error {
	return refusePlain(http.StatusBadRequest, "BadRequest", "Invalid filter clause: unsupported expression at '%s'", strings.TrimSpace(p.rest))
}

func (p *filterParser) peek() string {
	m := filterToken().FindStringSubmatch(p.rest)
	if m == nil {
		return ""
	}
	return m[1]
}

func (p *filterParser) next() string {
	m := filterToken().FindStringSubmatch(p.rest)
	if m == nil {
		return ""
	}
	p.rest = p.rest[len(m[0]):]
	return m[1]
}

func (p *filterParser) expect(token string) error {
	if p.peek() != token {
		return p.bad()
	}
	p.next()
	return nil
}

func (p *filterParser) or() (*test, error) { return p.chain("or", p.and) }

func (p *filterParser) and() (*test, error) { return p.chain("and", p.term) }

func (p *filterParser) chain(word string, operand func() (*test, error)) (*test, error) {
	e, err := operand()
	for err == nil && p.peek() == word {
		p.next()
		var right *test
		right, err = operand()
		e = &test{op: word, left: e, right: right}
	}
	return e, err
}

func (p *filterParser) term() (*test, error) {
	switch word := p.peek(); word {
	case "(":
		p.next()
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")")
	case "isof":
		p.next()
		value, err := p.arguments(nil)
		if err != nil {
			return nil, err
		}
		name, _ := value.(string)
		if p.c.s.schema.of("#"+name) == nil {
			return nil, p.bad()
		}
		return &test{op: "isof", value: "#" + name}, nil
	case "startswith", "contains":
		p.next()
		e := &test{op: word, fold: p.c.directory()}
		value, err := p.arguments(e)
		if err != nil {
			return nil, err
		}
		e.value = value
		return e, p.check(e, map[string]byte{"startswith": 'p', "contains": 'c'}[word])
	}
	return p.comparison()
}

// arguments reads "(path, literal)", or "(literal)" where no path is wanted.
func (p *filterParser) arguments(e *test) (any, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	if e != nil {
		e.path = strings.Split(p.next(), "/")
		if err := p.expect(","); err != nil {
			return nil, err
		}
	}
	value, ok := literal(p.next())
	if !ok {
		return nil, p.bad()
	}
	return value, p.expect(")")
}

func (p *filterParser) comparison() (*test, error) {
	word := p.next()
	if word == "" || strings.ContainsAny(word, "'(),:") {
		return nil, p.bad()
	}
	if front, ok := strings.CutSuffix(word, "/any"); ok {
		return p.any(front)
	}
	e := &test{path: strings.Split(word, "/"), op: p.next(), fold: p.c.directory()}
	flag, known := map[string]byte{"eq": 'f', "has": 'h', "ge": 'g', "gt": 'g', "le": 'g', "lt": 'g'}[e.op]
	if !known {
		return nil, p.bad()
	}
	value, ok := literal(p.next())
	if !ok {
		return nil, p.bad()
	}
	e.value = value
	return e, p.check(e, flag)
}

// any reads "(s:s/member eq 'value')" after a collection.
func (p *filterParser) any(collection string) (*test, error) {
	m := p.typ.member(collection)
	if m == nil || !m.is('a') {
		return nil, p.bad()
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	name := p.next()
	if err := p.expect(":"); err != nil {
		return nil, err
	}
	inner := &filterParser{c: p.c, rest: strings.Replace(p.rest, name+"/", "", 1), typ: p.c.s.schema.types[m.typ]}
	if !strings.HasPrefix(strings.TrimSpace(p.rest), name+"/") {
		return nil, p.bad()
	}
	e, err := inner.comparison()
	if err != nil {
		return nil, err
	}
	p.rest = inner.rest
	return &test{op: "any", path: []string{collection}, left: e}, p.expect(")")
}

// check resolves the member path. Members are looked up without case, as recorded traffic writes
// TemplateReference/templateId; what may be asked of a member is a flag of the schema.
func (p *filterParser) check(e *test, flag byte) error {
	t := p.typ
	for i, name := range e.path {
		var found *member
		for _, m := range t.members() {
			if strings.EqualFold(m.name, name) && (p.c.api == beta || m.is('1')) {
				found = m
			}
		}
		if found == nil {
			return noProperty(name, t)
		}
		e.path[i] = found.name
		if i == len(e.path)-1 {
			if !found.is(flag) {
				return refusePlain(http.StatusBadRequest, "BadRequest", "Invalid filter clause: operator '%s' is not supported for property '%s'", e.op, found.name)
			}
			return nil
		}
		if t = p.c.s.schema.types[found.typ]; t == nil {
			return p.bad()
		}
	}
	return p.bad()
}

func noProperty(name string, t *typ) error {
	return refusePlain(http.StatusBadRequest, "BadRequest", "Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.%s'.", name, t.name)
}

func literal(token string) (any, bool) {
	switch {
	case token == "true" || token == "false":
		return token == "true", true
	case token == "null":
		return nil, true
	case len(token) >= 2 && token[0] == '\'':
		return strings.ReplaceAll(token[1:len(token)-1], "''", "'"), true
	}
	if at, err := time.Parse(time.RFC3339, token); err == nil {
		return at, true
	}
	if n, err := strconv.ParseInt(token, 10, 64); err == nil {
		return n, true
	}
	return nil, false
}

// holds evaluates the test for an object.
func (e *test) holds(sc *schema, o object) bool {
	switch e.op {
	case "and":
		return e.left.holds(sc, o) && e.right.holds(sc, o)
	case "or":
		return e.left.holds(sc, o) || e.right.holds(sc, o)
	case "isof":
		name, _ := o["@odata.type"].(string)
		want, _ := e.value.(string)
		t := sc.of(name)
		return t != nil && t.derives(sc.of(want).name)
	case "any":
		items, _ := o[e.path[0]].([]any)
		for _, it := range items {
			if inner, ok := it.(object); ok && e.left.holds(sc, inner) {
				return true
			}
		}
		return false
	}
	var have any = o
	for _, name := range e.path {
		inner, _ := have.(object)
		have = inner[name]
	}
	return e.compare(have)
}

func (e *test) compare(have any) bool {
	text, isText := have.(string)
	want, wantText := e.value.(string)
	if at, ok := e.value.(time.Time); ok {
		stamp, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return false
		}
		order := stamp.Compare(at)
		return e.op == "ge" && order >= 0 || e.op == "gt" && order > 0 || e.op == "le" && order <= 0 || e.op == "lt" && order < 0
	}
	if !isText || !wantText {
		return e.op == "eq" && have == e.value
	}
	if e.fold || e.path[0] == "discoverySource" || e.path[0] == "serialNumber" {
		// Recorded portal traffic asks discoverySource eq 'AdminImport' for the member adminImport.
		text, want = strings.ToLower(text), strings.ToLower(want)
	}
	switch e.op {
	case "eq":
		// Recorded portal traffic filters requestedEnrollmentProfileId by the bare guid, whatever form comes back.
		return text == want || e.path[0] == "requestedEnrollmentProfileId" && want != "" && lastPart(text) == want
	case "has":
		for part := range strings.SplitSeq(text, ",") {
			if strings.TrimSpace(part) == want {
				return true
			}
		}
	case "startswith":
		return strings.HasPrefix(text, want)
	case "contains":
		return strings.Contains(text, want)
	}
	return false
}
