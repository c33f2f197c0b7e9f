package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
	"github.com/intune-enroll/intune-enroll/pkg/guide"
)

func newExplain(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE|KIND|KEY]",
		Short: "Say why a rule exists, what a kind is, or what a key of the file means",
		Long: `Say why a rule exists and what to do, what a kind of object is, what is read and
written of it and with which permissions, or what a key of the file means. Every
id that a report, an advice or a list of instructions shows can be explained.
Upper and lower case make no difference, and of a key its end suffices.`,
		Example: `  intune-enroll explain GEN-08
  intune-enroll explain ade-profile
  intune-enroll explain companyPortal.install`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			c, err := readCatalogue()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			var out []string
			for _, t := range c.topics() {
				if strings.HasPrefix(t.Path, begun) {
					out = append(out, cobra.CompletionWithDesc(t.Path, t.Doc))
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: f.reporting(func(_ context.Context, args []string) (render.Report, error) {
			if len(args) > 1 {
				return render.Report{}, fail(codeUsage, "intune-enroll explain --help", "explain takes one rule, kind or key")
			}
			c, err := readCatalogue()
			if err != nil {
				return render.Report{}, err
			}
			if len(args) == 0 {
				return render.Report{Topic: &render.Topic{Name: "all that can be explained", Type: "list", Keys: c.topics()}}, nil
			}
			t, err := c.topic(strings.TrimSpace(args[0]))
			return render.Report{Topic: t}, err
		}),
	}
}

// catalogue is what is known by ids.
type catalogue struct {
	rules        []enroll.Rule
	statements   []guide.Statement
	cited        []string // by advice
	users, admin []string // carried by the instructions
}

func readCatalogue() (catalogue, error) {
	c := catalogue{rules: guard.All(), cited: advise.Cited()}
	c.users, c.admin = guide.Carried()
	var err error
	c.statements, err = guide.Statements()
	return c, err
}

// topics are all names that explain knows, each once, with its type and what
// it is in a few words.
func (c catalogue) topics() []render.TopicKey {
	var out []render.TopicKey
	seen := map[string]bool{}
	add := func(name, what, doc string) {
		if !seen[name] {
			seen[name] = true
			out = append(out, render.TopicKey{Path: name, Type: what, Doc: doc})
		}
	}
	for _, k := range kindDocs() {
		add(string(k.name), "kind", k.what)
	}
	for _, s := range sections() {
		if s.path != "" {
			add(s.path, "section", s.doc)
		}
	}
	for _, s := range sections() {
		for _, k := range s.keys {
			add(join2(s.path, k.Path), "key", k.Doc)
		}
	}
	for _, r := range c.rules {
		add(r.ID, "rule", r.Title)
	}
	for _, d := range findingDocs() {
		add(d.id, "finding", d.title)
	}
	for _, s := range c.statements {
		add(s.ID, "statement", s.Text)
	}
	for _, id := range c.cited {
		add(id, "statement", advise.Texts(id)[0])
	}
	return out
}

// topic finds what a name stands for.
func (c catalogue) topic(name string) (*render.Topic, error) {
	if t := c.idTopic(name); t != nil {
		return t, nil
	}
	for _, d := range findingDocs() {
		if strings.EqualFold(d.id, name) {
			return d.topic(), nil
		}
	}
	for _, k := range kindDocs() {
		if strings.EqualFold(string(k.name), name) {
			return k.topic(), nil
		}
	}
	for _, s := range sections() {
		if name != "" && strings.EqualFold(s.path, name) {
			return s.topic(), nil
		}
	}
	if t := keyTopic(name); t != nil {
		return t, nil
	}
	return nil, c.unexplained(name)
}

// unexplained names what was probably meant.
func (c catalogue) unexplained(name string) error {
	var names []string
	for _, t := range c.topics() {
		names = append(names, t.Path)
		if t.Type == "key" {
			names = append(names, t.Path[strings.LastIndexByte(t.Path, '.')+1:])
		}
	}
	do := "intune-enroll explain"
	if near := document.Nearest(name, names); near != "" {
		do += " " + near
	}
	return fail(codeUsage, do, "%q is no rule, kind or key", name)
}

// topicLines are pairs of names and texts, without those that have no text.
func topicLines(pairs ...[2]string) []render.TopicLine {
	var out []render.TopicLine
	for _, p := range pairs {
		if p[1] != "" {
			out = append(out, render.TopicLine{Name: p[0], Text: p[1]})
		}
	}
	return slices.Clip(out)
}
