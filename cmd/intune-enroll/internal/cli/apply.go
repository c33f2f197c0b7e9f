package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// applyOptions are the flags and the argument of apply.
type applyOptions struct {
	Files    []string
	Plan     string // a saved plan, in place of files
	MaxMoves int
}

type runApplyFunc func(ctx context.Context, f *factory, o applyOptions) (render.Report, error)

func newApply(f *factory, run runApplyFunc) *cobra.Command {
	if run == nil {
		run = runApply
	}
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "apply [PLAN.json]",
		Short: "Change the tenant to what a file or a saved plan says",
		Long: `Change the tenant to what a file or a saved plan says: shows the plan, asks,
writes down each change before it is sent, sends it, and reads it back.

A saved plan is compared with the tenant again; when anything else than what
it says would be done, it is refused. After a stop half way the same command
goes on from there. Ctrl-C finishes the requests under way; twice stops at once.`,
		Example: `  intune-enroll apply -f contoso.yaml
  intune-enroll apply plan.json --yes`,
		RunE: f.reporting(func(ctx context.Context, args []string) (render.Report, error) {
			o.Files = f.global.Files
			switch {
			case len(args) > 1 || len(args) == 1 && len(o.Files) > 0:
				return render.Report{}, fail(codeUsage, "intune-enroll apply --help", "apply takes either files (-f) or one saved plan")
			case len(args) == 1:
				o.Plan = args[0]
			case len(o.Files) == 0:
				return render.Report{}, fail(codeUsage, "intune-enroll apply -f FILE", "no file and no plan given to apply")
			}
			if err := knownMoves(o.MaxMoves); err != nil {
				return render.Report{}, err
			}
			return run(ctx, f, o)
		}),
	}
	movesFlag(cmd, &o.MaxMoves)
	return cmd
}

func runApply(ctx context.Context, f *factory, o applyOptions) (render.Report, error) {
	if err := f.answerable("apply"); err != nil {
		return render.Report{}, err
	}
	saved, read, err := f.toApply(ctx, o)
	if err != nil {
		return render.Report{}, err
	}
	return f.applyTo(ctx, read, saved, o.MaxMoves)
}

// applyTo brings the tenant to what was read; saved is the plan it comes from, if any.
func (f *factory) applyTo(ctx context.Context, read reading, saved *enroll.Plan, maxMoves int) (render.Report, error) {
	f.line = read.line
	s, release, err := f.alone(ctx, read)
	if err != nil {
		r := read.report()
		return r, err
	}
	defer release()
	if saved != nil {
		if err := s.fits(*saved); err != nil {
			return read.report(), err
		}
	}
	_, p, r, err := f.compare(ctx, s, read)
	if err != nil {
		return r, err
	}
	if err := s.mayApply(p, saved); err != nil {
		return r, err
	}
	return f.askedFor(ctx, s, p, r, maxMoves)
}

// askedFor shows the plan, asks, and carries it out; without writes there is
// nothing to ask.
func (f *factory) askedFor(ctx context.Context, s *session, p enroll.Plan, r render.Report, maxMoves int) (render.Report, error) {
	if len(p.Writes()) == 0 {
		return r, nil
	}
	if err := f.showPlan(r); err != nil {
		return r, err
	}
	r.Shown = true
	if err := f.confirm(ctx, *r.Tenant, p, maxMoves); err != nil {
		return r, err
	}
	return f.carryOut(ctx, s, p, r)
}

// replaceKind puts a kind that does more into the place of the one of its name.
func (s *session) replaceKind(with enroll.Kind) {
	for i, k := range s.engine.Kinds {
		if k.Name() == with.Name() {
			s.engine.Kinds[i] = with
		}
	}
}

// toApply reads what shall be applied: files, or a saved plan's own document.
func (f *factory) toApply(ctx context.Context, o applyOptions) (*enroll.Plan, reading, error) {
	if o.Plan == "" {
		read, err := f.read(ctx, o.Files)
		return nil, read, err
	}
	p, doc, err := loadPlan(o.Plan)
	if err != nil {
		return nil, reading{}, err
	}
	read := reading{files: []string{o.Plan}, document: doc}
	read.objects, read.findings = doc.Objects()
	return &p, read, nil
}

// alone signs in and takes the lock of the tenant, so that what is seen, shown
// and asked is still so when it is written.
func (f *factory) alone(ctx context.Context, read reading) (*session, func(), error) {
	rules, err := f.workRules()
	if err != nil {
		return nil, nil, err
	}
	if err := refused(codeFileInvalid, read.findings); err != nil {
		return nil, nil, err
	}
	s, err := f.signIn(ctx, rules)
	if err != nil {
		return nil, nil, err
	}
	set, err := f.settings()
	if err != nil {
		return nil, nil, err
	}
	if set.Journal == "" {
		return nil, nil, fail(codeUsage, "name one with --journal DIR", "no folder to write the journal to: the environment names no home")
	}
	unlock, err := lock(set.Journal, s.identity.TenantID)
	if err != nil {
		return nil, nil, err
	}
	return s, unlock, nil
}

// fits refuses a saved plan for another tenant or cloud.
func (s *session) fits(p enroll.Plan) error {
	if !strings.EqualFold(p.Tenant, s.identity.TenantID) && !s.identity.Opaque {
		return fail(codeTenant, "sign in to the tenant of the plan with --tenant "+p.Tenant, "the plan is for tenant %s, and this is tenant %s: nothing was changed", p.Tenant, s.identity.TenantID)
	}
	if p.Cloud != s.cloud.Name {
		return fail(codeCloud, "name the cloud of the plan with --cloud "+p.Cloud, "the plan is for cloud %s, and this is cloud %s: nothing was changed", p.Cloud, s.cloud.Name)
	}
	return nil
}

// mayApply tells whether a plan may be carried out: no broken rule, nothing it
// depends on unseen, not stale, and every permission it takes at hand.
func (s *session) mayApply(p enroll.Plan, saved *enroll.Plan) error {
	if err := refused(codeRuleBroken, p.Findings); err != nil {
		return err
	}
	if g, blocked := p.Blocked(); blocked {
		return notLooked([]enroll.Gap{g}, fmt.Sprintf("the plan depends on what could not be looked at, nothing was changed: %s: %s", g.Scope, g.Reason))
	}
	if saved != nil {
		if !strings.EqualFold(saved.Tenant, p.Tenant) {
			return fail(codeTenant, "make a new plan", "the plan is for tenant %s, and this is tenant %s: nothing was changed", saved.Tenant, p.Tenant)
		}
		if why := enroll.Compare(*saved, p); len(why) > 0 {
			return fail(codePlanStale, "make a new one: intune-enroll plan -f FILE --out plan.json", "the plan is stale, nothing was changed: %s", strings.Join(why, "; "))
		}
	}
	if missing := s.missing(p); len(missing) > 0 {
		return fail(codePermission, "grant them to the sign-in and let an administrator consent, then look at: intune-enroll auth status",
			"the sign-in lacks what the plan takes, nothing was changed: %s", strings.Join(missing, "; "))
	}
	return nil
}

// missing are the permissions that writes of the plan take and the token does
// not carry. A token that cannot be read shows none, and the service decides.
func (s *session) missing(p enroll.Plan) []string {
	if s.identity.Opaque {
		return nil
	}
	var out []string
	for _, c := range p.Writes() {
		if !graph.Granted(s.identity.Permissions, c.Permissions) {
			out = append(out, strings.Join(c.Permissions, " or "))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// showPlan shows the plan before the question. On stdout it is part of the
// result for people; where stdout is for a machine it goes to stderr.
func (f *factory) showPlan(r render.Report) error {
	set, err := f.settings()
	if err != nil {
		return err
	}
	w, look := f.term.Out, f.look()
	if set.Output != "table" {
		w, look = f.term.Err, f.lookErr()
		look.Line = f.line
	}
	r.Command = "plan"
	if err := render.Write(w, "table", r, look); err != nil {
		return fail(codeOutput, "", "show the plan: %w", err)
	}
	return nil
}

// carryOut writes, and tells what became of each change.
func (f *factory) carryOut(ctx context.Context, s *session, p enroll.Plan, r render.Report) (render.Report, error) {
	set, err := f.settings()
	if err != nil {
		return r, err
	}
	journal, err := enroll.OpenJournal(set.Journal, p.Tenant, f.tool(), time.Now())
	if err != nil {
		return r, err
	}
	if !f.interrupts.finishing() {
		return r, f.interrupts.came()
	}
	s.engine.Journal = journal
	look := f.lookErr()
	result := s.engine.Apply(ctx, p, f.interrupts.stop, func(ev enroll.Event) {
		if ev.State != enroll.Started || f.global.Verbose {
			f.say("%s", render.Event(ev, look))
		}
	})
	r.Results, r.Journal = outcomes(result), journal.Path
	r.Summary = render.CountOutcomes(r.Results)
	err = f.ending(ctx, result, s.client.Wrote())
	if cerr := journal.Close(); cerr != nil && err == nil {
		err = fail(codeFailed, "", "everything was done, but the journal could not be closed: %w", cerr)
	}
	return r, err
}

// outcomes are what became of the writes, in the order done, failed, unknown, not tried.
func outcomes(result enroll.Result) []render.Outcome {
	out := []render.Outcome{}
	for _, group := range []struct {
		state string
		of    []enroll.Outcome
	}{{"done", result.Done}, {"failed", result.Failed}, {"unknown", result.Unknown}, {"not-tried", result.NotTried}} {
		for _, o := range group.of {
			x := render.Outcome{Ref: o.Change.Ref, Verb: o.Change.Verb, Op: o.Change.Op, State: group.state}
			if o.Err != nil {
				why := explain(o.Err)
				x.Error, x.Do = why.message, why.do
			}
			out = append(out, x)
		}
	}
	return out
}

// ending is the ladder of apply: an unknown outcome counts most, then an
// interrupt, then a stop half way, then a failure before anything was sent.
func (f *factory) ending(ctx context.Context, result enroll.Result, sent bool) error {
	again := again(result.Failed)
	left := len(result.Failed) + len(result.NotTried)
	count := fmt.Sprintf("%d done, %d failed, %d not tried, %d unknown", len(result.Done), len(result.Failed), len(result.NotTried), len(result.Unknown))
	switch {
	case len(result.Unknown) > 0:
		return fail(codeHalfway, again+"; it looks first whether the service did it", "of some changes nobody knows whether the service made them: %s", count)
	case left == 0:
		return nil
	case f.interrupts.came() != nil:
		why := explain(f.interrupts.came())
		return fail(why.code, again, "%s: %s", why.message, count)
	case sent || len(result.Done) > 0:
		return fail(codeHalfway, again, "stopped half way: %s", count)
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	why := codeFailed
	if len(result.Failed) > 0 {
		why = explain(result.Failed[0].Err).code
	}
	return fail(why, again, "nothing was changed: %s", count)
}

// again is how the same command goes on: at once where what failed may pass by
// itself, else after what helps against it.
func again(failed []enroll.Outcome) string {
	const same = "run the same command again: it goes on from there"
	for _, o := range failed {
		why := explain(o.Err)
		e, answered := errors.AsType[*graph.Error](o.Err)
		passes := why.code == codeUnreachable || answered && (e.Status/100 != 4 || e.Status == http.StatusTooManyRequests)
		if why.do != "" && !passes {
			return why.do + "; then " + same
		}
	}
	return same
}
