package ade

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// defaultName is the name of a token's default: Intune keeps one for each platform.
const defaultName = "iOS/iPadOS"

// DefaultFacts is which profile is a token's default: the last part of its
// id, "" for none.
type DefaultFacts struct{ ProfileID string }

// defaults reads and sets the default iOS/iPadOS profile of tokens. Devices
// get it when they sync in; those that synced before keep what they have.
type defaults struct{ c *graph.Client }

func (defaults) Name() enroll.KindName    { return enroll.ADEDefault }
func (defaults) Reads() []enroll.KindName { return []enroll.KindName{enroll.ADEToken} }
func (defaults) After() []enroll.KindName {
	return []enroll.KindName{enroll.ADEProfile, enroll.ADEDevices}
}

// Read gives one object for each token. Which profile the id means is only
// known once the profiles are: then the field profile is there.
func (k defaults) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	return graph.SideBySide(q.Owners(known.Objects[enroll.ADEToken]), func(token enroll.Object) ([]enroll.Object, []enroll.Gap) {
		ref := enroll.Ref{Kind: enroll.ADEDefault, Scope: token.Ref.Owner(), Name: defaultName}
		raw, id, err := k.current(ctx, token.Handles[enroll.ID])
		if err != nil {
			return nil, []enroll.Gap{graph.Gap(ref, err)}
		}
		o := enroll.Object{Ref: ref, Raw: raw, Facts: DefaultFacts{id}}
		switch profile, ok := profileByID(known, ref.Scope, id); {
		case id == "":
			o.Fields = enroll.Fields{fieldProfile: nil}
		case ok:
			o.Fields = enroll.Fields{fieldProfile: profile.Ref}
		}
		return []enroll.Object{o}, nil
	})
}

// current is the default profile of a token; without one the service answers
// 404, or nothing.
func (k defaults) current(ctx context.Context, tokenID string) (json.RawMessage, string, error) {
	answer, err := k.c.Do(ctx, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: tokenPath(tokenID, "defaultIosEnrollmentProfile"), Needs: []string{graph.ServiceConfigRead},
	})
	if graph.IsNotFound(err) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	if len(answer.Body) == 0 {
		return nil, "", nil
	}
	var profile *listed
	if err := json.Unmarshal(answer.Body, &profile); err != nil {
		return nil, "", fmt.Errorf("read the default profile: %w", err)
	}
	if profile == nil || profile.ID == "" {
		return answer.Body, "", nil
	}
	return answer.Body, lastSegment(profile.ID), nil
}

// profileByID is the profile of a token whose id ends like id.
func profileByID(known enroll.Snapshot, owner, id string) (enroll.Object, bool) {
	if id == "" {
		return enroll.Object{}, false
	}
	for _, o := range known.Objects[enroll.ADEProfile] {
		if o.Ref.Scope == owner && lastSegment(o.Handles[enroll.ID]) == id {
			return o, true
		}
	}
	return enroll.Object{}, false
}

// Plan names the profile that loses the default.
func (defaults) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	live := enroll.ByRef(have)
	var out []enroll.Change
	for _, w := range want {
		profile, _ := w.Fields[fieldProfile].(enroll.Ref)
		now := live[w.Ref]
		facts, _ := now.Facts.(DefaultFacts)
		before, known := profileByID(all, w.Ref.Scope, facts.ProfileID)
		if known && before.Ref == profile {
			continue
		}
		c := enroll.Change{
			Ref: w.Ref, Verb: enroll.Update, Op: "setDefault", Before: now, After: enroll.Fields{fieldProfile: profile},
			Fields: []enroll.FieldChange{{Path: fieldProfile, New: profile}},
			Needs:  []enroll.Ref{profile}, Origin: w.Origin,
			Effects: []enroll.Effect{{On: profile, Text: "devices that synced in from Apple before keep the profile they have"}},
			Undo:    enroll.Undo{Level: "none", Why: "there was no default before, and Graph cannot take it away"},
		}
		switch {
		case known:
			c.Fields[0].Old = before.Ref
			c.Undo = enroll.Undo{Level: "full"}
			c.Confirm = fmt.Sprintf("it takes the default from %q", before.Ref.Name)
			c.Effects = append([]enroll.Effect{{On: before.Ref, Text: "is no longer the default profile"}}, c.Effects...)
		case facts.ProfileID != "":
			c.Fields[0].Old = facts.ProfileID
			c.Confirm = "it takes the default from a profile that cannot be seen"
			c.Undo = enroll.Undo{Level: "none", Why: "the default before is a profile that cannot be seen"}
			c.Effects = append([]enroll.Effect{{On: w.Ref, Text: "the default so far, a profile that cannot be seen (" + facts.ProfileID + "), loses it"}}, c.Effects...)
		}
		out = append(out, c)
	}
	return out, nil
}

// Permissions is what setting a default takes.
func (defaults) Permissions(enroll.Change) []string { return []string{graph.ServiceConfigWrite} }

// Write makes a profile the default. For some time after a policy was made the
// service does not find it ("Profile not found"; code of other tools waits up
// to a minute).
func (k defaults) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	token, ok := c.Ref.ScopeRef()
	profile, named := c.After[fieldProfile].(enroll.Ref)
	if !ok || !named {
		return nil, errors.New("a default needs a token and a profile")
	}
	tokenID, err := h.Handle(ctx, token, enroll.ID)
	if err != nil {
		return nil, err
	}
	id, err := h.Handle(ctx, profile, enroll.Default)
	if err != nil {
		return nil, err
	}
	_, err = k.c.Do(ctx, graph.Call{
		API: graph.Beta, Method: http.MethodPost, Path: tokenPath(tokenID, "enrollmentProfiles", id, "setDefaultProfile"),
		Class: graph.Put, Needs: []string{graph.ServiceConfigWrite},
	})
	if graph.IsNotFound(err) {
		return nil, enroll.NotYet(fmt.Errorf("make %s the default: %w", profile, err))
	}
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("make %s the default: %w", profile, err))
	}
	return nil, nil
}
