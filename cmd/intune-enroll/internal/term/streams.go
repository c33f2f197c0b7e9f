// Package term is where the program meets the person: streams, whether they
// are terminals, colour, width, questions, progress, and the escaping of text
// that others wrote.
package term

import (
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"
)

// Streams are the three streams of the program and what is known of them.
// Results go to Out, everything else to Err.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer

	InTTY, OutTTY, ErrTTY bool
	Width                 int  // of Out in characters; 0 when Out is no terminal
	ColorOut, ColorErr    bool // whether colour may be used there
	NoInput               bool // never ask: --no-input, or a CI system
	Quiet                 bool // no progress
}

// Environment looks up an environment variable; an unset one is "".
type Environment func(name string) string

// New finds out what the streams are. They are terminals only where they are
// files that are: a pipe, a file or a buffer is none.
func New(in io.Reader, out, err io.Writer, env Environment) *Streams {
	s := &Streams{In: in, Out: out, Err: err, InTTY: isTTY(in), OutTTY: isTTY(out), ErrTTY: isTTY(err), NoInput: InCI(env)}
	if s.OutTTY {
		s.Width = width(out)
	}
	// "auto" is always accepted.
	_ = s.SetColor("auto", env)
	return s
}

// ColorModes are the values of --color.
func ColorModes() []string { return []string{"auto", "always", "never"} }

// SetColor decides about colour. With auto, a non-empty NO_COLOR and TERM=dumb
// turn it off, CLICOLOR_FORCE (not "0") turns it on, and otherwise each stream
// has it when it is a terminal. It reports whether the mode is known.
func (s *Streams) SetColor(mode string, env Environment) bool {
	if !slices.Contains(ColorModes(), mode) {
		return false
	}
	force := env("CLICOLOR_FORCE")
	switch {
	case mode == "always":
		s.ColorOut, s.ColorErr = true, true
	case mode == "never", env("NO_COLOR") != "", env("TERM") == "dumb":
		s.ColorOut, s.ColorErr = false, false
	case force != "" && force != "0":
		s.ColorOut, s.ColorErr = true, true
	default:
		s.ColorOut, s.ColorErr = s.OutTTY, s.ErrTTY
	}
	return true
}

// InCI tells whether a CI system runs the program: nobody is there to answer,
// and nobody's own sign-in should be used.
func InCI(env Environment) bool {
	for _, name := range []string{"CI", "TF_BUILD", "GITHUB_ACTIONS"} {
		if v := strings.ToLower(env(name)); v != "" && v != "0" && v != "false" {
			return true
		}
	}
	return false
}

func isTTY(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && f != nil && term.IsTerminal(int(f.Fd()))
}

// narrowest keeps tables readable where a terminal does not say its width.
const narrowest, usual = 40, 80

func width(out io.Writer) int {
	f, ok := out.(*os.File)
	if !ok {
		return usual
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil || w <= 0 {
		return usual
	}
	return max(w, narrowest)
}
