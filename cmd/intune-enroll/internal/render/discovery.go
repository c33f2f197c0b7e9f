package render

import "github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"

// Discovery is what the web servers of a tenant's domains have to serve for
// account driven enrollment.
type Discovery struct {
	Path        string `json:"path"`
	ContentType string `json:"contentType"`
	Body        string `json:"body"`
}

// discovery is the body alone, so that it can go into a file as it is.
func (p *page) discovery(d *Discovery) {
	if d != nil {
		p.b.WriteString(d.Body)
	}
}

// verified is what a domain answered.
func (p *page) verified(r Report) {
	p.findings(r.Findings)
	for _, f := range r.Findings {
		if f.Severity == "ok" {
			p.line(0, "ok: %s (%s)", term.Clean(f.Message), term.Clean(f.Rule))
		}
	}
}
