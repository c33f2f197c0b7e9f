package configurator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// ProfileFacts is what a live configurator-profile says of itself beside its fields.
type ProfileFacts struct {
	URL     string // where devices enroll in Setup Assistant; the same for all profiles of the tenant
	Devices int    // imported devices that have it; counted only where a profile shall be deleted
}

// profiles is the kind configurator-profile. Fields: description, userAffinity,
// and with a user authentication and companyPortal.install.
type profiles struct {
	c       *graph.Client
	account *account
}

func (profiles) Name() enroll.KindName    { return enroll.ConfiguratorProfile }
func (profiles) Reads() []enroll.KindName { return nil }

// After is because the guide wants the Company Portal policy before the profile.
func (profiles) After() []enroll.KindName {
	return []enroll.KindName{enroll.Group, enroll.AppAssignment, enroll.PortalPolicy, enroll.PolicyAssignment}
}

// Read lists all profiles of the tenant. Where one shall be deleted, it counts
// the devices that have it.
func (k profiles) Read(ctx context.Context, q enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	out, err := k.list(ctx)
	if err == nil && slices.ContainsFunc(q.Want, func(o enroll.Object) bool { return o.State == enroll.Absent }) {
		err = k.count(ctx, out)
	}
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.ConfiguratorProfile}, err)}
	}
	return out, nil
}

func (k profiles) list(ctx context.Context) ([]enroll.Object, error) {
	path, err := k.account.path(ctx, "enrollmentProfiles")
	if err != nil {
		return nil, err
	}
	raws, err := graph.List[json.RawMessage](ctx, k.c, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: path, Needs: []string{graph.ServiceConfigRead}})
	if err != nil {
		return nil, fmt.Errorf("list the profiles for Apple Configurator: %w", err)
	}
	var out []enroll.Object
	for _, raw := range raws {
		var w struct {
			wireProfile
			URL string `json:"configurationEndpointUrl"`
		}
		if err := json.Unmarshal(raw, &w); err != nil {
			return nil, fmt.Errorf("list the profiles for Apple Configurator: one is not as expected: %w", err)
		}
		if w.ID == "" {
			return nil, errors.New("list the profiles for Apple Configurator: one has no id")
		}
		if w.Type != "" && w.Type != profileType {
			continue // of a token of Apple's; none has been seen here
		}
		fields := w.fields()
		fields[pathDescription] = w.Description
		out = append(out, enroll.Object{
			Ref: enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: w.Name}, Handles: map[enroll.Handle]string{enroll.ID: w.ID}, Fields: fields, Raw: raw,
			Rest: enroll.Rest(raw, "@odata.context", "description", "requiresUserAuthentication", "enableAuthenticationViaCompanyPortal",
				"requireCompanyPortalOnSetupAssistantEnrolledDevices"),
			Facts: ProfileFacts{URL: w.URL},
		})
	}
	return out, nil
}

// count fills in how many imported devices have each profile.
func (k profiles) count(ctx context.Context, live []enroll.Object) error {
	having := map[string]int{}
	for d, err := range devices(k).list(ctx) {
		if err != nil {
			return err
		}
		having[d.ProfileID]++
	}
	for i, o := range live {
		if facts, ok := o.Facts.(ProfileFacts); ok {
			facts.Devices = having[ProfileKey(o)]
			live[i].Facts = facts
		}
	}
	return nil
}

// Permissions are those that any change of a profile takes.
func (profiles) Permissions(enroll.Change) []string { return []string{graph.ServiceConfigWrite} }

// Write creates a profile, changes members of one, or deletes one.
func (k profiles) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	switch c.Verb {
	case enroll.Create:
		return k.create(ctx, c)
	case enroll.Update:
		return nil, k.patch(ctx, c, h)
	case enroll.Delete:
		return nil, k.delete(ctx, c, h)
	}
	return nil, fmt.Errorf("%s cannot be written by %s", c.Ref, c.Verb)
}

func (k profiles) create(ctx context.Context, c enroll.Change) (map[enroll.Handle]string, error) {
	path, err := k.account.path(ctx, "enrollmentProfiles")
	if err != nil {
		return nil, err
	}
	answer, err := k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Path: path, Class: graph.Create, Needs: k.Permissions(c), Body: newBody(c.Ref.Name, c.After)})
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("make %s: %w", c.Ref, err))
	}
	// Without an id in the answer the profile is found by name when it is read back.
	return map[enroll.Handle]string{enroll.ID: answer.ID()}, nil
}

func (k profiles) patch(ctx context.Context, c enroll.Change, h enroll.Resolver) error {
	id, err := h.Handle(ctx, c.Ref, enroll.ID)
	if err != nil {
		return err
	}
	path, err := k.account.path(ctx, "enrollmentProfiles", id)
	if err != nil {
		return err
	}
	body, err := patchBody(c.Before.Raw, c.Before.Fields, c.After)
	if err != nil {
		return fmt.Errorf("read %s before changing it: %w", c.Ref, err)
	}
	body.ID = id
	if _, err := k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPatch, Path: path, Class: graph.Put, Needs: k.Permissions(c), Body: body}); err != nil {
		return graph.Outcome(fmt.Errorf("change %s: %w", c.Ref, err))
	}
	return nil
}

func (k profiles) delete(ctx context.Context, c enroll.Change, h enroll.Resolver) error {
	id, err := h.Handle(ctx, c.Ref, enroll.ID)
	if err != nil {
		return err
	}
	path, err := k.account.path(ctx, "enrollmentProfiles", id)
	if err != nil {
		return err
	}
	_, err = k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodDelete, Path: path, Class: graph.Put, Needs: k.Permissions(c)})
	if err != nil && !graph.IsNotFound(err) {
		return graph.Outcome(fmt.Errorf("delete %s: %w", c.Ref, err))
	}
	return nil
}

// Plan compares profiles field by field. User affinity stays as it was made: a
// change of it becomes a step by hand, and rule X-34 reports it beside.
func (profiles) Plan(want, have []enroll.Object, _ enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	live := enroll.ByRef(have)
	var changes []enroll.Change
	var findings []enroll.Finding
	for _, w := range want {
		h, exists := live[w.Ref]
		switch {
		case w.State == enroll.Absent && exists:
			changes = append(changes, remove(w, h))
		case w.State == enroll.Absent:
		case !exists:
			changes = append(changes, enroll.Make(w))
		case affinityMoves(w, h):
			changes = append(changes, enroll.Change{
				Ref: w.Ref, Verb: enroll.Manual, Origin: w.Where(pathAffinity),
				Op: fmt.Sprintf("userAffinity is %s and cannot become %s: make a profile of another name beside it and move its devices there", h.Fields.Text(pathAffinity), w.Fields.Text(pathAffinity)),
			})
		default:
			fit, said := fitted(w, h)
			findings = append(findings, said...)
			if c := enroll.Differ(fit, h); len(c.Fields) > 0 {
				c.Effects = notices(c)
				changes = append(changes, c)
			}
		}
	}
	return changes, findings
}

// fitted is w with what becomes of the live sign-in where the file says a part
// of it only, and an error for each setting that does not go with the rest.
func fitted(w, h enroll.Object) (enroll.Object, []enroll.Finding) {
	now := h.Fields.With(w.Fields)
	stored := signInOf(now).fields()
	fields := maps.Clone(w.Fields)
	var findings []enroll.Finding
	for _, path := range []string{pathAuth, pathInstall} {
		asked, will := w.Fields.Text(path), stored.Text(path)
		if asked == will {
			continue
		}
		if asked == "" {
			if will != h.Fields.Text(path) {
				fields[path] = will
			}
			continue
		}
		delete(fields, path)
		if asked == InstallNone && will == "" {
			continue // without a user there is no Company Portal
		}
		findings = append(findings, enroll.Finding{
			Rule: "profile-lacks", Severity: enroll.Error, On: w.Ref, Path: path, Origin: w.Where(path),
			Message: fmt.Sprintf("%s: %s does not go with this profile: %s", path, asked, signInSays(now)),
			Fix:     "leave it out",
		})
	}
	w.Fields = fields
	return w, findings
}

// signInSays is who signs in with a profile, and where.
func signInSays(f enroll.Fields) string {
	if f.Text(pathAffinity) == AffinityNone {
		return "its userAffinity is " + AffinityNone
	}
	return "its authentication is " + f.Text(pathAuth)
}

// remove deletes a profile. While imported devices have it, that is asked for.
func remove(w, h enroll.Object) enroll.Change {
	c := enroll.Remove(w, h)
	c.Undo = enroll.Undo{Level: "partial", Why: "a profile made again has another id, and devices do not get it back by themselves"}
	if facts, ok := h.Facts.(ProfileFacts); ok && facts.Devices > 0 {
		c.Confirm = fmt.Sprintf("devices that have it and could not enroll any more: %d", facts.Devices)
		c.Effects = []enroll.Effect{{On: c.Ref, Text: "imported devices have this profile and would be left without one", N: facts.Devices}}
	}
	return c
}

// affinityMoves tells whether the file wants another user affinity than there is.
func affinityMoves(w, h enroll.Object) bool {
	wanted := w.Fields.Text(pathAffinity)
	return wanted != "" && wanted != h.Fields.Text(pathAffinity)
}

// notices says what a change of the sign-in does to devices: those that are
// enrolled keep theirs (inferred from profiles of automated enrollment).
func notices(c enroll.Change) []enroll.Effect {
	for _, f := range c.Fields {
		if f.Path != pathDescription {
			return []enroll.Effect{{On: c.Ref, Text: "devices enrolled with this profile take the change over only after they are reset and enroll again"}}
		}
	}
	return nil
}
