// Package cli is the command line of intune-enroll: one file for each command,
// one place for exit codes, and a factory that makes what commands need when
// they need it.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Process is what the operating system gives the program.
type Process struct {
	Args     []string // without the program's name
	In       io.Reader
	Out, Err io.Writer
	Env      func(name string) string
	Signals  <-chan os.Signal // SIGINT and SIGTERM; nil: none come

	Version, Commit, Date string // from the linker; empty: from the build information

	Settle, Poll time.Duration // of enroll.Engine; 0: its own
}

// Main runs the program and gives its exit code.
func Main(ctx context.Context, p Process) int {
	// On Windows the program may be started from the Explorer.
	cobra.MousetrapHelpText = ""
	return run(ctx, p)
}

// run is Main for a program that may run several times in one process.
func run(ctx context.Context, p Process) (exit int) {
	f := newFactory(p)
	defer func() {
		if v := recover(); v != nil {
			exit = f.crashed(v, debug.Stack())
		}
	}()
	ctx = f.interrupts.watch(ctx, p.Signals, func() {
		fmt.Fprintln(f.term.Err, "stopping after the requests under way; once more stops at once")
	})
	defer f.interrupts.end()

	root := newRoot(f)
	root.SetArgs(p.Args)
	cmd, err := root.ExecuteContextC(ctx)
	return f.finish(cmd, err)
}

// reported marks an error that stands in a report already.
type reported struct{ error }

func (r reported) Unwrap() error { return r.error }

// finish tells why the command failed and chooses the exit code. What went
// wrong before a command began (a flag, a setting) gets a report here, where
// one was asked for in a format for machines.
func (f *factory) finish(cmd *cobra.Command, err error) int {
	if err == nil {
		return exitOK
	}
	if e, ok := errors.AsType[exited](err); ok {
		return int(e)
	}
	if _, done := errors.AsType[reported](err); !done {
		if _, known := errors.AsType[*failure](err); !known && f.cobraError {
			err = fail(codeUsage, cmd.CommandPath()+" --help", "%w", err)
		}
		name := commandName(cmd)
		if format := cmp.Or(f.format, wantedFormat(f.process.Args)); machine(format) && slices.Contains(render.Formats(name), format) {
			f.format = format
			r := render.Report{Command: name, Tool: f.tool(), Error: asError(err)}
			var werr error
			if render.ListOf(name) != "" {
				werr = render.NewList(f.term.Out, format, name, nil, f.look()).End(r)
			} else {
				werr = render.Write(f.term.Out, format, r, f.look())
			}
			if werr != nil {
				err = fail(codeOutput, "", "write the result: %w", werr)
			}
		}
	}
	if e := asError(err); e != nil {
		if werr := render.Failure(f.term.Err, *e, f.lookErr()); werr != nil {
			return exitFailed
		}
	}
	if f.format == nagios {
		return nagiosExit(enroll.Unknown)
	}
	return exitCode(err)
}

// machine tells whether a format is for programs: errors come out in it too.
func machine(format string) bool {
	return format != "table" && slices.Contains(render.Formats("check"), format)
}

// wantedFormat looks for a machine's format among arguments that could not be
// parsed, so that a failure comes out in it; "" when there is none.
func wantedFormat(args []string) string {
	for i, a := range args {
		var v string
		switch {
		case a == "--":
			return ""
		case (a == "-o" || a == "--output") && i+1 < len(args):
			v = args[i+1]
		case strings.HasPrefix(a, "--output="):
			v = strings.TrimPrefix(a, "--output=")
		case strings.HasPrefix(a, "-o"):
			v = strings.TrimPrefix(strings.TrimPrefix(a, "-o"), "=")
		}
		if machine(v) {
			return v
		}
	}
	return ""
}

// commandName is how reports name a command: without the program's name.
func commandName(cmd *cobra.Command) string {
	_, name, _ := strings.Cut(cmd.CommandPath(), " ")
	return name
}

// crashed reports a fault of the program. The text of a panic may hold anything,
// so what is secret is taken out, and it is not in the result.
func (f *factory) crashed(v any, stack []byte) int {
	fault := fail(codeInternal, "please report it with the lines on stderr", "a fault of the program")
	text := fmt.Sprintf("%v\n%s", v, stack)
	for _, name := range append(secretNames(), f.secretVariables...) {
		if secret := f.process.Env(name); secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = term.Clean(lines[i])
	}
	fmt.Fprintln(f.term.Err, "error: a fault of the program; please report it with these lines")
	fmt.Fprintln(f.term.Err, strings.Join(slices.Compact(lines), "\n"))
	if f.command != "" && !f.written {
		if err := f.write(f.format, render.Report{Command: f.command, Tool: f.tool(), Error: asError(fault)}); err != nil {
			fmt.Fprintln(f.term.Err, "error: write the result: "+term.Clean(err.Error()))
		}
	}
	if f.format == nagios {
		return nagiosExit(enroll.Unknown)
	}
	return exitCode(fault)
}
