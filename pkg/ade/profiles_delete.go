package ade

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Hanging is what hangs on a profile that the file wants to go.
type Hanging struct {
	Devices  int // of the token that have the profile
	Enrolled int // of these
	Default  bool
}

// withHanging looks what hangs on the profiles of a token that shall be absent:
// it counts the devices of the token, and asks for its default.
func (k profiles) withHanging(ctx context.Context, tokenID string, objects []enroll.Object, q enroll.Query) []enroll.Gap {
	hanging := map[string]*Hanging{} // by the last segment of the profile's id
	var gone []enroll.Ref
	for i, o := range objects {
		facts, ok := o.Facts.(ProfileFacts)
		if ok && slices.ContainsFunc(q.Want, func(w enroll.Object) bool {
			return w.State == enroll.Absent && w.Ref.Scope == o.Ref.Scope && (w.Ref.Name == o.Ref.Name || w.Pinned != "" && strings.EqualFold(w.Pinned, o.Handles[enroll.ID]))
		}) {
			facts.Hangs = &Hanging{}
			objects[i].Facts = facts
			hanging[lastSegment(o.Handles[enroll.ID])] = facts.Hangs
			gone = append(gone, o.Ref)
		}
	}
	if len(hanging) == 0 {
		return nil
	}
	_, id, err := defaults{k.c}.current(ctx, tokenID)
	if h := hanging[id]; h != nil {
		h.Default = true
	}
	for d, derr := range (devices{k.c}).list(ctx, tokenID, "") {
		if err = cmp.Or(err, derr); err != nil {
			break
		}
		if h := hanging[d.ProfileID]; h != nil && !d.Gone {
			h.Devices++
			if d.State == "enrolled" {
				h.Enrolled++
			}
		}
	}
	if err == nil {
		return nil
	}
	var gaps []enroll.Gap
	for _, r := range gone {
		gaps = append(gaps, graph.Gap(r, fmt.Errorf("look what hangs on %s: %w", r, err)))
	}
	return gaps
}

// deletion is the change that deletes a profile, with what hangs on it.
func deletion(w, h enroll.Object) enroll.Change {
	c := enroll.Remove(w, h)
	c.Lane = "delete " + h.Ref.Name
	c.Undo = enroll.Undo{Level: "partial", Why: "a profile made again has another id, and devices do not get it back by themselves"}
	c.Effects = []enroll.Effect{{On: c.Ref, Text: "dynamic groups and filters that name this profile no longer take in new devices"}}
	facts, _ := h.Facts.(ProfileFacts)
	if facts.Hangs == nil {
		return c
	}
	var why []string
	if facts.Hangs.Default {
		why = append(why, "it is the default of its token")
	}
	if n := facts.Hangs.Devices; n > 0 {
		why = append(why, fmt.Sprintf("devices that have it: %d", n))
		c.Effects = append(c.Effects, enroll.Effect{On: c.Ref, Text: fmt.Sprintf("devices of the token that have it now: %d, enrolled %d", n, facts.Hangs.Enrolled), N: n})
	}
	if len(why) > 0 {
		c.Confirm = "it is deleted while " + strings.Join(why, ", and ")
	}
	return c
}

// delete deletes a profile; one that is gone already is as it should be. Whether
// the service deletes a profile that devices or the default hang on is not
// established: where it refuses, its answer says so.
func (k profiles) delete(ctx context.Context, tokenID string, c enroll.Change, classic bool) error {
	id := c.Before.Handles[enroll.ID]
	path := policyPath(id)
	if classic {
		path = tokenPath(tokenID, "enrollmentProfiles", id)
	}
	_, err := k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodDelete, Path: path, Class: graph.Put, Needs: k.Permissions(c)})
	if err == nil || graph.IsNotFound(err) {
		return nil
	}
	return graph.Outcome(fmt.Errorf("delete %s: %w", c.Ref, err))
}
