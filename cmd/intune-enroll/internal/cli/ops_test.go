package cli

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// ops are the files for operations, by their path.
func ops(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir("../../../../configs/ops", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		out[filepath.ToSlash(path)] = string(raw)
		return err
	})
	if err != nil || len(out) < 10 {
		t.Fatalf("%d files, %v", len(out), err)
	}
	return out
}

// Every command line in the files is one that the program takes.
func TestOpsCommands(t *testing.T) {
	command := regexp.MustCompile(`intune-enroll (check [^\n|&]*?-[^\n|&]*)`)
	list := regexp.MustCompile(`args: \[(check[^\]]*)\]`)
	seen := 0
	for path, text := range ops(t) {
		if strings.HasSuffix(path, ".md") {
			continue
		}
		for _, re := range []*regexp.Regexp{command, list} {
			for _, m := range re.FindAllStringSubmatch(text, -1) {
				seen++
				args := strings.Fields(strings.ReplaceAll(m[1], ",", " "))
				if strings.ContainsAny(m[1], "`…") {
					continue // prose
				}
				f := newFactory(Process{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: environment()})
				cmd, rest, err := newRoot(f).Find(args)
				if err == nil {
					err = cmd.ParseFlags(rest)
				}
				if err != nil {
					t.Errorf("%s: %s: %v", path, m[1], err)
				}
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d commands seen", seen)
	}
}

// Every YAML file is one; a key that stands twice is an error.
func TestOpsYAML(t *testing.T) {
	for path, text := range ops(t) {
		if !strings.HasSuffix(path, ".yml") && !strings.HasSuffix(path, ".yaml") {
			continue
		}
		d := yaml.NewDecoder(bytes.NewReader([]byte(text)))
		for {
			var v any
			err := d.Decode(&v)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", path, err)
				break
			}
		}
	}
}
