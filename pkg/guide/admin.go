package guide

import (
	"cmp"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Known is what the tenant says and the checklist fills in. What is empty is
// not known: the text then says how to choose, or leaves a place to fill in.
// Nobody is told to make anew what may be there already.
type Known struct {
	Looked                 bool              // push certificate and tokens were read; false: nobody knows whether there are any
	TenantID, Domain       string            // Domain: the default one
	PushAppleID, PushTopic string            // of the push certificate in use; both empty: there is none
	PushExpires            time.Time         // the end of that certificate
	OnlyToken              string            // the enrollment program token, where the tenant has one
	TokenAppleIDs          map[string]string // Apple Account by name of the enrollment program token
	TokenExpires           map[string]time.Time
	VPPAppleIDs            map[string]string // Apple Account by name of the volume-purchase token
	Cloud                  string            // "" is global
}

// Admin is the checklist of what the administrator has to do by hand at Apple,
// in the portals and on a Mac to make the document work, in order, with the
// commands in between, in one language. Files are what -f takes in these commands.
func Admin(d document.Document, known Known, language string, files ...string) (Page, error) {
	texts, err := loadWords(forAdmin, language)
	if err != nil {
		return Page{}, err
	}
	w := work{doc: wanted(d), known: known, everybody: texts["users.all"], aToken: texts["token.unnamed"]}
	var given []string
	for _, f := range files {
		given = append(given, "-f "+enroll.ShellWord(visible(f)))
	}
	common := values{filesValue: strings.Join(given, " "), "language": language, "tenantID": orBlank(w.known.TenantID), "domain": orBlank(w.known.Domain),
		"site": "", "manage": manageHost(w.known.Cloud)}
	if site, ok := portalSite(w.known.Cloud); ok {
		common["site"] = site + webPath
	}
	b := builder{writer: writer{words: texts, values: common}}
	p := Page{Language: language, Title: b.text("title"), Intro: b.line("intro"), quotes: b.quotes()}
	for _, c := range chapters() {
		for _, v := range c.subjects(w) {
			merged := values{}
			for _, from := range []values{common, v} {
				for name, value := range from {
					merged[name] = value
				}
			}
			section, err := c.section(texts, merged)
			if err != nil {
				return Page{}, err
			}
			p.Sections = append(p.Sections, section)
		}
	}
	return p, b.err
}

// chapter is a part of the checklist, once for each of its subjects.
type chapter struct {
	heading  string
	subjects func(work) []values
	tasks    []task
}

// task is one step of the checklist.
type task struct {
	key  string
	when func(values) bool // nil: always
	code string            // a command or a text to copy; {name} is filled in, in commands as one word of the shell
	ids  string            // the statements of the guide that it carries
}

func (c chapter) section(texts words, v values) (Section, error) {
	b := builder{writer: writer{words: texts, values: v, links: []string{"site"}}}
	s := Section{Heading: strings.TrimSpace(b.text(c.heading)), Style: Checklist}
	for _, t := range c.tasks {
		if t.when == nil || t.when(v) {
			s.Items = append(s.Items, Item{Text: b.line(t.key), Code: t.fill(v), Rules: t.rules()})
		}
	}
	return s, b.err
}

func (t task) rules() []string { return strings.Fields(t.ids) }

// Arguments of several words, quoted already: the files, and which token.
const (
	filesValue  = "files"
	optionValue = "option"
)

// fill puts values into the code of a task.
func (t task) fill(v values) string {
	var pairs []string
	for name, value := range v {
		value = visible(value)
		if strings.HasPrefix(t.code, "intune-enroll ") && name != filesValue && name != optionValue {
			value = enroll.ShellWord(value)
		}
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.TrimSpace(strings.NewReplacer(pairs...).Replace(t.code))
}

// day is a date to read, "" for none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// orBlank leaves a place to fill in by hand.
func orBlank(s string) string { return cmp.Or(s, "________") }

// manageHost is the host that account driven enrollment is sent to (Microsoft
// docs page on setting up account driven user enrollment).
func manageHost(cloud string) string {
	switch cloud {
	case "gcc-high", "dod":
		return "manage.microsoft.us"
	case "china":
		return "manage.microsoft.cn"
	default:
		return "manage.microsoft.com"
	}
}

// Conditions of tasks: a value is there, is not there, is this one.
func said(name string) func(values) bool { return func(v values) bool { return v[name] != "" } }

func missing(name string) func(values) bool { return func(v values) bool { return v[name] == "" } }

func valueIs(name, value string) func(values) bool {
	return func(v values) bool { return v[name] == value }
}
