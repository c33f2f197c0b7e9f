package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// changed are the paths of what is not as before.
func changed(before, after map[string]string) []string {
	var out []string
	for path, was := range before {
		if is, there := after[path]; !there || is != was {
			out = append(out, path)
		}
	}
	for path := range after {
		if _, there := before[path]; !there {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

var (
	ranks   = regexp.MustCompile(`"priority":\d+`)
	groupID = regexp.MustCompile(`"groupId":"([^"]+)"`)
	owned   = regexp.MustCompile(`^(/.*)/(assignments|target|owners|members|default|devices)(?:/([^/]+))?$`)
)

// foreign tells why the file gives no right to what happened at path; "" is
// that it does.
func (s *story) foreign(path string, before, after map[string]string) string {
	was, there := before[path]
	is, stays := after[path]
	part := owned.FindStringSubmatch(path)
	if part == nil {
		e := s.speaksOf(path, cmp.Or(was, is))
		switch {
		case ranks.ReplaceAllString(was, "") == ranks.ReplaceAllString(is, ""):
			return ""
		case e == nil:
			return "the file does not name it"
		case !stays && e.values["state"] != "absent":
			return "the file does not say that it shall go"
		case strings.HasPrefix(path, "/groups/") && there:
			return "groups are never changed"
		case there && stays:
			return s.unasked(e, was, is)
		}
		return ""
	}
	owner := part[1]
	e := s.speaksOf(owner, cmp.Or(before[owner], after[owner]))
	gone := slices.ContainsFunc(s.entries, func(e *wish) bool { return e.values["state"] == "absent" })
	switch part[2] {
	case "members":
		if there || is != "[0,0]" {
			return "members are never touched"
		}
	case "owners":
		if !s.says("enrollmentTimeGroup", nameIn(cmp.Or(before[owner], after[owner]))) {
			return "no policy puts devices in this group"
		}
	case "default":
		if !gone && !slices.ContainsFunc(s.entries, func(e *wish) bool { return e.values["defaultProfile"] != nil }) {
			return "the file names no default profile"
		}
	case "devices":
		if !gone && !s.says("devices", part[3]) {
			return "the file does not name the serial number"
		}
	default:
		switch {
		case e == nil:
			return "the file does not name what it belongs to"
		case !stays && part[2] == "assignments" && !e.removes(was, before):
			return "the file does not say that it shall go"
		case !stays && part[2] == "target" && !e.has("enrollmentTimeGroup") && e.values["state"] != "absent":
			return "the file does not say that the group shall go"
		case there && stays && part[2] == "assignments":
			return "assignments are made and removed, never changed"
		}
	}
	return ""
}

// removes tells whether the entry says that an assignment of its object shall go.
func (e *wish) removes(assignment string, things map[string]string) bool {
	group := ""
	if at := groupID.FindStringSubmatch(assignment); at != nil {
		group = nameIn(things["/groups/"+at[1]])
	}
	groups, _ := e.values["removeGroups"].([]string)
	return e.values["state"] == "absent" || e.values["exclusive"] == true || e.values["assignTo.exclusive"] == true ||
		group == "" && e.values["assignTo.allUsers"] == false || group != "" && slices.Contains(groups, group)
}

// ofToken tells whether the object can belong to the token of the entry. That of
// Apple Configurator has no name.
func (s *story) ofToken(e *wish, where string) bool {
	token := ""
	for id, name := range s.named(s.origin, "ade") {
		if strings.Contains(where, id) {
			token = name
		}
	}
	return token == e.token || e.section != "ade.profiles" && e.section != "configurator.profiles"
}

// unasked tells which members of an object changed without a key of the entry
// that its table says is stored there; "" is none.
func (s *story) unasked(e *wish, was, is string) string {
	asked := []string{"ade_activatecellulardatachoices", "ade_devicenametemplatechoices", "lastModifiedDateTime", "version", "settingCount", "isAssigned", "priority", "targetedMobileApps"} // the last are those of companyPortal.app
	for _, k := range keysIn(e.section) {
		if !e.has(k.Path) {
			continue
		}
		asked = append(asked, strings.FieldsFunc(k.Member, func(r rune) bool { return strings.ContainsRune(" ,/();", r) })...)
		if k.Path == "authentication" || k.Path == "sharedIPad.temporarySessionsOnly" { // settings come and go with them
			asked = append(asked, "ade_*", "await*", "shared*", "user*", "temp*", "pass*", "require*", "configurationWebUrl")
		}
	}
	for _, member := range changed(membersOf(was), membersOf(is)) {
		if !slices.ContainsFunc(asked, func(a string) bool {
			head, open := strings.CutSuffix(a, "*")
			return a == member || open && strings.HasPrefix(member, head) || a == "<pane>Disabled" && (strings.HasSuffix(member, "Disabled") || member == "restoreBlocked") ||
				a == "managementCertificates" && member == "iTunesPairingMode"
		}) {
			return "the file says nothing of " + member
		}
	}
	return ""
}

// membersOf are the members of an object, and the settings of a policy by their
// ids, as JSON.
func membersOf(text string) map[string]string {
	out := map[string]string{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			id, isSetting := v["settingDefinitionId"].(string)
			for name, below := range v {
				if value, ok := below.(map[string]any); ok && isSetting && value["value"] != nil {
					out[id] = fmt.Sprint(value["value"])
				}
				walk(below)
				if name == "children" || name == "settings" {
					delete(v, name)
				}
			}
		}
	}
	var o map[string]any
	if json.Unmarshal([]byte(text), &o) != nil {
		return nil
	}
	if strings.Contains(text, "settingDefinitionId") {
		walk(o)
	}
	for name, v := range o {
		raw, err := json.Marshal(v)
		if err == nil {
			out[name] = string(raw)
		}
	}
	return out
}

// speaksOf is the entry that names the object at path.
func (s *story) speaksOf(path, text string) *wish {
	for _, e := range s.entries {
		for _, place := range places(e.section) {
			if strings.Contains(path, place) && s.ofToken(e, path+text) && (e.section == "companyPortal.app" || e.values["name"] == nameIn(text)) {
				return e
			}
		}
	}
	return nil
}

// says tells whether an entry has text somewhere below a key, or in the file
// that stands there.
func (s *story) says(key, text string) bool {
	for _, e := range s.entries {
		for path, v := range e.values {
			if said := fmt.Sprint(v); strings.HasPrefix(path, key) && (strings.Contains(said, text) || strings.Contains(strings.ToUpper(csvs(s.calm.dir, said)), text)) {
				return true
			}
		}
	}
	return false
}

func csvs(dir, name string) string {
	text, err := os.ReadFile(filepath.Join(dir, filepath.Base(name)))
	if err != nil || filepath.Ext(name) != ".csv" {
		return ""
	}
	return string(text)
}

// doubled counts things by what tells them apart.
func doubled(things map[string]string) map[string]int {
	out := map[string]int{}
	for path, text := range things {
		at := strings.LastIndexByte(path, '/')
		var o struct {
			CreationSource, BundleID, Platforms string
			Type                                string `json:"@odata.type"`
			Target                              json.RawMessage
		}
		if err := json.Unmarshal([]byte(text), &o); err != nil || owned.MatchString(path) && o.Target == nil {
			continue
		}
		name := nameIn(text)
		if name == "" && o.Target == nil {
			continue
		}
		scope := path[:at]
		if o.CreationSource != "" {
			scope = strings.ReplaceAll("/deviceManagement/depOnboardingSettings/ID/enrollmentProfiles", "ID", o.CreationSource[strings.LastIndexByte(o.CreationSource, '_')+1:])
		}
		mac := o.Platforms == "macOS" || strings.Contains(o.Type, "MacOS")
		out[fmt.Sprintf("%s %q %s %s %t", scope, name, o.BundleID, o.Target, mac)]++
	}
	return out
}
