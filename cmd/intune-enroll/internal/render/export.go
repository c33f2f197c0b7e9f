package render

import (
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
)

// Export is what a Mac with Apple Configurator needs to enroll devices with a
// profile. What is in a file never stands here.
type Export struct {
	Profile string    `json:"profile"`
	Mode    string    `json:"mode"` // setupAssistant or direct
	URL     string    `json:"url,omitempty"`
	File    string    `json:"file,omitempty"`
	Until   time.Time `json:"until,omitzero"` // when the file runs out
	Steps   []string  `json:"steps"`          // by hand, in order
}

// exported is the result of configurator export.
func (p *page) exported(r Report) {
	p.findings(r.Findings)
	e := r.Export
	if e == nil {
		return
	}
	until := ""
	if !e.Until.IsZero() {
		until = date(e.Until, p.Titles) + " (two weeks), then export it again"
	}
	p.pairs([2]string{"Profile", term.Clean(e.Profile)}, [2]string{"Enrollment URL", term.Clean(e.URL)}, [2]string{"Written to", term.Clean(e.File)}, [2]string{"Good until", until})
	p.space()
	p.line(0, "%s", p.bold("By hand, for each device:"))
	for i, s := range e.Steps {
		p.line(2, "%d. %s", i+1, s)
	}
}
