package guard

import (
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// portalPolicyRules are about which devices a Company Portal policy reaches.
func portalPolicyRules() []enroll.Rule {
	rules := twins(enroll.Rule{
		ID: "X-41", Severity: enroll.Error, Title: "the Company Portal policy is for devices enrolled before", Link: pagePortal,
		Why: "A profile that brings Company Portal sends the app its configuration by itself. A second copy from a policy makes the app ask for a management profile that is already there, or fail.",
		Fix: "assign the policy to a static group of devices that enrolled before Company Portal was part of their profile",
		Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
			return eachPolicyGroup(want, live, secondCopy)
		},
	}, enroll.Group, enroll.ADEProfile)
	rules = append(rules, twins(enroll.Rule{
		ID: "C-12", Severity: enroll.Warning, Title: "the Company Portal policy is not documented for Apple Configurator", Link: pageGuide,
		Why: "The guide sends administrators of Apple Configurator to the policy of Automated Device Enrollment; the page of that policy names automated enrollment only.",
		Fix: "try it with one device first; where the profile can bring Company Portal, prefer that",
		Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
			return eachPolicyGroup(want, live, undocumented)
		},
	}, enroll.Group, enroll.ConfiguratorProfile)...)
	return append(rules, twins(enroll.Rule{
		ID: "CFP-05", Severity: enroll.Error, Title: "no Company Portal policy for devices without a user", Link: pageGuide,
		Why: "Company Portal is neither used nor supported on devices that nobody signs in to; the variant deviceStaging alone is for devices that get their user later.",
		Fix: "take the group out of the policy",
		Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
			return eachPolicyGroup(want, live, userlessGroup)
		},
	}, enroll.Group, enroll.ADEProfile)...)
}

// reach is one wanted assignment of a Company Portal policy to a group.
type reach struct {
	policy, assignment, group enroll.Object
	known                     bool // the group is in the file or was seen in the tenant
	online                    bool
	profiles                  []profile
}

// eachPolicyGroup calls look for every group that a wanted policy goes to.
func eachPolicyGroup(want []enroll.Object, live enroll.Snapshot, look func(reach) []enroll.Finding) []enroll.Finding {
	profiles := allProfiles(want, live)
	policies := map[string]enroll.Object{}
	for _, o := range want {
		if o.Ref.Kind == enroll.PortalPolicy {
			policies[directory.ScopeOf(o, want)] = o
		}
	}
	var out []enroll.Finding
	for _, o := range want {
		target, ok := o.Fields["target"].(enroll.Ref)
		if excluded, _ := o.Fields.Flag("exclude"); o.Ref.Kind != enroll.PolicyAssignment || !ok || excluded || target.Kind != enroll.Group {
			continue
		}
		r := reach{policy: policies[o.Ref.Scope], assignment: o, online: live.Objects != nil, profiles: profiles}
		r.group, r.known = directory.Find(target, want, live)
		if !r.known {
			r.group.Ref = target
		}
		out = append(out, look(r)...)
	}
	return out
}

func (r reach) finding(severity enroll.Severity, format string, args ...any) enroll.Finding {
	return enroll.Finding{Severity: severity, Message: fmt.Sprintf(format, args...), On: r.policy.Ref, Path: "assignTo.groups", Origin: r.assignment.Where("target")}
}

// secondCopy is X-41.
func secondCopy(r reach) []enroll.Finding {
	if r.policy.Fields.Text("variant") != companyportal.UserAffinity {
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

// userlessGroup is CFP-05.
func userlessGroup(r reach) []enroll.Finding {
	staging := r.policy.Fields.Text("variant") == companyportal.DeviceStaging
	var out []enroll.Finding
	for _, name := range profilesOf(r.group) {
		for _, p := range named(r.profiles, name) {
			affinity := p.values.Text(affinityKey)
			mayStage := affinity == ade.AffinityNone && !p.configurator()
			if !p.seen || !p.userless() || staging && mayStage {
				continue
			}
			f := r.finding(enroll.Error, "group %q takes in the devices of profile %q, which have no user (userAffinity: %s)", r.group.Ref.Name, name, affinity)
			if mayStage {
				f.Fix = "take the group out of the policy, or write variant: deviceStaging if the devices are to get a user later"
			}
			out = append(out, f)
		}
	}
	return out
}
