package configs

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/intune-enroll/intune-enroll/internal/golden"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
)

func TestSchemaIsFresh(t *testing.T) {
	schema, err := document.Schema()
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "schema.json", schema)
}

// TestExamples: each one decodes without a finding, satisfies the schema, and
// breaks no rule; what warnings it gives stands here.
func TestExamples(t *testing.T) {
	warnings := map[string][]string{
		"contoso.yaml":                         {"X-43 info", "X-41"},
		"byod-account-driven.yaml":             {"X-81 info", "X-82 info", "X-83 info"},
		"byod-user-choice.yaml":                {"X-81 info", "X-82 info", "X-83 info"},
		"without-vpp.yaml":                     {"EUA-07", "C-07"},
		"company-portal-enrolled-devices.yaml": {"X-41"},
		"configurator-counter-ipads.yaml":      {"X-63 info"},
		"configurator-staff.yaml":              {"X-62 info", "X-64 info", "X-62 info", "X-64 info", "CAU-03", "CAU-09 info", "CAU-14"},
		"entra-shared-mode.yaml":               {"X-51 info"},
		"everything.yaml":                      {"X-51 info", "X-43 info", "X-63 info", "X-41"},
		"locked-until-company-portal.yaml":     {"X-43 info"},
		"school-two-tokens.yaml":               {"M12 info"},
		"large.yaml":                           {"X-41", "X-41", "X-41", "X-41"},
	}
	schema := compile(t)
	names, err := fs.Glob(Examples(), "*.yaml")
	if err != nil || len(names) < 6 {
		t.Fatalf("examples: %v %v", names, err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			sources, err := document.Open([]string{filepath.Join("examples", name)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			doc, findings := document.Decode(sources)
			want, said := doc.Objects()
			findings = append(findings, said...)
			findings = append(findings, enroll.Evaluate(guard.Rules(guard.Limits{}), want, enroll.Snapshot{}, time.Time{}, false)...)
			var got []string
			for _, f := range findings {
				rule := f.Rule
				if f.Severity != enroll.Warning {
					rule += " " + string(f.Severity)
				}
				got = append(got, rule)
			}
			if d := cmp.Diff(warnings[name], got); d != "" {
				t.Errorf("findings (-want +got):\n%s\n%+v", d, findings)
			}
			if err := schema.Validate(instance(t, sources[0].Data)); err != nil {
				t.Errorf("schema: %v", err)
			}
			raw, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			var back document.Document
			if err := json.Unmarshal(raw, &back); err != nil {
				t.Fatal(err)
			}
			again, _ := back.Objects()
			if d := cmp.Diff(want, again); d != "" {
				t.Errorf("objects after a way through JSON (-want +got):\n%s", d)
			}
		})
	}
}

func compile(t *testing.T) *validator.Schema {
	t.Helper()
	raw, err := os.ReadFile("schema.json")
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
		t.Fatal(err)
	}
	return s
}

// instance is a YAML file as a schema sees it.
func instance(t *testing.T, text []byte) any {
	t.Helper()
	raw, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	out, err := validator.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
