package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// context is one entry of contexts in the settings file: a tenant, and what is
// different for it. A context that was chosen wins over environment variables
// and the rest of the file, so that none of them leads to another tenant; flags
// win over it.
type context struct {
	name   string
	values map[string]any // by key of the settings file, in lower case
}

// secretVariable is the key that names the environment variable with the
// client secret of a context.
const secretVariable = "clientSecretVariable"

// contextKeys are the keys that a context may have beside its name.
func contextKeys() []string {
	return []string{"tenant", "clientId", "auth", "cloud", "clientCertificatePath", "clientSendCertificateChain", "federatedTokenFile", "warn", "critical", secretVariable}
}

// readContexts decodes contexts: a list of mappings, each with a name of its own.
func readContexts(v *viper.Viper, path string) ([]context, error) {
	if !v.InConfig("contexts") {
		return nil, nil
	}
	list, ok := v.Get("contexts").([]any)
	if !ok {
		return nil, fmt.Errorf("settings file %s: contexts is no list", lineOf(path, whole, "contexts"))
	}
	var out []context
	for i, item := range list {
		entry, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("settings file %s: context %d is no mapping", lineOf(path, i, ""), i+1)
		}
		c := context{values: map[string]any{}}
		for _, key := range slices.Sorted(maps.Keys(entry)) {
			value := entry[key]
			switch lower := strings.ToLower(key); {
			case lower == "name":
				c.name, _ = value.(string)
			case slices.ContainsFunc(contextKeys(), func(k string) bool { return strings.EqualFold(k, key) }):
				c.values[lower] = value
			default:
				return nil, fmt.Errorf("settings file %s: context %d: unknown key %q: use name, %s", lineOf(path, i, key), i+1, key, strings.Join(contextKeys(), ", "))
			}
		}
		switch {
		case c.name == "":
			return nil, fmt.Errorf("settings file %s: context %d has no name", lineOf(path, i, "name"), i+1)
		case c.text("tenant") == "":
			return nil, fmt.Errorf("settings file %s: context %q names no tenant", lineOf(path, i, "tenant"), c.name)
		case slices.ContainsFunc(out, func(other context) bool { return other.name == c.name }):
			return nil, fmt.Errorf("settings file %s: context %q stands there twice", lineOf(path, i, "name"), c.name)
		case strings.EqualFold(c.text("cloud"), "custom"):
			return nil, fmt.Errorf("settings file %s: context %q: cloud custom comes from flags only", lineOf(path, i, "cloud"), c.name)
		}
		out = append(out, c)
	}
	return out, nil
}

func (c context) text(key string) string {
	s, _ := c.values[strings.ToLower(key)].(string)
	return s
}

// choose finds a context by its name; "" is none.
func choose(all []context, name, path string) (context, error) {
	if name == "" {
		return context{}, nil
	}
	var names []string
	for _, c := range all {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.name)
	}
	if len(names) == 0 {
		return context{}, fmt.Errorf("context %q is not known: no settings file has contexts; name one with --settings", name)
	}
	return context{}, fmt.Errorf("context %q is not known: settings file %s has %s", name, path, strings.Join(names, ", "))
}

// value is what the context says of a setting; false when it says nothing.
func (c context) value(k Key, env func(string) string) (any, bool) {
	if k.Env == Prefix+"CLIENT_SECRET" {
		variable := c.text(secretVariable)
		return env(variable), variable != ""
	}
	value, ok := c.values[strings.ToLower(k.File)]
	return value, ok && k.File != ""
}
