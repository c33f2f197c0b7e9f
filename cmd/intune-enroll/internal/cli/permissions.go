package cli

import (
	"slices"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Uses of the program, each of which takes the permissions of those before it.
const (
	forCheck = "check"
	forPlan  = "plan"
	forApply = "apply"
)

func uses() []string { return []string{forCheck, forPlan, forApply} }

// need is one permission of Microsoft Graph that the program needs: the same
// name as application and as delegated permission, least privileged.
type need struct {
	use      string
	name     string
	what     string
	kinds    []enroll.KindName // what a file has to hold for it to be needed; none: always
	optional bool              // without it something is not known, and everything else works
}

// needs is the table of permissions: help, auth permissions and auth setup read it.
func needs() []need {
	return []need{
		{forCheck, graph.ServiceConfigRead, "push certificate, enrollment and VPP tokens, enrollment profiles, restrictions", nil, false},
		{forCheck, graph.OrganizationRead, "tenant name and domains, MDM authority, licences", nil, false},
		{forCheck, graph.AppsRead, "Company Portal app, its licences, assignments and configuration policies", nil, false},
		{forPlan, graph.ConfigurationRead, "enrollment policies", []enroll.KindName{enroll.ADEProfile, enroll.ADEGroup}, false},
		{forPlan, graph.GroupRead, "groups of the file, and what members they have", []enroll.KindName{enroll.Group}, false},
		{forPlan, graph.DeviceRead, "whether the members of a group are devices", []enroll.KindName{enroll.Group}, true},
		{forPlan, graph.RBACRead, "scope tags by their names", []enroll.KindName{enroll.ScopeTag}, true},
		{forPlan, graph.ApplicationRead, "who owns a group that devices enter while they enroll", []enroll.KindName{enroll.ADEGroup}, true},
		{forPlan, graph.ManagedDevicesRead, "how many devices a wrong push certificate would cut off", []enroll.KindName{enroll.PushCertificate}, true},
		{forApply, graph.ServiceConfigWrite, "enrollment profiles, default profile, devices, tokens, push certificate", nil, false},
		{forApply, graph.ConfigurationWrite, "enrollment policies", []enroll.KindName{enroll.ADEProfile, enroll.ADEGroup}, false},
		{forApply, graph.AppsWrite, "Company Portal app and its configuration policies", []enroll.KindName{enroll.PortalApp, enroll.AppAssignment, enroll.PortalPolicy, enroll.PolicyAssignment}, false},
		{forApply, graph.GroupWrite, "making groups, and the owner that enrollment time grouping needs", []enroll.KindName{enroll.Group, enroll.ADEGroup}, false},
	}
}

// needsOf are the permissions for a use, the least privileged ones only: where
// a permission to write is needed, that to read the same is not.
func needsOf(use string) []need {
	last := slices.Index(uses(), use)
	var out []need
	for _, n := range needs() {
		if slices.Index(uses(), n.use) <= last {
			out = append(out, n)
		}
	}
	return leastOf(out)
}

// shownNeeds are permissions as they are rendered, before a sign-in is looked at.
func shownNeeds(list []need) []render.Permission {
	var out []render.Permission
	for _, n := range list {
		out = append(out, render.Permission{Name: n.name, For: n.use, What: n.what, Optional: n.optional, Granted: "unknown"})
	}
	return out
}

func leastOf(all []need) []need {
	return slices.DeleteFunc(slices.Clone(all), func(n need) bool {
		return slices.ContainsFunc(all, func(w need) bool {
			return w.name != n.name && !w.optional && graph.Granted([]string{w.name}, []string{n.name})
		})
	})
}

// needsOfFile are those for a use with these wanted objects: what their kinds
// read, and what making and changing them takes.
func needsOfFile(use string, want []enroll.Object, kinds []enroll.Kind) []need {
	held := map[enroll.KindName]bool{}
	writes := map[string]bool{}
	for _, o := range want {
		held[o.Ref.Kind] = true
		for _, r := range enroll.Make(o).Needs {
			held[r.Kind] = true
		}
		for _, k := range kinds {
			if w, ok := k.(enroll.Writer); ok && k.Name() == o.Ref.Kind {
				if names := w.Permissions(enroll.Make(o)); len(names) > 0 {
					writes[names[0]] = true
				}
			}
		}
	}
	last := slices.Index(uses(), use)
	var out []need
	for _, n := range needs() {
		switch {
		case slices.Index(uses(), n.use) > last:
		case n.use == forApply && writes[n.name],
			n.use != forApply && (len(n.kinds) == 0 || slices.ContainsFunc(n.kinds, func(k enroll.KindName) bool { return held[k] })):
			out = append(out, n)
		}
	}
	return leastOf(out)
}
