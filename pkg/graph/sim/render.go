package sim

import "slices"

// zeroGUID is what Intune puts where an id is missing.
const zeroGUID = "00000000-0000-0000-0000-000000000000"

// render shapes a stored object as an answer of the asked version: every member of its type (null where unset), without
// navigation, secrets and what needs $select; or just the fields of $select.
func (c *call) render(declared *typ, o object, fields []string) object {
	t := declared
	if name, ok := o["@odata.type"].(string); ok {
		if actual := c.s.schema.of(name); actual != nil {
			t = actual
		}
	}
	t = t.in(c.api)
	out := object{}
	if t.name != declared.name || declared.abstract {
		out["@odata.type"] = "#microsoft.graph." + t.name
	}
	for _, m := range t.members() {
		switch {
		case c.api == v1 && !m.is('1'), m.is('n'):
			continue
		case len(fields) > 0 && !slices.Contains(fields, m.name), len(fields) == 0 && m.is('s'):
			continue
		case m.is('w'):
			out[m.name] = nil
		default:
			out[m.name] = c.renderValue(m, o[m.name])
		}
	}
	return out
}

func (c *call) renderValue(m *member, v any) any {
	t := c.s.schema.types[m.typ]
	if v == nil && m.many {
		return []any{}
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for _, item := range v {
			if o, ok := item.(object); ok && t != nil {
				item = c.render(t, o, nil)
			}
			out = append(out, item)
		}
		return out
	case object:
		if t != nil {
			return c.render(t, v, nil)
		}
	}
	return v
}

// one answers a single object.
func (c *call) one(status int, typeName string, o object) (answer, error) {
	out := c.render(c.s.schema.types[typeName], o, c.query.fields)
	out["@odata.context"] = c.context() + "/$entity"
	return answer{status: status, body: out}, nil
}
