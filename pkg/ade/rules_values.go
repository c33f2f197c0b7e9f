package ade

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

const (
	maxName     = 125 // Apple's limit of a profile name (Apple developer page on defining a profile)
	maxTemplate = 63  // with variables as they are written
)

// valueRules are about single values.
func valueRules() []enroll.Rule {
	return []enroll.Rule{
		{
			ID: "ADE-17", Severity: enroll.Error, Title: "a name that Apple takes", Link: pageSync,
			Why: "Intune hands the profile to Apple under its name; Apple takes 1 to 125 characters, and a name it refuses stops the sync of the whole token.",
			Fix: "shorten the name",
			Check: check(func(e entry) []enroll.Finding {
				name := e.Values.Text(pathName)
				if n := utf8.RuneCountInString(name); n > maxName {
					return one(e.finding(pathName, "the name has %d characters, Apple takes %d", n, maxName))
				}
				return nil
			}),
		},
		{
			ID: "X-36", Severity: enroll.Error, Title: "a device name template that Intune takes", Link: pageSetup,
			Why: "Intune takes up to 63 characters of letters, digits, hyphen, full stop and underscore, with the variables {{SERIAL}} and {{DEVICETYPE}}.",
			Fix: `write something like "{{DEVICETYPE}}-{{SERIAL}}"`,
			Check: check(func(e entry) []enroll.Finding {
				if why := badTemplate(e.Values.Text(pathTemplate)); why != "" {
					return one(e.finding(pathTemplate, "deviceNameTemplate %s", why))
				}
				return nil
			}),
		},
		{
			ID: "X-38", Severity: enroll.Error, Title: "a cellular activation address", Link: pageSetup,
			Why: "The device asks the carrier at this address for its cellular plan.",
			Fix: "write the carrier's address, beginning with https:// or http://",
			Check: check(func(e entry) []enroll.Finding {
				text := e.Values.Text(pathCarrier)
				if text == "" {
					return nil
				}
				u, err := url.Parse(text)
				if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsFunc(text, unicode.IsSpace) {
					return one(e.finding(pathCarrier, "cellularActivationUrl is not an https:// or http:// address"))
				}
				return nil
			}),
		},
		{
			ID: "X-50", Severity: enroll.Error, Title: "values of a Shared iPad", Link: pageShared,
			Why:   "Shared iPad settings exist with userAffinity: sharedIPad only, and Intune takes certain values.",
			Fix:   "leave the key out, or give it a value that Intune takes",
			Check: check(sharedIPad),
		},
		{
			ID: "ADE-21", Severity: enroll.Info, Title: "a Shared iPad skips all screens", Link: pageSetup,
			Why: "Every screen of Setup Assistant after activation is skipped on a Shared iPad, whatever the profile says.",
			Fix: "leave setupAssistant out",
			Check: when(pathHide, "setupAssistant.hide makes no difference with userAffinity: sharedIPad", func(e entry) bool {
				return e.affinity == AffinityShared && len(e.Values.List(pathHide)) > 0
			}),
		},
	}
}

// badTemplate says why Intune would refuse a device name template, "" when it would not.
func badTemplate(template string) string {
	if utf8.RuneCountInString(template) > maxTemplate {
		return "is longer than 63 characters"
	}
	rest := strings.NewReplacer("{{SERIAL}}", "", "{{DEVICETYPE}}", "").Replace(template)
	switch {
	case strings.ContainsAny(rest, "{}"):
		return "has a variable that Intune does not know: there are {{SERIAL}} and {{DEVICETYPE}}"
	case strings.ContainsFunc(rest, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r))
	}):
		return "has other characters than letters, digits, hyphen, full stop and underscore"
	}
	return ""
}

func sharedIPad(e entry) []enroll.Finding {
	var out []enroll.Finding
	for _, path := range []string{pathTemporary, pathCachedUsers, pathUserTimeout, pathGuestTimeout, pathGrace} {
		value, said := e.Values[path]
		if !said {
			continue
		}
		n, number := value.(int64)
		switch {
		case e.affinity != AffinityShared:
			out = append(out, e.finding(path, "%s has no meaning with userAffinity: %s", path, e.affinity))
		case !e.has(path) && e.guestsOnly:
			out = append(out, e.finding(path, "%s has no meaning with sharedIPad.temporarySessionsOnly: true", path))
		case !e.has(path):
			out = append(out, e.finding(path, "%s has no meaning without sharedIPad.temporarySessionsOnly: true", path))
		case !number:
		case path == pathGrace && !slices.Contains([]int64{0, 60, 300, 900, 3600, 14400}, n):
			out = append(out, e.finding(path, "%s is %d: Intune takes 0, 60, 300, 900, 3600 and 14400", path, n))
		case (path == pathUserTimeout || path == pathGuestTimeout) && n != 0 && n < 30:
			out = append(out, e.finding(path, "%s is %d: Intune takes 0 (never) or at least 30", path, n))
		case path == pathCachedUsers && n > 24:
			f := with(enroll.Warning, e.finding(path, "%s is %d: iPads with 32 or 64 GB keep at most 24", path, n))
			f.Fix = "write 24 or less, unless all these iPads have more storage"
			out = append(out, f)
		}
	}
	return out
}
