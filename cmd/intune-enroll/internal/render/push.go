package render

import (
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

// Push is what the pushcert commands say of the push certificate.
type Push struct {
	Certificate *PushCertificate `json:"certificate,omitempty"` // nil: there is none
	Request     string           `json:"request,omitempty"`     // the file of the signing request
	Calendar    string           `json:"calendar,omitempty"`    // the file with reminders
	Steps       []string         `json:"steps,omitempty"`       // what a person does at Apple
}

// PushCertificate is the certificate in use.
type PushCertificate struct {
	AppleID string    `json:"appleId,omitempty"`
	Topic   string    `json:"topic,omitempty"`
	Serial  string    `json:"serialNumber,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	Changed time.Time `json:"changed,omitzero"`
}

// push is what pushcert status and csr show.
func (p *page) push(r Report) {
	p.check(r)
	if r.Push == nil {
		return
	}
	if c := r.Push.Certificate; c != nil {
		p.space()
		p.pairs([2]string{"Apple account", term.Clean(c.AppleID)}, [2]string{"Topic", term.Clean(c.Topic)}, [2]string{"Serial number", term.Clean(c.Serial)},
			[2]string{"Ends", date(c.Expires, p.Titles)}, [2]string{"Last changed", date(c.Changed, p.Titles)})
	}
	p.pushFiles(*r.Push)
}

func (p *page) pushFiles(x Push) {
	if x.Request+x.Calendar != "" {
		p.space()
		p.pairs([2]string{"Signing request", term.Clean(x.Request)}, [2]string{"Calendar", term.Clean(x.Calendar)})
	}
	if len(x.Steps) == 0 {
		return
	}
	p.space()
	p.line(0, "%s", p.bold("Now at Apple:"))
	for i, s := range x.Steps {
		p.line(2, "%d. %s", i+1, term.Clean(s))
	}
}

// uploaded is the result of pushcert upload.
func (p *page) uploaded(r Report) {
	p.applied(r)
	if r.Push != nil {
		p.pushFiles(*r.Push)
	}
}
