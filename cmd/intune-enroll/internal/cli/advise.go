package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// adviseOptions are the flags of advise.
type adviseOptions struct {
	Answers    string   // a JSON file, - for stdin
	Set        []string // key=value, stronger than the file
	FromTenant bool     // ask the tenant for what it can answer
}

type runAdviseFunc func(ctx context.Context, f *factory, o adviseOptions) (render.Report, error)

func newAdvise(f *factory, run runAdviseFunc) *cobra.Command {
	if run == nil {
		run = runAdvise
	}
	var o adviseOptions
	cmd := &cobra.Command{
		Use:   "advise",
		Short: "Find the enrollment that fits, and why",
		Long: `Find the enrollment that fits: the option, the way to sign in, the way of
Company Portal, the reasons, and why not the others. The tenant is looked at with
--from-tenant only: then it answers apns, adeToken, mdmAuthority, iosBlocked,
personalIosBlocked, and where that can be told accTargeted and vpp. What you
answer yourself is stronger.

On a terminal it asks, and only what still matters. With --answers or --set it
asks for nothing but what is missing. The answers are a JSON object:

  {"ownership": "corporate", "use": "single-user", "state": "new", "portal": "yes"}

Answers and their values:

` + adviseHelp() + `
Exit code 2 when the advice is blocked: nothing should be made yet. With
--from-tenant otherwise 4 or 1 when something that matters could not be looked
at; the advice is given all the same.`,
		Example: `  intune-enroll advise
  intune-enroll advise --set ownership=personal --set lob=yes
  intune-enroll advise --answers answers.json --from-tenant -o json`,
		Args: noArgs,
		RunE: f.reporting(func(ctx context.Context, _ []string) (render.Report, error) { return run(ctx, f, o) }),
	}
	o.addFlags(cmd)
	return cmd
}

// addFlags adds the flags by which answers are given.
func (o *adviseOptions) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.Answers, "answers", "", "JSON file of answers, - for stdin")
	cmd.Flags().StringArrayVar(&o.Set, "set", nil, "one answer, key=value; stronger than the file; repeatable")
	cmd.Flags().BoolVar(&o.FromTenant, "from-tenant", false, "sign in, and let the tenant answer what it can")
	// The flags exist: they were added above.
	_ = cmd.MarkFlagFilename("answers", "json")
	completeBy(cmd, "set", func(*cobra.Command) []string { return adviseValues() })
}

func runAdvise(ctx context.Context, f *factory, o adviseOptions) (render.Report, error) {
	q, err := f.answer(ctx, "intune-enroll advise", o)
	if err != nil {
		return render.Report{}, err
	}
	r := render.Report{Tenant: q.tenant, Advice: q.shown()}
	if q.advice.Status == advise.Blocked {
		return r, errFound
	}
	return r, q.unseen()
}

// consultation is an advice, what it rests on, and what the tenant said.
type consultation struct {
	answers advise.Answers
	advice  advise.Advice
	tenant  *render.Tenant
	live    enroll.Snapshot // of the tenant
	facts   []fact
}

// answer gathers the answers, in the order of their strength: those given, the
// tenant's, and on a terminal those to questions. command is how to run it again.
func (f *factory) answer(ctx context.Context, command string, o adviseOptions) (consultation, error) {
	given, err := givenAnswers(f.term.In, o)
	if err != nil {
		return consultation{}, err
	}
	q := consultation{answers: given}
	if o.FromTenant {
		if err := f.askTenant(ctx, &q); err != nil {
			return q, err
		}
	}
	if f.term.CanAsk() && o.Answers != "-" {
		if q.answers, err = f.dialog(ctx, command, q.answers, o.Answers != "" || len(o.Set) > 0); err != nil {
			return q, err
		}
	}
	if err := q.answers.Check(); err != nil {
		return q, fail(codeUsage, "", "%w", err)
	}
	q.advice = advise.Advise(q.answers)
	if len(q.advice.Missing) > 0 {
		return q, missingAnswers(command, q.answers, q.advice.Missing)
	}
	return q, nil
}

// askTenant signs in, looks, and takes what the tenant can answer.
func (f *factory) askTenant(ctx context.Context, q *consultation) error {
	s, err := f.signIn(ctx, nil)
	if err != nil {
		return err
	}
	live, err := s.look(ctx, nil, advised()...)
	if err != nil {
		return err
	}
	q.tenant, q.live = s.report(live).Tenant, live
	q.facts, err = take(&q.answers, factsOf(live))
	return err
}

// unseen is the failure for what could not be looked at and was taken for
// granted although it could change the advice; nil when there is nothing such.
func (q consultation) unseen() error {
	var gaps []enroll.Gap
	var keys []string
	for _, f := range q.facts {
		if value, matters := q.advice.Assumed[f.key]; matters && f.gap != nil {
			gaps, keys = append(gaps, *f.gap), append(keys, f.key+"="+value)
		}
	}
	if len(gaps) == 0 {
		return nil
	}
	return notLooked(gaps, fmt.Sprintf("taken for granted because the tenant could not be asked: %s (%s); answer with --set, or let it be looked at", strings.Join(keys, ", "), gaps[0].Reason))
}

// givenAnswers reads the file, and then the flags.
func givenAnswers(stdin io.Reader, o adviseOptions) (advise.Answers, error) {
	var a advise.Answers
	if o.Answers != "" {
		in, name := stdin, "stdin"
		if o.Answers != "-" {
			file, err := os.Open(o.Answers)
			if err != nil {
				return a, fail(codeFileInvalid, "", "read the answers: %w", err)
			}
			defer file.Close()
			in, name = file, o.Answers
		}
		var err error
		if a, err = advise.Parse(in); err != nil {
			return a, fail(codeFileInvalid, "intune-enroll advise --help", "%s: %w", name, oneLine(err))
		}
	}
	for _, pair := range o.Set {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return a, fail(codeUsage, "intune-enroll advise --set ownership=corporate", "--set %q is not written as key=value", pair)
		}
		if err := a.Set(key, value); err != nil {
			return a, fail(codeUsage, "intune-enroll advise --help", "--set %s: %w", pair, err)
		}
	}
	return a, nil
}

// oneLine puts the lines of joined errors into one.
func oneLine(err error) error {
	if !strings.Contains(err.Error(), "\n") {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), "\n", "; "))
}

func missingAnswers(command string, given advise.Answers, keys []string) error {
	again := []string{command}
	if flags := setFlags(given); flags != "" {
		again = append(again, flags)
	}
	var said []string
	for _, in := range advise.Inputs() {
		if slices.Contains(keys, in.Key) {
			values := strings.Join(in.Values(), ", ")
			said = append(said, in.Key+" ("+values+")")
			again = append(again, "--set "+in.Key+"="+in.Values()[0])
		}
	}
	return fail(codeUsage, strings.Join(again, " ")+", each with the value that is true", "no advice without these answers: %s", strings.Join(said, "; "))
}

// shown is the advice as it is rendered.
func (q consultation) shown() *render.Advice {
	a := q.advice
	out := &render.Advice{Option: string(a.Option), Auth: string(a.Auth), CompanyPortal: string(a.CompanyPortal), Status: string(a.Status),
		LockUntilInstalled: a.LockUntilInstalled, AwaitFinalConfiguration: a.AwaitFinalConfiguration,
		Rules: a.Rules, Assumed: a.Assumed, Answers: map[string]string{}, Names: adviseNames()}
	for _, m := range a.Messages {
		out.Messages = append(out.Messages, render.AdviceMessage(m))
	}
	for _, r := range a.Against {
		out.Against = append(out.Against, render.AdviceReason{Option: string(r.Option), Rule: r.Rule, Text: r.Text})
	}
	for _, in := range advise.Inputs() {
		if value := q.answers.Get(in.Key); value != "" {
			out.Answers[in.Key] = value
		}
	}
	for _, f := range q.facts {
		out.Facts = append(out.Facts, render.AdviceFact{Key: f.key, Value: f.value, Text: f.text})
	}
	return out
}

// adviseNames are the values of the advice in words. "none" speaks for itself.
func adviseNames() map[string]string {
	return map[string]string{
		string(advise.ADE): "Automated Device Enrollment", string(advise.ACSetupAssistant): "Apple Configurator, Setup Assistant", string(advise.ACDirect): "Apple Configurator, direct",
		string(advise.BYODDevice): "device enrollment with Company Portal", string(advise.BYODWeb): "web based device enrollment", string(advise.BYODChoice): "the user chooses", string(advise.BYODAccount): "account driven user enrollment",
		string(advise.MAM):      "app protection without enrollment",
		string(advise.SAModern): "Setup Assistant with modern authentication", string(advise.SAModernJIT): "Setup Assistant with modern authentication, just in time registration",
		string(advise.CompanyPortalApp): "Company Portal", string(advise.SALegacy): "Setup Assistant (legacy)", string(advise.SetupAssistant): "Setup Assistant",
		string(advise.VPP): "installed with a location (VPP) token", string(advise.AppleID): "from the App Store with an Apple Account",
		string(advise.ConfigPolicy): "app configuration policy for enrolled devices", string(advise.StoreByUser): "users install it from the App Store",
	}
}

// adviseHelp lists the answers and their values.
func adviseHelp() string {
	var b strings.Builder
	for _, in := range advise.Inputs() {
		values := strings.Join(in.Values(), ", ")
		switch in.Type {
		case advise.Number:
			values = "a number"
		case advise.Version:
			values = "a version such as 17.0, or newest"
		case advise.Word:
			values = "the word of Microsoft Graph"
		}
		fmt.Fprintf(&b, "  %-18s  %s\n", in.Key, values)
	}
	return b.String()
}

// adviseValues are all pairs that --set takes, for completion.
func adviseValues() []string {
	var out []string
	for _, in := range advise.Inputs() {
		for _, value := range in.Values() {
			out = append(out, in.Key+"="+value)
		}
		if in.Type != advise.Choice {
			out = append(out, in.Key+"=")
		}
	}
	return out
}
