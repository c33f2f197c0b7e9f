package term

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func environment(pairs ...string) Environment {
	m := map[string]string{}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		m[k] = v
	}
	return func(name string) string { return m[name] }
}

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Staff iPhones – Åbo", "Staff iPhones – Åbo"},
		{"escape sequence", "a\x1b[31mred", `a\x1b[31mred`},
		{"carriage return and bell", "a\r\ab", `a\x0d\x07b`},
		{"C1 control", "a\u009b31m", `a\x9b31m`},
		{"line break", "a\nb", `a\nb`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"bidi override", "invoice\u202Efdp", `invoice\u202efdp`},
		{"zero width", "pay\u200bpal", `pay\u200bpal`},
		{"tag character", "a\U000E0041b", `a\U000e0041b`},
		{"not UTF-8", "a\xffb", "a\uFFFDb"},
		{"azure command", "x ##vso[task.setvariable variable=a]b", "x # #vso[task.setvariable variable=a]b"},
		{"azure group", "##[error]x", "# #[error]x"},
		{"github command", "  ::set-env name=a::b", ": :set-env name=a::b"},
		{"colons inside", "a::b", "a::b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Clean(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "::a", "\x1b]8;;x\x1b\\", "####vso[[", "\u202e\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := Clean(in)
		if !utf8.ValidString(out) {
			t.Fatalf("%q: not UTF-8", out)
		}
		for _, r := range out {
			if Hidden(r) {
				t.Fatalf("%q keeps %U", out, r)
			}
		}
		if strings.HasPrefix(strings.TrimSpace(out), "::") || strings.Contains(out, "##vso[") || strings.Contains(out, "##[") {
			t.Fatalf("%q is a command of a CI system", out)
		}
	})
}

func TestSetColor(t *testing.T) {
	type colors struct{ Out, Err bool }
	tests := []struct {
		name, mode string
		env        []string
		outTTY     bool
		want       colors
	}{
		{"pipe", "auto", nil, false, colors{false, true}},
		{"terminal", "auto", nil, true, colors{true, true}},
		{"NO_COLOR", "auto", []string{"NO_COLOR=1"}, true, colors{}},
		{"empty NO_COLOR is none", "auto", []string{"NO_COLOR="}, true, colors{true, true}},
		{"dumb", "auto", []string{"TERM=dumb"}, true, colors{}},
		{"forced by environment", "auto", []string{"CLICOLOR_FORCE=1"}, false, colors{true, true}},
		{"NO_COLOR beats force", "auto", []string{"CLICOLOR_FORCE=1", "NO_COLOR=1"}, true, colors{}},
		{"force 0", "auto", []string{"CLICOLOR_FORCE=0"}, false, colors{false, true}},
		{"always beats NO_COLOR", "always", []string{"NO_COLOR=1"}, false, colors{true, true}},
		{"never", "never", []string{"CLICOLOR_FORCE=1"}, true, colors{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &Streams{OutTTY: tt.outTTY, ErrTTY: true}
			if !s.SetColor(tt.mode, environment(tt.env...)) {
				t.Fatal("mode refused")
			}
			if diff := cmp.Diff(tt.want, colors{s.ColorOut, s.ColorErr}); diff != "" {
				t.Error(diff)
			}
		})
	}
	if (&Streams{}).SetColor("sometimes", environment()) {
		t.Error("accepted an unknown mode")
	}
}

func TestInCI(t *testing.T) {
	tests := []struct {
		name string
		env  []string
		want bool
	}{
		{"nothing", nil, false},
		{"CI", []string{"CI=true"}, true},
		{"CI false", []string{"CI=false"}, false},
		{"Azure Pipelines", []string{"TF_BUILD=True"}, true},
		{"GitHub", []string{"GITHUB_ACTIONS=true"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := InCI(environment(tt.env...)); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAsk(t *testing.T) {
	tests := []struct {
		name    string
		streams Streams
		in      string
		want    string
		wantErr error
	}{
		{"answered", Streams{InTTY: true, ErrTTY: true}, " yes \n", "yes", nil},
		{"end of input is no answer", Streams{InTTY: true, ErrTTY: true}, "", "", ErrEnded},
		{"end of input behind an answer", Streams{InTTY: true, ErrTTY: true}, "yes", "yes", nil},
		{"stdin is a pipe", Streams{ErrTTY: true}, "yes\n", "", ErrCannotAsk},
		{"stderr is a file", Streams{InTTY: true}, "yes\n", "", ErrCannotAsk},
		{"no input", Streams{InTTY: true, ErrTTY: true, NoInput: true}, "yes\n", "", ErrCannotAsk},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.streams.In, tt.streams.Err = strings.NewReader(tt.in), &bytes.Buffer{}
			got, err := tt.streams.Ask(t.Context(), "go ahead?")
			if got != tt.want || !errors.Is(err, tt.wantErr) {
				t.Errorf("got %q, %v; want %q, %v", got, err, tt.want, tt.wantErr)
			}
		})
	}
}

func TestAskBreaksBetweenWords(t *testing.T) {
	var shown bytes.Buffer
	s := Streams{In: strings.NewReader("yes\n"), Err: &shown, InTTY: true, ErrTTY: true, Width: 40}
	if _, err := s.Ask(t.Context(), "\nWho owns the devices that you want to enroll?\n  1  users\nAnswer [1]:"); err != nil {
		t.Fatal(err)
	}
	if want := "\nWho owns the devices that you want to\nenroll?\n  1  users\nAnswer [1]: "; shown.String() != want {
		t.Errorf("shown %q, want %q", shown.String(), want)
	}
}

type silent struct{ until <-chan struct{} }

func (s silent) Read([]byte) (int, error) { <-s.until; return 0, errors.New("closed") }

func TestWrap(t *testing.T) {
	const id = "8f6c1c2e-0f5a-4c52-9d3e-5b7a1c0e4d21"
	if got, want := Wrap("Type the id of tenant "+id+" to go on:", 40), "Type the id of tenant\n"+id+" to\ngo on:"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAskInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	interrupted := errors.New("interrupted")
	cancel(interrupted)
	s := Streams{In: silent{t.Context().Done()}, Err: &bytes.Buffer{}, InTTY: true, ErrTTY: true}
	if _, err := s.Ask(ctx, "go ahead?"); !errors.Is(err, interrupted) {
		t.Errorf("got %v, want %v", err, interrupted)
	}
}

func TestBuffersAreNoTerminals(t *testing.T) {
	var out, errs bytes.Buffer
	s := New(strings.NewReader(""), &out, &errs, environment())
	if s.InTTY || s.OutTTY || s.ErrTTY || s.ColorOut || s.Width != 0 || s.CanAsk() {
		t.Errorf("buffers taken for terminals: %+v", s)
	}
	end := s.Progress("looking")
	end()
	end()
	if errs.Len() > 0 {
		t.Errorf("progress on a buffer: %q", errs.String())
	}
}
