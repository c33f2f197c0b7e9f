package companyportal

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// bundle is the id of Company Portal. Intune does not keep to one spelling of
// its case.
const bundle = "com.microsoft.CompanyPortal"

// storeName is what the Company Portal of the App Store is called here.
const storeName = "Company Portal (store)"

// Handles by which a file finds an app.
const (
	source    enroll.Handle = "source"     // "vpp", where one token only has the app
	tokenID   enroll.Handle = "token"      // the id of the app's token, where it has the app once
	tokenName enroll.Handle = "token-name" // its name
)

// AppFacts is what is known of one Company Portal app. It cannot be created
// for a VPP token: it appears when its licences are bought and synced.
type AppFacts struct {
	Store           bool
	Token           enroll.Ref // of a VPP app
	TokenID         string
	Licences, Used  int  // of a VPP app
	DeviceLicensing bool // whether licences can go to devices
	TokenApps       int  // of a VPP app: how many apps its token has, this one among them
}

// Left is how many licences of a VPP app are not in use.
func (f AppFacts) Left() int { return max(f.Licences-f.Used, 0) }

// apps is the kind portal-app: every Company Portal app of the tenant. Field
// source is vpp or store.
type apps struct{ c *graph.Client }

func (apps) Name() enroll.KindName    { return enroll.PortalApp }
func (apps) Reads() []enroll.KindName { return nil }
func (apps) After() []enroll.KindName { return nil }

// Read lists the apps of both types and the VPP tokens side by side. The
// service filters by type only; the bundle id is compared here, because a
// filter on it is not established.
func (k apps) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	var vppApps, storeApps, tokens []enroll.Object
	var errs [3]error
	var side enroll.Together
	ofToken := map[string]int{} // token id -> how many apps it has
	side.Go(func() { vppApps, errs[0] = k.list(ctx, vppApp, ofToken) })
	side.Go(func() { storeApps, errs[1] = k.list(ctx, storeApp, map[string]int{}) })
	side.Go(func() { tokens, errs[2] = vpp.List(ctx, k.c) })
	side.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.PortalApp}, fmt.Errorf("look for Company Portal: %w", err))}
		}
	}
	for i := range vppApps {
		name(vppApps, i, tokens)
		facts, _ := vppApps[i].Facts.(AppFacts)
		facts.TokenApps = ofToken[facts.TokenID]
		vppApps[i].Facts = facts
	}
	for i := range storeApps {
		storeApps[i].Ref.Name = storeName
	}
	return append(vppApps, storeApps...), nil
}

// Types of apps.
const (
	vppApp   = "#microsoft.graph.iosVppApp"
	storeApp = "#microsoft.graph.iosStoreApp"
)

// list is the Company Portal apps of a type, and counts all apps of that type by token.
func (k apps) list(ctx context.Context, of string, count map[string]int) ([]enroll.Object, error) {
	var out []enroll.Object
	for raw, err := range k.c.Pages(ctx, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: "/deviceAppManagement/mobileApps", Class: graph.Read,
		Query: url.Values{"$filter": {"isof('" + strings.TrimPrefix(of, "#") + "')"}}, Needs: []string{graph.AppsRead}}) {
		if err != nil {
			return nil, fmt.Errorf("list the apps of type %s: %w", of, err)
		}
		o, ours, token, err := app(raw)
		count[token]++
		if err != nil {
			return nil, fmt.Errorf("list the apps of type %s: %w", of, err)
		}
		if ours {
			out = append(out, o)
		}
	}
	return out, nil
}

// app is a Company Portal app without its name, false for any other app; and
// the id of its token.
func app(raw json.RawMessage) (o enroll.Object, ours bool, token string, err error) {
	var a struct {
		Type                                string `json:"@odata.type"`
		ID, BundleID                        string
		VPPTokenID, VPPTokenDisplayName     string
		VPPTokenOrganizationName            string
		TotalLicenseCount, UsedLicenseCount *int
		LicensingType                       map[string]json.RawMessage
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return o, false, "", fmt.Errorf("an app is not as expected: %w", err)
	}
	if !strings.EqualFold(a.BundleID, bundle) {
		return o, false, a.VPPTokenID, nil
	}
	if a.ID == "" || a.Type == "" {
		return o, false, "", errors.New("the Company Portal app has no id or no type")
	}
	o = enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalApp, Name: storeName}, Handles: map[enroll.Handle]string{enroll.ID: a.ID}, Raw: raw,
		Fields: enroll.Fields{"source": FromStore}}
	if a.Type != vppApp {
		o.Facts = AppFacts{Store: true}
		return o, true, "", nil
	}
	if a.TotalLicenseCount == nil || a.UsedLicenseCount == nil {
		return o, false, "", errors.New("the Company Portal app does not say how many licences it has and how many are in use")
	}
	o.Fields["source"] = FromVPP
	o.Facts = AppFacts{
		Token:   enroll.Ref{Kind: enroll.VPPToken, Name: cmp.Or(a.VPPTokenDisplayName, a.VPPTokenOrganizationName, a.VPPTokenID)},
		TokenID: a.VPPTokenID, Licences: *a.TotalLicenseCount, Used: *a.UsedLicenseCount, DeviceLicensing: deviceLicensing(a.LicensingType),
	}
	return o, true, a.VPPTokenID, nil
}

// deviceLicensing reads a member that exists in two spellings (Microsoft's
// published schema of beta has both).
func deviceLicensing(t map[string]json.RawMessage) bool {
	return string(t["supportsDeviceLicensing"]) == "true" || string(t["supportDeviceLicensing"]) == "true"
}

// name calls the app at place i by its token, and lets it be found by all that
// the token, and no other, is found by.
func name(all []enroll.Object, i int, tokens []enroll.Object) {
	o := &all[i]
	facts, _ := o.Facts.(AppFacts)
	alone := facts.TokenID != ""
	for j, other := range all {
		f, _ := other.Facts.(AppFacts)
		alone = alone && (j == i || f.TokenID != facts.TokenID)
	}
	if alone {
		o.Handles[tokenID] = facts.TokenID
	}
	for _, t := range tokens {
		if t.Handles[enroll.ID] != facts.TokenID {
			continue
		}
		facts.Token = t.Ref
		o.Facts = facts
		if !alone {
			continue
		}
		o.Handles[vpp.Location], o.Handles[vpp.Organization] = t.Handles[vpp.Location], t.Handles[vpp.Organization]
		if !slices.ContainsFunc(tokens, func(u enroll.Object) bool {
			return u.Handles[enroll.ID] != facts.TokenID && strings.EqualFold(u.Ref.Name, t.Ref.Name)
		}) {
			o.Handles[tokenName] = t.Ref.Name
		}
	}
	if len(all) == 1 {
		o.Handles[source] = FromVPP
	}
	o.Ref.Name = "Company Portal (" + facts.Token.Name + ")"
}
