package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// validateOptions are the flags and arguments of validate.
type validateOptions struct {
	Files  []string
	FailOn string
}

type runValidateFunc func(ctx context.Context, f *factory, o validateOptions) (render.Report, error)

func newValidate(f *factory, run runValidateFunc) *cobra.Command {
	if run == nil {
		run = runValidate
	}
	var o validateOptions
	cmd := &cobra.Command{
		Use:   "validate [FILE...]",
		Short: "Check files without a tenant: spelling, types and the rules of enrollment",
		Long: `Check files without a tenant: spelling, types and the rules of enrollment.
Nothing is sent anywhere. "validate FILE..." is short for "validate -f FILE".

Exit code 3 when there is an error; 2 when there are warnings or notes at or
above --fail-on.`,
		Example: "  intune-enroll validate contoso.yaml",
		RunE: f.reporting(func(ctx context.Context, args []string) (render.Report, error) {
			o.Files = slices.Concat(f.global.Files, args)
			if err := knownSeverity(o.FailOn); err != nil {
				return render.Report{}, err
			}
			if len(o.Files) == 0 {
				return render.Report{}, fail(codeUsage, "intune-enroll validate FILE", "no file given to validate")
			}
			return run(ctx, f, o)
		}),
	}
	failOnFlag(cmd, &o.FailOn, enroll.Error)
	return cmd
}

func runValidate(ctx context.Context, f *factory, o validateOptions) (render.Report, error) {
	read, err := f.read(ctx, o.Files)
	if err != nil {
		return render.Report{}, err
	}
	f.line = read.line
	r, err := f.judge(read)
	if err != nil {
		return render.Report{}, err
	}
	r.Rules, r.FailOn = reasonsOf(r.Findings), o.FailOn
	r.Summary, r.Status = render.Count(r.Findings), enroll.Worst(r.Findings)
	if n := broken(r.Findings); n > 0 {
		c := codeRuleBroken
		if broken(read.findings) > 0 {
			c = codeFileInvalid
		}
		return r, fail(c, "", "%s in %s", enroll.Plural(n, "error"), strings.Join(r.Files, ", "))
	}
	if found(r.Findings, o.FailOn) {
		return r, errFound
	}
	return r, nil
}

// judge reports what a file alone shows.
func (f *factory) judge(read reading) (render.Report, error) {
	rules, err := f.rules()
	if err != nil {
		return render.Report{}, err
	}
	r := read.report()
	r.At = time.Now().UTC()
	if broken(read.findings) == 0 {
		r.Findings = append(r.Findings, enroll.Evaluate(rules, read.objects, enroll.Snapshot{}, r.At, false)...)
	}
	r.Findings = withFixes(enroll.SortFindings(r.Findings), rules)
	return r, nil
}
