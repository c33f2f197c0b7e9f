package companyportal

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// appAssignments is the kind app-assignment: one object for each target of a
// Company Portal app. Fields: target, exclude, filter, intent (required,
// available, uninstall, availableWithoutEnrollment), deviceLicensing and, where
// the service tells it, source (policySets are made elsewhere). It only reads.
type appAssignments struct{ c *graph.Client }

func (appAssignments) Name() enroll.KindName { return enroll.AppAssignment }
func (appAssignments) Reads() []enroll.KindName {
	return []enroll.KindName{enroll.PortalApp, enroll.Group}
}
func (appAssignments) After() []enroll.KindName {
	return []enroll.KindName{enroll.PortalApp, enroll.Group}
}

func (k appAssignments) Read(ctx context.Context, _ enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	owners := known.Objects[enroll.PortalApp]
	return each(ctx, enroll.AppAssignment, owners, func(ctx context.Context, app enroll.Object) ([]enroll.Object, error) {
		raws, err := list(ctx, k.c, mobileApp(app.Handles[enroll.ID], "assignments"))
		if err != nil {
			return nil, fmt.Errorf("list the assignments of %s: %w", app.Ref.Name, err)
		}
		return assignments(enroll.AppAssignment, app.Ref, raws, known)
	})
}

func mobileApp(segments ...string) string {
	return graph.Path(append([]string{"deviceAppManagement", "mobileApps"}, segments...)...)
}

func list(ctx context.Context, c *graph.Client, path string) ([]json.RawMessage, error) {
	return graph.List[json.RawMessage](ctx, c, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: path, Class: graph.Read, Needs: []string{graph.AppsRead}})
}

// each reads what belongs to the owners, side by side. What fails for one of
// them is a gap of that owner.
func each(ctx context.Context, kind enroll.KindName, owners []enroll.Object, read func(context.Context, enroll.Object) ([]enroll.Object, error)) ([]enroll.Object, []enroll.Gap) {
	lists, errs := make([][]enroll.Object, len(owners)), make([]error, len(owners))
	var wg sync.WaitGroup
	for i, o := range owners {
		wg.Go(func() { lists[i], errs[i] = read(ctx, o) })
	}
	wg.Wait()
	var gaps []enroll.Gap
	for i, o := range owners {
		if errs[i] != nil {
			gaps = append(gaps, graph.Gap(enroll.Ref{Kind: kind, Scope: o.Ref.Owner()}, errs[i]))
		}
	}
	return slices.Concat(lists...), gaps
}

// assignments are the objects for live assignments of an owner. Their ids are
// left out of what is verified unchanged: an action that replaces the whole
// list may give new ones.
func assignments(kind enroll.KindName, owner enroll.Ref, raws []json.RawMessage, known enroll.Snapshot) ([]enroll.Object, error) {
	var out []enroll.Object
	for _, raw := range raws {
		var a struct {
			ID             string
			Target         json.RawMessage
			Intent, Source string
			Settings       struct{ UseDeviceLicensing *bool }
		}
		err := json.Unmarshal(raw, &a)
		var t directory.Target
		if err == nil {
			t, err = directory.ReadTarget(a.Target, known)
		}
		if err != nil {
			return nil, fmt.Errorf("list the assignments of %s: %w", owner.Name, err)
		}
		o := enroll.Object{
			Ref:    enroll.Ref{Kind: kind, Scope: owner.Owner(), Name: t.Ref.Name},
			Fields: t.Fields(), Handles: map[enroll.Handle]string{enroll.ID: a.ID}, Raw: raw, Rest: enroll.Rest(raw, "id", "@odata.context"),
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
