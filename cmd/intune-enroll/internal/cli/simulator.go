package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// simulated is a simulator that listens, and what commands need to reach it.
type simulated struct {
	server *sim.Server
	dir    string // holds the certificate authority, and whatever else the caller puts there
}

// simulate starts a simulator. close ends it and removes its folder.
func simulate(scenario, addr string) (*simulated, error) {
	o := sim.Options{Scenario: scenario}
	start := sim.Start
	if addr != "" {
		start = func(o sim.Options) (*sim.Server, error) { return sim.StartAt(o, addr, "127.0.0.1:0") }
	}
	server, err := start(o)
	if err != nil {
		return nil, fmt.Errorf("start the simulator: %w", err)
	}
	dir, err := os.MkdirTemp("", "intune-enroll-")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the simulator: %w", err), server.Close())
	}
	s := &simulated{server, dir}
	if err := os.WriteFile(s.ca(), server.CA, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("start the simulator: %w", err), s.close())
	}
	return s, nil
}

func (s *simulated) ca() string { return filepath.Join(s.dir, "ca.pem") }

func (s *simulated) close() error { return errors.Join(s.server.Close(), os.RemoveAll(s.dir)) }

// flags lead a command to the simulator. The secret is no flag.
func (s *simulated) flags() []string {
	return []string{
		"--cloud", "custom", "--graph-endpoint", s.server.GraphURL, "--authority-host", s.server.AuthorityURL, "--authority-ca", s.ca(),
		"--auth", "client-secret", "--tenant", s.server.TenantID, "--client-id", s.server.ClientID,
	}
}

func newSimulator(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "simulator",
		Short: "A tenant on this machine, to try things out",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var scenario, addr string
	serve := &cobra.Command{
		Use:   "serve",
		Short: "Keep a simulated tenant listening on this machine until Ctrl-C",
		Long: `Keep a simulated tenant listening on this machine until Ctrl-C, and print what to
paste into another shell to use it. It forgets everything when it ends.

Scenarios: ` + strings.Join(sim.Scenarios(), ", ") + ".",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.cobraError = false
			return f.serve(cmd.Context(), scenario, addr)
		},
	}
	serve.Flags().StringVar(&scenario, "scenario", "contoso", "what the tenant holds")
	serve.Flags().StringVar(&addr, "addr", "", "address of its Graph on loopback, such as 127.0.0.1:8080; any free port when left out")
	complete(serve, "scenario", sim.Scenarios()...)
	cmd.AddCommand(serve)
	return cmd
}

func (f *factory) serve(ctx context.Context, scenario, addr string) error {
	s, err := simulate(scenario, addr)
	if err != nil {
		return fail(codeUsage, "intune-enroll simulator serve --help", "%w", err)
	}
	_, err = fmt.Fprintf(f.term.Out, `The simulated tenant %q listens until Ctrl-C. In another shell:

  export %sCLIENT_SECRET=%s
  intune-enroll check %s

PowerShell: $env:%sCLIENT_SECRET = "%s"
`, scenario, settings.Prefix, s.server.Secret, shellLine(s.flags()...), settings.Prefix, s.server.Secret)
	if err == nil {
		<-ctx.Done()
		err = context.Cause(ctx)
	}
	return errors.Join(err, s.close())
}

// shellLine makes arguments fit to be pasted into a shell.
func shellLine(args ...string) string {
	out := make([]string, len(args))
	for i, a := range args {
		out[i] = enroll.ShellWord(a)
	}
	return strings.Join(out, " ")
}
