// Package starter writes the file with which to begin: one that asks for what
// the advice says, each line with a word on what it does and what to put there.
//
// It is pure. What the advice leaves open is a comment and no value: serial
// numbers, the tenant, the token's default profile. Names that nobody gave are
// those of Contoso, with a comment that says what to write in their place.
package starter

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Names are what only the administrator knows. An empty one was not given.
type Names struct {
	Tenant   string // id or verified domain
	Profile  string // of the enrollment profile or the policy
	Group    string // see Ask
	Token    string // of Automated Device Enrollment; not needed where there is one only
	VPPToken string // likewise
}

// Asks says which names the file of an advice has use for.
type Asks struct {
	Profile, Token, VPPToken bool
	Group                    string // what the group holds, "" when there is none
	DefaultProfile           string
	DefaultGroup             string
}

// Makes tells whether there is something to write in a file for the advice:
// it may be followed, and is not about app protection alone.
func Makes(a advise.Advice) bool { return a.Status != advise.Blocked && layoutOf(a) != nil }

// Ask says which names are worth asking for.
func Ask(a advise.Advice, answers advise.Answers) Asks {
	l := layoutOf(a)
	if l == nil {
		return Asks{}
	}
	n := l.names(answers)
	return Asks{Profile: true, Token: a.Option == advise.ADE, VPPToken: a.CompanyPortal == advise.VPP || a.CompanyPortal == advise.ConfigPolicy && answers.VPP == "ok",
		Group: n.what, DefaultProfile: n.profile, DefaultGroup: n.group}
}

// Write gives the file, "" when Makes says that there is none. Words names
// values of the advice for people; again is the command that writes it.
func Write(a advise.Advice, answers advise.Answers, n Names, words map[string]string, again string) string {
	if !Makes(a) {
		return ""
	}
	l := layoutOf(a)
	named := l.names(answers)
	f := file{Advice: a, answers: answers, Names: n, given: n.Group != ""}
	f.Profile, f.Group = cmp.Or(n.Profile, named.profile), cmp.Or(n.Group, named.group)
	f.head(words, again)
	f.line("apiVersion: intune-enroll/v1", "")
	f.blank()
	if f.Tenant != "" {
		f.line("tenant: "+text(f.Tenant), "any other tenant is refused")
	} else {
		f.line("# tenant: contoso.com", "take the # away and put yours: any other tenant is then refused")
	}
	l.write(&f)
	return f.b.String()
}

// file is one that is being written.
type file struct {
	advise.Advice
	Names
	answers advise.Answers
	given   bool // the group was
	b       strings.Builder
}

const (
	columns = 88  // of comments on lines of their own
	most    = 110 // of a line with a comment behind it
	margin  = 30  // where that comment begins
)

func (f *file) blank() { f.b.WriteByte('\n') }

// line writes a line of YAML and, behind it or above it, what it does.
func (f *file) line(yaml, comment string) {
	indent := yaml[:len(yaml)-len(strings.TrimLeft(yaml, " "))]
	switch {
	case comment == "":
	case max(len(yaml)+2, margin)+2+len(comment) <= most:
		yaml = fmt.Sprintf("%-*s# %s", max(len(yaml)+2, margin), yaml, comment)
	default:
		f.say(indent, comment)
	}
	f.b.WriteString(yaml + "\n")
}

// say writes a comment, wrapped. White space of every kind becomes one blank,
// so that no text ends a comment.
func (f *file) say(indent, comment string) {
	line := ""
	for _, word := range strings.Fields(comment) {
		if line != "" && len(indent)+3+len(line)+len(word) > columns {
			f.b.WriteString(indent + "# " + line + "\n")
			line = ""
		}
		line = strings.TrimLeft(line+" "+word, " ")
	}
	f.b.WriteString(indent + "# " + line + "\n")
}

// head says what the file is, what to mind, and what comes next.
func (f *file) head(words map[string]string, again string) {
	word := func(v string) string { return cmp.Or(words[v], v) }
	parts := []string{word(string(f.Option))}
	if f.Option == advise.NoOption {
		parts = []string{"Devices that are enrolled already"}
	}
	if f.Auth != advise.NoAuth {
		parts = append(parts, "sign-in: "+word(string(f.Auth)))
	}
	if f.CompanyPortal != advise.NoPortal {
		parts = append(parts, "Company Portal: "+word(string(f.CompanyPortal)))
	}
	f.say("", strings.ToUpper(parts[0][:1])+strings.Join(parts, "; ")[1:]+".")
	f.say("", "Written by:")
	f.b.WriteString("#   " + strings.Join(strings.Fields(again), " ") + "\n") // one line, to be pasted
	if len(f.Assumed) > 0 {
		var assumed []string
		for _, key := range slices.Sorted(maps.Keys(f.Assumed)) {
			assumed = append(assumed, key+"="+f.Assumed[key])
		}
		f.say("", "Not answered, and taken for granted: "+strings.Join(assumed, ", ")+".")
	}
	f.b.WriteString("#\n")
	var why []string
	for _, m := range f.Messages {
		if m.Severity == enroll.Warning {
			f.say("", "Mind: "+m.Text+" ("+m.Rule+")")
		} else if !slices.Contains(why, m.Rule) {
			why = append(why, m.Rule)
		}
	}
	f.say("", "Why it is so: "+strings.Join(why, ", ")+`; "intune-enroll explain ID" tells each.`)
	f.say("", `Next: "intune-enroll validate" this file; "intune-enroll plan" shows what it would change, "intune-enroll apply" changes it, and "intune-enroll guide admin" lists what is done by hand.`)
}

// text is a value in YAML: plain where that is safe, else quoted. A JSON text
// is a YAML text.
func text(s string) string {
	plain := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !(r == ' ' || r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	}) < 0
	first := strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
	if plain && first == 0 && !strings.HasSuffix(s, " ") && !slices.Contains([]string{"true", "false", "yes", "no", "on", "off", "null", "y", "n"}, strings.ToLower(s)) {
		return s
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		return `""` // cannot happen: every Go text has a JSON form
	}
	return string(quoted)
}
