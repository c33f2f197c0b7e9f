package document

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// TestConfiguratorDetails: the second column of a list is kept where the table
// of keys has a place for it, beside details in the file itself.
func TestConfiguratorDetails(t *testing.T) {
	for _, tc := range []struct {
		name, csv, details string
		want               []string
		refused            string
	}{
		{name: "from the list", csv: "dmpx00000001, desk 4\nDMPX00000002\nDMPX00000003,\"a, b\"\n", want: []string{"DMPX00000001,desk 4", "DMPX00000003,a, b"}},
		{name: "from both", csv: "DMPX00000001,desk 4\nDMPX00000002\n", details: `["DMPX00000002,desk 5"]`, want: []string{"DMPX00000001,desk 4", "DMPX00000002,desk 5"}},
		{name: "none", csv: "DMPX00000001\n"},
		{name: "what cannot be seen", csv: "DMPX00000001,a\u202eb\n", refused: "the details hold what Intune cannot show"},
		{name: "wrong form", csv: "DMPX00000001\n", details: `["desk 4"]`, refused: `devices.details does not take "desk 4"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			text := "apiVersion: intune-enroll/v1\nconfigurator:\n  profiles:\n    - name: Counter iPads\n      userAffinity: none\n      devices:\n        file: list.csv\n"
			if tc.details != "" {
				text += "        details: " + tc.details + "\n"
			}
			for name, content := range map[string]string{"doc.yaml": text, "list.csv": tc.csv} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			sources, err := Open([]string{filepath.Join(dir, "doc.yaml")}, nil)
			if err != nil {
				t.Fatal(err)
			}
			doc, findings := Decode(sources)
			if tc.refused != "" {
				if len(findings) != 1 || findings[0].Message != tc.refused {
					t.Fatalf("findings: %v", findings)
				}
				return
			}
			if len(findings) > 0 {
				t.Fatal(findings)
			}
			if d := cmp.Diff(tc.want, doc.Mac[0].Values.List(detailsKey)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			raw, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			var back Document
			if err := json.Unmarshal(raw, &back); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(doc.Mac, back.Mac); d != "" {
				t.Errorf("after a way through JSON (-want +got):\n%s", d)
			}
		})
	}
}

// TestRefusedValues: a value of another sort of entry is read, for a rule to
// refuse it; any other is refused here.
func TestRefusedValues(t *testing.T) {
	key := enroll.Key{Path: "authentication", Type: enroll.Choice, Values: []string{"companyPortal"}, Refused: []string{"setupAssistantModern"}}
	for value, bad := range map[string]bool{"companyPortal": false, "setupAssistantModern": false, "setupAssistantmodern": true} {
		if _, problem := check(key, value); (problem != nil) != bad {
			t.Errorf("%s: %v", value, problem)
		}
	}
}
