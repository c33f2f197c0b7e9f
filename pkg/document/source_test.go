package document

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.yaml", "a.yml", "c.txt", "d.yaml/inner.yaml"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), name)
	}
	t.Chdir(dir)
	for _, tc := range []struct {
		name  string
		paths []string
		want  []string // name=data
	}{
		{"directory", []string{"."}, []string{"a.yml=a.yml", "b.yaml=b.yaml"}},
		{"file of any name", []string{"c.txt"}, []string{"c.txt=c.txt"}},
		{"in the order given, each once", []string{"b.yaml", ".", "./b.yaml"}, []string{"b.yaml=b.yaml", "a.yml=a.yml"}},
		{"standard input", []string{"-", "a.yml"}, []string{"<stdin>=in", "a.yml=a.yml"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			sources, err := Open(tc.paths, strings.NewReader("in"))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range sources {
				got = append(got, s.Name+"="+string(s.Data))
				if (s.Root == nil) != (s.Name == Stdin) {
					t.Errorf("%s: root %v", s.Name, s.Root)
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.yaml")
	write(t, big, strings.Repeat("#\n", MaxFile/2)+"#")
	empty := t.TempDir()
	for _, tc := range []struct {
		name  string
		paths []string
		want  string
	}{
		{"nothing", nil, "no document given: name a file or a directory with -f, or - for standard input"},
		{"too large", []string{big}, "read " + big + ": larger than 1024 KiB, which is more than a document may be: split it, or move serial numbers to a CSV file named by devices.file"},
		{"empty directory", []string{empty}, "no *.yaml or *.yml file in directory " + empty + ": name the file itself if it is called otherwise"},
		{"standard input twice", []string{"-", "-"}, "standard input (-) is given twice: give it once"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Open(tc.paths, strings.NewReader(""))
			if err == nil || err.Error() != tc.want {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
	if _, err := Open([]string{filepath.Join(dir, "none.yaml")}, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Open([]string{"-"}, nil); err == nil {
		t.Error("no standard input: no error")
	}
}

func TestLine(t *testing.T) {
	sources := []Source{{Name: "a.yaml", Data: []byte("\ufeffone\r\n\ttwo\n")}}
	for _, tc := range []struct {
		name string
		at   enroll.Origin
		want string
	}{
		{"first line", enroll.Origin{File: "a.yaml", Line: 1, Col: 2}, "one"},
		{"second line", enroll.Origin{File: "a.yaml", Line: 2, Col: 2}, "\ttwo"},
		{"behind the end of the file", enroll.Origin{File: "a.yaml", Line: 9, Col: 1}, ""},
		{"other file", enroll.Origin{File: "s.csv", Line: 1, Col: 1}, ""},
		{"no place", enroll.Origin{File: "a.yaml"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, Line(sources, tc.at)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestGuard(t *testing.T) {
	for _, tc := range []struct {
		name, value string
		want        bool
	}{
		{"none", "", true},
		{"id", "8F6C1C2E-0000-4000-8000-000000000001", true},
		{"domain", "CONTOSO.com", true},
		{"another", "fabrikam.com", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := Guard{Value: tc.value}
			if got := g.Matches("8f6c1c2e-0000-4000-8000-000000000001", []string{"contoso.onmicrosoft.com", "contoso.com"}); got != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
