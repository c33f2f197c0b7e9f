package sim

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

var guidForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
})

// checker holds a body against the schema and gives it back in canonical values.
type checker struct {
	c      *call
	own    string // the id a body may repeat
	create bool   // required members must be there
}

// checkBody checks the request's body as the declared type. own is the id of the object written, "" for a new one.
func (c *call) checkBody(declared, own string, create bool) (object, error) {
	if c.body == nil {
		return nil, c.badBody("A JSON object was expected as the request body.")
	}
	return checker{c: c, own: own, create: create}.object(c.s.schema.types[declared], c.body, true)
}

// noBody refuses a body where an action takes none; an empty object is let through, as SDKs send one.
func (c *call) noBody() error {
	if len(c.body) > 0 {
		return c.badBody("This action takes no parameters.")
	}
	return nil
}

// badBody is a 400 about the body: Intune's nested shape on its paths, the directory's own code elsewhere.
func (c *call) badBody(format string, args ...any) error {
	if c.directory() {
		return refuse(http.StatusBadRequest, "Request_BadRequest", format, args...)
	}
	return invalid(format, args...)
}

func (k checker) object(declared *typ, in object, top bool) (object, error) {
	t := declared
	if name, given := in["@odata.type"]; given {
		text, _ := name.(string)
		if t = k.c.s.schema.of(text); t == nil || !strings.HasPrefix(text, "#microsoft.graph.") || !t.derives(declared.name) || k.c.api == v1 && !t.v1 {
			return nil, k.c.badBody("The type '%v' does not derive from the expected type 'microsoft.graph.%s'.", name, declared.name)
		}
	}
	if t.abstract {
		return nil, k.c.badBody("The type 'microsoft.graph.%s' is abstract: '@odata.type' must name the type of the object.", t.name)
	}
	out := object{}
	if t != declared {
		out["@odata.type"] = "#microsoft.graph." + t.name
	}
	for name, v := range in {
		if name == "@odata.type" || name == "@odata.context" || strings.HasSuffix(name, "@odata.type") {
			continue
		}
		m := t.member(name)
		if m == nil || k.c.api == v1 && !m.is('1') {
			return nil, k.c.badBody("The property '%s' does not exist on type 'microsoft.graph.%s'. Make sure to only use property names that are defined by the type.", name, t.name)
		}
		if err := k.writable(m, v, top); err != nil {
			return nil, err
		}
		value, err := k.value(m, v)
		if err != nil {
			return nil, err
		}
		if !m.is('e') || !top {
			out[name] = value
		}
	}
	if k.create || !top {
		for _, m := range t.members() {
			if m.is('*') && (k.c.api == beta || m.is('1')) && (out[m.name] == nil || out[m.name] == "") {
				return nil, k.c.badBody("Required property '%s' is missing on type 'microsoft.graph.%s'.", m.name, t.name)
			}
		}
	}
	return out, nil
}

// writable refuses members the service makes. Recorded portal bodies repeat an empty id and configurationEndpointUrl on
// create and the own id on update; entities inside a body keep their ids.
func (k checker) writable(m *member, v any, top bool) error {
	text, _ := v.(string)
	refused := m.is('r') || m.is('n') && !m.is('b')
	if m.is('e') && top && text != "" {
		refused = m.name != "id" || text != k.own
	}
	if !refused {
		return nil
	}
	return k.c.badBody("The property '%s' is read-only and cannot be set.", m.name)
}

func (k checker) value(m *member, v any) (any, error) {
	if v == nil {
		if m.is('!') || m.many {
			return nil, k.c.badBody("A null value was found for the property named '%s', which has the type '%s[Nullable=False]'.", m.name, m.typ)
		}
		return nil, nil
	}
	if !m.many {
		return k.single(m, v)
	}
	items, ok := v.([]any)
	if !ok {
		return nil, k.c.badBody("The property '%s' must be an array.", m.name)
	}
	out := make([]any, 0, len(items))
	for _, item := range items {
		value, err := k.single(m, item)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, nil
}

func (k checker) single(m *member, v any) (any, error) {
	wrong := func() (any, error) {
		return nil, k.c.badBody("Cannot convert the value of property '%s' to the expected type '%s'.", m.name, m.typ)
	}
	if t := k.c.s.schema.types[m.typ]; t != nil {
		inner, ok := v.(object)
		if !ok {
			return wrong()
		}
		return k.object(t, inner, false)
	}
	if number, ok := v.(json.Number); ok {
		n, err := number.Int64()
		if err != nil || m.typ != "Int64" && (m.typ != "Int32" || n > math.MaxInt32 || n < math.MinInt32) {
			return wrong()
		}
		return n, nil
	}
	if b, ok := v.(bool); ok && m.typ == "Boolean" {
		return b, nil
	}
	text, ok := v.(string)
	if !ok {
		return wrong()
	}
	if e := k.c.s.schema.enums[m.typ]; e != nil {
		if !e.valid(text) {
			return nil, k.c.badBody("Requested value '%s' was not found: '%s' takes one of %s.", text, m.name, strings.Join(e.members, ", "))
		}
		return text, nil
	}
	good := false
	switch m.typ {
	case "String":
		good = true
	case "Guid":
		good = guidForm().MatchString(text)
	case "DateTimeOffset":
		_, err := time.Parse(time.RFC3339, text)
		good = err == nil
	case "Binary":
		_, err := base64.StdEncoding.DecodeString(text)
		good = err == nil
	}
	if !good {
		return wrong()
	}
	return text, nil
}
