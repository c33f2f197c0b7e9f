package docs

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/guide"
)

// part is a heading and the families of ids below it.
type part struct {
	title    string
	families []string
}

func parts() []part {
	return []part{
		{"Every enrollment", []string{"GEN"}},
		{"Automated Device Enrollment", []string{"ADE"}},
		{"Automated Device Enrollment: sign-in", []string{"AUT"}},
		{"Automated Device Enrollment: Company Portal", []string{"CPI"}},
		{"Automated Device Enrollment: users", []string{"EUA"}},
		{"Apple Configurator", []string{"CFG", "CFP"}},
		{"Apple Configurator: sign-in", []string{"CAU"}},
		{"Apple Configurator: Company Portal", []string{"CCP"}},
		{"Apple Configurator: users", []string{"EUC"}},
		{"Personal devices", []string{"BYO", "DEV", "WEB", "CHO", "ACC"}},
		{"Personal devices: users", []string{"EUB"}},
		{"Facts of the pages that the guide leads to", []string{"X"}},
		{"Combinations", []string{"M"}},
		{"Contradictions, and what is done", []string{"C"}},
		{"Decisions between them", []string{"DD"}},
	}
}

// family is the prefix of an id: ADE of ADE-T04, M of M12.
func family(id string) string {
	if prefix, _, ok := strings.Cut(id, "-"); ok {
		return prefix
	}
	return strings.TrimRight(id, "0123456789")
}

func page(c carriers, list []guide.Statement) (text []byte, seen int) {
	var out bytes.Buffer
	fmt.Fprint(&out, `# Rules

Every statement of Microsoft's enrollment guide for iOS and iPadOS, in our words, and where the program keeps it. Written by `+"`go test ./docs -update`"+`; do not edit.

- **rule**: `+"`validate`"+` reports it where the file alone shows it, `+"`plan` and `apply`"+` where the file has to do with it, `+"`check`"+` always; `+"`intune-enroll explain ID`"+` says why, and `+"`pkg/guard/testdata/rules/ID`"+` shows what breaks it, what does not, and what is said: files (`+"`bad.yaml`, `ok.yaml`, `want.txt`"+`), simulated tenants (`+"`bad.tenant.yaml`, `ok.tenant.yaml`, `want.tenant.txt`"+`; it is 2026-12-01 there), or certificates to upload.
- **advice**: `+"`intune-enroll advise`"+` decides by it.
- **key**: the file says it.
- **instructions for users**, **administrator's checklist**: `+"`intune-enroll guide users`, `intune-enroll guide admin`"+`.
- **see**: another statement covers it.
- **reference only**: nothing to check, to decide or to do.
`)
	cell := strings.NewReplacer("|", "\\|", "\n", " ")
	for _, p := range parts() {
		fmt.Fprintf(&out, "\n## %s\n\n| id | kind | statement | where |\n|---|---|---|---|\n", p.title)
		for _, f := range p.families {
			for _, s := range list {
				if family(s.ID) != f {
					continue
				}
				seen++
				where := strings.Join(c.places(s), ", ")
				if s.Reference != "" && !strings.HasPrefix(where, "reference only") {
					where += "; " + s.Reference
				}
				fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", s.ID, strings.Join(s.Kinds, ", "), s.Text, where)
			}
		}
	}
	fmt.Fprint(&out, "\n## Rules of our own\n\nLimits that no page of Microsoft states. A finding of the rule "+document.FileRule+" is about the form of a file.\n\n| id | severity | what it says |\n|---|---|---|\n")
	for _, id := range slices.Sorted(maps.Keys(c.rules)) {
		if _, stated := c.statements[id]; !stated {
			r := c.rules[id][0]
			fmt.Fprintf(&out, "| %s | %s | %s |\n", r.ID, r.Severity, cell.Replace(r.Title))
		}
	}
	return out.Bytes(), seen
}
