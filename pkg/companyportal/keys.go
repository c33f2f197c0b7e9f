package companyportal

import (
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Where Company Portal comes from.
const (
	FromVPP   = "vpp"
	FromStore = "store"
)

// AppKeys are the keys of companyPortal.app.
func AppKeys() []enroll.Key {
	return []enroll.Key{
		{Path: "source", Type: enroll.Choice, Values: []string{FromVPP, FromStore}, Required: "always", Member: "@odata.type",
			Doc: "Which Company Portal is meant: that of a VPP token, or the app of the App Store."},
		{Path: "vppToken", Type: enroll.Text, Member: "vppTokenId", Min: 1, Max: 256,
			Doc: "VPP token of the app, by name, location or id; may be left out when one token only has Company Portal."},
	}
}

// PolicyKeys are the keys of an entry of companyPortal.configPolicies.
func PolicyKeys() []enroll.Key {
	return []enroll.Key{
		{Path: "name", Type: enroll.Text, Required: "always", Fixed: true, Member: "displayName", Min: 1, Max: 200,
			Doc: "Name of the policy; a policy of that name that exists is brought to what the file says."},
		{Path: "id", Type: enroll.Text, Member: "id", Doc: "Id of the live policy that is meant, where two have the same name."},
		{Path: "description", Type: enroll.Text, Default: "", Member: "description", Max: 1000, Doc: "Description shown in the admin center."},
		{Path: "variant", Type: enroll.Choice, Values: variants(), Required: "always", Member: "encodedSettingXml",
			Doc: "For devices enrolled with user affinity, or for staged ones that get their user by the first sign-in to Company Portal."},
		{Path: "assignTo", Type: enroll.Mapping, Doc: "Which devices get the policy. Assignments that the file does not name stay."},
		{Path: "assignTo.groups", Type: enroll.Texts, Member: "groupAssignmentTarget", Doc: "Device groups the policy is assigned to, by name or id."},
		{Path: "assignTo.excludeGroups", Type: enroll.Texts, Member: "exclusionGroupAssignmentTarget", Doc: "Device groups that are left out, by name or id."},
	}
}

// Objects are the policies that the entries ask for, and one assignment for
// each group. A policy is for the app that the app section names, else for the
// only Company Portal there is. Facts of a policy is its enroll.Entry.
func Objects(app *enroll.Entry, entries []enroll.Entry) ([]enroll.Object, []enroll.Finding) {
	var findings []enroll.Finding
	if app != nil && app.Values.Text("source") == FromStore && app.Values.Text("vppToken") != "" {
		findings = append(findings, enroll.Finding{Rule: "FILE", Severity: enroll.Error, Path: "vppToken", Origin: app.Where("vppToken"),
			Message: "source: store and vppToken do not go together: the app of the App Store has no VPP token", Fix: "remove vppToken, or write source: vpp"})
	}
	ref, at := wantedApp(app)
	var out []enroll.Object
	for _, e := range entries {
		p := enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalPolicy, Name: e.Values.Text("name")}, Pinned: e.Values.Text("id"),
			Origin: e.Origin, At: map[string]enroll.Origin{"app": e.Origin}, Facts: e,
			Fields: enroll.Fields{"app": ref}, Default: enroll.Fields{"description": ""}}
		for path, where := range e.At {
			p.At[path] = where
		}
		if app != nil {
			p.At["app"] = at
		}
		for _, path := range []string{"description", "variant"} {
			if e.Has(path) {
				p.Fields[path] = e.Values[path]
			}
		}
		out = append(out, p)
		for _, g := range e.Values.List("assignTo.groups") {
			out = append(out, directory.Assign(enroll.PolicyAssignment, p.Ref, enroll.Ref{Kind: enroll.Group, Name: g}, false, e.Where("assignTo.groups")))
		}
		for _, g := range e.Values.List("assignTo.excludeGroups") {
			out = append(out, directory.Assign(enroll.PolicyAssignment, p.Ref, enroll.Ref{Kind: enroll.Group, Name: g}, true, e.Where("assignTo.excludeGroups")))
		}
	}
	return out, findings
}

// wantedApp is the app that the section names, as [apps] lets it be found: the
// store app by its name, a VPP app by its token, or by "vpp" where one token
// only has it; the empty name is the only Company Portal there is.
func wantedApp(app *enroll.Entry) (enroll.Ref, enroll.Origin) {
	r := enroll.Ref{Kind: enroll.PortalApp}
	switch {
	case app == nil:
		return r, enroll.Origin{}
	case app.Values.Text("source") == FromStore:
		r.Name = storeName
		return r, app.Where("source")
	case app.Values.Text("vppToken") != "":
		r.Name = app.Values.Text("vppToken")
		return r, app.Where("vppToken")
	default:
		r.Name = FromVPP
		return r, app.Where("source")
	}
}
