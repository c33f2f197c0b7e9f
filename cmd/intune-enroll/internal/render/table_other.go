package render

import (
	"cmp"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

// pairs writes names and texts in two columns; empty texts are left out.
func (p *page) pairs(pairs ...[2]string) {
	wide := 0
	for _, x := range pairs {
		if x[1] != "" {
			wide = max(wide, width(x[0]))
		}
	}
	for _, x := range pairs {
		if x[1] != "" {
			p.line(0, "%s%s  %s", x[0], strings.Repeat(" ", wide-width(x[0])), x[1])
		}
	}
}

// signIn is the result of auth status.
func (p *page) signIn(r Report) {
	if s := r.SignIn; s != nil {
		tenant := s.TenantID
		if r.Tenant != nil {
			tenant = r.Tenant.Label()
		}
		p.pairs([2]string{"Signed in", term.Clean(cmp.Or(s.Name, s.ClientID)) + " (" + s.Kind + ", by " + term.Clean(s.Method) + ")"},
			[2]string{"Client id", term.Clean(s.ClientID)},
			[2]string{"Tenant", term.Clean(tenant)},
			[2]string{"Cloud", term.Clean(s.Cloud + " (" + s.Endpoint + ")")},
			[2]string{"Token until", date(s.Expires, p.Titles)},
			[2]string{"Permissions", term.Clean(cmp.Or(strings.Join(s.Permissions, ", "), "none, or the token does not show them"))})
	}
	if len(r.Settings) == 0 {
		return
	}
	p.space()
	var rows [][2]string
	for _, s := range r.Settings {
		rows = append(rows, [2]string{s.Name, cmp.Or(term.Clean(s.Value), "-") + " [" + term.Clean(s.From) + "]"})
	}
	p.pairs(rows...)
}

// topic is the result of explain.
func (p *page) topic(t *Topic) {
	if t == nil {
		return
	}
	title := t.Name
	if t.Title != "" {
		title += ": " + t.Title
	}
	p.line(0, "%s", p.bold(term.Clean(title)))
	for _, l := range t.Lines {
		if l.Text != "" {
			p.line(0, "%s: %s", l.Name, term.Clean(l.Text))
		}
	}
	if len(t.Keys) == 0 {
		return
	}
	p.space()
	var rows [][2]string
	for _, k := range t.Keys {
		rows = append(rows, [2]string{k.Path, k.Type + ". " + term.Clean(k.Doc)})
	}
	p.pairs(rows...)
}

// build is the result of version.
func (p *page) build(b *Build) {
	if b == nil {
		return
	}
	p.line(0, "intune-enroll %s", b.Version)
	p.pairs([2]string{"commit", b.Commit}, [2]string{"date", b.Date}, [2]string{"go", b.Go})
}
