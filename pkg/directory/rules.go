package directory

import (
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Rules are those about groups.
func Rules() []enroll.Rule {
	const guide = "https://learn.microsoft.com/en-us/intune/intune-service/fundamentals/deployment-guide-enrollment-ios-ipados"
	return []enroll.Rule{
		{ID: "EUB-05", Severity: enroll.Info, Title: "dynamic groups take time",
			Why:  "A device enters a dynamic group only after it has enrolled and registered, and the rule is worked out later still: what is assigned to the group comes late.",
			Fix:  "tell users to finish registration; put those who enroll into a static user group beforehand where it cannot wait (X-35)",
			Link: guide, Needs: []enroll.KindName{enroll.Group}, Check: dynamicTargets},
	}
}

func dynamicTargets(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, w := range want {
		target, ok := w.Fields["target"].(enroll.Ref)
		if !ok || target.Kind != enroll.Group {
			continue
		}
		group, ok := Find(target, want, live)
		if !ok || !isDynamic(group) {
			continue
		}
		owner, _ := w.Ref.ScopeRef()
		out = append(out, enroll.Finding{On: w.Ref, Path: "target", Origin: w.Where("target"),
			Message: fmt.Sprintf("%s is assigned to the dynamic group %q: devices and users enter it only some time after they enrolled", owner, target.Name)})
	}
	return out
}
