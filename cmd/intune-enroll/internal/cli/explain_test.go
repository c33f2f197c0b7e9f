package cli

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func known(t *testing.T) catalogue {
	t.Helper()
	c, err := readCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// explained is the topic of a name that must have one.
func explained(t *testing.T, c catalogue, name string) *render.Topic {
	t.Helper()
	got, err := c.topic(name)
	if err != nil || got == nil || got.Name == "" || got.Type == "" {
		t.Fatalf("%s: %+v %v", name, got, err)
	}
	return got
}

// TestEverythingIsExplained: what completion offers has a topic of that name,
// in any case of letters, with something to say.
func TestEverythingIsExplained(t *testing.T) {
	c := known(t)
	types := map[string]int{}
	for _, k := range c.topics() {
		types[k.Type]++
		for _, name := range []string{k.Path, strings.ToUpper(k.Path)} {
			got := explained(t, c, name)
			if got.Name != k.Path || got.Type != k.Type || k.Doc == "" || len(got.Lines)+len(got.Keys) == 0 {
				t.Errorf("%s (%s) is explained as %+v", name, k.Type, got)
			}
		}
	}
	for _, name := range []string{"rule", "statement", "finding", "kind", "section", "key"} {
		if types[name] < 3 {
			t.Errorf("only %d topics of type %s", types[name], name)
		}
	}
}

// TestNoIDIsForgotten: every id that can be shown has a topic.
func TestNoIDIsForgotten(t *testing.T) {
	c := known(t)
	ids := slices.Concat(c.cited, findingIDs(t))
	for _, r := range c.rules {
		ids = append(ids, r.ID)
	}
	for _, s := range c.statements {
		ids = append(ids, s.ID)
	}
	if len(ids) < 300 {
		t.Errorf("only %d ids", len(ids))
	}
	for _, id := range ids {
		if got := explained(t, c, id); got.Name != id {
			t.Errorf("%s is explained as %s", id, got.Name)
		}
	}
	for _, d := range findingDocs() {
		if slices.ContainsFunc(c.rules, func(r enroll.Rule) bool { return strings.EqualFold(r.ID, d.id) }) {
			t.Errorf("%s is a rule and needs no text of its own", d.id)
		}
		if !slices.Contains(ids, d.id) {
			t.Errorf("%s is explained, and nothing gives it", d.id)
		}
	}
}

// findingIDs are the ids that the source gives to findings as it stands: in
// composite literals and in calls of the engine's binder, by text or constant.
func findingIDs(t *testing.T) []string {
	t.Helper()
	constants, used := map[string]string{}, map[string]bool{}
	root := filepath.Join("..", "..", "..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/sim/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, v := range n.Values {
					if text, ok := literal(v); ok && i < len(n.Names) {
						constants[filepath.Dir(path)+"."+n.Names[i].Name] = text
					}
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" {
					used[filepath.Dir(path)+"."+source(n.Value)] = true
				}
			case *ast.ReturnStmt: // of ruleFor, which names what a name lacks
				for _, v := range n.Results {
					if name, ok := v.(*ast.Ident); ok && strings.HasPrefix(name.Name, "name") {
						used[filepath.Dir(path)+"."+name.Name] = true
					}
				}
			case *ast.CallExpr:
				// The binder's note has a severity among its arguments; it is sorted out below.
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "report" || f.Sel.Name == "note") && strings.HasSuffix(filepath.Dir(path), "enroll") {
					for _, v := range n.Args {
						used[filepath.Dir(path)+"."+source(v)] = true
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for name := range used {
		if text, ok := constants[name]; ok {
			out = append(out, text)
		} else if text, err := strconv.Unquote(name[strings.LastIndexByte(name, '.')+1:]); err == nil && text != "" && text != "name" {
			out = append(out, text)
		}
	}
	out = slices.DeleteFunc(out, func(id string) bool { return slices.Contains(severities(), id) })
	for _, id := range []string{document.FileRule, document.TwiceRule, "id-unknown", "name-unknown", "group-differs", "hangs-on-it", "CPI-12"} {
		if !slices.Contains(out, id) {
			t.Errorf("the source was not understood: %s is missing in %v", id, out)
		}
	}
	return out
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// source is an identifier or a literal as it is written.
func source(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.BasicLit:
		return e.Value
	}
	return ""
}

func TestExplainSuggests(t *testing.T) {
	c := known(t)
	for name, want := range map[string]string{
		"GEN-008": "intune-enroll explain GEN-08", "ade-profil": "intune-enroll explain ade-profile", "userAfinity": "intune-enroll explain userAffinity",
		"name-unknwon": "intune-enroll explain name-unknown", "nothing like it at all": "intune-enroll explain", "": "intune-enroll explain",
	} {
		_, err := c.topic(name)
		f := explain(err)
		if err == nil || f.do != want || exitCode(err) != exitRefused {
			t.Errorf("%q: %v, do: %s", name, err, f.do)
		}
	}
}

func TestKeyTopics(t *testing.T) {
	c := known(t)
	for _, tc := range []struct {
		name, topic string
		want        *render.Topic
	}{
		{"a choice", "ade.profiles.authentication", &render.Topic{Name: "ade.profiles.authentication", Type: "key", Lines: topicLines(
			[2]string{"type", "one of the values"}, [2]string{"values", "setupAssistantModern, companyPortal, setupAssistantLegacy"}, [2]string{"required", "with userAffinity: user"},
			[2]string{"change", "possible"}, [2]string{"in Graph", "ade_authenticationmethod / enableAuthenticationViaCompanyPortal, configurationWebUrl"}, [2]string{"kind", "ade-profile"})}},
		{"limits and a back end", "lockUntilInstalled", &render.Topic{Name: "ade.profiles.companyPortal.lockUntilInstalled", Type: "key", Lines: topicLines(
			[2]string{"type", "true or false"}, [2]string{"default when created", "false"}, [2]string{"change", "possible"}, [2]string{"only with type", "classicProfile"},
			[2]string{"in Graph", "enableSingleAppEnrollmentMode"}, [2]string{"kind", "ade-profile"})}},
		{"a number", "maxCachedUsers", &render.Topic{Name: "ade.profiles.sharedIPad.maxCachedUsers", Type: "key", Lines: topicLines(
			[2]string{"type", "a whole number"}, [2]string{"default when created", "10"}, [2]string{"limits", "0 to 100"}, [2]string{"change", "possible"},
			[2]string{"in Graph", "ade_maximumcachedusers / sharedIPadMaximumUserCount"}, [2]string{"kind", "ade-profile"})}},
		{"of the file", "apiVersion", &render.Topic{Name: "apiVersion", Type: "key", Lines: topicLines(
			[2]string{"type", "one of the values"}, [2]string{"values", "intune-enroll/v1"}, [2]string{"required", "always"}, [2]string{"change", "possible"})}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := explained(t, c, tc.topic)
			tc.want.Title = got.Title // the row's sentence
			if diff := cmp.Diff(tc.want, got); diff != "" || got.Title == "" {
				t.Error(diff)
			}
		})
	}
	several := explained(t, c, "userAffinity")
	if several.Type != "list" || len(several.Keys) != 2 {
		t.Errorf("%+v", several)
	}
	if inner := explained(t, c, "ade.profiles.support"); len(inner.Keys) != 2 || inner.Keys[0].Path != "department" {
		t.Errorf("%+v", inner)
	}
}

// TestKindsAreTrue: every kind that the program looks at is explained, and the
// permissions are those that the code asks for and the service wants.
func TestKindsAreTrue(t *testing.T) {
	docs := map[enroll.KindName]kindDoc{}
	for _, d := range kindDocs() {
		docs[d.name] = d
	}
	granted := func(d kindDoc) []string {
		var out []string
		for _, p := range d.read {
			first, _, _ := strings.Cut(p, " or ")
			out = append(out, first)
		}
		return out
	}
	probe := engineOf(t, sim.Options{})
	for _, k := range probe.Kinds {
		d, known := docs[k.Name()]
		if !known {
			t.Errorf("kind %s is not explained", k.Name())
			continue
		}
		w, writes := k.(enroll.Writer)
		if writes && !slices.ContainsFunc(w.Permissions(enroll.Change{Ref: enroll.Ref{Kind: k.Name()}, Verb: enroll.Create}), func(p string) bool {
			return slices.ContainsFunc(d.write, func(said string) bool { return slices.Contains(strings.Split(said, " or "), p) })
		}) {
			t.Errorf("%s is written with %v, and %v is said", k.Name(), w.Permissions(enroll.Change{}), d.write)
		}
		if writes != (d.writes != "") && d.name != enroll.PushCertificate && d.name != enroll.ADEToken || (d.writes != "") != (d.undo != "" && len(d.write) > 0) {
			t.Errorf("%s: written %t, said: %q %q %v", k.Name(), writes, d.writes, d.undo, d.write)
		}
		permissions := granted(d)
		for _, other := range k.Reads() {
			permissions = append(permissions, granted(docs[other])...)
		}
		e := engineOf(t, sim.Options{Permissions: permissions})
		for _, gap := range e.Look(t.Context(), nil, k.Name()).Gaps {
			if gap.Scope.Kind == k.Name() {
				t.Errorf("%s cannot be read with %v: %+v", k.Name(), permissions, gap)
			}
		}
	}
}

// engineOf is the engine of a session that is signed in to a tenant of its own.
func engineOf(t *testing.T, o sim.Options) *enroll.Engine {
	t.Helper()
	b := newBench(t, o)
	f := newFactory(Process{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: environment("INTUNE_ENROLL_CLIENT_SECRET=" + b.server.Secret)})
	root := &cobra.Command{Use: "intune-enroll", SilenceErrors: true, SilenceUsage: true}
	addGlobalFlags(root, f)
	var e *enroll.Engine
	root.AddCommand(newCheck(f, func(ctx context.Context, f *factory, _ checkOptions) (render.Report, error) {
		s, err := f.signIn(ctx, nil)
		if err == nil {
			e = s.engine
		}
		return render.Report{}, err
	}))
	root.SetArgs([]string{"check", "--cloud", "custom", "--graph-endpoint", b.server.GraphURL, "--authority-host", b.server.AuthorityURL, "--authority-ca", filepath.Join(b.dir, "ca.pem"),
		"--auth", "client-secret", "--tenant", b.server.TenantID, "--client-id", b.server.ClientID})
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return e
}
