package advise

import (
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// situation is the answers, every one filled in, and what was decided so far.
type situation struct {
	Answers
	Option        Option
	Auth          Auth
	CompanyPortal CompanyPortal
	cited         []cite
}

// cite is a text of the catalogue and how bad it is here.
type cite struct {
	key      string
	severity enroll.Severity
}

// line is one row of the procedure: where it holds, it decides and cites. An
// empty decision leaves what was decided before. The texts are cited by key:
// the rule's id and, where a rule has several texts, a word after a blank.
type line struct {
	when              func(s *situation) bool
	option            Option
	auth              Auth
	portal            CompanyPortal
	info, warn, block []string
}

// step is a table of lines: the first that holds decides, or each that holds adds its part.
type step struct {
	every bool
	lines []line
}

// procedure is the whole decision, in order: what is decided first is what the
// later steps look at. It is read only.
var procedure = []step{
	{lines: optionLines},
	{lines: modeLines},
	{lines: authLines},
	{lines: portalLines},
	{every: true, lines: gateLines},
	{every: true, lines: wishLines},
	{every: true, lines: corporateNotes},
	{every: true, lines: configuratorNotes},
	{every: true, lines: personalNotes},
	{every: true, lines: scaleLines},
}

// decide runs the procedure. Everything that is missing in a counts as its default.
func decide(a Answers) *situation {
	s := &situation{Answers: complete(a), Option: NoOption, Auth: NoAuth, CompanyPortal: NoPortal}
	for _, step := range procedure {
		for i := range step.lines {
			if l := &step.lines[i]; l.when(s) {
				s.take(l)
				if !step.every {
					break
				}
			}
		}
	}
	s.askedFor()
	slices.SortStableFunc(s.cited, func(a, b cite) int { return rank(a.severity) - rank(b.severity) })
	return s
}

func (s *situation) take(l *line) {
	if l.option != "" {
		s.Option = l.option
	}
	if l.auth != "" {
		s.Auth = l.auth
	}
	if l.portal != "" {
		s.CompanyPortal = l.portal
	}
	s.cite(enroll.Error, l.block...)
	s.cite(enroll.Warning, l.warn...)
	s.cite(enroll.Info, l.info...)
}

// cite adds texts, each once and at the worst severity it was cited with.
func (s *situation) cite(severity enroll.Severity, keys ...string) {
	for _, key := range keys {
		i := slices.IndexFunc(s.cited, func(c cite) bool { return c.key == key })
		switch {
		case i < 0:
			s.cited = append(s.cited, cite{key, severity})
		case rank(severity) < rank(s.cited[i].severity):
			s.cited[i].severity = severity
		}
	}
}

// rank orders severities worst first.
func rank(s enroll.Severity) int {
	return slices.Index([]enroll.Severity{enroll.Error, enroll.Warning, enroll.Info}, s)
}

func (s *situation) status() Status {
	switch {
	case len(s.cited) > 0 && s.cited[0].severity == enroll.Error:
		return Blocked
	case len(s.cited) > 0 && s.cited[0].severity == enroll.Warning:
		return Warn
	default:
		return OK
	}
}

func (s *situation) byod() bool {
	return slices.Contains([]Option{BYODDevice, BYODWeb, BYODChoice, BYODAccount}, s.Option)
}

func (s *situation) configurator() bool {
	return s.Option == ACSetupAssistant || s.Option == ACDirect
}

// affinity tells whether the organization's device gets a user when it enrolls.
func (s *situation) affinity() bool {
	return s.Option == ADE && s.single() || s.Option == ACSetupAssistant
}

func (s *situation) modernSA() bool { return s.Auth == SAModern || s.Auth == SAModernJIT }
