package companyportal

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Plan adds the app of the App Store where the file asks for it. An app of a
// VPP token cannot be made: it comes with its licences.
func (apps) Plan(want, have []enroll.Object, _ enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	var changes []enroll.Change
	var findings []enroll.Finding
	live := enroll.ByRef(have)
	for _, w := range want {
		_, exists := live[w.Ref]
		switch {
		case exists:
		case w.Fields.Text("source") == FromStore:
			c := enroll.Make(w)
			c.Undo = enroll.Undo{Level: "partial", Why: "it can be taken out of Intune in the admin center"}
			c.Effects = []enroll.Effect{{Text: "devices get it from the App Store: each user needs an Apple ID"}}
			changes = append(changes, c)
		default:
			findings = append(findings, noVPPApp(w, have))
		}
	}
	return changes, findings
}

// noVPPApp says what to do where the token has no Company Portal, or it cannot be told which token is meant.
func noVPPApp(w enroll.Object, apps []enroll.Object) enroll.Finding {
	f := enroll.Finding{Rule: "CPI-12", Severity: enroll.Error, On: w.Ref, Path: "vppToken", Origin: w.Where("vppToken"),
		Fix: "get licences of Intune Company Portal for the token's location in Apple Business Manager and sync the token; or write source: store where there is no VPP"}
	var have []string
	for _, a := range apps {
		if facts, ok := a.Facts.(AppFacts); ok && !facts.Store {
			have = append(have, facts.Token.Name)
		}
	}
	slices.Sort(have)
	switch {
	case len(have) == 0:
		f.Message = "no VPP token of the tenant has Company Portal for iOS"
	case w.Ref.Name == FromVPP:
		f.Message = "it cannot be told which Company Portal is meant: the VPP tokens " + strings.Join(have, ", ") + " have it"
		f.Fix = "write vppToken: <token>"
	default:
		f.Message = fmt.Sprintf("no VPP token %q has Company Portal for iOS; it is on %s", w.Ref.Name, strings.Join(have, ", "))
	}
	return f
}

// Permissions are those that adding an app takes.
func (apps) Permissions(enroll.Change) []string { return []string{graph.AppsWrite} }

// Write adds the app of the App Store. Its number there is in Microsoft's
// documentation of the app; iOS itself keeps older versions out, so any version
// is let through here. What the service needs beside the members of its
// published schema is not established: the app is read back.
func (k apps) Write(ctx context.Context, c enroll.Change, _ enroll.Resolver) (map[enroll.Handle]string, error) {
	if c.Verb != enroll.Create || c.After.Text("source") != FromStore {
		return nil, fmt.Errorf("%s: only the app of the App Store is ever added, and none is changed or deleted", c.Ref)
	}
	a, err := k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Path: mobileApp(), Class: graph.Create, Needs: k.Permissions(c), Body: map[string]any{
		"@odata.type":                     storeApp,
		"displayName":                     "Intune Company Portal",
		"description":                     "Gives access to the apps and resources of the organization.",
		"publisher":                       "Microsoft Corporation",
		"bundleId":                        bundle,
		"appStoreUrl":                     "https://apps.apple.com/us/app/intune-company-portal/id719171358",
		"applicableDeviceType":            map[string]any{"@odata.type": "#microsoft.graph.iosDeviceType", "iPad": true, "iPhoneAndIPod": true},
		"minimumSupportedOperatingSystem": map[string]any{"@odata.type": "#microsoft.graph.iosMinimumOperatingSystem", "v8_0": true},
	}})
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("add Company Portal of the App Store: %w", err))
	}
	if a.ID() == "" {
		return nil, enroll.Lost(fmt.Errorf("add Company Portal of the App Store: the answer has no id"))
	}
	return map[enroll.Handle]string{enroll.ID: a.ID()}, nil
}
