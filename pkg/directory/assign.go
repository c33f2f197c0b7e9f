package directory

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
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

// PlanAssignments adds the assignments that are not there and removes those
// that shall be absent. One that points at the same group the other way round
// is an error, one that a filter narrows a warning: what is there is never
// changed.
func PlanAssignments(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	var changes []enroll.Change
	var findings []enroll.Finding
	for _, w := range want {
		var more []enroll.Change
		var said []enroll.Finding
		if w.State == enroll.Absent {
			more, said = removals(w, want, have, all)
		} else {
			more, said = addition(w, have)
		}
		changes, findings = append(changes, more...), append(findings, said...)
	}
	return changes, findings
}

// addition makes an assignment that is not there.
func addition(w enroll.Object, have []enroll.Object) ([]enroll.Change, []enroll.Finding) {
	report := func(s enroll.Severity, rule, message, fix string) []enroll.Finding {
		return []enroll.Finding{{Rule: rule, Severity: s, On: w.Ref, Path: "target", Origin: w.Where("target"), Message: message, Fix: fix}}
	}
	owner, _ := w.Ref.ScopeRef()
	exclude, _ := w.Fields.Flag("exclude")
	i := slices.IndexFunc(have, func(o enroll.Object) bool {
		return SameTarget(o, w) && enroll.Same(o.Fields["exclude"], w.Fields["exclude"])
	})
	if i < 0 {
		i = slices.IndexFunc(have, func(o enroll.Object) bool { return SameTarget(o, w) })
	}
	if i < 0 {
		return []enroll.Change{enroll.Make(w)}, nil
	}
	excluded, _ := have[i].Fields.Flag("exclude")
	filter, wanted := have[i].Fields.Text("filter"), w.Fields.Text("filter")
	switch {
	case excluded && !exclude:
		return nil, report(enroll.Error, differs, fmt.Sprintf("%s excludes %q in the tenant, the file assigns it", owner, w.Ref.Name),
			"remove the exclusion first, by removeGroups or in the Intune admin center, or take the group out of the file")
	case exclude && !excluded:
		return nil, report(enroll.Error, differs, fmt.Sprintf("%s is assigned to %q in the tenant, the file excludes it", owner, w.Ref.Name),
			"remove the assignment first, by removeGroups or in the Intune admin center, or take the group out of excludeGroups")
	case wanted != "" && filter != wanted:
		return nil, report(enroll.Error, differs, fmt.Sprintf("%s is assigned to %q in the tenant with %s, the file wants %s", owner, w.Ref.Name, filterSays(filter), filterSays(wanted)),
			"change the filter of the assignment in the Intune admin center, or remove the assignment first by removeGroups")
	case filter != "" && wanted == "":
		return nil, report(enroll.Warning, "assignment-filtered", fmt.Sprintf("%s is assigned to %q already, narrowed by an assignment filter (%s); it stays so", owner, w.Ref.Name, filter),
			"look at the filter in the Intune admin center, Tenant administration > Filters")
	}
	return nil, nil
}

// differs is the id of findings about an assignment that is there in another form.
const differs = "assignment-differs"

func filterSays(filter string) string {
	if filter == "" {
		return "no filter"
	}
	return "the filter " + filter
}

// SameTarget tells whether two assignments of one owner point at the same group or audience.
func SameTarget(a, b enroll.Object) bool {
	return a.Ref.Scope == b.Ref.Scope && a.Fields["target"] != nil && enroll.Same(a.Fields["target"], b.Fields["target"])
}

// TargetOf is the body for the target of c, an assignment to be made, and the
// id of its group ("" for an audience).
func TargetOf(ctx context.Context, c enroll.Change, h enroll.Resolver) (body TargetBody, group string, err error) {
	target, _ := c.After["target"].(enroll.Ref)
	if target.Kind == enroll.Group {
		if group, err = h.Handle(ctx, target, enroll.ID); err != nil {
			return TargetBody{}, "", err
		}
	}
	exclude, _ := c.After.Flag("exclude")
	if body, err = WriteTarget(target, exclude, group); err != nil {
		return TargetBody{}, "", err
	}
	body.FilterType, body.Filter, _ = strings.Cut(c.After.Text("filter"), " ")
	return body, group, nil
}

// AssignError gives the engine's words to the failure of adding an assignment
// for a group. A group just made is unknown to Intune for up to a minute: it
// then answers 400 or 404 and names the group (Microsoft docs page on eventual
// consistency; peer code retries the same way). A conflict means that the
// assignment is there by now: what is there is looked at, nothing is repeated.
func AssignError(err error, group string) error {
	e, ok := errors.AsType[*graph.Error](err)
	switch {
	case !ok:
		return graph.Outcome(err)
	case (e.Status == http.StatusBadRequest || e.Status == http.StatusNotFound) && group != "" && strings.Contains(e.Message, group):
		return enroll.NotYet(err)
	case e.Status == http.StatusConflict:
		return enroll.Lost(err)
	default:
		return graph.Outcome(err)
	}
}
