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

// commandNeed is what one command needs, least privileged.
type commandNeed struct {
	command         string
	needs, optional []string
}

// commandNeeds are those of every command that asks Graph, whatever its file or
// flags name. Enrollment policies are documented under Configuration, and
// ServiceConfig was seen to do for them too (a published script, 2026).
func commandNeeds() []commandNeed {
	names := func(list []need, optional bool) (out []string) {
		for _, n := range list {
			if n.optional == optional {
				out = append(out, n.name)
			}
		}
		return out
	}
	var out []commandNeed
	for _, use := range uses() {
		out = append(out, commandNeed{use, names(needsOf(use), false), names(needsOf(use), true)})
	}
	tenant := []string{graph.OrganizationRead}
	members := []string{graph.DeviceRead, graph.OrganizationRead}
	read, write := []string{graph.ServiceConfigRead}, []string{graph.ServiceConfigWrite}
	facts := []string{graph.ServiceConfigRead, graph.AppsRead, graph.OrganizationRead}
	return append(out, []commandNeed{
		{"advise --from-tenant", facts, nil},
		{"init --from-tenant", facts, nil},
		{"guide users", append([]string{graph.ConfigurationRead}, facts...), nil},
		{"guide admin --from-tenant", []string{graph.ServiceConfigRead, graph.OrganizationRead}, nil},
		{"pushcert status", read, tenant},
		{"pushcert csr", write, tenant},
		{"pushcert upload", write, []string{graph.ManagedDevicesRead, graph.OrganizationRead}},
		{"ade token list", read, tenant},
		{"ade token public-key", read, tenant},
		{"ade token upload", write, tenant},
		{"ade token sync", write, tenant},
		{"ade devices list", read, tenant},
		{"ade create", []string{graph.ServiceConfigWrite, graph.ConfigurationWrite}, tenant},
		{"ade assign", []string{graph.ServiceConfigWrite, graph.ConfigurationRead}, tenant},
		{"ade default", []string{graph.ServiceConfigWrite, graph.ConfigurationRead}, tenant},
		{"ade migrate", []string{graph.ServiceConfigWrite, graph.ConfigurationWrite}, []string{graph.AppsRead, graph.OrganizationRead}},
		{"configurator create", write, tenant},
		{"configurator assign", write, tenant},
		{"configurator devices list", read, tenant},
		{"configurator devices import", write, tenant},
		{"configurator export", read, tenant},
		{"byod create", []string{graph.ServiceConfigWrite, graph.GroupRead}, members},
		{"byod assign", []string{graph.ServiceConfigWrite, graph.GroupRead}, members},
		{"portal app", []string{graph.AppsWrite, graph.ServiceConfigWrite, graph.GroupRead}, members},
		{"portal policy", []string{graph.AppsWrite, graph.ServiceConfigRead, graph.GroupRead}, members},
		{"auth setup --create", []string{graph.ApplicationWrite}, tenant},
	}...)
}

// shownCommands are the commands as they are rendered, before a sign-in is
// looked at.
func shownCommands() []render.CommandNeeds {
	var out []render.CommandNeeds
	for _, c := range commandNeeds() {
		out = append(out, render.CommandNeeds{Command: c.command, Permissions: c.needs, Optional: c.optional, Granted: "unknown"})
	}
	return out
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
