package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// terminal opens a pseudo terminal: the side of the person, and that of the program.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 100}); err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return person, program
}

// on runs the program on a terminal where a person types, and gives all that
// the terminal showed, and the exit code.
func on(t *testing.T, s *sim.Server, typed string, args ...string) (string, int) {
	t.Helper()
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, s.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	person, program := terminal(t)
	cmd := exec.CommandContext(t.Context(), "intune-enroll", append([]string{"--journal", filepath.Join(dir, "journal"), "--cloud", "custom",
		"--graph-endpoint", s.GraphURL, "--authority-host", s.AuthorityURL, "--authority-ca", ca,
		"--auth", "client-secret", "--tenant", s.TenantID, "--client-id", s.ClientID}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TERM=xterm", "NO_COLOR=1", "INTUNE_ENROLL_CLIENT_SECRET=" + s.Secret}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(person, typed); err != nil {
		t.Fatal(err)
	}
	shown := make(chan []byte)
	go func() {
		var b bytes.Buffer
		_, _ = io.Copy(&b, person) // ends with an error when the program has gone
		shown <- b.Bytes()
	}()
	err := cmd.Wait()
	program.Close()
	text := string(<-shown)
	if err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			t.Fatal(err)
		}
		return text, failed.ExitCode()
	}
	return text, 0
}

func TestQuestion(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "one.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: intune-enroll/v1\ngroups:\n  - {name: iOS - new, assigned: true}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, typed string
		args        []string
		want        int
		shown       string
		writes      int
	}{
		{"yes", "yes\n", nil, 0, "1 done, 0 failed", 1},
		{"y is not yes", "y\n", nil, 1, "not confirmed: nothing was changed", 0},
		{"nothing", "\n", nil, 1, "not confirmed", 0},
		{"end of input", "\x04", nil, 1, "not confirmed", 0},
		{"not asked", "yes\n", []string{"--no-input"}, 3, "add --yes", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := sim.Start(sim.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			shown, code := on(t, s, tt.typed, append([]string{"apply", "-f", file}, tt.args...)...)
			if code != tt.want || !strings.Contains(shown, tt.shown) {
				t.Errorf("ended with %d, want %d and %q:\n%s", code, tt.want, tt.shown, shown)
			}
			if code != 3 && !strings.Contains(shown, "Contoso (8f6c1c2e-") {
				t.Errorf("the question does not name the tenant:\n%s", shown)
			}
			writes := 0
			for _, r := range s.Requests() {
				if r.Write {
					writes++
				}
			}
			if writes != tt.writes {
				t.Errorf("%d writes, want %d", writes, tt.writes)
			}
		})
	}
}

// Ctrl-D is not Enter: it takes no default, and ends the questions.
func TestEndOfDialog(t *testing.T) {
	t.Parallel()
	s, err := sim.Start(sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if shown, code := on(t, s, "\x04", "advise"); code != 1 || !strings.Contains(shown, "the input ended without an answer") || strings.Count(shown, "Answer") != 1 {
		t.Errorf("ended with %d:\n%s", code, shown)
	}
}

// What a person has to read to sign in stands alone, however long that takes.
func TestDeviceCodeOnTerminal(t *testing.T) {
	t.Parallel()
	s, err := sim.Start(sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	shown, code := on(t, s, "", "auth", "status", "--auth", "device-code")
	if code != 0 || !strings.HasPrefix(shown, "To sign in to the simulator nothing has to be done: code CONTOSO01 is accepted.\r\n") || strings.Contains(shown, "signing in") {
		t.Errorf("ended with %d:\n%q", code, shown)
	}
}

func TestTableOnTerminal(t *testing.T) {
	t.Parallel()
	s, err := sim.Start(sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	shown, code := on(t, s, "", "check")
	if code != 0 || !strings.Contains(shown, "STATE") {
		t.Errorf("ended with %d:\n%s", code, shown)
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(shown, "\r", ""), "\n") {
		if n := len([]rune(line)); n > 100 {
			t.Errorf("%d characters on a terminal of 100: %s", n, line)
		}
	}
}
