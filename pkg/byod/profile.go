package byod

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// profiles is the kind byod-profile. Fields: enrollment, description and
// priority (the rank, from 1); for who asks for it also order, the names of all
// profiles, highest rank first: a move is verified for all of them.
type profiles struct{ c *graph.Client }

const path = "/deviceManagement/appleUserInitiatedEnrollmentProfiles"

// setPriority names the write that moves a profile to another rank.
const setPriority = "setPriority"

func (profiles) Name() enroll.KindName    { return enroll.BYODProfile }
func (profiles) Reads() []enroll.KindName { return nil }
func (profiles) After() []enroll.KindName { return []enroll.KindName{enroll.Group} }

func (k profiles) Read(ctx context.Context, q enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	live, err := k.list(ctx)
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.BYODProfile}, err)}
	}
	order := make([]string, len(live))
	for i, p := range live {
		order[i] = p.DisplayName
	}
	out := make([]enroll.Object, len(live))
	for i, p := range live {
		out[i] = enroll.Object{
			Ref:     enroll.Ref{Kind: enroll.BYODProfile, Name: p.DisplayName},
			Handles: map[enroll.Handle]string{enroll.ID: p.ID},
			Fields: enroll.Fields{"enrollment": enrollmentOf(p.offer), "description": p.Description,
				"priority": int64(i + 1)},
			Raw: p.raw, Facts: liveName(p.DisplayName),
			Rest: enroll.Rest(p.raw, "description", "defaultEnrollmentType", "availableEnrollmentTypeOptions", "priority", "lastModifiedDateTime", "@odata.context"),
		}
		if slices.ContainsFunc(q.Want, func(w enroll.Object) bool { return w.Fields["order"] != nil }) {
			out[i].Fields["order"] = shown(order)
		}
	}
	return out, nil
}

// liveName, the Facts of a live profile, is its name as the service has it,
// also where two profiles share it.
type liveName string

// shown is an order of profiles as people read it, the highest rank first.
func shown(names []string) string { return strings.Join(names, " > ") }

type profile struct {
	ID, DisplayName, Description string
	Priority                     int64
	offer
	raw json.RawMessage
}

// list reads all profiles, the highest rank first.
func (k profiles) list(ctx context.Context) ([]profile, error) {
	raws, err := graph.List[json.RawMessage](ctx, k.c, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: path, Class: graph.Read, Needs: []string{graph.ServiceConfigRead}})
	if err != nil {
		return nil, fmt.Errorf("list the enrollment profiles for personal devices: %w", err)
	}
	var out []profile
	for _, raw := range raws {
		p := profile{raw: raw}
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, fmt.Errorf("list the enrollment profiles for personal devices: one is not as expected: %w", err)
		}
		if p.ID == "" {
			return nil, errors.New("list the enrollment profiles for personal devices: one has no id")
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b profile) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// Permissions are those that any change of a profile takes.
func (profiles) Permissions(enroll.Change) []string { return []string{graph.ServiceConfigWrite} }

// Write creates a profile behind all others, changes members of one, moves one
// to another rank, or deletes one.
func (k profiles) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	if c.Verb == enroll.Create {
		return k.create(ctx, c)
	}
	if c.Verb == enroll.Delete {
		return nil, assignments(k).delete(ctx, path+graph.Path(c.Before.Handles[enroll.ID]), fmt.Sprintf("delete profile %q", c.Ref.Name))
	}
	id, err := h.Handle(ctx, c.Ref, enroll.ID)
	if err != nil {
		return nil, err
	}
	call := graph.Call{API: graph.Beta, Class: graph.Put, Needs: k.Permissions(c)}
	switch {
	case c.Verb == enroll.Update && c.Op == setPriority:
		rank, _ := c.After.Number("priority")
		call.Method, call.Path, call.Body = http.MethodPost, path+graph.Path(id, "setPriority"), map[string]int64{"priority": rank}
	case c.Verb == enroll.Update:
		body, err := members(c.After)
		if err != nil {
			return nil, fmt.Errorf("change profile %q: %w", c.Ref.Name, err)
		}
		call.Method, call.Path, call.Body = http.MethodPatch, path+graph.Path(id), body
	default:
		return nil, fmt.Errorf("profile %q cannot be written by %s", c.Ref.Name, c.Verb)
	}
	if _, err := k.c.Do(ctx, call); err != nil {
		return nil, graph.Outcome(fmt.Errorf("change profile %q: %w", c.Ref.Name, err))
	}
	return nil, nil
}

// create asks for the rank behind the last profile there is at this moment: a
// peer sends a rank at creation, and what the service does when it is taken is
// not established.
func (k profiles) create(ctx context.Context, c enroll.Change) (map[enroll.Handle]string, error) {
	live, err := k.list(ctx)
	if err != nil {
		return nil, fmt.Errorf("create profile %q: %w", c.Ref.Name, err)
	}
	last := int64(len(live) + 1) // two may have the same rank
	for _, p := range live {
		last = max(last, p.Priority+1)
	}
	body, err := members(c.After)
	if err != nil {
		return nil, fmt.Errorf("create profile %q: %w", c.Ref.Name, err)
	}
	body["displayName"], body["platform"], body["priority"] = c.Ref.Name, "iOS", last
	a, err := k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Path: path, Class: graph.Create, Needs: k.Permissions(c), Body: body})
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("create profile %q: %w", c.Ref.Name, err))
	}
	if a.ID() == "" {
		return nil, enroll.Lost(fmt.Errorf("create profile %q: the answer has no id", c.Ref.Name))
	}
	return map[enroll.Handle]string{enroll.ID: a.ID()}, nil
}

// members are the Graph members for the fields of a profile that are sent.
func members(f enroll.Fields) (map[string]any, error) {
	body := map[string]any{"@odata.type": "#microsoft.graph.appleUserInitiatedEnrollmentProfile"}
	if _, ok := f["description"]; ok {
		body["description"] = f.Text("description")
	}
	if _, ok := f["enrollment"]; ok {
		o, known := offerOf(f.Text("enrollment"))
		if !known {
			return nil, fmt.Errorf("enrollment %q is not one of %s", f.Text("enrollment"), strings.Join(choices(), ", "))
		}
		body["defaultEnrollmentType"], body["availableEnrollmentTypeOptions"] = o.Default, o.Options
	}
	return body, nil
}
