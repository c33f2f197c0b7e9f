package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// childArgs is the variable that makes the test binary the program: its
// arguments as JSON.
const childArgs = "INTUNE_ENROLL_TEST_ARGS"

// TestKilledProcess kills the process of an apply for good, without a chance to
// tidy up, when writes reach the service and when they are done but not
// answered, and applies again.
func TestKilledProcess(t *testing.T) {
	if raw := os.Getenv(childArgs); raw != "" {
		var args []string
		if err := json.Unmarshal([]byte(raw), &args); err != nil {
			t.Fatal(err)
		}
		os.Exit(run(t.Context(), Process{Args: args, In: strings.NewReader(""), Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Settle: time.Second, Poll: 2 * time.Millisecond}))
	}
	t.Parallel()
	clean := newBench(t, sim.Options{})
	if code, said := clean.apply(t.Context()); code != 0 {
		t.Fatalf("undisturbed apply ended with %d:\n%s", code, said)
	}
	var writes []int
	for _, r := range clean.server.Requests() {
		if r.Write {
			writes = append(writes, r.N)
		}
	}
	want := string(clean.server.State())
	var side errgroup.Group
	side.SetLimit(4)
	for _, n := range []int{writes[0], writes[len(writes)/3], writes[2*len(writes)/3], writes[len(writes)-1]} {
		for _, way := range []string{"kill", "kill-after"} {
			side.Go(func() error { killed(t, sim.Fault{At: n, Do: way}, want); return nil })
		}
	}
	_ = side.Wait() // killed reports
}

func killed(t *testing.T, fault sim.Fault, want string) {
	t.Helper()
	child := make(chan *os.Process, 1)
	b := newBench(t, sim.Options{Faults: []sim.Fault{fault}, OnKill: func() {
		if err := (<-child).Kill(); err != nil {
			t.Errorf("%+v: %v", fault, err)
		}
	}})
	defer b.server.Close()
	args, err := json.Marshal(b.led(b.applying()...))
	if err != nil {
		t.Error(err)
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Error(err)
		return
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestKilledProcess$")
	cmd.Env = append(os.Environ(), childArgs+"="+string(args), "INTUNE_ENROLL_CLIENT_SECRET="+b.server.Secret, "XDG_CONFIG_HOME="+b.dir)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return
	}
	child <- cmd.Process
	if err := cmd.Wait(); err == nil || b.server.FaultsLeft() > 0 || strings.Contains(said.String(), "Applied to tenant") {
		t.Errorf("%+v: the process was not killed: %v\n%s", fault, err, said.String())
		return
	}
	b.goesOn(t, fault, want, cmd.ProcessState.ExitCode(), said.String())
}
