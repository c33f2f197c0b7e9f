package configurator

import (
	"fmt"
	"slices"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// manyDevices is from how many on enrolling one by one over a cable is called slow.
const manyDevices = 50

// deviceRules are about the serial numbers of profiles.
func deviceRules() []enroll.Rule {
	return []enroll.Rule{
		{
			ID: "ADE-06", Severity: enroll.Error, Title: "a device has one profile", Link: pageSetup,
			Why:   "The last assignment wins: with a serial number in two profiles chance would decide which one the device gets.",
			Fix:   "leave the serial number in one of them",
			Check: serialsTwice,
		},
		{
			ID: "CAU-11", Severity: enroll.Warning, Title: "Setup Assistant enrollment needs serial numbers", Link: pageSetup,
			Why: "The enrollment URL names no profile: a device gets the one that its serial number was imported with, and fails to enroll without one.",
			Fix: "list the devices under devices.serials or in devices.file, or import them: intune-enroll configurator devices import FILE --profile NAME",
			Check: check(func(e entry) []enroll.Finding {
				if e.affinity == "" || e.mode != ModeSetup || len(e.serials) > 0 {
					return nil
				}
				return one(e.finding(pathSerials, "profile %q lists no serial number: devices enroll with it only after theirs are imported", e.Values.Text(pathName)))
			}),
		},
		{
			ID: "CFG-T07", Severity: enroll.Warning, Title: "Apple Configurator is slow for many devices", Link: pageGuide,
			Why: "Each device is connected to a Mac by cable.",
			Fix: "plan the time, or use Automated Device Enrollment (ade in the file) where Apple Business Manager is available",
			Check: check(func(e entry) []enroll.Finding {
				if len(e.serials) <= manyDevices {
					return nil
				}
				return one(e.finding(pathSerials, "%d devices are connected to a Mac one after the other", len(e.serials)))
			}),
		},
		{
			ID: ruleSerials, Severity: enroll.Error, Title: "what Intune takes of serial numbers", Link: pageSetup,
			Why:   "A tenant takes at most 75,000 devices for Apple Configurator and 5,000 in one import, which is split as needed. What is imported already is changed only where that is asked for.",
			Fix:   "import fewer, or use Automated Device Enrollment",
			Check: tooMany,
		},
	}
}

// tooMany looks at the serial numbers of all profiles together.
func tooMany(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	total := 0
	for _, o := range want {
		if o.Ref.Kind != enroll.ConfiguratorDevices {
			continue
		}
		if before := total; before <= maxDevices && before+len(o.Items) > maxDevices {
			return one(enroll.Finding{On: o.Ref, Path: pathSerials, Origin: o.Where(pathSerials),
				Message: fmt.Sprintf("with %s of profile %q there are more than %d in the file", enroll.Plural(len(o.Items), "serial number"), o.Ref.Name, maxDevices)})
		}
		total += len(o.Items)
	}
	return nil
}

// serialsTwice reports serial numbers that profiles for Apple Configurator
// share with each other or with profiles of automated enrollment.
func serialsTwice(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	devices := slices.DeleteFunc(slices.Clone(want), func(o enroll.Object) bool {
		return o.Ref.Kind != enroll.ConfiguratorDevices && o.Ref.Kind != enroll.ADEDevices
	})
	var out []enroll.Finding
	for _, s := range enroll.SharedItems(devices) {
		if s.First.Ref.Kind == enroll.ADEDevices && s.Second.Ref.Kind == enroll.ADEDevices {
			continue // said by the rule about those
		}
		out = append(out, enroll.Finding{On: s.Second.Ref, Path: pathSerials, Origin: s.Second.Origin,
			Message: fmt.Sprintf("%s in %q and in %q (%s)", some(s.Items), s.Second.Ref.Name, s.First.Ref.Name, s.First.Origin)})
	}
	return out
}
