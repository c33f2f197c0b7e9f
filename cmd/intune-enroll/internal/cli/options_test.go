package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
)

// environment is one of a test's own.
func environment(pairs ...string) func(string) string {
	m := map[string]string{}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		m[k] = v
	}
	return func(name string) string { return m[name] }
}

// parse runs a command line whose command only writes down what it was given.
func parse(t *testing.T, command func(*factory, *any) *cobra.Command, args ...string) (any, *factory, error) {
	t.Helper()
	var got any
	f := newFactory(Process{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: environment()})
	root := &cobra.Command{Use: "intune-enroll", SilenceErrors: true, SilenceUsage: true}
	addGlobalFlags(root, f)
	root.AddCommand(command(f, &got))
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return got, f, err
}

// noted is a command that only writes down the options it was given.
func noted[O any, R ~func(context.Context, *factory, O) (render.Report, error)](command func(*factory, R) *cobra.Command) func(*factory, *any) *cobra.Command {
	return func(f *factory, got *any) *cobra.Command {
		return command(f, func(_ context.Context, _ *factory, o O) (render.Report, error) {
			*got = o
			return render.Report{}, nil
		})
	}
}

func TestOptions(t *testing.T) {
	validate, check, plan, apply := noted(newValidate), noted(newCheck), noted(newPlan), noted(newApply)
	status, csr, upload := noted(newPushStatus), noted(newPushCSR), noted(newPushUpload)
	permissions, setup := noted(newAuthPermissions), noted(newAuthSetup)
	tests := []struct {
		name string
		make func(*factory, *any) *cobra.Command
		args string
		want any
		code int
	}{
		{"validate", validate, "validate -f a.yaml b.yaml --fail-on info", validateOptions{Files: []string{"a.yaml", "b.yaml"}, FailOn: "info"}, 0},
		{"validate without files", validate, "validate", nil, 3},
		{"validate with a wrong severity", validate, "validate a.yaml --fail-on bad", nil, 3},
		{"check", check, "check", checkOptions{FailOn: "warning"}, 0},
		{"check with all", check, "check -f a.yaml --fail-on never --only ade-token,X-11 --skip vpp-token", checkOptions{Files: []string{"a.yaml"}, FailOn: "never", Only: []string{"ade-token", "X-11"}, Skip: []string{"vpp-token"}}, 0},
		{"check with an argument", check, "check a.yaml", nil, 3},
		{"plan", plan, "plan -f a.yaml -f dir --detailed-exitcode --out p.json", planOptions{Files: []string{"a.yaml", "dir"}, DetailedExitCode: true, Out: "p.json"}, 0},
		{"plan without a file", plan, "plan", nil, 3},
		{"apply with a number that is none", apply, "apply -f a.yaml --max-moves -1", nil, 3},
		{"apply", apply, "apply -f a.yaml --max-moves 7", applyOptions{Files: []string{"a.yaml"}, MaxMoves: 7}, 0},
		{"apply a plan", apply, "apply p.json", applyOptions{Plan: "p.json", MaxMoves: 50}, 0},
		{"apply both", apply, "apply p.json -f a.yaml", nil, 3},
		{"apply nothing", apply, "apply", nil, 3},
		{"apply two plans", apply, "apply p.json q.json", nil, 3},
		{"status", status, "status --ics a.ics", pushStatusOptions{Calendar: "a.ics", FailOn: "warning"}, 0},
		{"status at another bar", status, "status --fail-on often", nil, 3},
		{"status of a file", status, "status x", nil, 3},
		{"csr", csr, "csr", pushCSROptions{Out: "intune-push.csr"}, 0},
		{"csr elsewhere", csr, "csr --out a.csr", pushCSROptions{Out: "a.csr"}, 0},
		{"upload", upload, "upload a.pem --apple-id a@contoso.com --csr a.csr --accept-topic-change --dry-run --ics a.ics",
			pushUploadOptions{File: "a.pem", AppleID: "a@contoso.com", CSR: "a.csr", AcceptTopic: true, DryRun: true, Calendar: "a.ics"}, 0},
		{"upload nothing", upload, "upload", nil, 3},
		{"upload two", upload, "upload a.pem b.pem", nil, 3},
		{"permissions", permissions, "permissions -f a.yaml --for plan --offline", authPermissionsOptions{Files: []string{"a.yaml"}, For: "plan", Offline: true}, 0},
		{"permissions for what", permissions, "permissions --for undo", nil, 3},
		{"setup", setup, "setup", authSetupOptions{For: "check", Name: "intune-enroll", As: setupTools(), Ref: "refs/heads/main"}, 0},
		{"setup for an environment", setup, "setup --for apply --as az --github contoso/intune --environment production --create",
			authSetupOptions{For: "apply", Name: "intune-enroll", As: []string{"az"}, GitHub: "contoso/intune", Ref: "refs/heads/main", Environment: "production", Create: true}, 0},
		{"setup with half a pipeline", setup, "setup --issuer https://contoso.com", nil, 1},
		{"setup with an unsafe name", setup, "setup --name $(id)", nil, 3},
		{"setup with an unsafe subject", setup, "setup --issuer https://contoso.com --subject a'b", nil, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := parse(t, tt.make, strings.Fields(tt.args)...)
			if code := exitCode(err); code != tt.code {
				t.Errorf("exit code %d (%v), want %d", code, err, tt.code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every setting that can come from a flag has one, with the type it needs.
func TestGlobalFlags(t *testing.T) {
	var got any
	check := func(f *factory, _ *any) *cobra.Command {
		return newCheck(f, func(_ context.Context, f *factory, _ checkOptions) (render.Report, error) {
			s, err := f.settings()
			got = s
			return render.Report{}, err
		})
	}
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte("contexts: [{name: x, tenant: other}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"check", "--settings", file, "--context", "x", "--webhook", "w", "--webhook-format", "slack", "--tenant", "t", "--client-id", "c", "--auth", "azure-cli", "--cloud", "custom", "--graph-endpoint", "g", "--authority-host", "a", "--authority-ca", "ca",
		"--output", "json", "--color", "never", "--no-input", "--log-format", "json", "--timeout", "3m", "--journal", "j", "--warn", "60d,30d", "--warn", "ade-token=9d", "--critical", "1d"}
	if _, _, err := parse(t, check, args...); err != nil {
		t.Fatal(err)
	}
	s := got.(settings.Settings)
	for _, k := range settings.Keys() {
		if k.Flag != "" && s.From(k.Flag) != "flag --"+k.Flag {
			t.Errorf("--%s comes from %s", k.Flag, s.From(k.Flag))
		}
	}
	s.Origins = nil
	want := settings.Settings{Tenant: "t", ClientID: "c", Auth: "azure-cli", Cloud: "custom", GraphEndpoint: "g", AuthorityHost: "a", AuthorityCA: "ca",
		Output: "json", Color: "never", NoInput: true, LogFormat: "json", Timeout: 3 * time.Minute, Journal: "j", Warn: []string{"60d,30d", "ade-token=9d"}, Critical: []string{"1d"},
		Webhook: "w", WebhookFormat: "slack", Context: "x", Contexts: []string{"x"}}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}

// Every command that help lists runs, and every topic has a text.
func TestHelpListsWhatRuns(t *testing.T) {
	f := newFactory(Process{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: environment()})
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if !c.Runnable() && !c.IsAdditionalHelpTopicCommand() {
			t.Errorf("%s does not run", c.CommandPath())
		}
		if c.Short == "" {
			t.Errorf("%s says nothing of itself", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(f))
	for _, topic := range []string{"environment", "exit-codes", "output", "files", "permissions"} {
		var out bytes.Buffer
		if code := run(t.Context(), Process{Args: []string{"help", topic}, In: strings.NewReader(""), Out: &out, Err: io.Discard, Env: environment()}); code != 0 || out.Len() < 200 {
			t.Errorf("help %s ended with %d: %s", topic, code, out.String())
		}
	}
}

// A command that is made alone is the one of the whole tree.
func TestCommandsAlone(t *testing.T) {
	for _, c := range newRoot(newFactory(Process{Env: environment()})).Commands() {
		if c.IsAdditionalHelpTopicCommand() {
			continue
		}
		t.Run(c.Name(), func(t *testing.T) {
			root := newRoot(newFactory(Process{Args: []string{c.Name()}, Env: environment()}))
			alone := root.Commands()
			if len(alone) != 1 {
				t.Fatalf("made %d commands", len(alone))
			}
			if diff := cmp.Diff(c.GroupID+c.UsageString(), alone[0].GroupID+alone[0].UsageString()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWantedFormat(t *testing.T) {
	tests := []struct{ name, args, want string }{
		{"none", "plan --bogus", ""},
		{"short", "plan --bogus -o json", "json"},
		{"joined", "plan -oyaml --bogus", "yaml"},
		{"long", "plan --output=json", "json"},
		{"for people", "plan -o table", ""},
		{"behind the dashes", "demo -- check -o json", ""},
		{"nothing behind it", "plan -o", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := wantedFormat(strings.Fields(tt.args)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCrashShowsNoSecret(t *testing.T) {
	var errs bytes.Buffer
	f := newFactory(Process{In: strings.NewReader(""), Out: io.Discard, Err: &errs, Env: environment("AZURE_CLIENT_SECRET=canary", "INTUNE_ENROLL_CLIENT_CERTIFICATE_PASSWORD=pelican", "SCHOOL=heron")})
	path := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(path, []byte("contexts: [{name: school, tenant: contoso.com, clientSecretVariable: SCHOOL}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	f.global.SettingsFile = path
	if _, err := f.settings(); err != nil {
		t.Fatal(err)
	}
	if code := f.crashed("broken with canary, pelican and heron\x1b[31m", []byte("main.go:1\n")); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	if got := errs.String(); strings.Contains(got, "canary") || strings.Contains(got, "pelican") || strings.Contains(got, "heron") || strings.Contains(got, "\x1b") || !strings.Contains(got, "main.go:1") {
		t.Errorf("got %s", got)
	}
}

// A crash has a result too, in the format asked for, and a file of before does not
// go on saying that all is well.
func TestCrashHasResult(t *testing.T) {
	const secret = "INTUNE_ENROLL_CLIENT_SECRET=canary"
	for _, format := range render.Formats("check") {
		t.Run(format, func(t *testing.T) {
			var out bytes.Buffer
			f := newFactory(Process{In: strings.NewReader(""), Out: &out, Err: io.Discard, Env: environment(secret)})
			f.command, f.format = "check", format
			want := exitFailed
			if format == nagios {
				want = 3
			}
			if code := f.crashed("canary", nil); code != want {
				t.Errorf("exit code %d, want %d", code, want)
			}
			if format != "table" && out.Len() == 0 || strings.Contains(out.String(), "canary") {
				t.Errorf("result: %q", out.String())
			}
			before := out.Len()
			if f.crashed("again", nil); out.Len() != before {
				t.Errorf("two results: %q", out.String())
			}
		})
	}
	path := filepath.Join(t.TempDir(), "check.json")
	if err := os.WriteFile(path, []byte("all is well"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := newFactory(Process{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Env: environment()})
	f.command, f.format, f.outFile = "check", "json", path
	f.crashed("broken", nil)
	if raw, err := os.ReadFile(path); err != nil || !strings.Contains(string(raw), `"code": "internal"`) {
		t.Errorf("%s %v", raw, err)
	}
}

func TestPlanFileIsPrivate(t *testing.T) {
	path := t.TempDir() + "/plan.json"
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := savePlan(path, samplePlan()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if err := savePlan(t.TempDir()+"/none/plan.json", samplePlan()); err == nil {
		t.Error("saved into a folder that is not there")
	}
}

// TestListsAreNeverMissing: a list that may be empty is there, also when the
// command failed before it began.
func TestListsAreNeverMissing(t *testing.T) {
	own := map[string][]string{"check": {"rules"}, "validate": {"rules"}, "plan": {"changes"}, "apply": {"changes", "results"}, "auth permissions": {"permissions"}}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
		}
		name := commandName(c)
		if c.Flags().Lookup("dry-run") != nil {
			own[name] = []string{"changes", "results"}
		}
		if own[name] == nil {
			return
		}
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			code := run(t.Context(), Process{Args: append(strings.Fields(name), "-o", "json", "--no-such-flag"), In: strings.NewReader(""), Out: &out, Err: io.Discard, Env: environment()})
			var got map[string]json.RawMessage
			if err := json.Unmarshal(out.Bytes(), &got); err != nil || code != exitRefused {
				t.Fatalf("%d, %v: %s", code, err, out.String())
			}
			for _, list := range append(own[name], "findings", "gaps") {
				if string(got[list]) != "[]" {
					t.Errorf("%s is %q", list, got[list])
				}
			}
		})
	}
	walk(newRoot(newFactory(Process{Env: environment()})))
}
