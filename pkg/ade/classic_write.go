package ade

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// createClassic makes a classic profile. In tenants where classic profiles are
// retired the service answers a bare 500 (a published report of August 2026):
// that is an answer, not a fault, once the profile is seen not to be there.
func (k profiles) createClassic(ctx context.Context, tokenID string, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	vppID, err := vppTokenID(ctx, c.After, h)
	if err != nil {
		return nil, err
	}
	wanted, err := k.certificates.of(c.After)
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", c.Ref, err)
	}
	answer, err := k.c.Do(ctx, graph.Call{
		API: graph.Beta, Method: http.MethodPost, Path: tokenPath(tokenID, "enrollmentProfiles"),
		Body: classicBody(c.Ref.Name, c.After, beside{vppID: vppID, certificates: wanted}), Class: graph.Create, Needs: []string{graph.ServiceConfigWrite},
	})
	if e, ok := errors.AsType[*graph.Error](err); ok && e.Status == http.StatusInternalServerError && !e.HTML {
		return k.retired(ctx, tokenID, c, err)
	}
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("make %s: %w", c.Ref, err))
	}
	if id := answer.ID(); id != "" {
		return map[enroll.Handle]string{enroll.ID: id, enroll.Mirror: id, enroll.Default: id}, nil
	}
	return nil, nil // found by name when it is read back
}

// retired looks whether a create that answered 500 made the profile all the same.
func (k profiles) retired(ctx context.Context, tokenID string, c enroll.Change, cause error) (map[enroll.Handle]string, error) {
	list, err := k.listProfiles(ctx, tokenID)
	if err != nil {
		return nil, enroll.Lost(fmt.Errorf("make %s: %w; looking for it: %w", c.Ref, cause, err))
	}
	for _, l := range list {
		if l.Name == c.Ref.Name && l.Type == typeClassic {
			return map[enroll.Handle]string{enroll.ID: l.ID, enroll.Mirror: l.ID, enroll.Default: l.ID}, nil
		}
	}
	return nil, fmt.Errorf("make %s: classic profiles seem to be retired in this tenant, the service refuses to make one; use type: enrollmentPolicy: %w", c.Ref, cause)
}

// patchClassic sends the members that change, and no other.
func (k profiles) patchClassic(ctx context.Context, tokenID string, c enroll.Change, h enroll.Resolver) error {
	id, err := h.Handle(ctx, c.Ref, enroll.ID)
	if err != nil {
		return err
	}
	live, err := decodeClassic(c.Before.Raw)
	if err != nil {
		return fmt.Errorf("read %s before changing it: %w", c.Ref, err)
	}
	was := beside{live.VPPTokenID, live.otherKeys, live.Certificates}
	is := was
	if _, changes := c.After[pathVPPToken]; changes {
		if is.vppID, err = vppTokenID(ctx, c.After, h); err != nil {
			return err
		}
	}
	fields := c.Before.Fields.With(c.After)
	switch _, changes := c.After[pathCertificates]; {
	case fields.Text(pathSync) != pairingByCertificate:
		is.certificates = nil
	case changes:
		if is.certificates, err = k.certificates.of(c.After); err != nil {
			return fmt.Errorf("change %s: %w", c.Ref, err)
		}
	}
	name := c.Ref.Name
	before, after := classicBody(name, c.Before.Fields, was), classicBody(name, fields, is)
	_, err = k.c.Do(ctx, graph.Call{
		API: graph.Beta, Method: http.MethodPatch, Path: tokenPath(tokenID, "enrollmentProfiles", id),
		Body: classicPatch(before, after), Class: graph.Put, Needs: []string{graph.ServiceConfigWrite},
	})
	if err != nil {
		return graph.Outcome(fmt.Errorf("change %s: %w", c.Ref, err))
	}
	return nil
}

// vppTokenID is the id of the VPP token that fields name, "" for none.
func vppTokenID(ctx context.Context, f enroll.Fields, h enroll.Resolver) (string, error) {
	ref, ok := f[pathVPPToken].(enroll.Ref)
	if !ok {
		return "", nil
	}
	return h.Handle(ctx, ref, enroll.ID)
}
