package ade

import (
	"fmt"
	"slices"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Pages of Microsoft's documentation that rules refer to.
const (
	pageSetup  = "https://learn.microsoft.com/intune/device-enrollment/apple/setup-automated-ios"
	pageAuth   = "https://learn.microsoft.com/intune/device-enrollment/apple/ref-automated-authentication-methods"
	pageGuide  = "https://learn.microsoft.com/intune/device-enrollment/apple/guide-ios-ipados"
	pageTokens = "https://learn.microsoft.com/intune/device-enrollment/apple/manage-devices-tokens-apple"
	pageJIT    = "https://learn.microsoft.com/intune/device-enrollment/apple/setup-just-in-time-registration"
	pageShared = "https://learn.microsoft.com/intune/device-enrollment/apple/shared-ipad"
	pageEntra  = "https://learn.microsoft.com/intune/device-enrollment/apple/setup-automated-shared-device-mode"
	pageSync   = "https://learn.microsoft.com/troubleshoot/mem/intune/device-enrollment/troubleshoot-ios-enrollment-errors"
)

// Rules are the statements of the enrollment guide, and the limits of Intune
// and Apple, about the enrollment profiles that a file wants. Most need no
// tenant. The state of live tokens is checked by [TokenRules].
func Rules() []enroll.Rule {
	return slices.Concat(signInRules(), portalRules(), backEndRules(), valueRules(), deviceRules(), groupRules())
}

// entry is one wanted profile as a rule sees it.
type entry struct {
	enroll.Entry
	setup
	object enroll.Object
}

// finding is about the key at path; where the file lacks the key, about the entry.
func (e entry) finding(path, format string, args ...any) enroll.Finding {
	return enroll.Finding{
		Message: fmt.Sprintf(format, args...),
		On:      e.object.Ref, Path: path, Origin: e.Where(path),
	}
}

// with is f of another severity than the rule's own.
func with(severity enroll.Severity, f enroll.Finding) enroll.Finding {
	f.Severity = severity
	return f
}

// entries are the wanted profiles.
func entries(want []enroll.Object) []entry {
	var out []entry
	for _, o := range want {
		if e, ok := o.Facts.(enroll.Entry); ok && o.Ref.Kind == enroll.ADEProfile {
			out = append(out, entry{e, setupOf(e.Values), o})
		}
	}
	return out
}

// check makes the Check of a rule that looks at one wanted profile at a time.
func check(look func(e entry) []enroll.Finding) func([]enroll.Object, enroll.Snapshot, time.Time) []enroll.Finding {
	return func(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
		var out []enroll.Finding
		for _, e := range entries(want) {
			out = append(out, look(e)...)
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
