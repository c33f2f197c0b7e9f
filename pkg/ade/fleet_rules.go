package ade

import (
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// FleetRules are about devices that would enroll without a profile.
func FleetRules() []enroll.Rule {
	return []enroll.Rule{{
		ID: "ade-bare", Severity: enroll.Warning, Title: "every device that may enroll has a profile", Link: pageSetup,
		Needs: []enroll.KindName{enroll.ADEToken, enroll.ADEDefault, Fleet},
		Why:   "An iPhone or iPad that is switched on before it has a profile does not enroll. A default profile goes to devices when they sync in; those that were there before need one of their own.",
		Fix:   "give the token a defaultProfile in the file, and the devices that are there already a profile by their serial numbers; see them with: intune-enroll ade devices list",
		Check: bare,
	}}
}

func bare(_ []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	defaults := map[string]bool{}
	for _, o := range live.Objects[enroll.ADEDefault] {
		if d, ok := o.Facts.(DefaultFacts); ok {
			defaults[o.Ref.Scope] = d.ProfileID != ""
		}
	}
	synced := map[string]int{}
	for _, o := range live.Objects[enroll.ADEToken] {
		if t, ok := o.Facts.(TokenFacts); ok {
			synced[o.Ref.Owner()] = t.Devices
		}
	}
	var out []enroll.Finding
	for _, o := range live.Objects[Fleet] {
		owner, _ := o.Ref.ScopeRef()
		facts, ok := o.Facts.(FleetFacts)
		set, looked := defaults[o.Ref.Scope]
		if !ok || !looked {
			continue // the gap says so
		}
		of := fmt.Sprintf("iPhones and iPads without a profile: %d of %s", facts.Bare, enroll.Plural(facts.Seen, "device"))
		if facts.Partial {
			of = fmt.Sprintf("iPhones and iPads without a profile: %d of the first %d devices", facts.Bare, facts.Seen)
		}
		f := enroll.Finding{On: owner, Path: "defaultProfile"}
		switch n := synced[o.Ref.Scope]; {
		case facts.Seen == 0 && n > 0:
			f.Severity, f.Message = enroll.Unknown, fmt.Sprintf("the service lists no device, and the token has synced %d: whether they have a profile cannot be told", n)
		case set && facts.Bare == 0:
			f.Severity, f.Message = enroll.OK, "the token has a default profile, and no device is without one"
			if facts.Partial {
				f.Message = fmt.Sprintf("the token has a default profile, and none of the first %d devices is without one", facts.Seen)
			}
		case set:
			f.Severity, f.Message = enroll.Info, of+"; the default goes only to devices that sync in from now on"
		case facts.Bare > 0:
			f.Message = of + ", and the token has no default: they do not enroll"
		default:
			f.Message = "the token has no default profile: devices that sync in do not enroll before they get one"
		}
		out = append(out, f.Measured(float64(facts.Bare), "devices"))
	}
	return out
}
