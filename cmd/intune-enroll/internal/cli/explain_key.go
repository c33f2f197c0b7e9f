package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// section is a part of the file. Where it has entries they are of one kind,
// and a table says their keys.
type section struct {
	path string
	kind enroll.KindName
	doc  string
	keys []enroll.Key
}

// sections are the parts of the file in its order; the first is the file.
func sections() []section {
	return []section{
		{"", "", "a file that says what the tenant shall hold", []enroll.Key{
			{Path: "apiVersion", Type: enroll.Choice, Values: []string{document.APIVersion}, Required: "always", Doc: "Version of this form of file."},
			{Path: "tenant", Type: enroll.Text, Doc: "Id or verified domain of the tenant that the file is for: any other one is refused."},
		}},
		{"groups", enroll.Group, "groups that the program makes and keeps; members are never touched", directory.GroupKeys()},
		{"ade", enroll.ADEToken, "Automated Device Enrollment: an entry for each token, with its default profile and its profiles", ade.TokenKeys()},
		{"ade.profiles", enroll.ADEProfile, "enrollment profiles of the token, and the devices they go to", ade.ProfileKeys()},
		{"configurator", "", "Apple Configurator", nil},
		{"configurator.profiles", enroll.ConfiguratorProfile, "enrollment profiles for Apple Configurator, and the devices they go to", configurator.ProfileKeys()},
		{"byod", "", "people's own devices", nil},
		{"byod.profiles", enroll.BYODProfile, "enrollment profiles for people's own devices, and the users they go to", byod.ProfileKeys()},
		{"companyPortal", "", "the Company Portal app and its configuration", nil},
		{"companyPortal.app", enroll.PortalApp, "the Company Portal app, and the devices it is required for", companyportal.AppKeys()},
		{"companyPortal.configPolicies", enroll.PortalPolicy, "app configuration policies of the Company Portal app", companyportal.PolicyKeys()},
	}
}

func (s section) topic() *render.Topic {
	t := &render.Topic{Name: s.path, Type: "section", Title: s.doc, Lines: topicLines([2]string{"kind", string(s.kind)})}
	for _, other := range sections() {
		if below, ok := strings.CutPrefix(other.path, s.path+"."); ok {
			t.Keys = append(t.Keys, render.TopicKey{Path: below, Type: "section", Doc: other.doc})
		}
	}
	t.Keys = append(t.Keys, keysOf(s)...)
	return t
}

func keysOf(s section) []render.TopicKey {
	var out []render.TopicKey
	for _, k := range s.keys {
		out = append(out, render.TopicKey{Path: k.Path, Type: string(k.Type), Doc: k.Doc})
	}
	return out
}

// keyTopic finds keys by their whole path or by its end; nil: none has it.
func keyTopic(name string) *render.Topic {
	type hit struct {
		path string
		s    section
		key  enroll.Key
	}
	var hits []hit
	for _, s := range sections() {
		for _, k := range s.keys {
			path := join2(s.path, k.Path)
			if strings.EqualFold(path, name) {
				return describe(path, s, k)
			}
			if name != "" && len(path) > len(name) && strings.EqualFold(path[len(path)-len(name)-1:], "."+name) {
				hits = append(hits, hit{path, s, k})
			}
		}
	}
	switch len(hits) {
	case 0:
		return nil
	case 1:
		return describe(hits[0].path, hits[0].s, hits[0].key)
	}
	t := &render.Topic{Name: name, Type: "list", Title: "several keys end so; each by its whole path tells more"}
	for _, h := range hits {
		t.Keys = append(t.Keys, render.TopicKey{Path: h.path, Type: string(h.key.Type), Doc: h.key.Doc})
	}
	return t
}

func join2(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }

// describe is one row of a table of keys, and what stands below it.
func describe(path string, s section, k enroll.Key) *render.Topic {
	change := "possible"
	if k.Fixed {
		change = "not possible once it exists"
	}
	t := &render.Topic{Name: path, Type: "key", Title: k.Doc, Lines: topicLines(
		[2]string{"type", typeOf(k)}, [2]string{"values", strings.Join(k.Values, ", ")}, [2]string{"required", k.Required},
		[2]string{"default when created", shownValue(k.Default)}, [2]string{"limits", limitsOf(k)}, [2]string{"form", k.Hint},
		[2]string{"change", change}, [2]string{"only with type", strings.Join(k.BackEnds, ", ")},
		[2]string{"in Graph", k.Member}, [2]string{"kind", string(s.kind)})}
	for _, other := range s.keys {
		if below, ok := strings.CutPrefix(other.Path, k.Path+"."); ok {
			t.Keys = append(t.Keys, render.TopicKey{Path: below, Type: string(other.Type), Doc: other.Doc})
		}
	}
	return t
}

func typeOf(k enroll.Key) string {
	switch k.Type {
	case enroll.Flag:
		return "true or false"
	case enroll.Choices:
		return "a list of some of the values"
	case enroll.Texts:
		return "a list of texts"
	case enroll.Files:
		return "a list of files beside this one"
	case enroll.Choice:
		return "one of the values"
	case enroll.Either:
		return "one of the values, or a mapping"
	case enroll.Number:
		return "a whole number"
	default:
		return "a " + string(k.Type)
	}
}

// limitsOf says what the bounds of a key count.
func limitsOf(k enroll.Key) string {
	if k.Min == 0 && k.Max == 0 {
		return ""
	}
	unit := map[enroll.Type]string{enroll.Text: " characters", enroll.Texts: " items", enroll.Choices: " items"}[k.Type]
	if k.Max == 0 {
		return fmt.Sprintf("at least %d%s", k.Min, unit)
	}
	return fmt.Sprintf("%d to %d%s", k.Min, k.Max, unit)
}

// shownValue is a default as the file would have it.
func shownValue(v any) string {
	if v == nil {
		return ""
	}
	if s, ok := v.(string); ok && s != "" {
		return s
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}
