package companyportal

import (
	"context"
	"fmt"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// policyAssignments is the kind policy-assignment: one object for each group
// that a policy goes to, or leaves out.
type policyAssignments struct{ c *graph.Client }

func (policyAssignments) Name() enroll.KindName { return enroll.PolicyAssignment }
func (policyAssignments) Reads() []enroll.KindName {
	return []enroll.KindName{enroll.PortalPolicy, enroll.Group}
}
func (policyAssignments) After() []enroll.KindName {
	return []enroll.KindName{enroll.PortalPolicy, enroll.Group}
}

func (k policyAssignments) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	return directory.ReadAssignments(enroll.PolicyAssignment, q.Owners(known.Objects[enroll.PortalPolicy]), func(p enroll.Object) ([]enroll.Object, error) {
		raws, err := list(ctx, k.c, configuration(p.Handles[enroll.ID], "assignments"))
		if err != nil {
			return nil, fmt.Errorf("list the assignments of policy %q: %w", p.Ref.Name, err)
		}
		return live(enroll.PolicyAssignment, p.Ref, raws, known)
	})
}

// Plan adds what is not there, and removes what shall go.
func (policyAssignments) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	return directory.PlanAssignments(want, have, all)
}

// Permissions are those that assigning a policy takes.
func (policyAssignments) Permissions(enroll.Change) []string { return []string{graph.AppsWrite} }

// Write adds one assignment by itself, or removes one.
func (k policyAssignments) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	owner, _ := c.Ref.ScopeRef()
	id, err := h.Handle(ctx, owner, enroll.ID)
	if err != nil {
		return nil, err
	}
	to := assignable{k.c, configuration(id), "assignments", "#microsoft.graph.managedDeviceMobileAppConfigurationAssignment"}
	switch c.Verb {
	case enroll.Create:
		target, group, err := directory.TargetOf(ctx, c, h)
		if err != nil {
			return nil, err
		}
		return nil, to.add(ctx, assignment{Type: to.of, Target: target}, fmt.Sprintf("assign policy %q to %q", owner.Name, c.Ref.Name), group)
	case enroll.Delete:
		return nil, to.remove(ctx, c.Before, fmt.Sprintf("take policy %q from %q", owner.Name, c.Ref.Name))
	}
	return nil, fmt.Errorf("%s: an assignment is added or removed, never changed", c.Ref)
}
