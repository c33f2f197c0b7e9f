package companyportal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// policies is the kind portal-policy. Fields: variant, description and app,
// the one app that the policy is for.
type policies struct{ c *graph.Client }

const iosPolicy = "#microsoft.graph.iosMobileAppConfiguration"

func (policies) Name() enroll.KindName    { return enroll.PortalPolicy }
func (policies) Reads() []enroll.KindName { return []enroll.KindName{enroll.PortalApp} }
func (policies) After() []enroll.KindName {
	return []enroll.KindName{enroll.Group, enroll.PortalApp}
}

func configuration(segments ...string) string {
	return graph.Path(append([]string{"deviceAppManagement", "mobileAppConfigurations"}, segments...)...)
}

// Read lists the policies for iOS that are for Company Portal, have one of its
// texts, or have a name that is asked for: a name may be taken by a policy for
// another app.
func (k policies) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	raws, err := list(ctx, k.c, configuration())
	var out []enroll.Object
	for _, raw := range raws {
		var o enroll.Object
		var ours bool
		if o, ours, err = policy(raw, known); err != nil {
			break
		}
		asked := slices.ContainsFunc(q.Names, func(r enroll.Ref) bool {
			return strings.EqualFold(r.Name, o.Ref.Name) || strings.EqualFold(r.Name, o.Handles[enroll.ID])
		})
		if o.Ref.Name != "" && (ours || asked) {
			out = append(out, o)
		}
	}
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.PortalPolicy}, fmt.Errorf("list the app configuration policies: %w", err))}
	}
	return out, nil
}

// policy is a live policy for iOS, and whether it is about Company Portal; the
// zero object for a policy of another platform.
func policy(raw json.RawMessage, known enroll.Snapshot) (enroll.Object, bool, error) {
	var p struct {
		Type                                            string `json:"@odata.type"`
		ID, DisplayName, Description, EncodedSettingXML string
		TargetedMobileApps                              []string
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return enroll.Object{}, false, fmt.Errorf("one is not as expected: %w", err)
	}
	if p.Type != iosPolicy {
		return enroll.Object{}, false, nil
	}
	if p.ID == "" {
		return enroll.Object{}, false, errors.New("one has no id")
	}
	variant := variantOf(p.EncodedSettingXML)
	ours := variant != Other
	var apps []enroll.Ref
	for _, id := range p.TargetedMobileApps {
		app := enroll.Ref{Kind: enroll.PortalApp, Name: id}
		for _, a := range known.Objects[enroll.PortalApp] {
			if strings.EqualFold(a.Handles[enroll.ID], id) {
				app, ours = a.Ref, true
			}
		}
		apps = append(apps, app)
	}
	o := enroll.Object{
		Ref:     enroll.Ref{Kind: enroll.PortalPolicy, Name: p.DisplayName},
		Handles: map[enroll.Handle]string{enroll.ID: p.ID},
		Fields:  enroll.Fields{"variant": variant, "description": p.Description},
		Raw:     raw,
		Rest: enroll.Rest(raw, "description", "encodedSettingXml", "targetedMobileApps", "lastModifiedDateTime", "version",
			"deviceStatusSummary", "userStatusSummary", "@odata.context"),
	}
	switch len(apps) {
	case 0:
	case 1:
		o.Fields["app"] = apps[0]
	default:
		o.Fields["app"] = enroll.RefSet(apps...)
	}
	return o, ours, nil
}

// Plan makes, changes and deletes policies. A policy whose text is neither of the two
// is somebody else's, whatever its name: it is an error and not touched. One
// that the file wants to be there already needs no app.
func (policies) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	var changes []enroll.Change
	var findings []enroll.Finding
	live := enroll.ByRef(have)
	for _, w := range want {
		app, needed := w.Fields["app"].(enroll.Ref)
		if _, ok := all.Get(app); needed && !ok && app.Name != storeName {
			if app.Name == "" { // of an app that the file names, the app's own plan says what is wrong
				findings = append(findings, missing(w, all.Objects[enroll.PortalApp]))
			}
			continue
		}
		h, exists := live[w.Ref]
		if !exists {
			if w.State != enroll.Absent {
				changes = append(changes, enroll.Make(w))
			}
			continue
		}
		if h.Fields.Text("variant") == Other {
			findings = append(findings, enroll.Finding{Rule: "policy-differs", Severity: enroll.Error, On: w.Ref, Path: "variant", Origin: w.Where("variant"),
				Message: fmt.Sprintf("app configuration policy %q exists with a text that is neither variant; it is neither overwritten nor deleted", w.Ref.Name),
				Fix:     "use another name in the file, or delete the policy in the Intune admin center, Apps > Configuration"})
			continue
		}
		if w.State == enroll.Absent {
			deletion, said := directory.Deletion(w, h, enroll.PolicyAssignment, all)
			changes, findings = append(changes, deletion...), append(findings, said...)
			continue
		}
		if c := enroll.Differ(w, h); len(c.Fields) > 0 {
			changes = append(changes, c)
		}
	}
	return changes, findings
}

// missing says what to do where the app of a policy cannot be told.
func missing(w enroll.Object, apps []enroll.Object) enroll.Finding {
	f := enroll.Finding{Rule: "CPI-12", Severity: enroll.Error, On: w.Ref, Path: "app", Origin: w.Where("app")}
	if len(apps) == 0 {
		f.Message = fmt.Sprintf("policy %q has no app to be for: the tenant has no Company Portal for iOS", w.Ref.Name)
		f.Fix = "get licences of Intune Company Portal in Apple Business Manager and sync the VPP token, or add the app of the App Store in the Intune admin center, Apps > iOS/iPadOS"
		return f
	}
	var names []string
	for _, a := range apps {
		names = append(names, a.Ref.Name)
	}
	slices.Sort(names)
	f.Message = fmt.Sprintf("it cannot be told which app policy %q is for; the tenant has %s", w.Ref.Name, strings.Join(names, ", "))
	f.Fix = "write companyPortal.app with source: vpp and vppToken: <token>, or with source: store"
	return f
}

// Permissions are those that writing a policy takes.
func (policies) Permissions(enroll.Change) []string { return []string{graph.AppsWrite} }

// Write creates a policy, changes the members that differ, or deletes it.
func (k policies) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	body := map[string]any{"@odata.type": iosPolicy}
	if _, ok := c.After["description"]; ok {
		body["description"] = c.After.Text("description")
	}
	if _, ok := c.After["variant"]; ok {
		text, err := encoded(c.After.Text("variant"))
		if err != nil {
			return nil, fmt.Errorf("write policy %q: %w", c.Ref.Name, err)
		}
		body["encodedSettingXml"] = text
	}
	if app, ok := c.After["app"].(enroll.Ref); ok {
		id, err := h.Handle(ctx, app, enroll.ID)
		if err != nil {
			return nil, err
		}
		body["targetedMobileApps"] = []string{id}
	}
	call := graph.Call{API: graph.Beta, Method: http.MethodPost, Path: configuration(), Class: graph.Create, Needs: k.Permissions(c), Body: body}
	switch c.Verb {
	case enroll.Create:
		body["displayName"] = c.Ref.Name
	case enroll.Update:
		id, err := h.Handle(ctx, c.Ref, enroll.ID)
		if err != nil {
			return nil, err
		}
		call.Method, call.Path, call.Class = http.MethodPatch, configuration(id), graph.Put
	case enroll.Delete:
		call.Method, call.Path, call.Class, call.Body = http.MethodDelete, configuration(c.Before.Handles[enroll.ID]), graph.Put, nil
	default:
		return nil, fmt.Errorf("policy %q cannot be written by %s", c.Ref.Name, c.Verb)
	}
	a, err := k.c.Do(ctx, call)
	if c.Verb == enroll.Delete && graph.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("%s policy %q: %w", c.Verb, c.Ref.Name, err))
	}
	if c.Verb != enroll.Create {
		return nil, nil
	}
	if a.ID() == "" {
		return nil, enroll.Lost(fmt.Errorf("create policy %q: the answer has no id", c.Ref.Name))
	}
	return map[enroll.Handle]string{enroll.ID: a.ID()}, nil
}
