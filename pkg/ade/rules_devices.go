package ade

import (
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// deviceRules are about the serial numbers of profiles.
func deviceRules() []enroll.Rule {
	return []enroll.Rule{{
		ID: "ADE-06", Severity: enroll.Error, Title: "a device has one profile", Link: pageSetup,
		Why:   "The last assignment wins: with a serial number in two profiles chance would decide which one the device gets.",
		Fix:   "leave the serial number in one of them",
		Check: serialsTwice,
	}}
}

// serialsTwice reports each pair of profiles that share serial numbers.
func serialsTwice(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, s := range enroll.SharedItems(enroll.OfKind(want, enroll.ADEDevices)) {
		out = append(out, enroll.Finding{
			On: s.Second.Ref, Path: pathSerials, Origin: s.Second.Origin,
			Message: fmt.Sprintf("%s in %q and in %q (%s)", some(s.Items), s.Second.Ref.Name, s.First.Ref.Name, s.First.Origin),
		})
	}
	return out
}

// some shows up to five serial numbers and how many there are.
func some(serials []string) string {
	if len(serials) == 1 {
		return "serial number " + serials[0] + " is"
	}
	return "serial numbers " + few(serials) + " are"
}
