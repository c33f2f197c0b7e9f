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

// rules is the whole catalogue with the limits of the settings.
func (f *factory) rules() ([]enroll.Rule, error) {
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
	limits := func(kind enroll.KindName) enroll.Limits {
		return enroll.Limits{Warn: warn.For(string(kind)), Critical: critical.For(string(kind))}
	}
	return guard.Rules(guard.Limits{
		PushCertificate: limits(enroll.PushCertificate),
		ADEToken:        limits(enroll.ADEToken),
		VPPToken:        limits(enroll.VPPToken),
	}), nil
}
