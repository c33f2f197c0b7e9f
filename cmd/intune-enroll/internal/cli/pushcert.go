package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/pushcert"
)

func newPushcert(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pushcert",
		Short: "Watch and renew the Apple MDM push certificate",
		Long: `Watch and renew the Apple MDM push certificate. Without one nothing enrolls, and
with another in its place every enrolled device has to enroll again.

Once a year: pushcert csr, the steps at Apple that it prints, pushcert upload.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPushStatus(f, nil), newPushCSR(f, nil), newPushUpload(f, nil))
	return cmd
}

// pushStatusOptions are the flags of pushcert status.
type pushStatusOptions struct{ Calendar, FailOn string }

type runPushStatusFunc func(ctx context.Context, f *factory, o pushStatusOptions) (render.Report, error)

func newPushStatus(f *factory, run runPushStatusFunc) *cobra.Command {
	if run == nil {
		run = runPushStatus
	}
	var o pushStatusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the push certificate: its end, topic and Apple account",
		Long: `Show the push certificate: its end, topic and Apple account. Exit codes are those
of check: 2 when it is due, 4 or 1 when it could not be looked at.`,
		Example: "  intune-enroll pushcert status --ics renewal.ics",
		Args:    noArgs,
		RunE: f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
			if err := knownSeverity(o.FailOn); err != nil {
				return render.Report{}, err
			}
			return run(ctx, f, o)
		}),
	}
	fl := cmd.Flags()
	fl.StringVar(&o.Calendar, "ics", "", "write a calendar file that reminds of the renewal")
	failOnFlag(cmd, &o.FailOn, enroll.Warning)
	return cmd
}

func runPushStatus(ctx context.Context, f *factory, o pushStatusOptions) (render.Report, error) {
	limits, err := f.limits()
	if err != nil {
		return render.Report{}, err
	}
	rules := pushcert.Rules(limits[enroll.PushCertificate])
	s, err := f.signIn(ctx, rules)
	if err != nil {
		return render.Report{}, err
	}
	live, err := s.look(ctx, nil, enroll.Organization, enroll.PushCertificate)
	if err != nil {
		return render.Report{}, err
	}
	f.sayUnnamed(live)
	// Only its name is missing where the organization cannot be read.
	live.Gaps = slices.DeleteFunc(live.Gaps, func(g enroll.Gap) bool { return g.Scope.Kind == enroll.Organization })
	findings := slices.Concat(enroll.Evaluate(rules, nil, live, live.At, true), s.clockFindings())
	r := s.report(live)
	r.FailOn, r.Limits, r.Push = o.FailOn, limits, &render.Push{}
	r.Findings, r.Rules = withFixes(enroll.SortFindings(findings), rules), reasonsOf(findings)
	r.Summary, r.Status = render.Count(r.Findings), r.State()
	if c := certificateIn(live); c != nil {
		r.Push.Certificate = &render.PushCertificate{AppleID: c.AppleID, Topic: c.Topic, Serial: c.SerialNumber, Expires: c.Expires.UTC(), Changed: c.Modified.UTC()}
		if err := f.remind(o.Calendar, s, r, *c); err != nil {
			return r, err
		}
	}
	err = verdict(r, o.FailOn)
	if o.Calendar != "" && r.Push.Certificate == nil && len(live.Gaps) == 0 {
		const unwritten = "there is no push certificate to be reminded of: %s was not written"
		if err == nil {
			return r, fail(codeUsage, "intune-enroll pushcert csr", unwritten, o.Calendar)
		}
		f.say("note: "+unwritten, term.Clean(o.Calendar))
	}
	return r, err
}

// certificateIn is the push certificate that was seen; nil when there is none.
func certificateIn(live enroll.Snapshot) *graph.PushCertificate {
	for _, o := range live.Objects[enroll.PushCertificate] {
		switch c := o.Facts.(type) {
		case graph.PushCertificate:
			return &c
		case pushcert.Present:
			return &c.PushCertificate
		}
	}
	return nil
}

// remind writes the calendar file, when one is wanted.
func (f *factory) remind(path string, s *session, r render.Report, c graph.PushCertificate) error {
	if path == "" {
		return nil
	}
	if err := replaceFile(path, pushcert.Calendar(cmp.Or(r.Tenant.Name, r.Tenant.ID), r.Tenant.ID, c, s.client.Now()), 0o644); err != nil {
		return fmt.Errorf("write the calendar file: %w", err)
	}
	r.Push.Calendar = path
	return nil
}
