package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
)

// planOptions are the flags of plan.
type planOptions struct {
	Files            []string
	DetailedExitCode bool
	Out              string
}

type runPlanFunc func(ctx context.Context, f *factory, o planOptions) (render.Report, error)

func newPlan(f *factory, run runPlanFunc) *cobra.Command {
	if run == nil {
		run = runPlan
	}
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what a file would change in the tenant",
		Long: `Show what a file would change in the tenant. Only reads.

  + create   ~ change   - delete   ! a step by hand   i note

Exit code 0, also with changes; with --detailed-exitcode 2 when there are
changes. 3 when the file breaks a rule or is for another tenant, 4 or 1 when
something could not be looked at.`,
		Example: `  intune-enroll plan -f contoso.yaml
  intune-enroll plan -f contoso.yaml --out plan.json --detailed-exitcode`,
		Args: noArgs,
		RunE: f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
			o.Files = f.global.Files
			if len(o.Files) == 0 {
				return render.Report{}, fail(codeUsage, "intune-enroll plan -f FILE", "no file given to plan")
			}
			return run(ctx, f, o)
		}),
	}
	cmd.Flags().BoolVar(&o.DetailedExitCode, "detailed-exitcode", false, "exit with 2 when there are changes")
	cmd.Flags().StringVar(&o.Out, "out", "", "save the plan in this file, for apply")
	_ = cmd.MarkFlagFilename("out", "json") // the flag exists: it was just added
	return cmd
}

func runPlan(ctx context.Context, f *factory, o planOptions) (render.Report, error) {
	read, err := f.read(ctx, o.Files)
	if err != nil {
		return render.Report{}, err
	}
	f.line = read.line
	s, p, r, err := f.plan(ctx, read)
	if s == nil || p.Schema == "" {
		return r, err
	}
	if o.Out != "" {
		if serr := savePlan(o.Out, p); serr != nil {
			return r, serr
		}
		r.Saved = o.Out
	}
	if err == nil {
		err = planVerdict(p)
	}
	if err == nil && o.DetailedExitCode && len(p.Writes()) > 0 {
		err = errFound
	}
	return r, err
}

// plan signs in, looks, and compares the document with the tenant. The report
// is as complete as the error lets it be; a plan that was made has a Schema.
func (f *factory) plan(ctx context.Context, read reading) (*session, enroll.Plan, render.Report, error) {
	r := read.report()
	rules, err := f.workRules()
	if err != nil {
		return nil, enroll.Plan{}, r, err
	}
	if broken(read.findings) > 0 {
		r.Findings = withFixes(r.Findings, rules)
		return nil, enroll.Plan{}, r, refused(codeFileInvalid, read.findings)
	}
	s, err := f.signIn(ctx, rules)
	if err != nil {
		return nil, enroll.Plan{}, r, err
	}
	return f.compare(ctx, s, read)
}

// compare is plan for a session that is signed in.
func (f *factory) compare(ctx context.Context, s *session, read reading) (*session, enroll.Plan, render.Report, error) {
	r := read.report()
	live, err := s.look(ctx, read.objects, append(guard.Also(read.objects), enroll.Organization)...)
	if err != nil {
		return s, enroll.Plan{}, r, err
	}
	seen := s.report(live)
	r.Tenant, r.Cloud, r.At, r.Gaps = seen.Tenant, seen.Cloud, seen.At, seen.Gaps
	if err := guardTenant(read.document.Tenant, *r.Tenant, live); err != nil {
		return s, enroll.Plan{}, r, err
	}
	p := s.planOf(ctx, read.objects, live)
	if p.Document, err = json.Marshal(read.document); err != nil {
		return s, enroll.Plan{}, r, fmt.Errorf("write the document into the plan: %w", err)
	}
	p.Findings = withFixes(enroll.SortFindings(slices.Concat(read.findings, p.Findings, s.clockFindings())), s.engine.Rules)
	r.Findings, r.Gaps, r.Changes = p.Findings, p.Gaps, p.Changes
	r.Summary = render.CountChanges(p.Changes)
	return s, p, r, nil
}

// planOf is the plan for what was seen. Groups that lose something by it are
// looked up first, so that they have names.
func (s *session) planOf(ctx context.Context, want []enroll.Object, live enroll.Snapshot) enroll.Plan {
	bound, _ := s.engine.Bind(want, live)
	if foreign := directory.Foreign(bound, live); len(foreign) > 0 {
		live = directory.Known(live, s.engine.Look(ctx, foreign).Objects[enroll.Group])
	}
	return s.engine.Plan(want, live, live.At.UTC().Truncate(time.Second))
}

// planVerdict says why a plan cannot be applied as it is: a broken rule counts
// more than something that could not be looked at.
func planVerdict(p enroll.Plan) error {
	if err := refused(codeRuleBroken, p.Findings); err != nil {
		return err
	}
	if len(p.Gaps) > 0 {
		return notLooked(p.Gaps, fmt.Sprintf("could not look at %s: %s", p.Gaps[0].Scope, p.Gaps[0].Reason))
	}
	return nil
}
