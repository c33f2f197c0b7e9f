package guard

import (
	"fmt"
	"slices"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// portalRules are about which devices Company Portal and its policy reach.
func portalRules() []enroll.Rule {
	rules := twins(enroll.Rule{
		ID: "X-41", Severity: enroll.Error, Title: "the Company Portal policy is for devices enrolled before", Link: pagePortal,
		Why: "A profile that brings Company Portal sends the app its configuration by itself. A second copy from a policy makes the app ask for a management profile that is already there, or fail.",
		Fix: "assign the policy to a static group of devices that enrolled before Company Portal was part of their profile",
		Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
			return eachGroup(want, live, secondCopy, enroll.PolicyAssignment)
		},
	}, enroll.Group, enroll.ADEProfile)
	rules = append(rules, twins(enroll.Rule{
		ID: "C-12", Severity: enroll.Warning, Title: "the Company Portal policy is not documented for Apple Configurator", Link: pageGuide,
		Why: "The guide sends administrators of Apple Configurator to the policy of Automated Device Enrollment; the page of that policy names automated enrollment only.",
		Fix: "try it with one device first; where the profile can bring Company Portal, prefer that",
		Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
			return eachGroup(want, live, undocumented, enroll.PolicyAssignment)
		},
	}, enroll.Group, enroll.ConfiguratorProfile)...)
	rules = append(rules, enroll.Rule{
		ID: "CPI-14", Severity: enroll.Error, Title: "Company Portal and its policy go to devices", Link: pagePortal, Offline: true,
		Why: "A profile for personal devices goes to users; Company Portal and its policy are assigned to devices that the organization enrolls.",
		Fix: "name a group of devices",
		Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
			return eachGroup(want, live, alsoUsers, enroll.PolicyAssignment, enroll.AppAssignment)
		},
	})
	return append(rules, twins(enroll.Rule{
		ID: "CFP-05", Severity: enroll.Error, Title: "no Company Portal for devices without a user", Link: pageGuide,
		Why: "Company Portal is neither used nor supported on devices that nobody signs in to. Devices of Automated Device Enrollment that get their user later are the exception: the app from a VPP token, together with a policy of the variant deviceStaging.",
		Fix: "take the group out",
		Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
			return eachGroup(want, live, userless, enroll.PolicyAssignment, enroll.AppAssignment)
		},
	}, enroll.Group, enroll.ADEProfile)...)
}

// reach is one wanted assignment of Company Portal or of its policy to a group.
type reach struct {
	owner, assignment, group enroll.Object
	known                    bool // the group is in the file or was seen in the tenant
	online                   bool
	want                     []enroll.Object
	profiles                 []profile
	staging                  bool // a policy gives devices without a user one
}

// eachGroup calls look for every group that the wanted assignments of the kinds go to.
func eachGroup(want []enroll.Object, live enroll.Snapshot, look func(reach) []enroll.Finding, kinds ...enroll.KindName) []enroll.Finding {
	profiles := allProfiles(want, live)
	owners := map[string]enroll.Object{}
	staging := slices.ContainsFunc(live.Objects[enroll.PortalPolicy], stages)
	for _, o := range want {
		if o.Ref.Kind == enroll.PortalPolicy || o.Ref.Kind == enroll.PortalApp {
			owners[directory.ScopeOf(o, want)] = o
			staging = staging || stages(o)
		}
	}
	var out []enroll.Finding
	for _, o := range want {
		target, ok := o.Fields["target"].(enroll.Ref)
		if excluded, _ := o.Fields.Flag("exclude"); !slices.Contains(kinds, o.Ref.Kind) || !ok || excluded || target.Kind != enroll.Group {
			continue
		}
		r := reach{owner: owners[o.Ref.Scope], assignment: o, online: live.Objects != nil, want: want, profiles: profiles, staging: staging}
		r.group, r.known = directory.Find(target, want, live)
		if !r.known {
			r.group.Ref = target
		}
		out = append(out, look(r)...)
	}
	return out
}

func (r reach) finding(severity enroll.Severity, format string, args ...any) enroll.Finding {
	path := "assignTo.groups"
	if r.app() {
		path = "requiredFor"
	}
	return enroll.Finding{Severity: severity, Message: fmt.Sprintf(format, args...), On: r.owner.Ref, Path: path, Origin: r.assignment.Where("target")}
}

// app tells whether it is the app that goes to the group, and not a policy.
func (r reach) app() bool { return r.assignment.Ref.Kind == enroll.AppAssignment }

// stages tells whether a policy is for devices that get their user later.
func stages(policy enroll.Object) bool {
	return policy.Fields.Text("variant") == companyportal.DeviceStaging
}

// allowed tells whether this is part of giving devices without a user one: a
// staging policy, or the app with licences of the device beside such a policy.
func (r reach) allowed() bool {
	if r.app() {
		return r.staging && r.owner.Fields.Text("source") == companyportal.FromVPP
	}
	return stages(r.owner)
}

// secondCopy is X-41.
func secondCopy(r reach) []enroll.Finding {
	if r.owner.Fields.Text("variant") != companyportal.UserAffinity {
		return nil
	}
	group := r.group.Ref.Name
	if !r.known {
		return []enroll.Finding{r.finding(enroll.Warning, "group %q is not in the file: whether devices whose profile brings Company Portal are in it cannot be seen", group)}
	}
	names := profilesOf(r.group)
	if len(names) == 0 {
		return []enroll.Finding{r.finding(enroll.Warning, "group %q names no profile: whether devices whose profile brings Company Portal are in it cannot be seen", group)}
	}
	var out []enroll.Finding
	for _, name := range names {
		found := named(r.profiles, name)
		if len(found) == 0 {
			out = append(out, r.finding(enroll.Warning, "group %q takes in the devices of profile %q, which %s: whether it brings Company Portal cannot be seen", group, name, r.nowhere()))
		}
		for _, p := range found {
			switch {
			case !p.seen:
				out = append(out, r.finding(enroll.Warning, "group %q takes in the devices of profile %q, which the file does not name: whether it brings Company Portal was not looked at", group, name))
			case p.sendsPortal():
				out = append(out, r.finding(enroll.Error, "group %q takes in the devices of profile %q, which brings Company Portal and its configuration itself", group, name))
			}
		}
	}
	return out
}

func (r reach) nowhere() string {
	if r.online {
		return "is neither in the file nor among the profiles that were looked at"
	}
	return "is not in the file"
}

// undocumented is C-12.
func undocumented(r reach) []enroll.Finding {
	var out []enroll.Finding
	for _, name := range profilesOf(r.group) {
		for _, p := range named(r.profiles, name) {
			if p.configurator() && p.seen && !p.userless() && !p.sendsPortal() {
				out = append(out, r.finding(enroll.Warning, "group %q takes in the devices of profile %q, which enroll with Apple Configurator: Microsoft does not say that the policy works there", r.group.Ref.Name, name))
			}
		}
	}
	return out
}

// alsoUsers is what the file alone says for CPI-14: the group is named where
// users have to be.
func alsoUsers(r reach) []enroll.Finding {
	for _, a := range enroll.OfKind(r.want, enroll.BYODAssignment) {
		if excluded, _ := a.Fields.Flag("exclude"); !excluded && a.Fields["target"] == r.group.Ref {
			owner, _ := a.Ref.ScopeRef()
			return []enroll.Finding{r.finding(enroll.Warning, "group %q is also where the profile %q for personal devices goes (%s), which is for users", r.group.Ref.Name, owner.Name, a.Where("target"))}
		}
	}
	return nil
}

// userless is CFP-05.
func userless(r reach) []enroll.Finding {
	var out []enroll.Finding
	for _, name := range profilesOf(r.group) {
		for _, p := range named(r.profiles, name) {
			affinity := p.values.Text(affinityKey)
			mayStage := affinity == ade.AffinityNone && !p.configurator()
			if !p.seen || !p.userless() || mayStage && r.allowed() {
				continue
			}
			f := r.finding(enroll.Error, "group %q takes in the devices of profile %q, which have no user (userAffinity: %s)", r.group.Ref.Name, name, affinity)
			if r.assignment.Fields["filterName"] != nil {
				f.Severity, f.Message = enroll.Warning, f.Message+", unless the filter keeps them out"
			}
			switch {
			case mayStage && r.app():
				f.Fix = "take the group out of requiredFor; if the devices are to get a user later, write source: vpp and add a configPolicies entry with variant: deviceStaging"
			case mayStage:
				f.Fix = "take the group out of the policy, or write variant: deviceStaging if the devices are to get a user later"
			}
			out = append(out, f)
		}
	}
	return out
}
