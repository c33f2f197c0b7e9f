package companyportal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// assignable is an app or a policy whose assignments are written: its path, and
// the words that the action assign has for it.
type assignable struct {
	c      *graph.Client
	path   string
	member string // of the body of assign
	of     string // type of one assignment
}

// assignment is what is sent for one. Intent and settings are an app's.
type assignment struct {
	Type     string               `json:"@odata.type"`
	Intent   string               `json:"intent,omitempty"`
	Target   directory.TargetBody `json:"target"`
	Settings any                  `json:"settings,omitempty"`
}

// add adds one assignment by itself. Only where the service knows no such
// request (404, 405) the whole list is read, ours added, and everything put
// back. The error names what was to be done.
func (a assignable) add(ctx context.Context, ours assignment, act, group string) error {
	_, err := a.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Class: graph.Create, Needs: []string{graph.AppsWrite}, Path: a.path + "/assignments", Body: ours})
	if err == nil {
		return nil
	}
	outcome := directory.AssignError(fmt.Errorf("%s: %w", act, err), group)
	if wordless(err) {
		return enroll.NotYet(outcome)
	}
	if enroll.IsNotYet(outcome) || !unsupported(err) {
		return outcome
	}
	return a.replace(ctx, func(live []json.RawMessage) ([]json.RawMessage, bool, error) { return a.merge(live, ours) })
}

// remove takes one assignment away by itself. Where the service answers that
// there is no such thing, the list tells whether the assignment is gone or the
// request does not exist; then everything else is put back.
func (a assignable) remove(ctx context.Context, was enroll.Object, act string) error {
	id := was.Handles[enroll.ID]
	_, err := a.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodDelete, Class: graph.Put, Needs: []string{graph.AppsWrite}, Path: a.path + "/assignments" + graph.Path(id)})
	if err == nil {
		return nil
	}
	if wordless(err) {
		return enroll.NotYet(fmt.Errorf("%s: %w", act, err))
	}
	if !unsupported(err) {
		return graph.Outcome(fmt.Errorf("%s: %w", act, err))
	}
	var known assignment
	if err := json.Unmarshal(was.Raw, &known); err != nil {
		return fmt.Errorf("%s: %w", act, err)
	}
	return a.replace(ctx, func(live []json.RawMessage) ([]json.RawMessage, bool, error) { return a.without(live, id, known) })
}

// unsupported tells that the service has no request for a single assignment.
func unsupported(err error) bool {
	e, ok := errors.AsType[*graph.Error](err)
	return ok && (e.Status == http.StatusNotFound || e.Status == http.StatusMethodNotAllowed)
}

// wordless tells a 404 whose reason got lost on the way: whether the group, the
// owner or the request itself is not there cannot be told, and putting back the
// whole list is not for guesses. Nothing was written; it is tried again.
func wordless(err error) bool {
	e, ok := errors.AsType[*graph.Error](err)
	return ok && e.Status == http.StatusNotFound && e.Code == ""
}

// tries bounds how often the list is read and put back.
const tries = 4

// replace puts back the whole list as edit leaves it: the action assign replaces
// everything (Microsoft confirms it for apps, an admin lost 103 assignments).
// So the others go back byte for byte except their ids, nothing comes between
// reading and writing, and after any failure the list is read again. There is
// nothing to write when edit says so.
func (a assignable) replace(ctx context.Context, edit func([]json.RawMessage) ([]json.RawMessage, bool, error)) error {
	var err error
	for range tries {
		var live []json.RawMessage
		if live, err = list(ctx, a.c, a.path+"/assignments"); err != nil {
			err = fmt.Errorf("read the assignments to put back: %w", err)
			if graph.IsNotFound(err) {
				return enroll.NotYet(err) // the owner itself is not there yet
			}
			return err
		}
		body, already, editErr := edit(live)
		if editErr != nil || already {
			return editErr
		}
		_, err = a.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Class: graph.Merge, Needs: []string{graph.AppsWrite},
			Path: a.path + "/assign", Body: map[string]any{a.member: body}})
		if err == nil {
			return nil
		}
		err = fmt.Errorf("put back the assignments: %w", err)
		if e, ok := errors.AsType[*graph.Error](err); ok && e.Status == http.StatusTooManyRequests {
			return enroll.NotYet(err)
		}
		if !graph.IsLost(err) {
			return err
		}
	}
	return graph.Outcome(err)
}

// merge is the list to put back with ours, and whether ours is in it already.
func (a assignable) merge(live []json.RawMessage, ours assignment) (body []json.RawMessage, there bool, err error) {
	for _, raw := range live {
		_, known, kept, err := a.keep(raw)
		if err != nil {
			return nil, false, err
		}
		if known.is(ours) {
			return nil, true, nil
		}
		body = append(body, kept)
	}
	mine, err := json.Marshal(ours)
	if err != nil {
		return nil, false, err
	}
	return append(body, mine), false, nil
}

// is tells whether two assignments of one owner are the same one.
func (a assignment) is(b assignment) bool {
	return a.Target.Type == b.Target.Type && a.Target.GroupID == b.Target.GroupID && a.Intent == b.Intent
}

// without is the list to put back without an assignment, known by its id or,
// where that has been renewed, by what it is; and whether it is gone already.
func (a assignable) without(live []json.RawMessage, id string, was assignment) (body []json.RawMessage, gone bool, err error) {
	body, gone = []json.RawMessage{}, true
	for _, raw := range live {
		has, known, kept, err := a.keep(raw)
		if err != nil {
			return nil, false, err
		}
		if has == id || known.is(was) {
			gone = false
			continue
		}
		body = append(body, kept)
	}
	return body, gone, nil
}

// keep is a live assignment as it is put back: without its id, everything else
// as it is.
func (a assignable) keep(raw json.RawMessage) (id string, known assignment, kept json.RawMessage, err error) {
	var members map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(raw, &members), json.Unmarshal(raw, &known), json.Unmarshal(members["id"], &id)); err != nil {
		return "", known, nil, fmt.Errorf("an assignment is not as expected: %w", err)
	}
	delete(members, "id")
	members["@odata.type"] = json.RawMessage(`"` + a.of + `"`)
	if kept, err = json.Marshal(members); err != nil {
		return "", known, nil, fmt.Errorf("an assignment is not as expected: %w", err)
	}
	return id, known, kept, nil
}

// list reads a whole list over beta.
func list(ctx context.Context, c *graph.Client, path string) ([]json.RawMessage, error) {
	return graph.List[json.RawMessage](ctx, c, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: path, Class: graph.Read, Needs: []string{graph.AppsRead}})
}

// live are the objects for live assignments of an owner. Their ids are left out
// of what is verified unchanged: an action that replaces the whole list may give
// new ones.
func live(kind enroll.KindName, owner enroll.Ref, raws []json.RawMessage, known enroll.Snapshot) ([]enroll.Object, error) {
	var out []enroll.Object
	for _, raw := range raws {
		var a struct {
			Intent, Source string
			Settings       struct{ UseDeviceLicensing *bool }
		}
		err := json.Unmarshal(raw, &a)
		var o enroll.Object
		if err == nil {
			o, err = directory.Assigned(kind, owner, raw, known, "id")
		}
		if err != nil {
			return nil, fmt.Errorf("list the assignments of %s: %w", owner.Name, err)
		}
		if a.Intent != "" {
			o.Fields["intent"] = a.Intent
		}
		if a.Source != "" {
			o.Fields["source"] = a.Source
		}
		if a.Settings.UseDeviceLicensing != nil {
			o.Fields["deviceLicensing"] = *a.Settings.UseDeviceLicensing
		}
		out = append(out, o)
	}
	return out, nil
}
