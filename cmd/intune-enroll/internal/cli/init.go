package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
	"github.com/intune-enroll/intune-enroll/pkg/starter"
)

// initOptions are the flags of init.
type initOptions struct {
	Advise adviseOptions
	Names  starter.Names
	Out    string
	Force  bool
}

type runInitFunc func(ctx context.Context, f *factory, o initOptions) error

func newInit(f *factory, run runInitFunc) *cobra.Command {
	if run == nil {
		run = runInit
	}
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write the file to begin with, from the advice",
		Long: `Write the file to begin with: commented YAML that asks for what the advice says.
The answers are those of advise, asked for on a terminal or given by --answers,
--set and --from-tenant. Names that are not given are Contoso's, with a comment
on what to write there; serial numbers are left to you.

Exit code 0 means that the file is there. Where there is nothing to write,
because the advice is blocked or is app protection without enrollment, it says
what to do and ends with 2, so that no script goes on without a file.`,
		Example: `  intune-enroll init
  intune-enroll init --answers answers.json --out staff.yaml
  intune-enroll init --set ownership=personal --group "All staff" > personal.yaml`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.flags, f.cobraError = cmd.Flags(), false
			s, err := f.settings()
			switch {
			case err != nil:
				return err
			case cmd.Flags().Changed("output"):
				return fail(codeUsage, "intune-enroll advise -o json", "init writes a file in YAML, and takes no --output; the advice comes in other formats")
			case o.Force && o.Out == "":
				return fail(codeUsage, "intune-enroll init --out FILE --force", "--force goes with --out")
			}
			// An id or a domain, unlike the words that stand for any tenant at sign-in.
			if strings.ContainsAny(s.Tenant, ".-") {
				o.Names.Tenant = s.Tenant
			}
			ctx, cancel := limited(cmd.Context(), s.Timeout)
			defer cancel()
			if err = run(ctx, f, o); err != nil && ctx.Err() != nil {
				err = over(ctx, err)
			}
			return err
		},
	}
	o.Advise.addFlags(cmd)
	fl := cmd.Flags()
	fl.StringVar(&o.Names.Profile, "profile", "", "name of the enrollment profile, or of the policy, in the file")
	fl.StringVar(&o.Names.Group, "group", "", "name of the group: of personal devices' users, or of the devices")
	fl.StringVar(&o.Names.Token, "token", "", "enrollment program token, by name or id, where there are several")
	fl.StringVar(&o.Names.VPPToken, "vpp-token", "", "location (VPP) token of Company Portal, where there are several")
	fl.StringVar(&o.Out, "out", "", "write to this file instead of stdout; never over one that is there")
	fl.BoolVar(&o.Force, "force", false, "with --out: write over the file that is there")
	_ = cmd.MarkFlagFilename("out", "yaml", "yml") // the flag exists: it was just added
	return cmd
}

func runInit(ctx context.Context, f *factory, o initOptions) error {
	if o.Out != "" && !o.Force {
		if _, err := os.Lstat(o.Out); err == nil {
			return taken(o.Out)
		}
	}
	q, err := f.answer(ctx, "intune-enroll init", o.Advise)
	if err != nil {
		return err
	}
	if !starter.Makes(q.advice) {
		return f.nothingToWrite(q)
	}
	if err := q.unseen(); err != nil {
		return err
	}
	if f.term.CanAsk() && o.Advise.Answers == "" && len(o.Advise.Set) == 0 {
		if err := f.askNames(ctx, starter.Ask(q.advice, q.answers), &o.Names); err != nil {
			return err
		}
	}
	if q.tenant != nil {
		o.Names.Tenant = cmp.Or(o.Names.Tenant, q.tenant.ID)
	}
	text := starter.Write(q.advice, q.answers, o.Names, adviseNames(), "intune-enroll init "+setFlags(q.answers)+nameFlags(o.Names))
	if err := sound(text, q.live); err != nil {
		return err
	}
	if o.Out == "" {
		if _, err := f.term.Out.Write([]byte(text)); err != nil {
			return fail(codeOutput, "", "write the file: %w", err)
		}
		return nil
	}
	if err := writeStarter(o, []byte(text)); err != nil {
		return err
	}
	f.say("wrote %s; next: intune-enroll plan %s", term.Clean(o.Out), term.Clean(shellLine("-f", o.Out)))
	return nil
}

// askNames asks for the names that were not given. Enter leaves one out.
func (f *factory) askNames(ctx context.Context, asks starter.Asks, n *starter.Names) error {
	for _, a := range []struct {
		wanted         bool
		into           *string
		what, fallback string
	}{
		{asks.Profile, &n.Profile, "Name in the file", asks.DefaultProfile},
		{asks.Group != "", &n.Group, "Name of the " + asks.Group, asks.DefaultGroup},
		{asks.Token, &n.Token, "Name of the enrollment program token", "there is only one"},
		{asks.VPPToken, &n.VPPToken, "Name of the location (VPP) token with Company Portal", "there is only one"},
	} {
		if !a.wanted || *a.into != "" {
			continue
		}
		var err error
		if *a.into, err = f.typed(ctx, a.what+" ["+a.fallback+"]:"); err != nil {
			return err
		}
	}
	return nil
}

// nameFlags are the flags that give the names.
func nameFlags(n starter.Names) string {
	var out string
	for _, f := range [][]string{{"--profile", n.Profile}, {"--group", n.Group}, {"--token", n.Token}, {"--vpp-token", n.VPPToken}, {"--tenant", n.Tenant}} {
		if f[1] != "" {
			out += " " + shellLine(f...)
		}
	}
	return out
}

// nothingToWrite says why there is no file, and what to do.
func (f *factory) nothingToWrite(q consultation) error {
	e := render.Error{Message: "there is no file to write: ", Do: "intune-enroll advise " + setFlags(q.answers)}
	var why []string
	for _, m := range q.advice.Messages {
		if m.Severity == enroll.Error || q.advice.Status != advise.Blocked && strings.HasPrefix(m.Rule, "GEN-11") {
			why = append(why, m.Text+" ("+m.Rule+")")
		}
	}
	e.Message += strings.Join(why, " ")
	if err := render.Failure(f.term.Err, e, f.lookErr()); err != nil {
		return fail(codeOutput, "", "say why there is no file: %w", err)
	}
	return errFound
}

// sound makes sure that validate takes the file: a name that was given may
// break a rule. Where the tenant's tokens are known, the file finds its own.
func sound(text string, live enroll.Snapshot) error {
	read := decoded([]document.Source{{Name: "the file", Data: []byte(text)}})
	findings := read.findings
	if broken(findings) == 0 {
		findings = enroll.Evaluate(guard.Rules(guard.Limits{}), read.objects, enroll.Snapshot{}, time.Time{}, false)
	}
	for _, found := range findings {
		if breaks(found) {
			return fail(codeUsage, found.Fix, "the names cannot be used: %s", cmp.Or(found.Message, found.Rule))
		}
	}
	tokens := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{}}
	for _, k := range []enroll.KindName{enroll.ADEToken, enroll.VPPToken, enroll.PortalApp} {
		if _, gap := live.GapIn(k); !gap && len(live.Objects[k]) > 0 {
			tokens.Objects[k] = live.Objects[k]
		}
	}
	_, findings = (&enroll.Engine{Normalize: document.Normalize}).Bind(read.objects, tokens)
	for _, found := range findings {
		if breaks(found) {
			return fail(codeUsage, "name the token with --token, that of Company Portal with --vpp-token", "the file would not find its token: %s", found.Message)
		}
	}
	return nil
}

// writeStarter writes the file whole, and never over another one unless that
// is meant.
func writeStarter(o initOptions, text []byte) error {
	write := newFile
	if o.Force {
		write = replaceFile
	}
	err := write(o.Out, text, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return taken(o.Out)
	case err != nil:
		return fail(codeOutput, "", "write the file: %w", err)
	}
	return nil
}

func taken(path string) error {
	return fail(codeUsage, "choose another name, or add --force to write over it", "%s is there already, and was left as it is", path)
}
