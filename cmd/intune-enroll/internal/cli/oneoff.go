package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/document"
)

// oneOff is a command that makes or changes one thing: its flags become a
// document with one entry, which goes the way of a file.
type oneOff struct {
	Print, DryRun bool
	MaxMoves      int
	Dir           string // where files that flags name lie; "": flags name none
}

// addFlags adds the flags that all these commands have.
func (o *oneOff) addFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.Print, "print", false, "print the lines for a file instead, and ask nobody")
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, "show what would change, and change nothing")
	movesFlag(cmd, &o.MaxMoves)
	cmd.MarkFlagsMutuallyExclusive("print", "dry-run")
}

// oneOffLong ends the help of these commands.
const oneOffLong = `

The flags become a file with this one entry, and that goes the way of apply:
rules, plan, question, journal, and reading back. --print prints that file
instead, --dry-run shows the plan. Whatever no flag names stays as it is.`

// runOneOff makes the function of such a command from one that turns flags and
// arguments into the sections of the document.
func (f *factory) runOneOff(o *oneOff, sections func(flags *pflag.FlagSet, args []string) (yaml.MapSlice, error)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		f.cobraError = false
		if len(f.global.Files) > 0 {
			return fail(codeUsage, "intune-enroll apply -f FILE", "%s takes flags in place of a file", cmd.CommandPath())
		}
		if err := knownMoves(o.MaxMoves); err != nil {
			return err
		}
		content, err := sections(cmd.Flags(), args)
		if err != nil {
			return err
		}
		text, err := yaml.Marshal(append(yaml.MapSlice{{Key: "apiVersion", Value: document.APIVersion}}, content...))
		if err != nil {
			return fmt.Errorf("write the flags as a file: %w", err)
		}
		source := document.Source{Name: "the command line", Data: text}
		if o.Dir != "" {
			if source.Root, err = os.OpenRoot(o.Dir); err != nil {
				return fail(codeFileInvalid, "", "open the folder of the file: %w", err)
			}
			defer source.Root.Close()
		}
		read := decoded([]document.Source{source})
		if o.Print {
			return f.printOneOff(text, read)
		}
		return f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
			f.line = read.line
			// What the flags alone show to be wrong needs no sign-in, and no answer.
			switch r, err := f.judge(read); {
			case err != nil:
				return render.Report{}, err
			case broken(read.findings) > 0:
				return r, refused(codeFileInvalid, read.findings)
			case broken(r.Findings) > 0:
				return r, refused(codeRuleBroken, r.Findings)
			}
			if !o.DryRun {
				if err := f.answerable(cmd.CommandPath()); err != nil {
					return render.Report{}, err
				}
				return f.applyTo(ctx, read, nil, o.MaxMoves)
			}
			_, p, r, err := f.plan(ctx, read)
			if err == nil {
				err = planVerdict(p)
			}
			return r, err
		})(cmd, args)
	}
}

// printOneOff prints the file, unless it would not be taken.
func (f *factory) printOneOff(text []byte, read reading) error {
	for _, found := range read.findings {
		if breaks(found) {
			return fail(codeFileInvalid, found.Fix, "%s", found.Message)
		}
	}
	if _, err := f.term.Out.Write(text); err != nil {
		return fail(codeOutput, "", "write the file: %w", err)
	}
	return nil
}

// entry is one entry of a document: the keys whose flags were given, in order.
type entry struct {
	flags *pflag.FlagSet
	keys  yaml.MapSlice
}

// add puts a value under key when the flag was given.
func (e *entry) add(key, flag string, value any) {
	if e.flags.Changed(flag) {
		e.keys = append(e.keys, yaml.MapItem{Key: key, Value: value})
	}
}

// nest puts the keys of another entry under key, unless it has none.
func (e *entry) nest(key string, inner entry) {
	if len(inner.keys) > 0 {
		e.keys = append(e.keys, yaml.MapItem{Key: key, Value: inner.keys})
	}
}

// section is a section of a document with one profile.
func (e *entry) section(name string) yaml.MapSlice {
	return yaml.MapSlice{{Key: name, Value: yaml.MapSlice{{Key: "profiles", Value: []yaml.MapSlice{e.keys}}}}}
}
