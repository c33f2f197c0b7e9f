package guard

import (
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// groupRules are about groups that the file makes for the devices of a profile.
func groupRules() []enroll.Rule {
	return []enroll.Rule{{
		ID: "X-35", Severity: enroll.Warning, Title: "a group of a profile's devices names a profile that exists", Link: pageSetup,
		Why:   "The rule of such a group compares the name of the enrollment profile; a name that no profile has gives a group that stays empty, and what is assigned to it reaches nobody.",
		Fix:   "correct devicesOfProfile, or add the profile to the file",
		Needs: []enroll.KindName{enroll.ADEProfile, enroll.ConfiguratorProfile},
		Check: emptyGroups,
	}}
}

func emptyGroups(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	profiles := allProfiles(want, live)
	_, looked := live.Objects[enroll.ADEProfile]
	var out []enroll.Finding
	for _, o := range want {
		if o.Ref.Kind != enroll.Group {
			continue
		}
		for _, name := range profilesOf(o) {
			if len(named(profiles, name)) > 0 {
				continue
			}
			f := enroll.Finding{On: o.Ref, Path: "devicesOfProfile", Origin: o.Where("rule"),
				Message: fmt.Sprintf("no profile is called %q, neither in the file nor on the tokens it names", name)}
			if !looked {
				f.Message = fmt.Sprintf("profile %q is not in the file, and the file names no token whose profiles could be looked at", name)
			}
			out = append(out, f)
		}
	}
	return out
}
