// Package layout holds no code: its test keeps the import arrows of the project.
package layout

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/intune-enroll/intune-enroll/"

// may says which packages of ours a package may import. A trailing /... takes
// in everything below. enroll may be imported by all.
var may = map[string][]string{
	"cmd/intune-enroll":                   {"cmd/intune-enroll/internal/cli"},
	"cmd/intune-enroll/internal/cli":      {"cmd/intune-enroll/internal/...", "pkg/...", "configs"},
	"cmd/intune-enroll/internal/settings": {},
	"cmd/intune-enroll/internal/term":     {},
	"cmd/intune-enroll/internal/render":   {"cmd/intune-enroll/internal/term"},
	"configs":                             {},
	"pkg/enroll":                          {},
	"internal/golden":                     {}, // for tests only
	"pkg/graph":                           {},
	"pkg/graph/v1":                        {"pkg/graph"},
	"pkg/graph/sim":                       {},
	"pkg/graph/graphtest":                 {"pkg/graph", "pkg/graph/sim"}, // for tests only
	"pkg/directory":                       {"pkg/graph"},
	"pkg/vpp":                             {"pkg/graph"},
	"pkg/ade":                             {"pkg/graph", "pkg/directory", "pkg/vpp"},
	"pkg/byod":                            {"pkg/graph", "pkg/directory", "pkg/vpp"},
	"pkg/pushcert":                        {"pkg/graph", "pkg/directory", "pkg/vpp"},
	"pkg/companyportal":                   {"pkg/graph", "pkg/directory", "pkg/vpp"},
	"pkg/configurator":                    {"pkg/graph", "pkg/directory", "pkg/vpp"},
	"pkg/tenant":                          {"pkg/graph", "pkg/directory", "pkg/vpp"},
	"pkg/document":                        {"pkg/ade", "pkg/byod", "pkg/pushcert", "pkg/companyportal", "pkg/configurator", "pkg/tenant", "pkg/directory", "pkg/vpp"},
	"pkg/guard":                           {"pkg/document", "pkg/ade", "pkg/byod", "pkg/pushcert", "pkg/companyportal", "pkg/configurator", "pkg/tenant", "pkg/directory", "pkg/vpp"},
	"pkg/advise":                          {},
	"pkg/starter":                         {"pkg/advise"},
	"pkg/guide":                           {"pkg/document", "pkg/ade", "pkg/byod", "pkg/pushcert", "pkg/companyportal", "pkg/configurator", "pkg/tenant", "pkg/directory", "pkg/vpp"},
}

// only says which packages of ours may import an outside module.
var only = map[string][]string{
	"github.com/microsoftgraph/msgraph-sdk-go/":        {"pkg/graph/v1"},
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity": {"pkg/graph"},
	"github.com/spf13/viper":                           {"cmd/intune-enroll/internal/settings"},
	"github.com/spf13/cobra":                           {"cmd/intune-enroll/internal/cli"},
	"github.com/spf13/pflag":                           {"cmd/intune-enroll/internal/cli", "cmd/intune-enroll/internal/settings"},
	"charm.land/":                                      {"cmd/intune-enroll/internal/render", "cmd/intune-enroll/internal/term"},
	"github.com/goccy/go-yaml":                         {"pkg/document", "cmd/intune-enroll/internal/render", "cmd/intune-enroll/internal/cli", "cmd/intune-enroll/internal/settings"},
}

// outside are packages that may import few modules or none.
var outside = map[string][]string{
	"pkg/enroll":    nil,
	"pkg/graph/sim": {"github.com/smallstep/pkcs7"}, // the envelope of a server token
}

func TestImportsPointDown(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "tools" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		allowed, known := may[pkg]
		if !known {
			t.Errorf("%s: package %s has no place in the layout; give it one in this test", path, pkg)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			seen++
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			check(t, path, pkg, name, allowed)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 50 {
		t.Errorf("only %d imports seen: the test looks in the wrong place", seen)
	}
}

func check(t *testing.T, path, pkg, name string, allowed []string) {
	t.Helper()
	if ours, ok := strings.CutPrefix(name, module); ok {
		free := ours == "pkg/enroll" && pkg != "pkg/graph/sim"
		for _, a := range allowed {
			below, all := strings.CutSuffix(a, "...")
			free = free || ours == a || all && strings.HasPrefix(ours, below)
		}
		if !free {
			t.Errorf("%s: %s may not import %s", path, pkg, ours)
		}
		return
	}
	if libraries, closed := outside[pkg]; closed {
		if first, _, _ := strings.Cut(name, "/"); strings.Contains(first, ".") && !slices.Contains(libraries, name) {
			t.Errorf("%s: %s imports the standard library and %v only, not %s", path, pkg, libraries, name)
		}
	}
	for module, importers := range only {
		if !strings.HasPrefix(name, module) || strings.HasPrefix(name, "github.com/microsoftgraph/msgraph-sdk-go-core") {
			continue
		}
		ok := false
		for _, i := range importers {
			ok = ok || i == pkg
		}
		if !ok {
			t.Errorf("%s: only %v may import %s", path, importers, name)
		}
	}
}
