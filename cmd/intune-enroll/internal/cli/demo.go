package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/configs"
)

// demoFile is the example that demo runs.
const demoFile = configs.Contoso

func newDemo(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "demo [-- COMMAND...]",
		Short: "Run the main job against a simulated tenant on this machine",
		Long: `Run the main job against a simulated tenant on this machine: check, plan, apply,
and plan again. Nothing leaves the machine and nothing stays behind. With a
command after -- that command runs against the simulated tenant instead; the
example file is there as ` + demoFile + `.`,
		Example: `  intune-enroll demo
  intune-enroll demo -- plan -f ` + demoFile + ` -o json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.cobraError = false
			if len(args) > 0 && cmd.ArgsLenAtDash() != 0 {
				return fail(codeUsage, "intune-enroll demo -- "+shellLine(args...), "the command for the simulated tenant stands after --")
			}
			return f.demo(cmd.Context(), args)
		},
	}
}

// step is one command of the demo.
type step struct {
	say  string
	args []string
	want []int // exit codes that are as they should be
}

func (f *factory) demo(ctx context.Context, command []string) (err error) {
	s, err := simulate("contoso", "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := unpack(s.dir); err != nil {
		return fmt.Errorf("write the example: %w", err)
	}
	d := demonstration{f: f, sim: s}
	if len(command) > 0 {
		if code := d.run(ctx, command); code != exitOK {
			return exited(code)
		}
		return nil
	}
	fmt.Fprintf(f.term.Out, "A simulated tenant, Contoso, listens on this machine. The file is the example %s.\n", demoFile)
	for _, st := range []step{
		{"Is the tenant healthy?", []string{"check"}, []int{exitOK, exitFound}},
		{"What would the file change?", []string{"plan", "-f", demoFile}, []int{exitOK}},
		{"Change it. Every change is written down first, sent, and read back.", []string{"apply", "-f", demoFile, "--yes", "--confirm", "Contoso"}, []int{exitOK}},
		{"Is there anything left to do?", []string{"plan", "-f", demoFile, "--detailed-exitcode"}, []int{exitOK}},
	} {
		fmt.Fprintf(f.term.Out, "\n%s\n$ intune-enroll %s\n", st.say, strings.Join(st.args, " "))
		if code := d.run(ctx, st.args); !slices.Contains(st.want, code) {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fail(codeFailed, "please report this", "the demo went wrong: %s ended with %d", strings.Join(st.args, " "), code)
		}
	}
	fmt.Fprintln(f.term.Out, "\nThat was the whole job. The simulated tenant is gone. Your own: intune-enroll help environment")
	return nil
}

// exited carries the exit code of the command after --, which has told its own story.
type exited int

func (e exited) Error() string { return fmt.Sprintf("ended with %d", int(e)) }

// demonstration runs commands in this process against the simulator.
type demonstration struct {
	f   *factory
	sim *simulated
}

// run runs one command as its user would, with a clean environment, and gives
// its exit code.
func (d demonstration) run(ctx context.Context, args []string) int {
	p := d.f.process
	end := slices.Index(args, "--") // of the flags
	if end < 0 {
		end = len(args)
	}
	p.Args = slices.Concat(args[:end], d.sim.flags(), []string{"--journal", filepath.Join(d.sim.dir, "journal")}, args[end:])
	for i, a := range p.Args {
		// The example lies in a folder of its own.
		if a == demoFile {
			p.Args[i] = filepath.Join(d.sim.dir, demoFile)
		}
	}
	env := p.Env
	p.Env = func(name string) string {
		switch {
		case name == settings.Prefix+"CLIENT_SECRET":
			return d.sim.server.Secret
		case strings.HasPrefix(name, settings.Prefix), strings.HasPrefix(name, "AZURE_"),
			name == "XDG_CONFIG_HOME", name == "HOME", name == "AppData": // where a settings file may be
			return ""
		}
		return env(name)
	}
	// The signals go on to the command by its context alone.
	p.Signals = nil
	return run(ctx, p)
}

// unpack writes the examples and the lists of serial numbers beside them.
func unpack(dir string) error { return os.CopyFS(dir, configs.Examples()) }
