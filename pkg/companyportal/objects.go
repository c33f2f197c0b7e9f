package companyportal

import (
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Objects are the app with its assignments and the switch of its token, the
// policies that the entries ask for, and one assignment for each group. A
// policy is for the app that the app section names, else for the only Company
// Portal there is. Facts of app and policy is their enroll.Entry.
func Objects(app *enroll.Entry, entries []enroll.Entry) ([]enroll.Object, []enroll.Finding) {
	var out []enroll.Object
	var findings []enroll.Finding
	if app != nil {
		out, findings = appObjects(*app)
	}
	for i, e := range entries {
		out = append(out, policyObjects(app, e, directory.OwnerOf(enroll.PortalPolicy, entries, i))...)
	}
	return out, findings
}

// appObjects are what the section app asks for.
func appObjects(e enroll.Entry) ([]enroll.Object, []enroll.Finding) {
	var findings []enroll.Finding
	store := e.Values.Text("source") == FromStore
	for _, path := range []string{"vppToken", "autoUpdate"} {
		if store && e.Values[path] != nil {
			findings = append(findings, enroll.Finding{Rule: "FILE", Severity: enroll.Error, Path: path, Origin: e.Where(path),
				Message: "source: store and " + path + " do not go together: the app of the App Store has no VPP token", Fix: "remove " + path + ", or write source: vpp"})
		}
	}
	ref, at := wantedApp(&e)
	out := []enroll.Object{{Ref: ref, Origin: at, At: e.At, Facts: e, Fields: enroll.Fields{"source": e.Values.Text("source")}}}
	for _, g := range e.Values.List("requiredFor") {
		a := directory.Assign(enroll.AppAssignment, ref, enroll.Ref{Kind: enroll.Group, Name: g}, false, e.Where("requiredFor"))
		a.Fields["intent"] = required
		if !store {
			a.Fields["deviceLicensing"] = true
		}
		if name := e.Values.Text("filter.name"); name != "" {
			a.Fields["filterName"], a.Fields["filterMode"] = enroll.Ref{Kind: enroll.Filter, Name: name}, e.Values.Text("filter.mode")
			a.At["filterName"] = e.Where("filter.name")
		}
		out = append(out, a)
	}
	out = append(out, directory.Removals(enroll.AppAssignment, ref, e)...)
	if on, ok := e.Values.Flag("autoUpdate"); ok && !store {
		out = append(out, enroll.Object{Ref: enroll.Ref{Kind: enroll.TokenAutoUpdate, Name: e.Values.Text("vppToken")}, Origin: e.Where("autoUpdate"), At: e.At,
			Fields: enroll.Fields{"autoUpdate": on}})
	}
	return out, findings
}

// policyObjects are a policy and its assignments, which name it as owner.
func policyObjects(app *enroll.Entry, e enroll.Entry, owner enroll.Ref) []enroll.Object {
	p := enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalPolicy, Name: e.Values.Text("name")}, Pinned: e.Values.Text("id"), State: e.Presence(),
		Origin: e.Origin, At: map[string]enroll.Origin{"app": e.Origin}, Facts: e, Fields: enroll.Fields{}, Default: enroll.Fields{"description": ""}}
	for path, where := range e.At {
		p.At[path] = where
	}
	if p.State == enroll.Absent {
		return []enroll.Object{p}
	}
	if app != nil || p.State != enroll.Existing {
		ref, at := wantedApp(app)
		p.Fields["app"] = ref
		if app != nil {
			p.At["app"] = at
		}
	}
	for _, path := range []string{"description", "variant"} {
		if e.Has(path) {
			p.Fields[path] = e.Values[path]
		}
	}
	out := []enroll.Object{p}
	for _, g := range e.Values.List("assignTo.groups") {
		out = append(out, directory.Assign(enroll.PolicyAssignment, owner, enroll.Ref{Kind: enroll.Group, Name: g}, false, e.Where("assignTo.groups")))
	}
	for _, g := range e.Values.List("assignTo.excludeGroups") {
		out = append(out, directory.Assign(enroll.PolicyAssignment, owner, enroll.Ref{Kind: enroll.Group, Name: g}, true, e.Where("assignTo.excludeGroups")))
	}
	return append(out, directory.Removals(enroll.PolicyAssignment, owner, e)...)
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
