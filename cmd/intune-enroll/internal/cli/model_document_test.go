package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// generator makes random tenants and random files from the tables of keys.
type generator struct {
	*rand.Rand
	origin, live map[string]string // what the tenant holds: at the beginning, now
	entries      []*wish
	last         int // request of the twin
}

// wish is one entry of the file: its values by dotted path.
type wish struct {
	section, token string
	values         map[string]any
}

func (e *wish) has(path string) bool { _, ok := e.values[path]; return ok }

// nested are the values as the file has them.
func (e *wish) nested() map[string]any {
	out := map[string]any{}
	for _, path := range slices.Sorted(maps.Keys(e.values)) {
		into, words := out, strings.Split(path, ".")
		for _, word := range words[:len(words)-1] {
			below, ok := into[word].(map[string]any)
			if !ok {
				below = map[string]any{}
				into[word] = below
			}
			into = below
		}
		into[words[len(words)-1]] = e.values[path]
	}
	return out
}

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// chance is true in percent of all cases.
func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// tenant is one of the simulator's, with differences that fit it.
func (g *generator) tenant() sim.Options {
	type object = map[string]any
	at := func(path string, o object) map[string]object { return map[string]object{path: o} }
	vpp := "/deviceAppManagement/vppTokens/Contoso VPP"
	app := "/deviceAppManagement/mobileApps/Intune Company Portal"
	token := "/deviceManagement/depOnboardingSettings/Contoso ABM"
	assignment := func(intent, audience string) map[string]object {
		return at(app+"/assignments", object{"intent": intent, "target": object{"@odata.type": "#microsoft.graph." + audience},
			"settings": object{"@odata.type": "#microsoft.graph.iosVppAppAssignmentSettings", "useDeviceLicensing": g.chance(50)}})
	}
	differences := []sim.Differences{
		{Add: at("/groups", object{"displayName": "Alpha", "securityEnabled": true, "mailEnabled": false, "groupTypes": []any{}, "mailNickname": "a"})},
		{Add: at("/groups", object{"displayName": "Bravo", "securityEnabled": true, "mailEnabled": false, "groupTypes": []any{"DynamicMembership"}, "mailNickname": "b",
			"membershipRule": `(device.enrollmentProfileName -eq "Alpha")`, "membershipRuleProcessingState": "On"})},
		{Add: at("/deviceManagement/appleUserInitiatedEnrollmentProfiles", object{"displayName": "Alpha", "platform": "iOS", "priority": 3, "defaultEnrollmentType": "device",
			"availableEnrollmentTypeOptions": []any{object{"ownerType": "company", "enrollmentType": "device"}}})},
		{Add: at("/deviceAppManagement/mobileApps", object{"@odata.type": "#microsoft.graph.iosStoreApp", "displayName": "Intune Company Portal", "bundleId": "com.microsoft.CompanyPortal"})},
		{Add: assignment("required", "allDevicesAssignmentTarget")}, {Add: assignment("available", "allLicensedUsersAssignmentTarget")},
		{Set: at(vpp, object{"automaticallyUpdateApps": true})}, {Set: at(app, object{"totalLicenseCount": 100, "usedLicenseCount": 99})},
		{Set: at("/organization/Contoso", object{"mobileDeviceManagementAuthority": "intune"})}, {Set: at("/deviceManagement", object{"subscriptionState": "active"})},
		{Remove: []string{token + "/defaultIosEnrollmentProfile"}}, {Remove: []string{token + "/importedAppleDeviceIdentities"}},
		{Remove: []string{"/groups/Sales"}}, {Remove: []string{"/deviceManagement/assignmentFilters/Kiosk iPads"}},
		{Remove: []string{token + "/enrollmentProfiles/Contoso default"}},
	}
	o := sim.Options{Scenario: pick(g, []string{"contoso", "contoso", "crowded", "school", "school", "expiring", "contoso", "crowded", "neglected", "empty"}), Page: 2 + g.IntN(20), Lag: g.IntN(4) - 1}
	o.Differences = sim.Differences{Add: map[string]object{}, Set: map[string]object{}}
	for _, d := range differences {
		with := sim.Differences{Remove: append(slices.Clone(o.Differences.Remove), d.Remove...), Add: maps.Clone(o.Differences.Add), Set: maps.Clone(o.Differences.Set)}
		maps.Copy(with.Add, d.Add)
		maps.Copy(with.Set, d.Set)
		if g.chance(30) {
			tried := o
			tried.Differences = with
			if _, err := sim.New(tried); err == nil {
				o = tried
			}
		}
	}
	return o
}

// change makes the first file, or another one of it.
func (g *generator) change() {
	again := len(g.entries) > 0
	g.entries = slices.DeleteFunc(g.entries, func(*wish) bool { return g.chance(20) })
	for _, e := range g.entries {
		if g.chance(50) {
			fresh := g.entry(e.section)
			for _, path := range slices.Sorted(maps.Keys(fresh.values)) {
				if path != "name" && path != "token" && g.chance(30) {
					e.values[path] = fresh.values[path]
				} else if path != "name" && g.chance(10) {
					delete(e.values, path)
				}
			}
		}
	}
	for _, s := range sections() {
		most := 4
		switch {
		case s.path == "" || len(s.keys) == 0:
			continue
		case again || s.path == "ade":
			most = 2
		}
		if s.path == "companyPortal.app" {
			if slices.ContainsFunc(g.entries, func(e *wish) bool { return e.section == s.path }) {
				continue
			}
			most = 2
		}
		for range g.IntN(most) {
			g.entries = append(g.entries, g.entry(s.path))
		}
	}
}

// entry is a new entry of a section: much or little of what its table has.
func (g *generator) entry(path string) *wish {
	e := &wish{section: path, values: map[string]any{}}
	density := pick(g, []int{10, 30, 70})
	backEnd := pick(g, []string{"enrollmentPolicy", "enrollmentPolicy", "classicProfile"})
	if tokens := g.names("ade"); path == "ade.profiles" && len(tokens) > 0 {
		e.token = pick(g, tokens)
	}
	for _, k := range keysIn(path) {
		percent := density
		switch {
		case k.Type == enroll.Mapping:
			continue
		case k.Path == "state":
			percent = 20
		case k.Path == "id":
			percent = 3
		case k.Required == "always" || k.Path == "type" || k.Path == "token":
			percent = 100
		case len(k.BackEnds) > 0 && !slices.Contains(k.BackEnds, backEnd):
			percent = 1
		case k.Required != "":
			percent = 60
		}
		if !g.chance(percent) {
			continue
		}
		e.values[k.Path] = g.value(e, k)
		if k.Path == "type" {
			e.values[k.Path] = backEnd
		}
	}
	return e
}

// mend changes the key that was refused, or all of the entry.
func (g *generator) mend(e *wish, path string) {
	keys := keysIn(e.section)
	at := slices.IndexFunc(keys, func(k enroll.Key) bool { return k.Path == path })
	switch {
	case at < 0 || g.chance(10):
		*e = *g.entry(e.section)
	case e.has(path) && keys[at].Required != "always" && g.chance(60):
		delete(e.values, path)
	default:
		e.values[path] = g.value(e, keys[at])
	}
}

func keysIn(path string) []enroll.Key {
	return sections()[slices.IndexFunc(sections(), func(s section) bool { return s.path == path })].keys
}

func (g *generator) value(e *wish, k enroll.Key) any {
	if g.chance(5) && k.Required != "always" {
		return nil
	}
	switch k.Type {
	case enroll.Flag:
		return g.chance(50)
	case enroll.Number:
		return k.Min + g.Int64N(max(1, min(k.Max-k.Min, pick(g, []int64{2, 6, 100, k.Max}))))
	case enroll.Choice, enroll.Either:
		return pick(g, k.Values)
	case enroll.Choices:
		return pickSome(g, k.Values)
	case enroll.Texts, enroll.Files:
		return pickSome(g, g.texts(e, k))
	}
	texts := g.texts(e, k)
	if len(texts) == 0 {
		return nil
	}
	return pick(g, texts)
}

func pickSome(g *generator, from []string) []string {
	out := []string{}
	for range min(len(from), g.IntN(4)) {
		if v := pick(g, from); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// texts are what a key of texts can mean: names of things there are or the
// file makes, and some words.
func (g *generator) texts(e *wish, k enroll.Key) []string {
	switch word := k.Path[strings.LastIndexByte(k.Path, '.')+1:]; word {
	case "name":
		if k.Path == "filter.name" {
			return []string{"Kiosk iPads"}
		}
		return append(g.names(e.section), "Alpha", "Bravo", "Charlie", "Delta", "Alpha", "Bravo", "Charlie", "Delta")
	case "id":
		return slices.Sorted(maps.Keys(g.named(g.origin, e.section)))
	case "token":
		return g.names("ade")
	case "vppToken":
		return []string{"Contoso VPP"}
	case "devicesOfProfile", "defaultProfile":
		return append(g.names("ade.profiles"), g.wanted("ade.profiles")...)
	case "groups", "excludeGroups", "removeGroups", "requiredFor", "enrollmentTimeGroup":
		wanted := g.wanted("groups")
		return slices.Concat(g.names("groups"), wanted, wanted)
	case "scopeTags":
		return []string{"Default", "Helsinki"}
	case "serials", "details":
		var out []string
		for range 8 {
			out = append(out, fmt.Sprintf("%s%08d", pick(g, []string{"F2LX", "C02X", "DMPX"}), 1+g.IntN(20)))
			if word == "details" {
				out[len(out)-1] += pick(g, []string{",counter", ",desk 2"})
			}
		}
		return out
	case "file":
		return []string{"staff.csv", "configurator.csv"}
	case "certificates":
		return []string{"mac.cer"}
	}
	return []string{"", "Contoso", "{{SERIAL}}", "{{DEVICETYPE}}-{{SERIAL}}", "https://carrier.contoso.com/activate", "+1 425 555 0100"}
}

// wanted are the names that the file gives in a section.
func (g *generator) wanted(section string) []string {
	var out []string
	for _, e := range g.entries {
		if name, ok := e.values["name"].(string); ok && e.section == section {
			out = append(out, name)
		}
	}
	return out
}

// places are where Graph has the things of a section.
func places(section string) []string {
	return map[string][]string{
		"groups": {"/groups/"}, "ade": {"/depOnboardingSettings/"}, "ade.profiles": {"/enrollmentProfiles/", "/configurationPolicies/"},
		"configurator.profiles": {"/enrollmentProfiles/"}, "byod.profiles": {"/appleUserInitiatedEnrollmentProfiles/"},
		"companyPortal.configPolicies": {"/mobileAppConfigurations/"}, "companyPortal.app": {"/mobileApps/", "/vppTokens/"},
	}[section]
}

func (g *generator) names(section string) []string {
	return slices.Sorted(maps.Values(g.named(g.live, section)))
}

// named are the things of a section: names by id.
func (g *generator) named(things map[string]string, section string) map[string]string {
	out := map[string]string{}
	for path, text := range things {
		at := strings.LastIndexByte(path, '/')
		for _, place := range places(section) {
			if name := nameIn(text); strings.HasSuffix(path[:at+1], place) && name != "" {
				out[path[at+1:]] = name
			}
		}
	}
	return out
}

// nameIn is the name of the object that text is.
func nameIn(text string) string {
	var o struct{ DisplayName, Name, TokenName string }
	if json.Unmarshal([]byte(text), &o) != nil {
		return ""
	}
	return o.DisplayName + o.Name + o.TokenName
}
