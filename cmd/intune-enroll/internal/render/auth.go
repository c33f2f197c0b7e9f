package render

import (
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

// Permission is one permission of Microsoft Graph that is needed. Its name is
// that of the application and of the delegated permission.
type Permission struct {
	Name     string `json:"name"`
	For      string `json:"for"` // check, plan or apply
	What     string `json:"what"`
	Optional bool   `json:"optional,omitempty"`
	Granted  string `json:"granted"` // yes, no or unknown
}

// CommandNeeds are the names of the permissions that one command needs.
type CommandNeeds struct {
	Command     string   `json:"command"`
	Permissions []string `json:"permissions"`
	Optional    []string `json:"optional,omitempty"`
	Granted     string   `json:"granted"` // whether the sign-in has all but the optional ones: yes, no or unknown
}

// permissions is the result of auth permissions.
func (p *page) permissions(r Report) {
	wide := 0
	for _, n := range r.Needs {
		wide = max(wide, width(n.Name))
	}
	for _, n := range r.Needs {
		what := n.What
		if n.Optional {
			what += " (can be left out)"
		}
		p.line(0, "%s  %s%s  %s: %s", p.granted(n.Granted), n.Name, strings.Repeat(" ", wide-width(n.Name)), n.For, what)
	}
	if len(r.Commands) > 0 {
		p.space()
		p.line(0, "%s", p.bold("Each command"))
	}
	for _, c := range r.Commands {
		p.line(0, "%s  %s: %s", p.granted(c.Granted), c.Command, c.Names())
	}
	if s := r.SignIn; s != nil {
		p.space()
		p.line(0, "Signed in: %s (%s permissions, by %s)", term.Clean(s.Name), s.Kind, term.Clean(s.Method))
	}
}

// Names are the permissions in one line.
func (c CommandNeeds) Names() string {
	out := strings.Join(c.Permissions, ", ")
	if len(c.Optional) > 0 {
		out += " (can be left out: " + strings.Join(c.Optional, ", ") + ")"
	}
	return out
}

// granted is whether a permission is there, as a word.
func (p *page) granted(state string) string {
	switch state {
	case "yes":
		return p.paint(lipgloss.Green, "granted")
	case "no":
		return p.paint(lipgloss.Red, "missing")
	}
	return p.paint(lipgloss.Magenta, "unknown")
}

// Setup is how the app registration is made that the program signs in with.
type Setup struct {
	Name   string      `json:"name"`
	Client string      `json:"clientId,omitempty"` // once it is made
	Ways   []SetupWay  `json:"ways,omitempty"`
	Next   []string    `json:"next,omitempty"`
	Done   []SetupStep `json:"done,omitempty"`
}

// SetupWay is one way of making it: a script for a tool, or steps in a portal.
type SetupWay struct {
	Tool string `json:"tool"`
	Text string `json:"text"`
}

// SetupStep is one thing that was made.
type SetupStep struct {
	What string `json:"what"`
	ID   string `json:"id,omitempty"`
}

// setup is the result of auth setup. Scripts and commands are not wrapped: they
// are pasted.
func (p *page) setup(r Report) {
	if r.Setup == nil {
		return
	}
	for _, d := range r.Setup.Done {
		p.line(0, "made: %s %s", term.Clean(d.What), term.Clean(d.ID))
	}
	for _, w := range r.Setup.Ways {
		p.space()
		p.line(0, "%s", p.bold("# "+w.Tool))
		for line := range strings.SplitSeq(strings.TrimRight(w.Text, "\n"), "\n") {
			p.b.WriteString(strings.TrimRight(term.Clean(line), " ") + "\n")
		}
	}
	if len(r.Setup.Next) > 0 {
		p.space()
		lead := "" // what stands behind a script must not break it
		if len(r.Setup.Ways) > 0 {
			lead = "# "
		}
		p.line(0, "%s", p.bold(lead+"Then:"))
		for _, n := range r.Setup.Next {
			p.b.WriteString(lead + "  " + term.Clean(n) + "\n")
		}
	}
}
