package byod

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// assignments is the kind byod-assignment: one object for each target of a
// profile. There is no action that replaces them all, so each is written by
// itself and the others are not touched.
type assignments struct{ c *graph.Client }

func (assignments) Name() enroll.KindName { return enroll.BYODAssignment }
func (assignments) Reads() []enroll.KindName {
	return []enroll.KindName{enroll.BYODProfile, enroll.Group}
}
func (assignments) After() []enroll.KindName {
	return []enroll.KindName{enroll.BYODProfile, enroll.Group}
}

// Read reads the assignments of the profiles that the query names, or of all.
// A list of profiles does not bring them along.
func (k assignments) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	return directory.ReadAssignments(enroll.BYODAssignment, q.Owners(known.Objects[enroll.BYODProfile]), func(p enroll.Object) ([]enroll.Object, error) {
		return k.of(ctx, p, known)
	})
}

func (k assignments) of(ctx context.Context, p enroll.Object, known enroll.Snapshot) ([]enroll.Object, error) {
	raws, err := graph.List[json.RawMessage](ctx, k.c, graph.Call{API: graph.Beta, Method: http.MethodGet, Class: graph.Read,
		Path: path + graph.Path(p.Handles[enroll.ID], "assignments"), Needs: []string{graph.ServiceConfigRead}})
	if err != nil {
		return nil, fmt.Errorf("list the assignments of profile %q: %w", p.Ref.Name, err)
	}
	var out []enroll.Object
	for _, raw := range raws {
		a, err := directory.Assigned(enroll.BYODAssignment, p.Ref, raw, known)
		if err != nil {
			return nil, fmt.Errorf("list the assignments of profile %q: %w", p.Ref.Name, err)
		}
		out = append(out, a)
	}
	return out, nil
}

// Plan adds what is not there, and removes what shall go.
func (assignments) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	return directory.PlanAssignments(want, have, all)
}

// Permissions are those that assigning a profile takes.
func (assignments) Permissions(enroll.Change) []string { return []string{graph.ServiceConfigWrite} }

// Write adds one assignment, or removes one.
func (k assignments) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	if c.Verb != enroll.Create && c.Verb != enroll.Delete {
		return nil, fmt.Errorf("%s: an assignment is added or removed, never changed", c.Ref)
	}
	owner, _ := c.Ref.ScopeRef()
	id, err := h.Handle(ctx, owner, enroll.ID)
	if err != nil {
		return nil, err
	}
	if c.Verb == enroll.Delete {
		return nil, k.delete(ctx, path+graph.Path(id, "assignments", c.Before.Handles[enroll.ID]), fmt.Sprintf("take profile %q from %q", owner.Name, c.Ref.Name))
	}
	body, group, err := directory.TargetOf(ctx, c, h)
	if err != nil {
		return nil, err
	}
	_, err = k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Class: graph.Create, Needs: k.Permissions(c),
		Path: path + graph.Path(id, "assignments"), Body: map[string]any{"target": body}})
	if err != nil {
		return nil, directory.AssignError(fmt.Errorf("assign profile %q to %q: %w", owner.Name, c.Ref.Name, err), group)
	}
	return nil, nil
}

// delete deletes what is at path; what is gone already is as it should be.
func (k assignments) delete(ctx context.Context, path, act string) error {
	_, err := k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodDelete, Class: graph.Put, Path: path, Needs: []string{graph.ServiceConfigWrite}})
	if err == nil || graph.IsNotFound(err) {
		return nil
	}
	return graph.Outcome(fmt.Errorf("%s: %w", act, err))
}
