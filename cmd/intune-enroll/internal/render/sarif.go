package render

import (
	"cmp"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// The objects of a SARIF 2.1.0 log that are written (OASIS standard SARIF 2.1.0).
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        map[string]sarifTool `json:"tool"`
	ColumnKind  string               `json:"columnKind"`
	Results     []sarifResult        `json:"results"`
	Invocations []sarifInvocation    `json:"invocations"`
}

type sarifTool struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID    string     `json:"id"`
	Short *sarifText `json:"shortDescription,omitempty"`
	Full  *sarifText `json:"fullDescription,omitempty"`
	Help  *sarifText `json:"help,omitempty"`
	Link  string     `json:"helpUri,omitempty"`
}

type sarifResult struct {
	Rule      string          `json:"ruleId"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifLocation struct {
	Physical *sarifPlace  `json:"physicalLocation,omitempty"`
	Logical  []sarifThing `json:"logicalLocations,omitempty"`
}

type sarifPlace struct {
	Artifact sarifFile    `json:"artifactLocation"`
	Region   *sarifRegion `json:"region,omitempty"`
}

type sarifFile struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	Line int `json:"startLine"`
	Col  int `json:"startColumn,omitempty"`
}

type sarifThing struct {
	Name string `json:"fullyQualifiedName"`
}

type sarifInvocation struct {
	Successful    bool        `json:"executionSuccessful"`
	Notifications []sarifNote `json:"toolExecutionNotifications,omitempty"`
}

type sarifNote struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

// writeSARIF writes a run for each tenant: every finding that is not ok is a
// result; what kept the program from looking is a notification of a run that
// was not successful.
func writeSARIF(w io.Writer, r Report) error {
	name, version, _ := strings.Cut(cmp.Or(r.Tool, "intune-enroll"), " ")
	log := sarifLog{Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0"}
	for _, p := range r.parts() {
		run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}, Tool: map[string]sarifTool{"driver": {Name: name, Version: version, Rules: r.sarifRules()}}}
		for _, f := range bad(p.Findings) {
			run.Results = append(run.Results, sarifOf(f, p.Context))
		}
		invocation := sarifInvocation{Successful: !unsure(p.Findings)}
		note := func(text string) {
			invocation.Successful = false
			invocation.Notifications = append(invocation.Notifications, sarifNote{"error", sarifText{term.Clean(text)}})
		}
		for _, g := range p.Gaps {
			note("could not look at " + g.Scope.String() + ": " + g.Reason)
		}
		if e := r.stopped(p); e != nil {
			note(e.Message)
		}
		run.Invocations = []sarifInvocation{invocation}
		log.Runs = append(log.Runs, run)
	}
	return writeJSON(w, log)
}

func (r Report) sarifRules() []sarifRule {
	text := func(s string) *sarifText {
		if s == "" {
			return nil
		}
		return &sarifText{s}
	}
	out := []sarifRule{}
	for _, rule := range r.Rules {
		out = append(out, sarifRule{ID: rule.ID, Short: text(rule.Title), Full: text(rule.Why), Help: text(rule.Fix), Link: rule.Link})
	}
	return out
}

func sarifOf(f enroll.Finding, context string) sarifResult {
	level := map[enroll.Severity]string{enroll.Error: "error", enroll.Info: "note"}[f.Severity]
	text := term.Clean(f.Message)
	if f.Fix != "" {
		text += "; fix: " + term.Clean(f.Fix)
	}
	out := sarifResult{Rule: term.Clean(f.Rule), Level: cmp.Or(level, "warning"), Message: sarifText{text}}
	var at sarifLocation
	if f.Origin.File != "" {
		at.Physical = &sarifPlace{Artifact: sarifFile{uri(f.Origin.File)}}
		if f.Origin.Line > 0 {
			at.Physical.Region = &sarifRegion{f.Origin.Line, f.Origin.Col}
		}
	}
	if f.On != (enroll.Ref{}) {
		at.Logical = []sarifThing{{strings.Join(slices.DeleteFunc([]string{term.Clean(context), thing(f.On)}, func(s string) bool { return s == "" }), " ")}}
	}
	if at.Physical != nil || at.Logical != nil {
		out.Locations = []sarifLocation{at}
	}
	return out
}

// uri is a relative reference for a path, or a file: address for an absolute one.
func uri(path string) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme, u.Path = "file", "/"+strings.TrimPrefix(u.Path, "/")
	}
	return u.String()
}
