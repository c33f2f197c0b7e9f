package document

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Schema is the JSON Schema (draft 2020-12) of a document file, for editors
// and pipelines. It is made from the tables that Decode reads, and says what
// can be said in a schema: keys, types, valid values, what is always required.
func Schema() ([]byte, error) { return schema(tables()) }

func schema(t keyTables) ([]byte, error) {
	token := object(t.token, "")
	token.Properties.Set("profiles", listOf(object(t.profile, ""), "Enrollment profiles of this token."))
	mac := sections(property{"profiles", listOf(object(t.mac, ""), "Enrollment profiles for Apple Configurator.")})
	byod := sections(property{"profiles", listOf(object(t.byod, ""), "Enrollment profiles of personal devices.")})
	app := object(t.app, "")
	app.Description = "Where the Company Portal app comes from."
	portal := sections(property{"app", app}, property{"configPolicies", listOf(object(t.policy, ""), "App configuration policies that tell Company Portal about enrolled devices.")})
	top := sections(
		property{"apiVersion", &jsonschema.Schema{Const: APIVersion, Description: "Version of this form of file."}},
		property{"tenant", &jsonschema.Schema{Type: "string", Description: "Guard: id or verified domain of the one tenant this file is for; any other is refused."}},
		property{"groups", listOf(object(t.group, ""), "Groups that are made where they are not there yet.")},
		property{"ade", listOf(token, "Automated Device Enrollment, by token.")},
		property{"configurator", described(mac, "Enrollment by a Mac with Apple Configurator.")},
		property{"byod", described(byod, "Enrollment of personal devices.")},
		property{"companyPortal", described(portal, "The Company Portal app and its configuration.")},
	)
	top.Version = jsonschema.Version
	top.Title = "intune-enroll document"
	top.Required = []string{"apiVersion"}
	out, err := json.MarshalIndent(top, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(out, '\n'), nil
}

type property struct {
	name   string
	schema *jsonschema.Schema
}

// sections is a mapping that may be left empty.
func sections(properties ...property) *jsonschema.Schema {
	s := &jsonschema.Schema{Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema,
		Extras: map[string]any{"type": []string{"object", "null"}}}
	for _, p := range properties {
		s.Properties.Set(p.name, p.schema)
	}
	return s
}

func listOf(items *jsonschema.Schema, description string) *jsonschema.Schema {
	return &jsonschema.Schema{Items: items, Description: description, Extras: map[string]any{"type": []string{"array", "null"}}}
}

func described(s *jsonschema.Schema, description string) *jsonschema.Schema {
	s.Description = description
	return s
}

// object is the mapping at path of an entry.
func object(keys []enroll.Key, path string) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, word := range below(keys, path) {
		at := join(path, word)
		key, _ := find(keys, at)
		var p *jsonschema.Schema
		switch inner := len(below(keys, at)) > 0; {
		case inner && key.Type == enroll.Either:
			p = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{value(key), object(keys, at)}}
		case inner:
			p = object(keys, at)
		default:
			p = value(key)
		}
		p.Description = describe(key)
		s.Properties.Set(word, p)
		if key.Required == "always" {
			s.Required = append(s.Required, word)
		}
	}
	if state, ok := find(keys, join(path, stateKey)); ok {
		// The name alone is enough for a thing that shall go, or is there already.
		given := jsonschema.NewProperties()
		given.Set(stateKey, &jsonschema.Schema{Enum: anyOf(state.Values)})
		s.If = &jsonschema.Schema{Properties: given, Required: []string{stateKey}}
		s.Then, s.Else = &jsonschema.Schema{Required: []string{nameKey}}, &jsonschema.Schema{Required: s.Required}
		s.Required = nil
	}
	return s
}

// stateKey says whether the thing of an entry shall be there at all.
const stateKey = "state"

func anyOf(values []string) []any {
	var out []any
	for _, v := range values {
		out = append(out, v)
	}
	return out
}

func describe(k enroll.Key) string {
	parts := []string{k.Doc}
	if k.Required != "" && k.Required != "always" {
		parts = append(parts, "Required "+k.Required+".")
	}
	if len(k.BackEnds) > 0 {
		parts = append(parts, "Only with type: "+strings.Join(k.BackEnds, ", ")+".")
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// value is a key without keys below it. null resets a key that may be left out.
func value(k enroll.Key) *jsonschema.Schema {
	s := &jsonschema.Schema{Default: k.Default}
	kind := "string"
	switch k.Type {
	case enroll.Flag:
		kind = "boolean"
	case enroll.Number:
		kind = "integer"
		if k.Min != 0 || k.Max != 0 {
			s.Minimum, s.Maximum = json.Number(strconv.FormatInt(k.Min, 10)), json.Number(strconv.FormatInt(k.Max, 10))
		}
	case enroll.Choices, enroll.Texts, enroll.Files:
		kind = "array"
		s.UniqueItems, s.Items, s.MinItems, s.MaxItems = true, items(k), limit(k.Min), limit(k.Max)
	default:
		s.Pattern, s.MinLength, s.MaxLength = pattern(k), limit(k.Min), limit(k.Max)
		s.Enum = anyOf(k.Values)
	}
	if k.Required == "always" || k.Path == serialsKey {
		s.Type = kind
		return s
	}
	s.Extras = map[string]any{"type": []string{kind, "null"}}
	if len(s.Enum) > 0 {
		s.Enum = append(s.Enum, nil)
	}
	return s
}

func items(k enroll.Key) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string", Pattern: pattern(k), Enum: anyOf(k.Values)}
	if k.Path == serialsKey {
		s.Type, s.Pattern = "", `^\s*[A-Za-z0-9]{8,14}\s*$`
		s.Extras = map[string]any{"type": []string{"string", "number"}}
	}
	return s
}

// pattern is what a text must match: no white space at its ends, beside what the row asks for.
func pattern(k enroll.Key) string {
	switch {
	case len(k.Values) > 0 || k.Path == descriptionKey:
		return ""
	case k.Pattern != "":
		return "^(?:" + k.Pattern + ")$"
	case k.Type == enroll.Texts || k.Type == enroll.Files || k.Required == "always" || k.Min > 0:
		return `^\S(?:.*\S)?$`
	default:
		return `^(?:\S(?:.*\S)?)?$`
	}
}

func limit(n int64) *uint64 {
	if n <= 0 {
		return nil
	}
	u := uint64(n)
	return &u
}
