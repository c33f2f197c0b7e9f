package sim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// State is everything the tenant holds as canonical JSON: ids become names, times and counters are left out, and the
// order of a list does not matter. Two tenants that mean the same give the same bytes, however they got there; an object
// that was doubled or lost shows. mailNickname is left out: it has to be unique and means nothing.
func (s *Simulator) State() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tenant
	n := t.names()
	sets := object{}
	for path, items := range t.sets {
		if len(items) == 0 {
			continue
		}
		all := []any{}
		for _, it := range items {
			all = append(all, n.value(it.object))
		}
		sets[n.text(path)] = sorted(all)
	}
	defaults, targets, members, owners, devices := object{}, object{}, object{}, object{}, object{}
	for token, profile := range t.defaults {
		defaults[n.text(token)] = n.text(profile)
	}
	for policy, group := range t.targets {
		targets[n.text(policy)] = n.text(group)
	}
	for group, h := range t.members {
		members[n.text(group)] = object{"users": h.users, "devices": h.devices}
	}
	for group, ids := range t.owners {
		all := []any{}
		for _, id := range ids {
			all = append(all, n.text(id))
		}
		owners[n.text(group)] = sorted(all)
	}
	for token, f := range t.fleets {
		devices[n.text(token)] = n.fleet(f)
	}
	out, err := json.MarshalIndent(object{
		"applePushNotificationCertificate": n.value(t.push), "collections": sets, "defaultProfiles": defaults,
		"enrollmentTimeGroups": targets, "groupMembers": members, "groupOwners": owners, "devices": devices,
	}, "", " ")
	if err != nil {
		panic(err) //nolint:forbidigo // maps of JSON values always encode
	}
	return out
}

// Things is everything the tenant holds, as it is stored: each object of a collection by its path and id, and by a path
// of their own the members and owners of groups, the devices and default profiles of tokens and the groups of policies.
func (s *Simulator) Things() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]string{}
	put := func(path string, v any) {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) //nolint:forbidigo // maps of JSON values always encode
		}
		out[path] = string(text)
	}
	t := s.tenant
	for path, items := range t.sets {
		for _, it := range items {
			put(path+"/"+it.id(), it.object)
		}
	}
	for id, h := range t.members {
		put(groupsPath+"/"+id+"/members", []int{h.users, h.devices})
	}
	for id, owners := range t.owners {
		put(groupsPath+"/"+id+"/owners", owners)
	}
	for id, profile := range t.defaults {
		put(tokensPath+"/"+id+"/default", profile)
	}
	for id, group := range t.targets {
		put(policiesPath+"/"+id+"/target", group)
	}
	for id, f := range t.fleets {
		for i := range f.n {
			put(tokensPath+"/"+id+"/devices/"+f.serial(i), f.profile(i))
		}
		for _, r := range f.imported {
			put(tokensPath+"/"+id+"/devices/"+r.serial, []string{r.profile, r.description})
		}
	}
	put(pushPath, t.push)
	return out
}

// naming replaces the ids of a tenant by names.
type naming struct{ replace *strings.Replacer }

func (n naming) text(s string) string { return n.replace.Replace(s) }

// names gives every object of a collection a name: kind and display name, numbered where several share it, in the order
// of their content, and of their creation where that is the same too.
func (t *tenant) names() naming {
	type named struct {
		id, name string
		content  []byte
	}
	var all []named
	plain := naming{strings.NewReplacer()}
	for _, path := range slices.Sorted(maps.Keys(t.sets)) {
		items, kind := t.sets[path], path[strings.LastIndexByte(path, '/')+1:]
		if kind == "assignments" {
			continue
		}
		for _, it := range items {
			label := cmp.Or(it.text("displayName"), it.text("name"), it.text("tokenName"), it.text("appId"), it.text("skuPartNumber"))
			content, err := json.Marshal(plain.value(it.object))
			if err != nil {
				panic(err) //nolint:forbidigo // maps of JSON values always encode
			}
			all = append(all, named{lastPart(it.id()), kind + ":" + label, content})
		}
	}
	slices.SortStableFunc(all, func(a, b named) int { return cmp.Or(cmp.Compare(a.name, b.name), bytes.Compare(a.content, b.content)) })
	pairs := []string{t.account, "account", t.id, "tenant"}
	for i, o := range all {
		if len(o.id) < 36 {
			continue // a short id, such as a scope tag's, is a name already
		}
		same := 0
		for i-same > 0 && all[i-same-1].name == o.name {
			same++
		}
		if same > 0 {
			o.name = fmt.Sprintf("%s#%d", o.name, same+1)
		}
		pairs = append(pairs, o.id, "["+o.name+"]")
	}
	return naming{strings.NewReplacer(pairs...)}
}

func (n naming) value(v any) any {
	switch v := v.(type) {
	case string:
		return n.text(v)
	case []any:
		out := []any{}
		for _, x := range v {
			out = append(out, n.value(x))
		}
		return sorted(out)
	case object:
		out := object{}
		for name, x := range v {
			if name != "id" && name != "version" && name != "mailNickname" && !strings.HasSuffix(name, "DateTime") {
				out[name] = n.value(x)
			}
		}
		return out
	}
	return v
}

// sorted orders values by their JSON.
func sorted(values []any) []any {
	type keyed struct {
		key   []byte
		value any
	}
	all := make([]keyed, 0, len(values))
	for _, v := range values {
		key, err := json.Marshal(v)
		if err != nil {
			panic(err) //nolint:forbidigo // maps of JSON values always encode
		}
		all = append(all, keyed{key, v})
	}
	slices.SortFunc(all, func(a, b keyed) int { return bytes.Compare(a.key, b.key) })
	out := make([]any, 0, len(all))
	for _, k := range all {
		out = append(out, k.value)
	}
	return out
}

// fleet lists serials by profile, those imported by hand with their details.
func (n naming) fleet(f *fleet) object {
	out := object{}
	put := func(profile, serial string) {
		name := n.text(cmp.Or(profile, "unassigned"))
		have, _ := out[name].([]string)
		out[name] = append(have, serial)
	}
	for i := range f.n {
		put(f.profile(i), f.serial(i))
	}
	for _, r := range slices.SortedFunc(slices.Values(f.imported), func(a, b *identityRow) int { return cmp.Compare(a.serial, b.serial) }) {
		put(r.profile, strings.TrimSpace(r.serial+" "+r.description))
	}
	return out
}
