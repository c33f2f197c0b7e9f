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
	warn, err := settings.ParseThresholds("warn", s.Warn, expiring())
	if err != nil {
		return nil, fail(codeUsage, "intune-enroll check --help", "%w", err)
	}
	critical, err := settings.ParseThresholds("critical", s.Critical, expiring())
	if err != nil {
		return nil, fail(codeUsage, "intune-enroll check --help", "%w", err)
	}
	out := map[enroll.KindName]enroll.Limits{}
	for _, kind := range expiring() {
		out[enroll.KindName(kind)] = enroll.Limits{Warn: warn.For(kind), Critical: critical.For(kind)}
	}
	return out, nil
}

// rules is the whole catalogue with the limits of the settings.
func (f *factory) rules() ([]enroll.Rule, error) {
	l, err := f.limits()
	if err != nil {
		return nil, err
	}
	return guard.Rules(guard.Limits{PushCertificate: l[enroll.PushCertificate], ADEToken: l[enroll.ADEToken], VPPToken: l[enroll.VPPToken]}), nil
}

// workRules are the rules of plan and apply: what is about to expire warns and
// does not keep anybody from working; what has expired still does.
func (f *factory) workRules() ([]enroll.Rule, error) {
	l, err := f.limits()
	if err != nil {
		return nil, err
	}
	warn := func(k enroll.KindName) enroll.Limits { return enroll.Limits{Warn: l[k].Warn} }
	return guard.Rules(guard.Limits{PushCertificate: warn(enroll.PushCertificate), ADEToken: warn(enroll.ADEToken), VPPToken: warn(enroll.VPPToken)}), nil
}
