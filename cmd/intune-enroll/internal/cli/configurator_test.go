package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/pflag"

	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// TestConfiguratorFlags: flags want what the same words in a file want.
func TestConfiguratorFlags(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "desks.csv")
	if err := os.WriteFile(list, []byte("dmpx00000111,reception\nDMPX00000112\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, in, file string
		args           []string
	}{
		{"direct", "", "{name: Counter iPads, userAffinity: none}", []string{"create", "--name", "Counter iPads", "--user-affinity", "none"}},
		{"every flag", "", "{name: P, description: '12', userAffinity: user, mode: setupAssistant, authentication: setupAssistant, companyPortal: {install: none, acceptUnregistered: true}}",
			[]string{"create", "--name", "P", "--description", "12", "--user-affinity", "user", "--mode", "setupAssistant", "--authentication", "setupAssistant", "--company-portal", "none", "--accept-unregistered"}},
		{"assign", "", "{name: P, state: existing, devices: {serials: [DMPX00000001, '123456789012'], overwrite: true}}", []string{"assign", "--profile", "P", "DMPX00000001", "123456789012"}},
		{"assign from stdin", "dmpx00000001\n\n DMPX00000002\r\n", "{name: P, state: existing, devices: {serials: [DMPX00000001, DMPX00000002], overwrite: true}}", []string{"assign", "--profile", "P", "-"}},
		{"import", "", "{name: P, state: existing, devices: {file: desks.csv}}", []string{"devices", "import", list, "--profile", "P"}},
		{"import and overwrite", "", "{name: P, state: existing, devices: {file: desks.csv, overwrite: true}}", []string{"devices", "import", list, "--profile", "P", "--overwrite"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out strings.Builder
			p := Process{Args: append([]string{"configurator"}, append(tc.args, "--print")...), In: strings.NewReader(tc.in), Out: &out, Err: io.Discard, Env: environment()}
			if code := run(t.Context(), p); code != exitOK {
				t.Fatalf("ended with %d: %s", code, out.String())
			}
			file := "apiVersion: intune-enroll/v1\nconfigurator: {profiles: [" + tc.file + "]}\n"
			if d := cmp.Diff(wants(t, dir, file), wants(t, dir, out.String()), cmpopts.IgnoreFields(enroll.Object{}, "Origin", "At"), cmpopts.IgnoreFields(enroll.Entry{}, "Origin", "At")); d != "" {
				t.Errorf("flags want something else (-file +flags):\n%s\n%s", d, out.String())
			}
		})
	}
}

// TestConfiguratorExamples: each example is valid, is applied, and leaves
// nothing to do.
func TestConfiguratorExamples(t *testing.T) {
	for _, name := range []string{"configurator-counter-ipads.yaml", "configurator-staff.yaml"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sim.Options{Scenario: "contoso"})
			file := filepath.Join(b.dir, name)
			for _, args := range [][]string{{"validate", file}, {"apply", "-f", file, "--yes"}, {"plan", "-f", file, "--detailed-exitcode"}} {
				if code, said := b.run(t.Context(), args...); code != exitOK {
					t.Fatalf("%s ended with %d:\n%s", args[0], code, said)
				}
			}
		})
	}
}

// wants are the objects of a file in a folder.
func wants(t *testing.T, dir, text string) []enroll.Object {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	read := decoded([]document.Source{{Name: "doc.yaml", Data: []byte(text), Root: root}})
	if broken(read.findings) > 0 {
		t.Fatal(read.findings)
	}
	return read.objects
}

// TestExportsAreRemembered: one line for each file that is still there, and a
// damaged record is said, not overwritten.
func TestExportsAreRemembered(t *testing.T) {
	dir := t.TempDir()
	f := newFactory(Process{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: environment("INTUNE_ENROLL_JOURNAL=" + dir)})
	f.flags = pflag.NewFlagSet("test", pflag.ContinueOnError)
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	export := func(name string, at time.Time) configurator.Exported {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		e := configurator.Exported{Profile: "Counter iPads", File: path, At: at}
		if err := f.remember("tenant", e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	export("a", at)
	again, gone := export("a", at.AddDate(0, 0, 1)), export("b", at)
	if err := os.Remove(gone.File); err != nil {
		t.Fatal(err)
	}
	known, err := f.exported("tenant")
	if d := cmp.Diff([]configurator.Exported{again}, known); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	if known, err := f.exported("other"); err != nil || len(known) > 0 {
		t.Errorf("another tenant has %v, %v", known, err)
	}
	record := filepath.Join(dir, "tenant", exportsFile)
	if err := os.WriteFile(record, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.exported("tenant"); err == nil {
		t.Error("a damaged record is read as an empty one")
	}
	if err := f.remember("tenant", again); err == nil {
		t.Error("a damaged record is overwritten")
	}
}
