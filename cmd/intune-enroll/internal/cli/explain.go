package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
)

// section is a part of the file whose entries are of one kind.
type section struct {
	path string
	kind enroll.KindName
	doc  string
	keys []enroll.Key
}

func sections() []section {
	return []section{
		{"groups", enroll.Group, "groups that the program makes and keeps; members are never touched", directory.GroupKeys()},
		{"ade", enroll.ADEToken, "an Automated Device Enrollment token: its default profile and its profiles", ade.TokenKeys()},
		{"ade.profiles", enroll.ADEProfile, "an enrollment profile of the token, and the devices it goes to", ade.ProfileKeys()},
		{"configurator.profiles", enroll.ConfiguratorProfile, "an enrollment profile for Apple Configurator, and the devices it goes to", configurator.ProfileKeys()},
		{"byod.profiles", enroll.BYODProfile, "an enrollment profile for people's own devices", byod.ProfileKeys()},
		{"companyPortal.app", enroll.PortalApp, "the Company Portal app", companyportal.AppKeys()},
		{"companyPortal.configPolicies", enroll.PortalPolicy, "an app configuration policy of the Company Portal app", companyportal.PolicyKeys()},
	}
}

func newExplain(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE|KIND|KEY]",
		Short: "Say why a rule exists, what a kind is, or what a key of the file means",
		Example: `  intune-enroll explain GEN-08
  intune-enroll explain ade-profile
  intune-enroll explain companyPortal.install`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return topics(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: f.reporting(func(_ context.Context, args []string) (render.Report, error) {
			if len(args) > 1 {
				return render.Report{}, fail(codeUsage, "intune-enroll explain --help", "explain takes one rule, kind or key")
			}
			t, err := topic(args)
			return render.Report{Topic: t}, err
		}),
	}
}

// topics are all names that explain knows.
func topics() []string {
	var out []string
	for _, r := range guard.All() {
		out = append(out, r.ID)
	}
	for _, s := range sections() {
		out = append(out, string(s.kind))
		for _, k := range s.keys {
			out = append(out, s.path+"."+k.Path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func topic(args []string) (*render.Topic, error) {
	if len(args) == 0 {
		t := &render.Topic{Name: "rules, kinds and keys"}
		for _, s := range sections() {
			t.Keys = append(t.Keys, render.TopicKey{Path: string(s.kind), Type: "kind " + s.path, Doc: s.doc})
		}
		for _, r := range guard.All() {
			t.Keys = append(t.Keys, render.TopicKey{Path: r.ID, Type: "rule", Doc: r.Title})
		}
		slices.SortStableFunc(t.Keys, func(a, b render.TopicKey) int { return strings.Compare(a.Type, b.Type) })
		t.Keys = slices.Compact(t.Keys)
		return t, nil
	}
	name := args[0]
	for _, r := range guard.All() {
		if strings.EqualFold(r.ID, name) {
			return ruleTopic(r), nil
		}
	}
	for _, s := range sections() {
		if name == string(s.kind) || name == s.path {
			return kindTopic(s), nil
		}
	}
	return keyTopic(name)
}

func ruleTopic(r enroll.Rule) *render.Topic {
	looks := "the file"
	if len(r.Needs) > 0 {
		looks = "the tenant: " + join(r.Needs)
	}
	lines := []render.TopicLine{{Name: "severity", Text: string(r.Severity)}, {Name: "looks at", Text: looks}, {Name: "why", Text: r.Why}, {Name: "fix", Text: r.Fix}, {Name: "more", Text: r.Link}}
	return &render.Topic{Name: r.ID, Title: r.Title, Lines: lines}
}

func kindTopic(s section) *render.Topic {
	t := &render.Topic{Name: string(s.kind), Title: s.doc, Lines: []render.TopicLine{{Name: "in the file", Text: s.path}}}
	for _, k := range s.keys {
		t.Keys = append(t.Keys, render.TopicKey{Path: k.Path, Type: string(k.Type), Doc: k.Doc})
	}
	return t
}

// keyTopic finds keys by their whole path or by its end.
func keyTopic(name string) (*render.Topic, error) {
	type hit struct {
		path string
		key  enroll.Key
	}
	var hits []hit
	for _, s := range sections() {
		for _, k := range s.keys {
			path := s.path + "." + k.Path
			if path == name {
				return describe(path, k), nil
			}
			if strings.HasSuffix(path, "."+name) {
				hits = append(hits, hit{path, k})
			}
		}
	}
	switch len(hits) {
	case 0:
		return nil, fail(codeUsage, "intune-enroll explain", "%q is no rule, kind or key", name)
	case 1:
		return describe(hits[0].path, hits[0].key), nil
	}
	t := &render.Topic{Name: name, Title: "several keys have that name; give more of the path"}
	for _, h := range hits {
		t.Keys = append(t.Keys, render.TopicKey{Path: h.path, Type: string(h.key.Type), Doc: h.key.Doc})
	}
	return t, nil
}

func describe(path string, k enroll.Key) *render.Topic {
	lines := []render.TopicLine{{Name: "type", Text: string(k.Type)}, {Name: "values", Text: strings.Join(k.Values, ", ")}, {Name: "required", Text: k.Required}}
	if k.Default != nil {
		lines = append(lines, render.TopicLine{Name: "default when created", Text: fmt.Sprint(k.Default)})
	}
	if k.Min != 0 || k.Max != 0 {
		lines = append(lines, render.TopicLine{Name: "between", Text: fmt.Sprintf("%d and %d", k.Min, k.Max)})
	}
	if k.Fixed {
		lines = append(lines, render.TopicLine{Name: "change", Text: "not possible once it exists"})
	}
	lines = append(lines, render.TopicLine{Name: "profile types", Text: strings.Join(k.BackEnds, ", ")}, render.TopicLine{Name: "in Graph", Text: k.Member})
	return &render.Topic{Name: path, Title: k.Doc, Lines: lines}
}
