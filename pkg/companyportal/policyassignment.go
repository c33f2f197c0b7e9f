package companyportal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

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
	var owners []enroll.Object
	for _, p := range known.Objects[enroll.PortalPolicy] {
		if q.All || slices.ContainsFunc(q.Names, func(r enroll.Ref) bool { return r.Scope == p.Ref.Owner() }) {
			owners = append(owners, p)
		}
	}
	return each(ctx, enroll.PolicyAssignment, owners, func(ctx context.Context, p enroll.Object) ([]enroll.Object, error) {
		raws, err := list(ctx, k.c, configuration(p.Handles[enroll.ID], "assignments"))
		if err != nil {
			return nil, fmt.Errorf("list the assignments of policy %q: %w", p.Ref.Name, err)
		}
		return assignments(enroll.PolicyAssignment, p.Ref, raws, known)
	})
}

// Plan adds what is not there.
func (policyAssignments) Plan(want, have []enroll.Object, _ enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	return directory.PlanAssignments(want, have)
}

// Permissions are those that assigning a policy takes.
func (policyAssignments) Permissions(enroll.Change) []string { return []string{graph.AppsWrite} }

const policyAssignment = "#microsoft.graph.managedDeviceMobileAppConfigurationAssignment"

// Write adds one assignment by itself. Only where the service knows no such
// request (404, 405) the whole list is read, ours added, and everything put
// back.
func (k policyAssignments) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	if c.Verb != enroll.Create {
		return nil, fmt.Errorf("%s: an assignment is only ever added", c.Ref)
	}
	owner, _ := c.Ref.ScopeRef()
	id, err := h.Handle(ctx, owner, enroll.ID)
	if err != nil {
		return nil, err
	}
	target, group, err := directory.TargetOf(ctx, c, h)
	if err != nil {
		return nil, err
	}
	ours := assignmentBody{policyAssignment, target}
	_, err = k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Class: graph.Create, Needs: k.Permissions(c), Path: configuration(id, "assignments"), Body: ours})
	if err == nil {
		return nil, nil
	}
	outcome := directory.AssignError(fmt.Errorf("assign policy %q to %q: %w", owner.Name, c.Ref.Name, err), group)
	if enroll.IsNotYet(outcome) || !unsupported(err) {
		return nil, outcome
	}
	return nil, k.replace(ctx, id, ours)
}

type assignmentBody struct {
	Type   string               `json:"@odata.type"`
	Target directory.TargetBody `json:"target"`
}

// unsupported tells that the service has no request for a single assignment.
func unsupported(err error) bool {
	e, ok := errors.AsType[*graph.Error](err)
	return ok && (e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed)
}

// tries bounds how often the list is read and put back.
const tries = 4

// replace puts back the whole list with ours added: the action assign replaces
// everything (Microsoft confirms it for apps, an admin lost 103 assignments).
// So the others go back byte for byte except their ids, nothing comes between
// reading and writing, and after any failure the list is read again.
func (k policyAssignments) replace(ctx context.Context, id string, ours assignmentBody) error {
	var err error
	for range tries {
		var live []json.RawMessage
		if live, err = list(ctx, k.c, configuration(id, "assignments")); err != nil {
			err = fmt.Errorf("read the assignments to put back: %w", err)
			if graph.IsNotFound(err) {
				return enroll.NotYet(err) // the policy itself is not there yet
			}
			return err
		}
		body, there, mergeErr := merge(live, ours)
		if mergeErr != nil || there {
			return mergeErr
		}
		_, err = k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Class: graph.Merge, Needs: []string{graph.AppsWrite},
			Path: configuration(id, "assign"), Body: map[string]any{"assignments": body}})
		if err == nil {
			return nil
		}
		err = fmt.Errorf("put back the assignments with ours added: %w", err)
		if e, ok := errors.AsType[*graph.Error](err); ok && e.Status == http.StatusTooManyRequests {
			return enroll.NotYet(err)
		}
		if !graph.IsLost(err) {
			return err
		}
	}
	return graph.Outcome(err)
}

// merge is the list to put back, and whether ours is in it already.
func merge(live []json.RawMessage, ours assignmentBody) (body []json.RawMessage, there bool, err error) {
	for _, raw := range live {
		var members map[string]json.RawMessage
		var known assignmentBody
		if err := errors.Join(json.Unmarshal(raw, &members), json.Unmarshal(raw, &known)); err != nil {
			return nil, false, fmt.Errorf("an assignment is not as expected: %w", err)
		}
		if known.Target == ours.Target {
			return nil, true, nil
		}
		delete(members, "id")
		members["@odata.type"] = json.RawMessage(`"` + policyAssignment + `"`)
		kept, err := json.Marshal(members)
		if err != nil {
			return nil, false, fmt.Errorf("an assignment is not as expected: %w", err)
		}
		body = append(body, kept)
	}
	mine, err := json.Marshal(ours)
	if err != nil {
		return nil, false, err
	}
	return append(body, mine), false, nil
}
