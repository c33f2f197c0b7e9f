package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
	"github.com/intune-enroll/intune-enroll/pkg/tenant"
)

// checkOptions are the flags of check.
type checkOptions struct {
	Files      []string
	FailOn     string
	Only, Skip []string // kinds and rule ids
	All        bool     // every context of the settings file
	Always     bool     // notify the webhook also when nothing has changed
}

type runCheckFunc func(ctx context.Context, f *factory, o checkOptions) (render.Report, error)

// exportedFile is the rule about exported files.
const exportedFile = "X-63"

// checked are the kinds that check looks at without a file.
func checked() []enroll.KindName {
	return []enroll.KindName{
		enroll.Organization, enroll.License, tenant.Account, tenant.Restriction, enroll.PushCertificate, enroll.VPPToken,
		enroll.ADEToken, enroll.ADEDefault, ade.Fleet, enroll.PortalApp, enroll.AppAssignment,
	}
}

func newCheck(f *factory, run runCheckFunc) *cobra.Command {
	if run == nil {
		run = runCheck
	}
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "See whether the tenant is healthy: push certificate, tokens, licences",
		Long: `See whether the tenant is healthy: the Apple push certificate, enrollment and
VPP tokens, default profiles and devices without one, Company Portal and its
licences, enrollment restrictions, MDM authority and licences, and exported
.mobileconfig files; with -f also what that file needs. Only reads. What could not be looked at is never called well.

Exit code 2 when something is at or above --fail-on; otherwise 4 or 1 when
something could not be looked at. With -o nagios 0, 1, 2 and 3 as monitoring
takes them. With --all the worst of the tenants decides: 2 over 3 over 4 over 1.
A webhook is notified when something else is wrong than the last time; exit code
1 when it does not take that.`,
		Example: `  intune-enroll check
  intune-enroll check --warn 60d,30d --critical ade-token=14d -o json
  intune-enroll check --all -o markdown
  intune-enroll check -o prometheus --out-file /var/lib/node_exporter/intune.prom`,
		Args: noArgs,
		RunE: f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
			o.Files = f.global.Files
			if err := knownSeverity(o.FailOn); err != nil {
				return render.Report{}, err
			}
			return run(ctx, f, o)
		}),
	}
	fl := cmd.Flags()
	failOnFlag(cmd, &o.FailOn, enroll.Warning)
	fl.StringSliceVar(&o.Only, "only", nil, "look at these kinds or rules only")
	fl.StringSliceVar(&o.Skip, "skip", nil, "leave these kinds or rules out")
	fl.BoolVar(&o.All, "all", false, "look at the tenant of every context of the settings file, side by side")
	for _, k := range settings.Keys() {
		if k.Flag == "webhook" || k.Flag == "webhook-format" {
			fl.String(k.Flag, k.Default, k.Doc)
		}
	}
	fl.BoolVar(&o.Always, "always", false, "notify the webhook also when the same is wrong as the last time")
	f.outFileFlag(cmd)
	fl.StringArray("warn", nil, "how long before an expiry to warn: 60d,30d, or for one kind push-certificate=60d,30d; repeatable")
	fl.StringArray("critical", nil, "how long before an expiry it is critical, written as --warn")
	completeBy(cmd, "only", func(*cobra.Command) []string { return selectable() })
	completeBy(cmd, "skip", func(*cobra.Command) []string { return selectable() })
	complete(cmd, "webhook-format", render.WebhookFormats()...)
	return cmd
}

func runCheck(ctx context.Context, f *factory, o checkOptions) (render.Report, error) {
	if w, err := f.webhook(); err != nil {
		return render.Report{}, err
	} else if w == nil && o.Always {
		return render.Report{}, fail(codeUsage, "give its address in "+settings.Prefix+"WEBHOOK, or as --webhook", "--always notifies a webhook, and there is none")
	}
	var read reading
	if len(o.Files) > 0 {
		var err error
		if read, err = f.read(ctx, o.Files); err != nil {
			return render.Report{}, err
		}
		f.line = read.line
		if n := broken(read.findings); n > 0 {
			r := read.report()
			r.Findings = withFixes(r.Findings, guard.All())
			return r, fail(codeFileInvalid, "", "%s in what the file wants: the tenant was not looked at", enroll.Plural(n, "error"))
		}
	}
	look := f.checkTenant
	if o.All {
		look = f.checkAll
	}
	r, err := look(ctx, o, read)
	r.FailOn = o.FailOn
	return f.notify(ctx, o, r, err)
}

// checkTenant looks at one tenant: that of the settings.
func (f *factory) checkTenant(ctx context.Context, o checkOptions, read reading) (render.Report, error) {
	rules, err := f.rules()
	if err != nil {
		return render.Report{}, err
	}
	kinds, chosen, err := choose(rules, o)
	if err != nil {
		return render.Report{}, err
	}
	if len(chosen) == 0 && !o.wants(exportedFile) && (len(read.objects) == 0 || !o.wants(guard.Permissions)) {
		return render.Report{}, fail(codeUsage, "intune-enroll explain", "--only and --skip leave nothing to look at here")
	}
	s, err := f.signIn(ctx, chosen)
	if err != nil {
		return render.Report{}, err
	}
	live, err := s.look(ctx, read.objects, slices.Concat(kinds, guard.Also(read.objects))...)
	if err != nil {
		return render.Report{}, err
	}
	r := s.report(live)
	r.Files = read.files
	if r.Limits, err = f.limits(); err != nil {
		return r, err
	}
	if err := guardTenant(read.document.Tenant, *r.Tenant, live); err != nil {
		return r, err
	}
	p := s.planOf(ctx, read.objects, live)
	findings := slices.Concat(read.findings, p.Findings, s.clockFindings())
	if len(read.objects) > 0 && o.wants(guard.Permissions) {
		findings = append(findings, s.permissionFinding(p))
	}
	if o.wants(exportedFile) {
		findings = append(findings, f.exportFindings(*r.Tenant, live.At)...)
	}
	findings = slices.DeleteFunc(findings, func(x enroll.Finding) bool { return slices.Contains(o.Skip, x.Rule) })
	r.Findings, r.Rules = withFixes(enroll.SortFindings(findings), rules), reasonsOf(findings)
	r.Summary, r.Status = render.Count(r.Findings), r.State()
	return r, verdict(r, o.FailOn)
}

// exportFindings are those about files that were exported on this machine.
func (f *factory) exportFindings(t render.Tenant, now time.Time) []enroll.Finding {
	exports, err := f.exported(t.ID)
	if err != nil {
		return []enroll.Finding{{Rule: exportedFile, Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.ConfiguratorProfile}, Message: "could not look: " + err.Error()}}
	}
	return configurator.ExportFindings(exports, now)
}

// wants tells whether findings of a rule that belongs to no kind are wanted.
func (o checkOptions) wants(rule string) bool {
	return !slices.Contains(o.Skip, rule) && (len(o.Only) == 0 || slices.Contains(o.Only, rule))
}

// permissionFinding says what the sign-in lacks for what the file would change.
func (s *session) permissionFinding(p enroll.Plan) enroll.Finding {
	f := enroll.Finding{Rule: guard.Permissions, Severity: enroll.OK, Message: "the sign-in may make every change that the file needs"}
	if s.identity.Opaque {
		f.Severity, f.Message = enroll.Info, "the token cannot be read: whether the sign-in may make the changes that the file needs is not known"
	} else if missing := s.missing(p); len(missing) > 0 {
		f.Severity, f.Message = enroll.Info, "this sign-in could not apply the file, it lacks: "+strings.Join(missing, "; ")
	}
	return f
}

// selectable are the kinds and the rules that --only and --skip are for.
func selectable() []string {
	var out []string
	for _, k := range checked() {
		out = append(out, string(k))
	}
	for _, r := range guard.All() {
		if !r.Offline {
			out = append(out, r.ID)
		}
	}
	return out
}

// choose applies --only and --skip: the kinds to look at and the rules to run.
func choose(rules []enroll.Rule, o checkOptions) ([]enroll.KindName, []enroll.Rule, error) {
	known := map[string]bool{}
	for _, k := range checked() {
		known[string(k)] = true
	}
	for _, r := range guard.All() {
		known[r.ID] = true
		for _, k := range r.Needs {
			known[string(k)] = true
		}
	}
	for _, name := range slices.Concat(o.Only, o.Skip) {
		if !known[name] {
			return nil, nil, fail(codeUsage, "intune-enroll explain", "--only and --skip take kinds and rule ids, and %q is none: use %s, or a rule id", name, join(checked()))
		}
	}
	in := func(list []string, names ...enroll.KindName) bool {
		return slices.ContainsFunc(names, func(n enroll.KindName) bool { return slices.Contains(list, string(n)) })
	}
	var chosen []enroll.Rule
	kinds := map[enroll.KindName]bool{}
	for _, r := range rules {
		if r.Offline || slices.Contains(o.Skip, r.ID) || in(o.Skip, r.Needs...) {
			continue
		}
		if len(o.Only) > 0 && !slices.Contains(o.Only, r.ID) && !in(o.Only, r.Needs...) {
			continue
		}
		chosen = append(chosen, r)
		for _, k := range r.Needs {
			kinds[k] = true
		}
	}
	out := slices.DeleteFunc(checked(), func(k enroll.KindName) bool {
		// The tenant's name is asked for in any case.
		return k != enroll.Organization && !kinds[k]
	})
	return out, chosen, nil
}

// verdict is the end of check: something found counts more than something that
// could not be looked at.
func verdict(r render.Report, failOn string) error {
	switch {
	case found(r.Findings, failOn):
		return errFound
	case len(r.Gaps) > 0:
		return notLooked(r.Gaps, fmt.Sprintf("could not look at %s: %s", r.Gaps[0].Scope, r.Gaps[0].Reason))
	case r.Summary[string(enroll.Unknown)] > 0:
		return notLooked(nil, "not everything could be told; see what is unknown above")
	}
	return nil
}

func join[T ~string](names []T) string {
	out := map[string]bool{}
	for _, n := range names {
		out[string(n)] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(out)), ", ")
}
