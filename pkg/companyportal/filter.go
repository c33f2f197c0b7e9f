package companyportal

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// filters is the kind filter: the assignment filters of the tenant. They are
// only read.
type filters struct{ c *graph.Client }

// FilterFacts is what is known of an assignment filter.
type FilterFacts struct {
	Platform string // iOS for iPhones and iPads
	Of       string // devices or apps: what the filter is about
}

func (filters) Name() enroll.KindName    { return enroll.Filter }
func (filters) Reads() []enroll.KindName { return nil }
func (filters) After() []enroll.KindName { return nil }

func (k filters) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	raws, err := graph.List[json.RawMessage](ctx, k.c, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: "/deviceManagement/assignmentFilters",
		Class: graph.Read, Needs: []string{graph.ConfigurationRead}})
	var out []enroll.Object
	for _, raw := range raws {
		var f struct{ ID, DisplayName, Platform, AssignmentFilterManagementType string }
		if err = json.Unmarshal(raw, &f); err != nil {
			break
		}
		out = append(out, enroll.Object{Ref: enroll.Ref{Kind: enroll.Filter, Name: f.DisplayName}, Handles: map[enroll.Handle]string{enroll.ID: f.ID}, Raw: raw,
			Facts: FilterFacts{f.Platform, f.AssignmentFilterManagementType}})
	}
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.Filter}, fmt.Errorf("list the assignment filters: %w", err))}
	}
	return out, nil
}

// filtered is w with its filter as assignments have it: mode and id. A filter
// for other platforms, or for apps, is a problem.
func filtered(w enroll.Object, all enroll.Snapshot) (enroll.Object, *enroll.Finding) {
	ref, ok := w.Fields["filterName"].(enroll.Ref)
	if !ok {
		return w, nil
	}
	filter, found := all.Get(ref)
	if !found {
		return w, nil // reported where names are looked up
	}
	facts, _ := filter.Facts.(FilterFacts)
	if !strings.EqualFold(facts.Platform, "iOS") || facts.Of != "" && facts.Of != "devices" {
		return w, &enroll.Finding{Rule: "assignment-filter", Severity: enroll.Error, On: w.Ref, Path: "filterName", Origin: w.Where("filterName"),
			Message: fmt.Sprintf("assignment filter %q is for %s of platform %s, not for iPhones and iPads", ref.Name, facts.Of, facts.Platform),
			Fix:     "name a filter for managed devices of platform iOS/iPadOS"}
	}
	fields := w.Fields.With(enroll.Fields{"filter": w.Fields.Text("filterMode") + " " + filter.Handles[enroll.ID]})
	delete(fields, "filterName")
	delete(fields, "filterMode")
	w.Fields = fields
	return w, nil
}
