package document

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/goccy/go-yaml"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// compile compiles the schema of the tables.
func compile(t *testing.T, tables keyTables) *validator.Schema {
	t.Helper()
	raw, err := schema(tables)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := validator.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	return s
}

// instance is the file as a schema sees it.
func instance(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := validator.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSchemaAgreesWithDecode gives both the same files: what one refuses, the other does.
func TestSchemaAgreesWithDecode(t *testing.T) {
	s := compile(t, testTables())
	for _, tc := range []struct {
		name, in string
		good     bool
	}{
		{"least", head, true},
		{"empty sections", head + "groups:\nade:\nbyod:\ncompanyPortal:\n", true},
		{"whole", head + "tenant: contoso.com\ngroups: [{name: G, assigned: true}]\ncompanyPortal: {app: {source: vpp}, configPolicies: [{name: x}]}\nbyod: {profiles: [{name: B, assignTo: {groups: [G]}}]}\n", true},
		{"profile", inProfile("description: |-\n  a\n  b\nlockedEnrollment: ~\ncompanyPortal: {install: vpp}\nsyncWithComputers: {certificates: [a]}\nsetupAssistant: {hide: [siri]}\nsharedIPad: {maxCachedUsers: 24}\ndevices: {serials: [f2lx00000001]}"), true},
		{"absent", head + "ade: [{profiles: [{name: P, state: absent}]}]\n", true},
		{"existing", head + "ade: [{profiles: [{name: P, state: existing, lockedEnrollment: true}]}]\n", true},
		{"absent without a name", head + "ade: [{profiles: [{state: absent}]}]\n", false},
		{"absent with a mapping that lacks a key", head + "ade: [{profiles: [{name: P, state: absent, companyPortal: {vppToken: A}}]}]\n", false},
		{"no state", inProfile("state: ~"), true},
		{"neither state nor what is required", head + "ade: [{profiles: [{name: P, state: ~}]}]\n", false},
		{"unknown state", inProfile("state: present"), false},
		{"no version", "groups: []\n", false},
		{"other version", "apiVersion: v2\n", false},
		{"unknown key", head + "group: []\n", false},
		{"unknown key in an entry", inProfile("foo: 1"), false},
		{"unknown key in a mapping", inProfile("companyPortal: {install: vpp, foo: 1}"), false},
		{"missing", head + "groups: [{assigned: true}]\n", false},
		{"missing in a mapping", inProfile("companyPortal: {vppToken: A}"), false},
		{"wrong type", inProfile("lockedEnrollment: yes"), false},
		{"wrong value", inProfile("syncWithComputers: maybe"), false},
		{"null where required", head + "groups: [{name: }]\n", false},
		{"twice in a list", inProfile("setupAssistant: {hide: [siri, siri]}"), false},
		{"number out of range", inProfile("sharedIPad: {maxCachedUsers: 25}"), false},
		{"white space", head + "groups: [{name: ' G'}]\n", false},
		{"pattern", inProfile("support: {phone: call}"), false},
		{"long", head + "groups: [{name: abcdefghijklmnopqrstu}]\n", false},
		{"serial", inProfile("devices: {serials: [F2LX-0000001]}"), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, findings := decode([]Source{{Name: "f.yaml", Data: []byte(tc.in)}}, testTables())
			if got := enroll.Worst(findings) != enroll.Error; got != tc.good {
				t.Errorf("decoder: good %v, want %v: %v", got, tc.good, lines(findings))
			}
			if err := s.Validate(instance(t, tc.in)); (err == nil) != tc.good {
				t.Errorf("schema: good %v, want %v: %v", err == nil, tc.good, err)
			}
		})
	}
}
