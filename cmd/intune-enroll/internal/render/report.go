// Package render writes what a command found or did: one [Report] for all
// commands, one file for each format. A report is valid and complete also when
// the command failed.
package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Report is the result of a command. Its JSON is the program's interface:
// within one schemaVersion members are only added.
type Report struct {
	Schema    string           `json:"schemaVersion"`
	Command   string           `json:"command"`
	Tool      string           `json:"tool"`
	Tenant    *Tenant          `json:"tenant,omitempty"`
	Cloud     string           `json:"cloud,omitempty"`
	At        time.Time        `json:"at,omitzero"` // the service's time; that of the machine where nothing was asked
	Files     []string         `json:"files,omitempty"`
	Status    enroll.Severity  `json:"status,omitempty"` // of check and validate: the worst there is
	Findings  []enroll.Finding `json:"findings"`
	Gaps      []enroll.Gap     `json:"gaps"`
	Changes   []enroll.Change  `json:"changes,omitzero"` // of plan and apply, in the order they are shown
	Results   []Outcome        `json:"results,omitzero"` // of apply: what became of each write
	Summary   map[string]int   `json:"summary,omitempty"`
	Journal   string           `json:"journal,omitempty"` // of apply: where it was written down
	Saved     string           `json:"saved,omitempty"`   // of plan --out
	SignIn    *SignIn          `json:"signIn,omitempty"`
	Settings  []Setting        `json:"settings,omitempty"`
	Rules     []Rule           `json:"rules,omitzero"`     // of check and validate: those that found something
	Contexts  []Part           `json:"contexts,omitempty"` // of check --all: one for each context, instead of Tenant and what was found there
	Export    *Export          `json:"export,omitempty"`   // of configurator export
	Topic     *Topic           `json:"topic,omitempty"`
	Serve     *Discovery       `json:"discovery,omitempty"` // of byod discovery generate
	Push      *Push            `json:"pushCertificate,omitempty"`
	Needs     []Permission     `json:"permissions,omitzero"` // of auth permissions and setup
	Commands  []CommandNeeds   `json:"commands,omitempty"`   // of auth permissions without a file
	Setup     *Setup           `json:"setup,omitempty"`
	Pages     any              `json:"pages,omitempty"`     // of guide: a list of pages
	PublicKey *PublicKey       `json:"publicKey,omitempty"` // of ade token public-key
	Token     *Token           `json:"token,omitempty"`     // of ade token sync
	Text      string           `json:"text,omitempty"`      // of ade migrate --print: the file
	Build     *Build           `json:"build,omitempty"`
	Error     *Error           `json:"error,omitempty"`

	Advice  *Advice                           `json:"-"` // of advise: written in the report's place
	Layouts Layouts                           `json:"-"` // of guide: how the pages are laid out
	Shown   bool                              `json:"-"` // apply has shown the plan already, before it asked
	FailOn  string                            `json:"-"` // of check and validate: from which severity on a finding fails; "" is error, never is none
	Asked   string                            `json:"-"` // the tenant as the settings name it
	Limits  map[enroll.KindName]enroll.Limits `json:"-"` // of check: how long before an expiry it is reported
}

// Rule is why a rule exists and what to do where it is broken.
type Rule struct {
	ID    string `json:"id"`
	Title string `json:"title,omitempty"`
	Why   string `json:"why,omitempty"`
	Fix   string `json:"fix,omitempty"`
	Link  string `json:"link,omitempty"`
}

// Tenant is the tenant that was looked at. Name is empty when it could not be read.
type Tenant struct {
	ID      string   `json:"id"`
	Name    string   `json:"name,omitempty"`
	Domains []string `json:"domains,omitempty"`
}

// Label names the tenant for people, with its id.
func (t Tenant) Label() string {
	if t.Name == "" {
		return t.ID
	}
	return fmt.Sprintf("%s (%s)", t.Name, t.ID)
}

// Outcome is what became of one write of apply. State is done, failed,
// not-tried or unknown.
type Outcome struct {
	Ref   enroll.Ref  `json:"ref"`
	Verb  enroll.Verb `json:"verb"`
	Op    string      `json:"op,omitempty"`
	State string      `json:"state"`
	Error string      `json:"error,omitempty"`
	Do    string      `json:"do,omitempty"`
}

// SignIn says who is signed in, never with what.
type SignIn struct {
	Name        string    `json:"name,omitempty"`
	ClientID    string    `json:"clientId,omitempty"`
	TenantID    string    `json:"tenantId,omitempty"`
	Kind        string    `json:"kind"` // application, delegated or unknown
	Method      string    `json:"method"`
	Cloud       string    `json:"cloud"`
	Endpoint    string    `json:"endpoint"`
	Permissions []string  `json:"permissions"`
	Expires     time.Time `json:"expires,omitzero"`
}

// Setting is one setting and where its value comes from.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// Topic explains one rule, statement, finding, kind or key of the file.
type Topic struct {
	Name  string      `json:"name"`
	Type  string      `json:"type"` // rule, statement, finding, kind, section, key or list
	Title string      `json:"title,omitempty"`
	Lines []TopicLine `json:"lines,omitempty"`
	Keys  []TopicKey  `json:"keys,omitempty"`
}

// TopicLine is one thing said of a topic: why, fix, severity, …
type TopicLine struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// TopicKey is one key of a kind.
type TopicKey struct {
	Path string `json:"path"`
	Type string `json:"type"`
	Doc  string `json:"doc"`
}

// Build says what program this is.
type Build struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Date    string `json:"date,omitempty"`
	Go      string `json:"go"`
}

// Error is why the command did not do all it was asked to.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Do      string `json:"do,omitempty"`
}

// Look is how results are shown to people.
type Look struct {
	Width   int // 0: no limit, as in a pipe
	Color   bool
	Titles  bool // headings of columns: on a terminal
	Verbose bool
	Now     time.Time
	Line    func(enroll.Origin) string // of the file at a place, to be shown with a caret; nil: none

	Previous string // what the file held that the result goes to
}

// Formats are the formats a command writes.
func Formats(command string) []string {
	if ListOf(command) != "" {
		return ListFormats()
	}
	out := []string{"table", "json", "yaml"}
	switch command {
	case "plan":
		return append(out, "markdown", "github")
	case "guide users", "guide admin":
		return append(out, "markdown", "html")
	case "validate":
		return append(out, "markdown", "github", "junit", "sarif")
	case "check":
		return append(out, "markdown", "github", "junit", "sarif", "nagios", "prometheus")
	}
	return out
}

// Write writes a report in one of the formats.
func Write(w io.Writer, format string, r Report, look Look) error {
	r.Schema = enroll.SchemaVersion
	if r.Advice != nil {
		return writeAdvice(w, format, r, look)
	}
	if done, err := writePages(w, format, r); done {
		return err
	}
	switch format {
	case "json":
		return writeJSON(w, r.whole())
	case "yaml":
		return writeYAML(w, r.whole())
	case "markdown":
		return writeMarkdown(w, r)
	case "github":
		return writeGitHub(w, r)
	case "junit":
		return writeJUnit(w, r)
	case "sarif":
		return writeSARIF(w, r)
	case "nagios":
		return writeNagios(w, r)
	case "prometheus":
		return writePrometheus(w, r, look.Previous)
	default:
		return writeTable(w, r, look)
	}
}

// whole has the lists of its command also where nothing is in them, and the state
// of a check also where it did not begin.
func (r Report) whole() Report {
	r.Findings, r.Gaps = emptyNotNull(r.Findings), emptyNotNull(r.Gaps)
	if r.Command == "check" {
		r.Status = cmp.Or(r.Status, r.State())
		r.Contexts = slices.Clone(r.Contexts)
		for i, p := range r.Contexts {
			r.Contexts[i].Status = cmp.Or(p.Status, p.State())
		}
	}
	switch r.Command {
	case "check", "validate":
		r.Rules = emptyNotNull(r.Rules)
	case "auth permissions":
		r.Needs = emptyNotNull(r.Needs)
	case "plan":
		r.Changes = emptyNotNull(r.Changes)
	case "apply", "ade assign", "ade create", "ade default", "ade migrate", "ade token upload", "byod assign", "byod create", "configurator assign",
		"configurator create", "configurator devices import", "portal app", "portal policy", "pushcert upload":
		r.Changes, r.Results = emptyNotNull(r.Changes), emptyNotNull(r.Results)
	}
	return r
}

func emptyNotNull[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// Count counts findings by severity, for a report's Summary.
func Count(findings []enroll.Finding) map[string]int {
	out := map[string]int{}
	for _, s := range []enroll.Severity{enroll.OK, enroll.Info, enroll.Warning, enroll.Unknown, enroll.Error} {
		out[string(s)] = 0
	}
	for _, f := range findings {
		out[string(f.Severity)]++
	}
	return out
}

// CountChanges counts changes by verb, for a report's Summary.
func CountChanges(changes []enroll.Change) map[string]int {
	out := map[string]int{}
	for _, v := range []enroll.Verb{enroll.Create, enroll.Update, enroll.Delete, enroll.Manual, enroll.Note} {
		out[string(v)] = 0
	}
	for _, c := range changes {
		out[string(c.Verb)]++
	}
	return out
}

// CountOutcomes counts what became of writes, for a report's Summary.
func CountOutcomes(outcomes []Outcome) map[string]int {
	out := map[string]int{"done": 0, "failed": 0, "not-tried": 0, "unknown": 0}
	for _, o := range outcomes {
		out[o.State]++
	}
	return out
}

// byThing puts findings of one thing together: things in the order of their
// first finding, the worst finding of each first.
func byThing(findings []enroll.Finding) [][]enroll.Finding {
	var out [][]enroll.Finding
	at := map[enroll.Ref]int{}
	for _, f := range findings {
		i, ok := at[f.On]
		if !ok {
			i = len(out)
			at[f.On] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	for _, group := range out {
		worstFirst(group)
	}
	return out
}

func compareSeverity(a, b enroll.Finding) int {
	switch {
	case a.Severity == b.Severity:
		return cmp.Compare(a.Rule, b.Rule)
	case a.Severity.AtLeast(b.Severity):
		return -1
	default:
		return 1
	}
}
