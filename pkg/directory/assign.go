package directory

import (
	"fmt"
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Assign is the desired assignment of owner to target, as kind.
func Assign(kind enroll.KindName, owner, target enroll.Ref, exclude bool, at enroll.Origin) enroll.Object {
	return enroll.Object{
		Ref:     enroll.Ref{Kind: kind, Scope: owner.Owner(), Name: target.Name},
		NamedBy: "target", Origin: at,
		Fields: Target{Ref: target, Exclude: exclude}.Fields(),
		At:     map[string]enroll.Origin{"target": at},
	}
}

// PlanAssignments adds the assignments that are not there. One that points at
// the same group the other way round is an error, one that a filter narrows a
// warning: what is there is never changed.
func PlanAssignments(want, have []enroll.Object) ([]enroll.Change, []enroll.Finding) {
	var changes []enroll.Change
	var findings []enroll.Finding
	for _, w := range want {
		report := func(s enroll.Severity, rule, message, fix string) {
			findings = append(findings, enroll.Finding{Rule: rule, Severity: s, On: w.Ref, Path: "target", Origin: w.Where("target"), Message: message, Fix: fix})
		}
		owner, _ := w.Ref.ScopeRef()
		same := func(o enroll.Object) bool {
			return o.Ref.Scope == w.Ref.Scope && enroll.Same(o.Fields["target"], w.Fields["target"])
		}
		exclude, _ := w.Fields.Flag("exclude")
		i := slices.IndexFunc(have, func(o enroll.Object) bool { return same(o) && enroll.Same(o.Fields["exclude"], w.Fields["exclude"]) })
		if i < 0 {
			i = slices.IndexFunc(have, same)
		}
		if i < 0 {
			changes = append(changes, enroll.Make(w))
			continue
		}
		excluded, _ := have[i].Fields.Flag("exclude")
		filter := have[i].Fields.Text("filter")
		switch {
		case excluded && !exclude:
			report(enroll.Error, "assignment-differs", fmt.Sprintf("%s excludes %q in the tenant, the file assigns it", owner, w.Ref.Name),
				"remove the exclusion in the Intune admin center, or take the group out of the file")
		case exclude && !excluded:
			report(enroll.Error, "assignment-differs", fmt.Sprintf("%s is assigned to %q in the tenant, the file excludes it", owner, w.Ref.Name),
				"remove the assignment in the Intune admin center, or take the group out of excludeGroups")
		case filter != "":
			report(enroll.Warning, "assignment-filtered", fmt.Sprintf("%s is assigned to %q already, narrowed by an assignment filter (%s); it stays so", owner, w.Ref.Name, filter),
				"look at the filter in the Intune admin center, Tenant administration > Filters")
		}
	}
	return changes, findings
}
