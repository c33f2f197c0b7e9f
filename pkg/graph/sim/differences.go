package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Differences are what a tenant has otherwise than its scenario. Paths are those of requests with the names of objects in
// place of their ids: /deviceAppManagement/vppTokens/Contoso VPP. They are carried out in the order of the members. What the
// schema does not know is refused; members that only the service makes may be set, for here the service speaks.
type Differences struct {
	Remove []string                  // objects; the devices or the default profile of a token
	Add    map[string]map[string]any // collection -> its new object
	Set    map[string]map[string]any // object -> members
}

// Objects that are no item of a collection.
const (
	rootPath = "/deviceManagement"
	pushPath = "/deviceManagement/applePushNotificationCertificate"
)

func (s *Simulator) differ(d Differences) error {
	for _, path := range d.Remove {
		if err := s.take(path); err != nil {
			return fmt.Errorf("remove %s: %w", path, err)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(d.Add)) {
		if err := s.put(path, d.Add[path]); err != nil {
			return fmt.Errorf("add to %s: %w", path, err)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(d.Set)) {
		if err := s.set(path, d.Set[path]); err != nil {
			return fmt.Errorf("set %s: %w", path, err)
		}
	}
	return nil
}

func (s *Simulator) take(path string) error {
	p, err := s.tenant.named(path)
	if err != nil {
		return err
	}
	last := p.segments[len(p.segments)-1]
	switch token := s.tenant.fleets[strings.TrimPrefix(p.parent(), tokensPath+"/")]; {
	case path == pushPath && s.tenant.push != nil:
		s.tenant.push = nil
	case s.tenant.item(p.parent(), last) != nil:
		s.tenant.remove(p.parent(), last)
	case token != nil && last == "importedAppleDeviceIdentities":
		s.tenant.fleets[token.token] = newFleet(token.token)
	case token != nil && last == "defaultIosEnrollmentProfile":
		delete(s.tenant.defaults, token.token)
	default:
		return errors.New("there is no such object")
	}
	return nil
}

func (s *Simulator) put(path string, members map[string]any) error {
	p, err := s.tenant.named(path)
	if err != nil {
		return err
	}
	route := s.schema.find(&p)
	if route == nil || route.typ == "" || s.tenant.item(p.parent(), p.segments[len(p.segments)-1]) != nil {
		return errors.New("there is no such collection")
	}
	o, err := s.said(route.typ, members)
	if err != nil {
		return err
	}
	s.complete(route.typ, o, s.options.Now())
	it := s.tenant.add(p.path(), o)
	if p.path() == tokensPath {
		s.tenant.fleets[it.id()] = newFleet(it.id())
	}
	return nil
}

func (s *Simulator) set(path string, members map[string]any) error {
	p, err := s.tenant.named(path)
	if err != nil {
		return err
	}
	var there object
	typeName := p.segments[len(p.segments)-1]
	switch it := s.tenant.item(p.parent(), typeName); {
	case path == rootPath:
		there = s.tenant.root
	case path == pushPath:
		there = s.tenant.push
	case it != nil:
		there = it.object
		collection := place{segments: p.segments[:len(p.segments)-1]}
		typeName = s.schema.find(&collection).typ
	}
	if there == nil {
		return errors.New("there is no such object")
	}
	if own, ok := there["@odata.type"].(string); ok {
		typeName = s.schema.of(own).name
	}
	o, err := s.said(typeName, members)
	if err != nil {
		return err
	}
	maps.Copy(there, o)
	return nil
}

// said holds members against the schema and gives them in canonical values.
func (s *Simulator) said(typeName string, members map[string]any) (object, error) {
	text, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	var in object
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&in); err != nil {
		return nil, err
	}
	out, t := object{}, s.schema.types[typeName]
	if name, given := in["@odata.type"].(string); given {
		if t = s.schema.of(name); t == nil || !t.derives(typeName) {
			return nil, fmt.Errorf("%s is no %s", name, typeName)
		}
		out["@odata.type"] = name
		delete(in, "@odata.type")
	}
	k := checker{c: &call{s: s, api: beta, path: "/deviceManagement"}}
	for name, v := range in {
		m := t.member(name)
		if m == nil {
			return nil, fmt.Errorf("%s has no member %q", t.name, name)
		}
		if out[name], err = k.value(m, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// named reads a path with names in it; a last segment that names nothing stays as it is.
func (t *tenant) named(path string) (place, error) {
	p := place{segments: strings.Split(strings.TrimPrefix(path, "/"), "/")}
	for i := 1; i < len(p.segments); i++ {
		items := t.sets["/"+strings.Join(p.segments[:i], "/")]
		var found []string
		for _, it := range items {
			if slices.Contains([]string{it.id(), it.text("displayName"), it.text("name"), it.text("tokenName"), it.text("skuPartNumber")}, p.segments[i]) {
				found = append(found, it.id())
			}
		}
		switch {
		case len(found) == 1:
			p.segments[i] = found[0]
		case len(found) > 1:
			return p, fmt.Errorf("%d objects are called %q", len(found), p.segments[i])
		case len(items) > 0:
			return p, fmt.Errorf("nothing is called %q", p.segments[i])
		}
	}
	return p, nil
}
