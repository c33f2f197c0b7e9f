package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkStart compares the start of the program, all its imports in, with
// that of a Go program that does nothing. The aim is within four times.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	empty := filepath.Join(dir, "empty.go")
	if err := os.WriteFile(empty, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, p := range []struct {
		name, source string
		args         []string
	}{{"empty", empty, nil}, {"version", ".", []string{"version"}}} {
		exe := filepath.Join(dir, p.name)
		if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", exe, p.source).CombinedOutput(); err != nil {
			b.Fatalf("build %s: %v\n%s", p.name, err, out)
		}
		b.Run(p.name, func(b *testing.B) {
			for b.Loop() {
				if err := exec.CommandContext(b.Context(), exe, p.args...).Run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
