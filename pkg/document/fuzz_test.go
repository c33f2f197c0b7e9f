package document

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// FuzzDecode feeds the decoder any text: no panic, findings that can be shown,
// and a document without findings survives a way through JSON.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", head, inProfile("companyPortal: {install: vpp}\ndevices: {serials: [F2LX00000001, 12345678]}"),
		head + "groups: &g [{name: a}]\nbyod: {profiles: *g}\n", head + "a: |\n  x\nb: >-\n  y\n", "? a\n: b\n", "a: \"\\ud800\"", "&a [*a]", "- - - a", "{a: {b: c", "a: !!str b", "%YAML 1.2\n---\n", "\xff", head + "tenant: contoso.com\ncompanyPortal: {app: {source: vpp}, configPolicies: [{name: x}]}\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		source := Source{Name: "f.yaml", Data: in}
		doc, findings := decode([]Source{source}, testTables())
		for _, found := range findings {
			if !utf8.ValidString(found.Message) || found.Origin.Line < 1 || found.Origin.Col < 1 {
				t.Errorf("bad finding: %+v", found)
			}
			if _, ok := unprintable(found.Message+found.Fix, false); ok {
				t.Errorf("unprintable finding: %+v", found)
			}
			if l := Line([]Source{source}, found.Origin); strings.Contains(l, "\n") || !strings.Contains(string(in), l) {
				t.Errorf("no line of the file: %q", l)
			}
		}
		if enroll.Worst(findings) == enroll.Error {
			return
		}
		raw, err := doc.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var back Document
		if err := back.unmarshal(raw, testTables()); err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		if d := cmp.Diff(doc.ADE, back.ADE, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("after a way through JSON:\n%s", d)
		}
	})
}

// FuzzSerials feeds the reader of serial lists any bytes: no panic, findings
// with a place, and only serials in canonical form.
func FuzzSerials(f *testing.F) {
	for _, s := range []string{"", "F2LX00000001\n", "\ufeffF2LX00000001\r\n", "a;b\n", "\"a\n", "a,b,c\n", "serial\n", "F2LX00000001,\"x\ny\"\n\n\nF2LX00000001", "\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		_, findings := csvSerials("s.csv", in, func(s, _ string, at enroll.Origin) {
			if clean, bad := serial(s); bad != nil || clean != s {
				t.Errorf("serial %q", s)
			}
			if at.Line < 1 || at.Col < 1 {
				t.Errorf("serial without a place: %v", at)
			}
		})
		if len(findings) > maxCSVFindings+1 {
			t.Errorf("%d findings", len(findings))
		}
		for _, found := range findings {
			if found.Origin.Line < 1 || found.Origin.Col < 1 {
				t.Errorf("finding without a place: %+v", found)
			}
		}
	})
}
