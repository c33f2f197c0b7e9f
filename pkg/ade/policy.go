package ade

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// policy is a deviceManagementConfigurationPolicy, without its settings.
type policy struct {
	ID             string  `json:"id"`
	Name           string  `json:"name"`
	Description    *string `json:"description"`
	Platforms      string  `json:"platforms"`
	Technologies   string  `json:"technologies"`
	CreationSource string  `json:"creationSource"`
	Template       struct {
		ID string `json:"templateId"`
	} `json:"templateReference"`
	ScopeTags []string `json:"roleScopeTagIds"`
	raw       json.RawMessage
}

func decodePolicy(raw json.RawMessage) (policy, error) {
	var p policy
	if err := json.Unmarshal(raw, &p); err != nil {
		return policy{}, fmt.Errorf("read an enrollment policy: %w", err)
	}
	p.raw = raw
	return p, nil
}

// creationSource ties a policy to its token. It has to be sent again unchanged
// with every update (recorded portal traffic, 2026).
func creationSource(tokenID string) string { return "DepTokenId_" + tokenID }

// policyRead and policyWrite name the permission that was seen to suffice for
// enrollment policies first, and the documented one of configuration policies.
func policyRead() []string  { return []string{graph.ServiceConfigRead, graph.ConfigurationRead} }
func policyWrite() []string { return []string{graph.ServiceConfigWrite, graph.ConfigurationWrite} }

// object is the live object of a policy, before its settings are read. Mirror
// is the id among the token's profiles, "" while it lags.
func (p policy) object(owner, tokenID, mirror string) enroll.Object {
	o := enroll.Object{
		Ref:     enroll.Ref{Kind: enroll.ADEProfile, Scope: owner, Name: p.Name},
		Handles: map[enroll.Handle]string{enroll.ID: p.ID, enroll.Default: tokenID + "_" + p.ID},
		Raw:     p.raw,
		Facts:   ProfileFacts{Type: EnrollmentPolicy},
	}
	if mirror != "" {
		o.Handles[enroll.Mirror] = mirror
	}
	return o
}

// fields are the compared fields of a policy with the given settings.
func (p policy) fields(live []setting) enroll.Fields {
	f, _ := parseSettings(live)
	f[pathType], f[pathDescription] = EnrollmentPolicy, ""
	if p.Description != nil {
		f[pathDescription] = *p.Description
	}
	if p.ScopeTags != nil {
		f[pathTags] = tagIDs(p.ScopeTags)
	}
	return f
}

// rest is what fields do not cover: other members and foreign settings.
func (p policy) rest(live []setting) string {
	_, foreign := parseSettings(live)
	for i := range foreign {
		foreign[i].Type, foreign[i].ID = "", "" // the id is a position, which moves when a text setting comes or goes
	}
	settings, err := json.Marshal(foreign)
	if err != nil {
		return "" // cannot be: they were read from JSON
	}
	return enroll.Rest(p.raw, "description", "roleScopeTagIds", "settings", "settingCount", "isAssigned", "lastModifiedDateTime", "version", "@odata.etag") +
		enroll.Rest(json.RawMessage(`{"settings":`+string(settings)+`}`))
}

func tagIDs(ids []string) []enroll.Ref {
	var out []enroll.Ref
	for _, id := range ids {
		out = append(out, enroll.Ref{Kind: enroll.ScopeTag, Name: id})
	}
	return enroll.RefSet(out...)
}

// policyPath is the path of a policy and what follows it.
func policyPath(id string, rest ...string) string {
	return graph.Path(append([]string{"deviceManagement", "configurationPolicies", id}, rest...)...)
}

// readSettings reads all settings of a policy; they come 25 a page.
func (k profiles) readSettings(ctx context.Context, id string) ([]setting, error) {
	return graph.List[setting](ctx, k.c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: policyPath(id, "settings"), Needs: policyRead(),
	})
}

// readPolicy reads a policy and its settings afresh.
func (k profiles) readPolicy(ctx context.Context, id string) (policy, []setting, error) {
	raw, err := graph.Get[json.RawMessage](ctx, k.c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: policyPath(id), Needs: policyRead(),
	})
	if err != nil {
		return policy{}, nil, err
	}
	p, err := decodePolicy(raw)
	if err != nil {
		return policy{}, nil, err
	}
	live, err := k.readSettings(ctx, id)
	return p, live, err
}
