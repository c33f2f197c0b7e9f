package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"intune-enroll": main})
}

// TestScripts runs the stories in testdata/script through the real main, each
// against a simulator of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"online":   online,
			"sim":      simulate,
			"fault":    fault,
			"requests": requests,
			"apple":    apple,
			"signed":   signed,
			"never":    never,

			"certificate": certificate,
			"receiver":    receiver,
		},
	})
}

// world is the simulated tenant of one script.
type world struct{ server *sim.Server }

const worldKey = "world"

func setUp(env *testscript.Env) error {
	w := &world{}
	env.Values[worldKey] = w
	env.Defer(func() {
		if w.server != nil {
			_ = w.server.Close() // the script is over
		}
	})
	// Nothing is read or written outside of the script's folder.
	env.Setenv("HOME", filepath.Join(env.WorkDir, ".home"))
	env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, ".state"))
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, ".config"))
	return w.start(sim.Options{}, env.WorkDir, env.Setenv)
}

func (w *world) start(o sim.Options, dir string, setenv func(string, string)) error {
	if w.server != nil {
		if err := w.server.Close(); err != nil {
			return err
		}
	}
	var err error
	if w.server, err = sim.Start(o); err != nil {
		return err
	}
	ca := filepath.Join(dir, ".ca.pem")
	setenv("GRAPH", w.server.GraphURL)
	setenv("AUTHORITY", w.server.AuthorityURL)
	setenv("CA", ca)
	setenv("TENANT", w.server.TenantID)
	setenv("CLIENT", w.server.ClientID)
	setenv("INTUNE_ENROLL_CLIENT_SECRET", w.server.Secret)
	return os.WriteFile(ca, w.server.CA, 0o600)
}

func theWorld(ts *testscript.TestScript) *world { return ts.Value(worldKey).(*world) }

// exits N cmd args... runs a command that must end with exit code N.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N command args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s ended with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
	never(ts, false, []string{ts.Getenv("INTUNE_ENROLL_CLIENT_SECRET")})
}

// online N args... is exits N intune-enroll args... led to the simulator.
func online(ts *testscript.TestScript, neg bool, args []string) {
	w := theWorld(ts)
	exits(ts, neg, append([]string{args[0], "intune-enroll"}, append(args[1:],
		"--cloud", "custom", "--graph-endpoint", ts.Getenv("GRAPH"), "--authority-host", ts.Getenv("AUTHORITY"), "--authority-ca", ts.Getenv("CA"),
		"--auth", "client-secret", "--tenant", w.server.TenantID, "--client-id", w.server.ClientID)...))
}

// sim SCENARIO [permissions=a,b] [lag=N] [page=N] [ahead=DURATION] starts another tenant.
func simulate(ts *testscript.TestScript, _ bool, args []string) {
	o := sim.Options{Scenario: args[0]}
	for _, a := range args[1:] {
		name, value, _ := strings.Cut(a, "=")
		switch name {
		case "permissions":
			o.Permissions = strings.Split(value, ",")
		case "lag":
			o.Lag = number(ts, value)
		case "page":
			o.Page = number(ts, value)
		case "ahead":
			d, err := time.ParseDuration(value)
			ts.Check(err)
			o.Now = func() time.Time { return time.Now().Add(d) }
		default:
			ts.Fatalf("sim: unknown %s", name)
		}
	}
	ts.Check(theWorld(ts).start(o, ts.MkAbs("."), ts.Setenv))
}

// fault DO [match='METHOD /path'] [times=N] [status=N] [retry-after=S] [body=TEXT] plans one fault in place of all others;
// without arguments there is none.
func fault(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 0 {
		theWorld(ts).server.SetFaults(nil)
		return
	}
	f := sim.Fault{Do: args[0]}
	for _, a := range args[1:] {
		name, value, _ := strings.Cut(a, "=")
		switch name {
		case "match":
			f.Match = value
		case "times":
			f.Times = number(ts, value)
		case "status":
			f.Status = number(ts, value)
		case "retry-after":
			f.RetryAfter = value
		case "body":
			f.Body = value
		default:
			ts.Fatalf("fault: unknown %s", name)
		}
	}
	theWorld(ts).server.SetFaults([]sim.Fault{f})
}

// requests all|writes N counts what came since the last count.
func requests(ts *testscript.TestScript, _ bool, args []string) {
	w := theWorld(ts)
	n := 0
	var lines []string
	for _, r := range w.server.Requests() {
		if args[0] == "all" || r.Write {
			n++
			lines = append(lines, fmt.Sprintf("%s %s -> %d", r.Method, r.Path, r.Status))
		}
	}
	if want := number(ts, args[1]); n != want {
		ts.Fatalf("%d requests (%s), want %d:\n%s", n, args[0], want, strings.Join(lines, "\n"))
	}
	w.server.ResetLog()
}

// never TEXT wants that a text stands in no output and in no file of the script's folder.
func never(ts *testscript.TestScript, _ bool, args []string) {
	secret := []byte(args[0])
	for _, name := range []string{"stdout", "stderr"} {
		if bytes.Contains([]byte(ts.ReadFile(name)), secret) {
			ts.Fatalf("%s shows the secret", name)
		}
	}
	ts.Check(filepath.WalkDir(ts.MkAbs("."), func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil && bytes.Contains(raw, secret) {
			err = fmt.Errorf("%s holds the secret", path)
		}
		return err
	}))
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}
