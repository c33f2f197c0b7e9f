package render

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// sarifSchema is the schema of the SARIF 2.1.0 standard. A library of others
// carries it, as a constant of its own, so it is read from the source.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	pkg, err := build.Import("github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif", ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(pkg.Dir, "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && len(lit.Value) > len(text) {
			text = lit.Value
		}
		return true
	})
	if text, err = strconv.Unquote(text); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	const name = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// A rule that could not tell is no success, also where nothing kept the program from looking.
func TestSARIFUnsure(t *testing.T) {
	r := Report{Command: "check", Tenant: &Tenant{ID: "1"}, Findings: []enroll.Finding{{Rule: "X-01", Severity: enroll.Unknown, Message: "the service did not say"}}}
	log, err := sarif.FromBytes(written(t, "sarif", r))
	if err != nil {
		t.Fatal(err)
	}
	if *log.Runs[0].Invocations[0].ExecutionSuccessful {
		t.Error("called successful")
	}
}

func TestSARIFSchema(t *testing.T) {
	schema := sarifSchema(t)
	for name, r := range of("sarif") {
		t.Run(name, func(t *testing.T) {
			raw := written(t, "sarif", r)
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(doc); err != nil {
				t.Fatal(err)
			}
			log, err := sarif.FromBytes(raw)
			if err != nil {
				t.Fatal(err)
			}
			if len(log.Runs) != len(r.parts()) {
				t.Errorf("%d runs, want one for each of %d tenants", len(log.Runs), len(r.parts()))
			}
			if kind := log.Runs[0].ColumnKind; kind == nil || *kind != "unicodeCodePoints" {
				t.Errorf("columns are not said to be counted in characters: %v", kind)
			}
			looked := len(r.parts()[0].Gaps) == 0 && r.parts()[0].Error == nil && !unsure(r.parts()[0].Findings)
			if got := *log.Runs[0].Invocations[0].ExecutionSuccessful; got != looked {
				t.Errorf("executionSuccessful is %v, want %v", got, looked)
			}
		})
	}
}
