package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// against runs the program against a simulator, in this process.
func against(t *testing.T, s *sim.Server, signals <-chan os.Signal, args ...string) (code int, out, errs string) {
	t.Helper()
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, s.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	p := Process{
		Args: append(args, "--journal", filepath.Join(dir, "journal"), "--cloud", "custom", "--graph-endpoint", s.GraphURL, "--authority-host", s.AuthorityURL, "--authority-ca", ca,
			"--auth", "client-secret", "--tenant", s.TenantID, "--client-id", s.ClientID),
		In: strings.NewReader(""), Out: &stdout, Err: &stderr, Signals: signals,
		Env: environment("INTUNE_ENROLL_CLIENT_SECRET=" + s.Secret),
	}
	code = run(t.Context(), p)
	return code, stdout.String(), stderr.String()
}

func TestSignals(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "three.yaml")
	text := "apiVersion: intune-enroll/v1\nbyod:\n  profiles:\n    - {name: A, enrollment: deviceWeb, justInTime: true}\n    - {name: B, enrollment: deviceWeb, justInTime: true}\n" +
		"groups:\n  - {name: iOS - one, assigned: true}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		signals []os.Signal // when the request of the fault arrives
		fault   sim.Fault
		args    []string
		want    int
		says    string // on stderr
		writes  int
	}{
		{"once: what is under way is finished", []os.Signal{os.Interrupt}, sim.Fault{Do: "kill-after", Match: "POST /groups"}, []string{"apply", "--yes", "-f", file}, 130, "1 done, 0 failed, 2 not tried, 0 unknown", 1},
		{"terminated", []os.Signal{syscall.SIGTERM}, sim.Fault{Do: "kill-after", Match: "POST /groups"}, []string{"apply", "--yes", "-f", file}, 143, "terminated: 1 done", 1},
		{"twice: at once, and the outcome is not known", []os.Signal{os.Interrupt, os.Interrupt}, sim.Fault{Do: "kill-after", Match: "POST /groups"}, []string{"apply", "--yes", "-f", file}, 5, "0 done, 0 failed, 2 not tried, 1 unknown", 1},
		{"before the first write", []os.Signal{os.Interrupt}, sim.Fault{Do: "kill", Match: "GET /organization"}, []string{"apply", "--yes", "-f", file}, 130, "interrupted", 0},
		{"check ends at once", []os.Signal{syscall.SIGTERM}, sim.Fault{Do: "kill", Match: "GET /organization"}, []string{"check"}, 143, "terminated", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			signals := make(chan os.Signal) // unbuffered: sent is received
			s, err := sim.Start(sim.Options{Faults: []sim.Fault{tt.fault}, OnKill: func() {
				for _, sig := range tt.signals {
					signals <- sig
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			code, out, errs := against(t, s, signals, tt.args...)
			if code != tt.want || !strings.Contains(errs, tt.says) {
				t.Errorf("ended with %d, want %d and %q:\n%s\n%s", code, tt.want, tt.says, out, errs)
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
