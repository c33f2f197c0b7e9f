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

// The rules that are reported from outside their Check as well.
const (
	ruleSerials  = "X-60"
	ruleAffinity = "CFP-02"
)

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

// says tells whether the file gives one of the keys a value.
func (e entry) says(paths ...string) (string, bool) {
	for _, p := range paths {
		if e.Values[p] != nil {
			return p, true
		}
	}
	return "", false
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

// one is a list of one finding.
func one(f enroll.Finding) []enroll.Finding { return []enroll.Finding{f} }

// with is f of another severity than the rule's own.
func with(severity enroll.Severity, f enroll.Finding) enroll.Finding {
	f.Severity = severity
	return f
}

// undecided is CFP-02 for a profile that has no user affinity where it needs one.
func undecided(o enroll.Object, message string) enroll.Finding {
	return enroll.Finding{Rule: ruleAffinity, Severity: enroll.Error, On: o.Ref, Path: pathAffinity, Origin: o.Where(pathAffinity), Message: message,
		Fix: "write userAffinity: user or userAffinity: none, or correct the name"}
}
