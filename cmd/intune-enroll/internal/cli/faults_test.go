package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/intune-enroll/intune-enroll/configs"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// bench is a simulated tenant, the example's files, and a journal of its own.
type bench struct {
	server *sim.Server
	dir    string
	settle time.Duration // how long the program waits for what is late or lost
	auth   string        // how it signs in
}

func newBench(t testing.TB, o sim.Options) *bench {
	t.Helper()
	b := &bench{dir: t.TempDir(), settle: time.Minute, auth: "client-secret"}
	var err error
	if b.server, err = sim.Start(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.server.Close() })
	if err := os.CopyFS(b.dir, configs.Examples()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.dir, "ca.pem"), b.server.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

// led are arguments that lead to the bench.
func (b *bench) led(args ...string) []string {
	return append(args, "--cloud", "custom", "--graph-endpoint", b.server.GraphURL, "--authority-host", b.server.AuthorityURL,
		"--authority-ca", filepath.Join(b.dir, "ca.pem"), "--auth", b.auth, "--tenant", b.server.TenantID,
		"--client-id", b.server.ClientID, "--journal", filepath.Join(b.dir, "journal"))
}

// run is the program on the bench: its exit code and all it said.
func (b *bench) run(ctx context.Context, args ...string) (int, string) {
	var out bytes.Buffer
	said := &syncWriter{w: &out}
	code := b.into(ctx, said, said, args...)
	return code, out.String()
}

// into is run with the two outputs apart.
func (b *bench) into(ctx context.Context, out, err io.Writer, args ...string) int {
	return run(ctx, Process{
		Args: b.led(args...),
		In:   strings.NewReader(""), Out: out, Err: err,
		Env: func(name string) string {
			if name == "INTUNE_ENROLL_CLIENT_SECRET" {
				return b.server.Secret
			}
			return ""
		},
		Settle: b.settle, Poll: 2 * time.Millisecond,
	})
}

func (b *bench) apply(ctx context.Context) (int, string) { return b.run(ctx, b.applying()...) }

func (b *bench) applying() []string {
	return []string{"apply", "-f", filepath.Join(b.dir, configs.Contoso), "--yes", "--confirm", b.server.TenantID}
}

type syncWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *syncWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}

// TestAnyRequestMayGoWrong lets each request of the example's apply go wrong in
// each way, runs apply again, and wants the tenant of an undisturbed apply:
// nothing doubled, nothing lost, and nothing left to do.
func TestAnyRequestMayGoWrong(t *testing.T) {
	t.Parallel()
	clean := newBench(t, sim.Options{})
	if code, said := clean.apply(t.Context()); code != 0 {
		t.Fatalf("undisturbed apply ended with %d:\n%s", code, said)
	}
	want, requests := clean.server.State(), clean.server.Requests()
	for _, way := range []sim.Fault{
		{Do: "drop-before"}, {Do: "drop-after"}, {Do: "kill"}, {Do: "kill-after"},
		{Do: "status", Status: 429, RetryAfter: "0"}, {Do: "status", Status: 500}, {Do: "status", Status: 503}, {Do: "cut-body"},
	} {
		t.Run(fmt.Sprint(way.Do, way.Status), func(t *testing.T) {
			t.Parallel()
			var side errgroup.Group
			side.SetLimit(24)
			for n := range requests {
				fault := way
				fault.At = n + 1
				side.Go(func() error { disturbed(t, fault, string(want)); return nil })
			}
			_ = side.Wait() // disturbed reports
		})
	}
}

func disturbed(t *testing.T, fault sim.Fault, want string) {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	b := newBench(t, sim.Options{Faults: []sim.Fault{fault}, OnKill: kill})
	defer b.server.Close()
	b.settle = time.Second // what was lost may never come
	first, said := b.apply(ctx)
	b.goesOn(t, fault, want, first, said)
}

// goesOn applies again after the first apply was disturbed, and wants the
// tenant of an undisturbed one.
func (b *bench) goesOn(t *testing.T, fault sim.Fault, want string, first int, said string) {
	t.Helper()
	b.server.SetFaults(nil)
	b.settle = 3 * time.Second // the second one must end well on a busy machine too
	again, more := b.apply(t.Context())
	if again != 0 {
		t.Errorf("%+v: first apply %d, second %d:\n%s\n--- second:\n%s", fault, first, again, said, more)
		return
	}
	if diff := cmp.Diff(want, string(b.server.State())); diff != "" {
		t.Errorf("%+v: first apply %d: another tenant than without the fault:\n%s\n%s", fault, first, diff, said)
	}
	if v := b.server.Violations(); len(v) > 0 {
		t.Errorf("%+v: %v", fault, v)
	}
	b.server.ResetLog()
	if code, said := b.run(t.Context(), "plan", "-f", filepath.Join(b.dir, configs.Contoso), "--detailed-exitcode"); code != 0 {
		t.Errorf("%+v: something is left to do: %d\n%s", fault, code, said)
	}
}
