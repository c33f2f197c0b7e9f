package sim

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

//go:embed catalog.txt
var catalogText string

// catalog is what catalog.txt says of the settings of enrollment policies.
type catalog struct {
	templates []template
	settings  []*setting
}

type template struct{ id, platform, name string }

type setting struct {
	id, kind        string // kind: choice, string, integer
	instance, value string // template ids, "" for a nested setting
	preset          string
	options         []option
	min, max        int64
	pattern         *regexp.Regexp
}

type option struct {
	id       string
	children []child
}

type child struct {
	id       string
	required bool
}

func (k *catalog) setting(id string) *setting {
	for _, s := range k.settings {
		if s.id == id {
			return s
		}
	}
	return nil
}

func (k *catalog) template(id string) (template, bool) {
	i := slices.IndexFunc(k.templates, func(t template) bool { return t.id == id })
	if i < 0 {
		return template{}, false
	}
	return k.templates[i], true
}

// top lists the settings a policy has at its first level, in order.
func (k *catalog) top() []*setting {
	return slices.DeleteFunc(slices.Clone(k.settings), func(s *setting) bool { return s.instance == "" })
}

func parseCatalog(text string) (*catalog, error) {
	k := &catalog{}
	for n, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasPrefix(line, "\t") && len(k.settings) > 0 {
			s := k.settings[len(k.settings)-1]
			o := option{id: s.id + "_" + words[0]}
			for _, w := range words[1:] {
				id, required := strings.CutSuffix(w, "!")
				o.children = append(o.children, child{id, required})
			}
			s.options = append(s.options, o)
			continue
		}
		if words[0] == "template" && len(words) > 3 {
			k.templates = append(k.templates, template{words[1], words[2], strings.Join(words[3:], " ")})
			continue
		}
		s, err := parseSetting(words)
		if err != nil {
			return nil, fmt.Errorf("catalog line %d: %w", n+1, err)
		}
		k.settings = append(k.settings, s)
	}
	for _, s := range k.settings {
		for _, o := range s.options {
			for _, c := range o.children {
				if k.setting(c.id) == nil {
					return nil, fmt.Errorf("catalog: %s has unknown child %s", o.id, c.id)
				}
			}
		}
	}
	return k, nil
}

func parseSetting(words []string) (*setting, error) {
	wanted := map[string]int{"choice": 5, "string": 7, "integer": 6}[words[0]]
	if wanted == 0 || len(words) != wanted {
		return nil, fmt.Errorf("%q makes no sense", strings.Join(words, " "))
	}
	s := &setting{kind: words[0], id: words[1], instance: strings.TrimPrefix(words[2], "-"), value: strings.TrimPrefix(words[3], "-")}
	if s.kind == "choice" {
		s.preset = s.id + "_" + words[4]
		return s, nil
	}
	var err error
	if s.min, err = strconv.ParseInt(words[4], 10, 64); err != nil {
		return nil, err
	}
	if s.max, err = strconv.ParseInt(words[5], 10, 64); err != nil {
		return nil, err
	}
	if s.kind == "string" {
		s.pattern, err = regexp.Compile(words[6])
	}
	return s, err
}

// check holds a policy's settings against the template: known, once each, with the template's ids at the first level and
// none below, with the children each option requires and no others, and with values in range.
func (k *catalog) check(settings []any) error {
	seen := map[string]bool{}
	for _, v := range settings {
		wrapper, _ := v.(object)
		instance, _ := wrapper["settingInstance"].(object)
		id, _ := instance["settingDefinitionId"].(string)
		s := k.setting(id)
		if s == nil || s.instance == "" {
			return invalid("Setting '%s' is not a top-level setting of the template.", id)
		}
		if seen[id] {
			return invalid("Setting '%s' is given more than once.", id)
		}
		seen[id] = true
		if err := k.checkInstance(s, instance); err != nil {
			return err
		}
	}
	// That a policy without it is refused is inferred: every other setting has a default of its own.
	if !seen["ade_useraffinity"] {
		return invalid("Setting 'ade_useraffinity' is required by the template.")
	}
	return nil
}

func (k *catalog) checkInstance(s *setting, instance object) error {
	form := map[string]string{"choice": "Choice", "string": "Simple", "integer": "Simple"}[s.kind]
	if instance["@odata.type"] != "#microsoft.graph.deviceManagementConfiguration"+form+"SettingInstance" {
		return invalid("Setting '%s' must be a %s setting instance.", s.id, form)
	}
	value, _ := instance[strings.ToLower(form)+"SettingValue"].(object)
	if got := reference(instance["settingInstanceTemplateReference"], "settingInstanceTemplateId"); got != s.instance {
		return invalid("Setting '%s' has the setting instance template id '%s', the template has '%s'.", s.id, got, s.instance)
	}
	if got := reference(value["settingValueTemplateReference"], "settingValueTemplateId"); got != s.value {
		return invalid("Setting '%s' has the setting value template id '%s', the template has '%s'.", s.id, got, s.value)
	}
	if s.kind != "choice" {
		return s.checkSimple(value)
	}
	picked, _ := value["value"].(string)
	i := slices.IndexFunc(s.options, func(o option) bool { return o.id == picked })
	if i < 0 {
		return invalid("'%s' is not an option of setting '%s'.", picked, s.id)
	}
	children, _ := value["children"].([]any)
	return k.checkChildren(s.options[i], children)
}

func (k *catalog) checkChildren(o option, given []any) error {
	seen := map[string]bool{}
	for _, v := range given {
		instance, _ := v.(object)
		id, _ := instance["settingDefinitionId"].(string)
		if !slices.ContainsFunc(o.children, func(c child) bool { return c.id == id }) {
			return invalid("Setting '%s' is not a child of option '%s'.", id, o.id)
		}
		if seen[id] {
			return invalid("Setting '%s' is given more than once.", id)
		}
		seen[id] = true
		if err := k.checkInstance(k.setting(id), instance); err != nil {
			return err
		}
	}
	for _, c := range o.children {
		if c.required && !seen[c.id] {
			return invalid("Option '%s' requires the child setting '%s'.", o.id, c.id)
		}
	}
	return nil
}

func (s *setting) checkSimple(value object) error {
	switch v := value["value"].(type) {
	case string:
		if n := int64(utf8.RuneCountInString(v)); s.kind != "string" || n < s.min || n > s.max || !s.pattern.MatchString(v) {
			return invalid("The value of setting '%s' must be a %s with %d to %d characters in the form the setting asks for.", s.id, s.kind, s.min, s.max)
		}
	case int64:
		if s.kind != "integer" || v < s.min || v > s.max {
			return invalid("The value of setting '%s' must be a %s from %d to %d.", s.id, s.kind, s.min, s.max)
		}
	default:
		return invalid("Setting '%s' has no value.", s.id)
	}
	return nil
}

func reference(v any, member string) string {
	o, _ := v.(object)
	id, _ := o[member].(string)
	return id
}

// chosen looks for the option or value of a setting anywhere in a policy's settings.
func chosen(settings []any, id string) string {
	for _, v := range settings {
		o, _ := v.(object)
		if inner, ok := o["settingInstance"].(object); ok {
			o = inner
		}
		value, _ := o["choiceSettingValue"].(object)
		if o["settingDefinitionId"] == id {
			picked, _ := value["value"].(string)
			return picked
		}
		if children, ok := value["children"].([]any); ok {
			if picked := chosen(children, id); picked != "" {
				return picked
			}
		}
	}
	return ""
}
