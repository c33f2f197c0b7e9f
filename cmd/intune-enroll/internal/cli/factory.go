package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// factory makes what commands need, when they need it: help and completion
// read no settings, validate asks no network.
type factory struct {
	process    Process
	term       *term.Streams
	interrupts *interrupts
	flags      *pflag.FlagSet // global flags and those of the command that runs
	global     globalFlags
	cobraError bool // no command has begun: an error is one of usage

	format  string                     // of the result, once it is known
	command string                     // that runs, once its format is known
	written bool                       // the report, or a part of it
	outFile string                     // where the result goes instead of stdout
	list    *render.List               // a list that is written as it comes, and ended by the report; nil: none
	line    func(enroll.Origin) string // of the files in hand; nil: none are

	settings        func() (settings.Settings, error) // read once
	secretVariables []string                          // that the contexts of the settings take their client secrets from
}

// globalFlags are those that are no settings.
type globalFlags struct {
	Files                 []string
	Confirm, SettingsFile string
	Yes                   bool
	Quiet, Verbose, Debug bool
}

func newFactory(p Process) *factory {
	f := &factory{process: p, term: term.New(p.In, p.Out, p.Err, p.Env), interrupts: newInterrupts(), cobraError: true}
	f.term.Err = &synced{w: p.Err}
	f.settings = sync.OnceValues(f.loadSettings)
	return f
}

// loadSettings reads the settings and lets the streams know them.
func (f *factory) loadSettings() (settings.Settings, error) {
	s, err := settings.Load(settings.Source{Flags: f.flags, Env: f.process.Env, File: f.global.SettingsFile})
	if err != nil {
		return s, fail(codeUsage, "intune-enroll help environment", "%w", err)
	}
	f.secretVariables = s.Variables
	if !f.term.SetColor(s.Color, f.process.Env) {
		return s, fail(codeUsage, "", "color %q from %s is not known: use one of %s", s.Color, s.From("color"), strings.Join(term.ColorModes(), ", "))
	}
	if s.LogFormat != "text" && s.LogFormat != "json" {
		return s, fail(codeUsage, "", "log format %q from %s is not known: use text or json", s.LogFormat, s.From("log-format"))
	}
	if s.Timeout < 0 {
		return s, fail(codeUsage, "", "timeout %s from %s is not possible: use a time such as 10m, or 0s for no limit", s.Timeout, s.From("timeout"))
	}
	f.term.NoInput = f.term.NoInput || s.NoInput
	f.term.Quiet = f.global.Quiet || f.global.Verbose || f.global.Debug
	return s, nil
}

// reporting makes the function of a command from one that gives a report: it
// reads the settings, limits the time, writes the report in the format asked
// for, and only then lets the error through.
func (f *factory) reporting(run func(ctx context.Context, args []string) (render.Report, error)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		f.flags, f.cobraError = cmd.Flags(), false
		s, err := f.settings()
		if err != nil {
			return err
		}
		name := commandName(cmd)
		f.format = s.Output
		if known := render.Formats(name); !slices.Contains(known, s.Output) {
			return fail(codeUsage, "", "output %q from %s is not known to %s: use one of %s", s.Output, s.From("output"), name, strings.Join(known, ", "))
		}
		f.command = name
		ctx, cancel := limited(cmd.Context(), s.Timeout)
		defer cancel()
		r, err := run(ctx, args)
		if err != nil && ctx.Err() != nil && len(r.Contexts) == 0 { // of several each has its own end
			err = over(ctx, err)
		}
		r.Command, r.Tool, r.Asked, r.Error = name, f.tool(), s.Tenant, asError(err)
		if werr := f.write(s.Output, r); werr != nil {
			return reported{fail(codeOutput, "", "write the result: %w", werr)}
		}
		if s.Output == nagios {
			return exited(nagiosExit(r.State()))
		}
		if err != nil {
			return reported{err}
		}
		return nil
	}
}

// listing makes the function of a command whose result is a list, written row
// by row.
func (f *factory) listing(command string, columns []render.Column, run func(ctx context.Context, l *render.List, r *render.Report) error) func(*cobra.Command, []string) error {
	return f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
		f.list = render.NewList(f.term.Out, f.format, command, columns, f.look())
		var r render.Report
		err := run(ctx, f.list, &r)
		return r, err
	})
}

// outFileFlag adds the flag for commands whose result may go to a file.
func (f *factory) outFileFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.outFile, "out-file", "", "write the result to this file, whole or not at all, instead of stdout")
}

// write writes the report to stdout, or with --out-file to that file: whole, or
// not at all.
func (f *factory) write(format string, r render.Report) error {
	f.written = true
	if f.list != nil {
		return f.list.End(r)
	}
	if f.outFile == "" {
		return render.Write(f.term.Out, format, r, f.look())
	}
	var b bytes.Buffer
	look := f.look()
	look.Color, look.Titles, look.Width = false, false, 0
	if format == "prometheus" {
		if at, err := os.Stat(f.outFile); err == nil && at.Mode().IsRegular() {
			previous, err := os.ReadFile(f.outFile)
			if err != nil {
				return err
			}
			look.Previous = string(previous)
		}
	}
	if err := render.Write(&b, format, r, look); err != nil {
		return err
	}
	if b.Len() == 0 && r.Command != "check" {
		return nil // the pages of another time are better than none; an old report that all is well is not
	}
	return replaceFile(f.outFile, b.Bytes(), 0o644)
}

func limited(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, d, stopped{codeTimeout, fmt.Sprintf("not ready within %s (--timeout)", d)})
}

// over says why the context ended, unless the error knows better (half way) or
// the work was done by then.
func over(ctx context.Context, err error) error {
	switch explain(err).code {
	case codeHalfway, codeInterrupted, codeTerminated, codeFound, codeNotDelivered:
		return err
	}
	return context.Cause(ctx)
}

// look is how results are shown on stdout.
func (f *factory) look() render.Look {
	return render.Look{Width: f.term.Width, Color: f.term.ColorOut, Titles: f.term.OutTTY, Verbose: f.global.Verbose, Line: f.line}
}

// lookErr is how errors and questions are shown on stderr.
func (f *factory) lookErr() render.Look { return render.Look{Color: f.term.ColorErr} }

// logger writes to stderr: warnings always, what is done with -v, every
// request with --debug.
func (f *factory) logger(s settings.Settings) *slog.Logger {
	o := &slog.HandlerOptions{Level: slog.LevelWarn}
	switch {
	case f.global.Debug:
		o.Level = slog.LevelDebug
	case f.global.Verbose:
		o.Level = slog.LevelInfo
	}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(f.term.Err, o))
	}
	return slog.New(slog.NewTextHandler(f.term.Err, o))
}

// say writes a line for people on stderr, unless -q.
func (f *factory) say(format string, args ...any) {
	if !f.global.Quiet {
		fmt.Fprintf(f.term.Err, format+"\n", args...)
	}
}

func secretNames() []string {
	var out []string
	for _, k := range settings.Keys() {
		if k.Secret {
			out = append(out, k.Env, k.Azure)
		}
	}
	return out
}

// synced makes lines of several goroutines come out whole.
type synced struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *synced) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}
