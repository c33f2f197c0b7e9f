package cli

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// tenantsAtOnce is how many tenants are looked at side by side. Each has
// throttling of its own at the service, so only this machine sets a bound.
const tenantsAtOnce = 128

// checkAll looks at the tenant of every context, side by side. What fails for
// one stands in its part of the report and hides nothing of another.
func (f *factory) checkAll(ctx context.Context, o checkOptions, read reading) (render.Report, error) {
	s, err := f.settings()
	if err != nil {
		return render.Report{}, err
	}
	switch {
	case s.Context != "":
		return render.Report{}, fail(codeUsage, "", "--all looks at every context, and %s names one: leave one of them out", s.From("context"))
	case len(s.Contexts) == 0:
		return render.Report{}, fail(codeUsage, "intune-enroll help environment", "--all looks at the contexts of the settings file, and there is none")
	}
	for _, name := range []string{"tenant", "client-id"} {
		if from := s.From(name); from == "flag --"+name {
			return render.Report{}, fail(codeUsage, "", "--all looks at the tenants of the contexts: leave --%s out", name)
		}
	}
	defer f.term.Progress("looking at " + enroll.Plural(len(s.Contexts), "tenant"))()
	reports, errs := make([]render.Report, len(s.Contexts)), make([]error, len(s.Contexts))
	free := make(chan struct{}, tenantsAtOnce)
	var side enroll.Together
	for i, name := range s.Contexts {
		side.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			g := f.in(name)
			if reports[i], errs[i] = g.checkTenant(ctx, o, read); errs[i] != nil && ctx.Err() != nil && !errors.As(errs[i], new(*failure)) {
				errs[i] = over(ctx, errs[i])
			}
			if s, err := g.settings(); err == nil { // else it is the error of the check
				reports[i].Asked, reports[i].FailOn = s.Tenant, o.FailOn
			}
		})
	}
	side.Wait()
	if why := context.Cause(ctx); why != nil && explain(why).code != codeTimeout {
		return render.Report{}, why
	}
	r, err := together(s.Contexts, reports, errs)
	r.Files = read.files
	return r, err
}

// in is the factory for one context. It shows no progress of its own.
func (f *factory) in(name string) *factory {
	g := *f
	quiet := *f.term
	quiet.Quiet, g.term = true, &quiet
	g.settings = sync.OnceValues(func() (settings.Settings, error) {
		s, err := settings.Load(settings.Source{Flags: f.flags, Env: f.process.Env, File: f.global.SettingsFile, Context: name})
		if err != nil {
			return s, fail(codeUsage, "intune-enroll help environment", "%w", err)
		}
		return s, nil
	})
	return &g
}

// together makes one report of several, and of their errors the worst.
func together(names []string, reports []render.Report, errs []error) (render.Report, error) {
	out := render.Report{Status: enroll.OK}
	var all []enroll.Finding
	for i, r := range reports {
		r.Error = asError(errs[i])
		out.Contexts, all = append(out.Contexts, r.Part(names[i])), append(all, r.Findings...)
		if r.At.After(out.At) {
			out.At = r.At
		}
	}
	out.Summary, out.Status, out.Rules = render.Count(all), out.State(), reasonsOf(all)
	return out, worst(names, errs)
}

// worst is the error that decides the exit code of several checks: something
// found over a refusal over a missing sign-in over anything else.
func worst(names []string, errs []error) error {
	order := []int{exitFound, exitRefused, exitSignIn, exitFailed}
	at, failed := -1, 0
	for i, err := range errs {
		if err == nil {
			continue
		}
		if exitCode(err) != exitFound {
			failed++
		}
		if at < 0 || slices.Index(order, exitCode(err)) < slices.Index(order, exitCode(errs[at])) {
			at = i
		}
	}
	if at < 0 || exitCode(errs[at]) == exitFound {
		if at < 0 {
			return nil
		}
		return errFound
	}
	why := explain(errs[at])
	return fail(why.code, why.do, "%d of %s could not be looked at whole; %s: %s", failed, enroll.Plural(len(errs), "tenant"), names[at], why.message)
}
