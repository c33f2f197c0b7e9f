package render

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// The elements of a JUnit report, as the schema of the Jenkins xUnit plugin has them.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Timestamp string      `xml:"timestamp,attr,omitempty"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitProblem `xml:"failure,omitempty"`
	Error   *junitProblem `xml:"error,omitempty"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes each finding as a test: failed where it makes the command
// end with 2, in error where it could not be looked at, else passed. The name
// of a test is the same in every run.
func writeJUnit(w io.Writer, r Report) error {
	var out junitSuites
	for _, p := range r.parts() {
		s := junitSuite{Name: "intune-enroll " + r.Command}
		if label := p.label(); label != "" {
			s.Name += " " + term.Clean(label)
		}
		if !p.At.IsZero() {
			s.Timestamp = p.At.UTC().Format("2006-01-02T15:04:05")
		}
		for _, f := range p.Findings {
			s.add(r.junitCase(f))
		}
		for _, g := range p.gapsAlone() {
			s.add(junitCase{Class: term.Clean(string(g.Scope.Kind)), Name: "look at " + thing(g.Scope), Error: &junitProblem{Message: term.Clean(g.Reason), Type: "could-not-look"}})
		}
		if e := r.stopped(p); e != nil {
			s.add(junitCase{Class: "intune-enroll", Name: r.Command, Error: &junitProblem{Message: term.Clean(e.Message), Type: e.Code, Text: term.Clean(e.Do)}})
		} else if len(s.Cases) == 0 {
			s.add(junitCase{Class: "intune-enroll", Name: r.Command, Out: r.sentence()})
		}
		out.Tests, out.Failures, out.Errors = out.Tests+s.Tests, out.Failures+s.Failures, out.Errors+s.Errors
		out.Suites = append(out.Suites, s)
	}
	raw, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("render the report: %w", err)
	}
	_, err = io.WriteString(w, xml.Header+string(raw)+"\n")
	return err
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Error != nil {
		s.Errors++
	}
	s.Cases = append(s.Cases, c)
}

func (r Report) junitCase(f enroll.Finding) junitCase {
	c := junitCase{Class: term.Clean(cmp.Or(string(f.On.Kind), f.Origin.File, "file")), Name: term.Clean(f.Rule)}
	if f.On != (enroll.Ref{}) {
		c.Name = thing(f.On) + " " + c.Name
	}
	if f.Path != "" {
		c.Name += " " + term.Clean(f.Path)
	}
	problem := &junitProblem{Message: term.Clean(f.Message), Type: term.Clean(f.Rule), Text: told(f)}
	switch {
	case f.Severity == enroll.Unknown:
		c.Error = problem
	case r.fails(f):
		c.Failure = problem
	default:
		c.Out = string(f.Severity) + ": " + told(f)
		if !f.Until.IsZero() {
			c.Out += "; until " + f.Until.UTC().Format(time.RFC3339)
		}
	}
	return c
}
