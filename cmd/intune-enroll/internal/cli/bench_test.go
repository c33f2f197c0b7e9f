package cli

import (
	"io"
	"strings"
	"testing"
)

// BenchmarkVersion is what the program itself adds to its start.
func BenchmarkVersion(b *testing.B) {
	for b.Loop() {
		if code := run(b.Context(), Process{Args: []string{"version"}, In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: environment()}); code != 0 {
			b.Fatal(code)
		}
	}
}
