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
	first := map[string]int{} // serial -> index in want
	for i, o := range want {
		if o.Ref.Kind != enroll.ADEDevices {
			continue
		}
		shared := map[int][]string{}
		var order []int
		for _, serial := range o.Items {
			at, seen := first[serial]
			if !seen {
				first[serial] = i
				continue
			}
			if shared[at] == nil {
				order = append(order, at)
			}
			shared[at] = append(shared[at], serial)
		}
		for _, at := range order {
			other := want[at]
			out = append(out, enroll.Finding{
				On: o.Ref, Path: pathSerials, Origin: o.Origin,
				Message: fmt.Sprintf("%s in %q and in %q (%s)", some(shared[at]), o.Ref.Name, other.Ref.Name, other.Origin),
			})
		}
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
