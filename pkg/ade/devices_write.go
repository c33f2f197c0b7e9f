package ade

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

// Permissions is what assigning devices takes.
func (devices) Permissions(enroll.Change) []string { return []string{graph.ServiceConfigWrite} }

// Write gives one batch of serial numbers a profile. The action takes serial
// numbers, not object ids, and the id of the profile as the token's list shows
// it, which for a policy is its mirror (issues of Microsoft's Graph SDKs; a
// published migration script, July 2026).
func (k devices) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	token, ok := c.Ref.ScopeRef()
	profile, named := c.After[fieldProfile].(enroll.Ref)
	if !ok || !named {
		return nil, errors.New("devices need a token and a profile")
	}
	tokenID, err := h.Handle(ctx, token, enroll.ID)
	if err != nil {
		return nil, err
	}
	id, err := h.Handle(ctx, profile, enroll.Mirror)
	if err != nil {
		return nil, err
	}
	_, err = k.c.Do(ctx, graph.Call{
		API: graph.Beta, Method: http.MethodPost, Path: tokenPath(tokenID, "enrollmentProfiles", id, "updateDeviceProfileAssignment"),
		Body: map[string][]string{"deviceIds": c.Items.Add}, Class: graph.Put, Needs: []string{graph.ServiceConfigWrite},
	})
	if graph.IsNotFound(err) {
		return nil, enroll.NotYet(fmt.Errorf("give %s %s: %w", enroll.Plural(len(c.Items.Add), "device"), profile, err))
	}
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("give %s %s: %w", enroll.Plural(len(c.Items.Add), "device"), profile, err))
	}
	return nil, nil
}

// Verify reads the devices of all batches of each token in one pass.
func (k devices) Verify(ctx context.Context, done []enroll.Change, known enroll.Snapshot) []error {
	errs := make([]error, len(done))
	byOwner := map[string][]int{}
	for i, c := range done {
		byOwner[c.Ref.Scope] = append(byOwner[c.Ref.Scope], i)
	}
	for owner, at := range byOwner {
		found, err := k.findAll(ctx, owner, done, at, known)
		for _, i := range at {
			if errs[i] = err; err == nil {
				errs[i] = assigned(done[i], found, known)
			}
		}
	}
	return errs
}

func (k devices) findAll(ctx context.Context, owner string, done []enroll.Change, at []int, known enroll.Snapshot) (map[string]DeviceFacts, error) {
	ref, _ := enroll.Ref{Scope: owner}.ScopeRef()
	token, ok := known.Get(ref)
	if !ok {
		return nil, fmt.Errorf("%s is not known", ref)
	}
	serials := map[string]bool{}
	for _, i := range at {
		for _, s := range done[i].Items.Add {
			serials[s] = true
		}
	}
	found, err := k.find(ctx, token.Handles[enroll.ID], serials)
	if err != nil {
		return nil, enroll.Lost(fmt.Errorf("read the devices back: %w", err))
	}
	return found, nil
}

// assigned tells whether all serial numbers of c have its profile.
func assigned(c enroll.Change, found map[string]DeviceFacts, known enroll.Snapshot) error {
	ref, _ := c.After[fieldProfile].(enroll.Ref)
	profile, ok := known.Get(ref)
	if !ok {
		return enroll.NotYet(fmt.Errorf("%s is not known", ref))
	}
	id := lastSegment(profile.Handles[enroll.ID])
	missing := slices.DeleteFunc(slices.Clone(c.Items.Add), func(s string) bool { return found[s].ProfileID == id })
	if len(missing) == 0 {
		return nil
	}
	return enroll.NotYet(fmt.Errorf("still without %s: %d of %s: %s", ref, len(missing), enroll.Plural(len(c.Items.Add), "device"), few(missing)))
}

// few shows up to five of the texts.
func few(texts []string) string {
	if len(texts) <= 5 {
		return strings.Join(texts, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(texts[:5], ", "), len(texts)-5)
}
