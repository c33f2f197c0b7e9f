package document

import (
	"fmt"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// TwiceRule is the rule id of two entries that are the same thing.
const TwiceRule = "name-twice"

// duplicates reports entries of one name in one name space, also where they
// differ in upper and lower case only, and pins used twice. Entries pinned to
// different ids may share a name.
func duplicates(d Document) []enroll.Finding {
	var out []enroll.Finding
	out = append(out, twice("group", d.Groups)...)
	for _, t := range d.ADE {
		out = append(out, twice("profile of the token", t.Profiles)...)
	}
	out = append(out, twice("profile of configurator", d.Mac)...)
	out = append(out, twice("profile of byod", d.BYOD)...)
	out = append(out, twice("Company Portal policy", d.Policies)...)
	return append(out, unnamedToken(d.ADE)...)
}

func twice(what string, entries []enroll.Entry) []enroll.Finding {
	var out []enroll.Finding
	byName, byID := map[string][]enroll.Entry{}, map[string]enroll.Entry{}
	for _, e := range entries {
		if id := strings.ToLower(e.Values.Text("id")); id != "" {
			if first, ok := byID[id]; ok {
				out = append(out, again(e, "id", fmt.Sprintf("two entries have the id %s; the first is at %s", quote(id), first.Where("id")), "delete one of the two"))
				continue
			}
			byID[id] = e
		}
		name := e.Values.Text("name")
		folded := strings.ToLower(name)
		for _, first := range byName[folded] {
			if first.Values.Text("id") != "" && e.Values.Text("id") != "" {
				continue
			}
			message := fmt.Sprintf("%s %s stands twice; the first is at %s", what, quote(name), first.Where("name"))
			if other := first.Values.Text("name"); other != name {
				message = fmt.Sprintf("%s %s differs from %s at %s in upper and lower case only", what, quote(name), quote(other), first.Where("name"))
			}
			out = append(out, again(e, "name", message, "rename one of the two, delete one, or tell them apart with id"))
			break
		}
		if name != "" {
			byName[folded] = append(byName[folded], e)
		}
	}
	return out
}

// unnamedToken refuses a token that is left out beside one that is named: left
// out means the only one there is, and two entries for one token would be one.
func unnamedToken(tokens []Token) []enroll.Finding {
	for _, t := range tokens {
		if t.Entry.Values.Text("token") == "" && len(tokens) > 1 {
			return []enroll.Finding{again(t.Entry, "token", "this entry names no token, and another one does", "name the token in every entry of ade")}
		}
	}
	return nil
}

func again(e enroll.Entry, path, message, fix string) enroll.Finding {
	return enroll.Finding{Rule: TwiceRule, Severity: enroll.Error, Message: message, Fix: fix, Path: path, Origin: e.Where(path)}
}
