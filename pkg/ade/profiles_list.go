package ade

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// listed is one item of a token's enrollmentProfiles. A policy has a copy
// there, its mirror, some time after it was made.
type listed struct {
	Type string `json:"@odata.type"`
	ID   string `json:"id"`
	Name string `json:"displayName"`
	raw  json.RawMessage
}

const typeClassic = "#microsoft.graph.depIOSEnrollmentProfile"

// mirrorPrefix marks the id of a policy's mirror (a published migration script, July 2026).
const mirrorPrefix = "ECV2_"

// listProfiles are all items of a token's enrollmentProfiles.
func (k profiles) listProfiles(ctx context.Context, tokenID string) ([]listed, error) {
	raws, err := graph.List[json.RawMessage](ctx, k.c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: tokenPath(tokenID, "enrollmentProfiles"), Needs: []string{graph.ServiceConfigRead},
	})
	if err != nil {
		return nil, err
	}
	out := make([]listed, len(raws))
	for i, raw := range raws {
		if err := json.Unmarshal(raw, &out[i]); err != nil {
			return nil, fmt.Errorf("read an enrollment profile: %w", err)
		}
		out[i].raw = raw
	}
	return out, nil
}

// listPolicies are the iOS/iPadOS enrollment policies of a token. A policy
// names its token in creationSource (recorded portal traffic, 2026).
func (k profiles) listPolicies(ctx context.Context, tokenID string) ([]policy, error) {
	filter := fmt.Sprintf("(technologies has 'enrollment') and (platforms eq 'iOS') and (creationSource eq '%s')", strings.ReplaceAll(creationSource(tokenID), "'", "''"))
	raws, err := graph.List[json.RawMessage](ctx, k.c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: "/deviceManagement/configurationPolicies",
		Query: url.Values{"$filter": {filter}}, Needs: policyRead(),
	})
	if err != nil {
		return nil, err
	}
	var out []policy
	for _, raw := range raws {
		p, err := decodePolicy(raw)
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(p.CreationSource, creationSource(tokenID)) {
			out = append(out, p)
		}
	}
	return out, nil
}
