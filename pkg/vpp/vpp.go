// Package vpp knows the location tokens (VPP tokens) through which Intune gets
// apps bought in Apple Business Manager: what they are called, whether they
// still work, and whether apps update by themselves.
package vpp

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Names a token is also found by.
const (
	Location     enroll.Handle = "location"
	Organization enroll.Handle = "organization"
)

// TokenFacts is what is known of a token.
type TokenFacts struct {
	ID, Location, Organization, AppleID string
	State                               string // valid, expired, invalid, assignedToExternalMDM, duplicateLocationId, unknown
	SyncStatus                          string // none, inProgress, completed, failed
	Expires, LastSync                   time.Time
	AutoUpdate                          bool
	UpdateUnsaid                        bool // the service does not say AutoUpdate
}

// Kinds is the kind vpp-token.
func Kinds(c *graph.Client) []enroll.Kind { return []enroll.Kind{tokens{c}} }

type tokens struct{ c *graph.Client }

func (tokens) Name() enroll.KindName    { return enroll.VPPToken }
func (tokens) Reads() []enroll.KindName { return nil }
func (tokens) After() []enroll.KindName { return nil }

func (k tokens) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	out, err := List(ctx, k.c)
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.VPPToken}, err)}
	}
	return out, nil
}

// List reads all tokens, over beta: v1.0 has no names for them (Microsoft's
// published schemas). A token is called by its display name, else its location,
// else its organization; where a location or an organization belongs to one
// token only, the token is found by that too. The secret in the answer is
// dropped.
func List(ctx context.Context, c *graph.Client) ([]enroll.Object, error) {
	raws, err := graph.List[json.RawMessage](ctx, c, graph.Call{API: graph.Beta, Method: http.MethodGet,
		Path: "/deviceAppManagement/vppTokens", Class: graph.Read, Needs: []string{graph.ServiceConfigRead}})
	if err != nil {
		return nil, fmt.Errorf("list the VPP tokens: %w", err)
	}
	var out []enroll.Object
	for _, raw := range raws {
		o, err := object(raw)
		if err != nil {
			return nil, fmt.Errorf("list the VPP tokens: %w", err)
		}
		out = append(out, o)
	}
	for i := range out {
		facts, _ := out[i].Facts.(TokenFacts)
		for h, name := range map[enroll.Handle]string{Location: facts.Location, Organization: facts.Organization} {
			if name != "" && only(out, i, name) {
				out[i].Handles[h] = name
			}
		}
	}
	return out, nil
}

// only tells whether no token but the one at place i goes by name.
func only(all []enroll.Object, i int, name string) bool {
	for j, o := range all {
		facts, _ := o.Facts.(TokenFacts)
		if j != i && (strings.EqualFold(o.Ref.Name, name) || strings.EqualFold(facts.Location, name) || strings.EqualFold(facts.Organization, name)) {
			return false
		}
	}
	return true
}

func object(raw json.RawMessage) (enroll.Object, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return enroll.Object{}, fmt.Errorf("a token is not as expected: %w", err)
	}
	delete(members, "token")
	safe, err := json.Marshal(members)
	if err != nil {
		return enroll.Object{}, fmt.Errorf("a token is not as expected: %w", err)
	}
	var t struct {
		ID, DisplayName, LocationName, OrganizationName, AppleID string
		State, LastSyncStatus                                    string
		ExpirationDateTime, LastSyncDateTime                     time.Time
		AutomaticallyUpdateApps                                  *bool
	}
	if err := json.Unmarshal(safe, &t); err != nil {
		return enroll.Object{}, fmt.Errorf("a token is not as expected: %w", err)
	}
	if t.ID == "" {
		return enroll.Object{}, fmt.Errorf("a token has no id")
	}
	facts := TokenFacts{ID: t.ID, Location: t.LocationName, Organization: t.OrganizationName, AppleID: t.AppleID,
		State: t.State, SyncStatus: t.LastSyncStatus, Expires: graph.Given(t.ExpirationDateTime), LastSync: graph.Given(t.LastSyncDateTime), UpdateUnsaid: t.AutomaticallyUpdateApps == nil}
	facts.AutoUpdate = !facts.UpdateUnsaid && *t.AutomaticallyUpdateApps
	return enroll.Object{
		Ref:     enroll.Ref{Kind: enroll.VPPToken, Name: cmp.Or(t.DisplayName, t.LocationName, t.OrganizationName, t.ID)},
		Handles: map[enroll.Handle]string{enroll.ID: t.ID},
		Raw:     safe, Facts: facts,
	}, nil
}
