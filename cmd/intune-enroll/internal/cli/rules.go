package cli

import (
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guard"
)

// expiring are the kinds that have limits of their own.
func expiring() []string {
	return []string{string(enroll.PushCertificate), string(enroll.ADEToken), string(enroll.VPPToken)}
}

// limits are how long before its expiry a thing of each kind is reported.
func (f *factory) limits() (map[enroll.KindName]enroll.Limits, error) {
	s, err := f.settings()
	if err != nil {
		return nil, err
	}
	warn, err := settings.ParseThresholds(s.Warn, expiring())
	if err != nil {
		return nil, fail(codeUsage, "intune-enroll check --help", "warn from %s: %w", s.From("warn"), err)
	}
	critical, err := settings.ParseThresholds(s.Critical, expiring())
	if err != nil {
		return nil, fail(codeUsage, "intune-enroll check --help", "critical from %s: %w", s.From("critical"), err)
	}
	out := map[enroll.KindName]enroll.Limits{}
	for _, kind := range expiring() {
		out[enroll.KindName(kind)] = enroll.Limits{Warn: warn.For(kind), Critical: critical.For(kind)}
	}
	return out, nil
}

// rules is the whole catalogue with the limits of the settings.
func (f *factory) rules() ([]enroll.Rule, error) {
	l, err := f.ruleLimits()
	if err != nil {
		return nil, err
	}
	return guard.Rules(l), nil
}

// workRules are the rules of plan and apply with the limits of the settings.
func (f *factory) workRules() ([]enroll.Rule, error) {
	l, err := f.ruleLimits()
	if err != nil {
		return nil, err
	}
	return guard.WorkRules(l), nil
}

func (f *factory) ruleLimits() (guard.Limits, error) {
	l, err := f.limits()
	return guard.Limits{PushCertificate: l[enroll.PushCertificate], ADEToken: l[enroll.ADEToken], VPPToken: l[enroll.VPPToken]}, err
}
