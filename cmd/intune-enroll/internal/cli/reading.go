package cli

import (
	"cmp"
	"context"
	"slices"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
)

// reading is a document as it was read, and what it wants.
type reading struct {
	files    []string
	sources  []document.Source
	document document.Document
	objects  []enroll.Object
	findings []enroll.Finding // of decoding and of the slices, errors included
}

// read reads the files of -f. Errors of the file are findings; an error says
// that there was nothing to read.
func (f *factory) read(ctx context.Context, paths []string) (reading, error) {
	if err := ctx.Err(); err != nil {
		return reading{}, err
	}
	sources, err := document.Open(paths, f.process.In)
	if err != nil {
		return reading{}, fail(codeFileInvalid, "intune-enroll help files", "%w", err)
	}
	return decoded(sources), nil
}

// decoded is what the sources say.
func decoded(sources []document.Source) reading {
	r := reading{sources: sources}
	for _, s := range sources {
		r.files = append(r.files, s.Name)
	}
	r.document, r.findings = document.Decode(sources)
	if broken(r.findings) == 0 {
		var said []enroll.Finding
		r.objects, said = r.document.Objects()
		r.findings = enroll.SortFindings(append(r.findings, said...))
	}
	return r
}

// breaks tells whether a finding stops the work.
func breaks(f enroll.Finding) bool { return f.Severity == enroll.Error && !f.Forced }

// broken counts the findings that stop the work.
func broken(findings []enroll.Finding) int {
	n := 0
	for _, f := range findings {
		if breaks(f) {
			n++
		}
	}
	return n
}

// refused is the failure for findings that stop the work; nil when there are
// none. A broken rule may be about the tenant and not about the file.
func refused(c code, findings []enroll.Finding) error {
	n := broken(findings)
	if n == 0 {
		return nil
	}
	where := "in what the file wants"
	if c == codeRuleBroken {
		where = "in the way of what the file wants"
	}
	return fail(c, "", "%s %s: nothing was changed", enroll.Plural(n, "error"), where)
}

// line is the line of the file at the place of a finding.
func (r reading) line(at enroll.Origin) string { return document.Line(r.sources, at) }

// withFixes puts the fix of the rule into findings that have none of their own.
func withFixes(findings []enroll.Finding, rules []enroll.Rule) []enroll.Finding {
	out := make([]enroll.Finding, len(findings))
	for i, f := range findings {
		if f.Severity != enroll.OK && f.Severity != enroll.Unknown { // the fix of a rule is none for what nobody saw
			for _, r := range rules {
				if r.ID == f.Rule {
					f.Fix = cmp.Or(f.Fix, r.Fix)
				}
			}
		}
		out[i] = f
	}
	return out
}

// reasonsOf are the rules of findings that are not ok, each once.
func reasonsOf(findings []enroll.Finding) []render.Rule {
	var out []render.Rule
	for _, r := range guard.All() {
		told := slices.ContainsFunc(out, func(x render.Rule) bool { return x.ID == r.ID })
		if !told && slices.ContainsFunc(findings, func(f enroll.Finding) bool { return f.Rule == r.ID && f.Severity != enroll.OK }) {
			out = append(out, render.Rule{ID: r.ID, Title: r.Title, Why: r.Why, Fix: r.Fix, Link: r.Link})
		}
	}
	return out
}

// report is the part of a report that comes from a reading.
func (r reading) report() render.Report {
	return render.Report{Files: r.files, Findings: r.findings}
}
