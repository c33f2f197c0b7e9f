package configurator

import (
	"fmt"
	"slices"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Pages of Microsoft's documentation that rules refer to.
const (
	pageSetup  = "https://learn.microsoft.com/intune/device-enrollment/apple/setup-configurator-ios"
	pageGuide  = "https://learn.microsoft.com/intune/device-enrollment/apple/guide-ios-ipados"
	pageDirect = "https://learn.microsoft.com/intune/device-enrollment/apple/setup-corporate-userless"
)

// ruleSerials is reported from outside its Check as well.
const ruleSerials = "X-60"

// Rules are the statements of the enrollment guide, and the limits of Intune,
// about profiles for Apple Configurator. Some share their id with a rule about
// other profiles: it is the same statement.
func Rules() []enroll.Rule {
	return slices.Concat(signInRules(), modeRules(), deviceRules())
}

// entry is one wanted profile as a rule sees it.
type entry struct {
	enroll.Entry
	setup
	object enroll.Object
}

// finding is about the key at path; where the file lacks the key, about the entry.
func (e entry) finding(path, format string, args ...any) enroll.Finding {
	return enroll.Finding{Message: fmt.Sprintf(format, args...), On: e.object.Ref, Path: path, Origin: e.Where(path)}
}

// check makes the Check of a rule that looks at one wanted profile at a time.
func check(look func(e entry) []enroll.Finding) func([]enroll.Object, enroll.Snapshot, time.Time) []enroll.Finding {
	return func(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
		var out []enroll.Finding
		for _, o := range want {
			if e, ok := o.Facts.(enroll.Entry); ok && o.Ref.Kind == enroll.ConfiguratorProfile {
				out = append(out, look(entry{e, setupOf(e.Values), o})...)
			}
		}
		return out
	}
}

// when makes the Check of a rule that one sentence about the key at path says,
// for each wanted profile that breaks it.
func when(path, message string, broken func(e entry) bool) func([]enroll.Object, enroll.Snapshot, time.Time) []enroll.Finding {
	return check(func(e entry) []enroll.Finding {
		if !broken(e) {
			return nil
		}
		return one(e.finding(path, "%s", message))
	})
}

// one is a list of one finding.
func one(f enroll.Finding) []enroll.Finding { return []enroll.Finding{f} }

// with is f of another severity than the rule's own.
func with(severity enroll.Severity, f enroll.Finding) enroll.Finding {
	f.Severity = severity
	return f
}
