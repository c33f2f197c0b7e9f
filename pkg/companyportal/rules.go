package companyportal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Rules are those about the Company Portal app and its configuration policies.
func Rules() []enroll.Rule {
	const (
		docs   = "https://learn.microsoft.com/en-us/intune/intune-service/"
		policy = docs + "apps/app-configuration-policies-use-ios"
	)
	return []enroll.Rule{
		{ID: "C-07", Severity: enroll.Warning, Title: "without VPP there are no licences of devices",
			Why:  "Company Portal of the App Store installs only when the user of the device has signed in to the App Store with an Apple ID; until then users are asked again and again, and devices stay unregistered. It does not update through Intune either.",
			Fix:  "get licences of Company Portal in Apple Business Manager (they cost nothing) and write source: vpp; or tell users that they need an Apple ID",
			Link: docs + "apps/vpp-apps-ios", Check: fromStore},
		{ID: "CPI-14", Severity: enroll.Error, Title: "Company Portal and its policy go to devices",
			Why:  "The policy finishes the enrollment of a device, and a licence of the device belongs to one that the organization enrolls; assigned to users, both reach their other devices too, where the policy makes Company Portal ask for a profile that is installed already.",
			Fix:  "name a group of devices: for the policy those that enrolled before they had Company Portal",
			Link: policy, Needs: []enroll.KindName{enroll.Group}, Check: groupsSeen},
		{ID: "X-40", Severity: enroll.Error, Title: "a device gets one variant of the policy",
			Why:  "The two texts are for two ways of enrolling: a device enrolled with user affinity, or one staged without a user.",
			Fix:  "assign the group to the policy of the variant that its devices enrolled with",
			Link: policy, Check: twoVariants},
		{ID: "X-42", Severity: enroll.Warning, Title: "device staging works once",
			Why:  "The first user who signs in to Company Portal becomes the user of the device, for good. Intune then removes the policy from the device; its state may read as an error and never as success.",
			Fix:  "target only devices enrolled without user affinity, and take the assignment away when they have their users",
			Link: policy, Check: staging},
		{ID: "CPI-17", Severity: enroll.Warning, Title: "the devices of a policy get Company Portal",
			Why:  "The policy only configures the app: without a required assignment of Company Portal to the same devices there may be nothing to configure.",
			Fix:  "assign Company Portal as required to the same group, with device licences where it comes from a VPP token; a group named by its id is found by it in the Entra admin center",
			Link: docs + "apps/apps-deploy", Needs: []enroll.KindName{enroll.PortalApp, enroll.AppAssignment}, Check: appRequired},
	}
}

// groupsSeen looks at what the groups hold that policies and the app go to. A
// group that is neither live nor made by the file is for others to report.
func groupsSeen(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	return append(groupsOf(enroll.PolicyAssignment, want, live), groupsOf(enroll.AppAssignment, want, live)...)
}

func groupsOf(kind enroll.KindName, want []enroll.Object, live enroll.Snapshot) []enroll.Finding {
	var out []enroll.Finding
	for _, a := range enroll.OfKind(want, kind) {
		target, _ := a.Fields["target"].(enroll.Ref)
		group, ok := directory.Find(target, want, live)
		if !ok {
			continue
		}
		owner, _ := a.Ref.ScopeRef()
		who := fmt.Sprintf("policy %q", owner.Name)
		if kind == enroll.AppAssignment {
			who = owner.Name
		}
		_, seen := group.Facts.(directory.GroupFacts)
		f := enroll.Finding{On: a.Ref, Path: "target", Origin: a.Where("target"), Severity: enroll.Warning}
		switch directory.Holds(group) {
		case directory.HoldsUsers:
			f.Severity, f.Message = enroll.Error, fmt.Sprintf("%s names %q, a group of users", who, target.Name)
		case directory.HoldsBoth:
			f.Message = fmt.Sprintf("%s names %q, which holds users beside devices: it reaches other devices of those users too", who, target.Name)
		case directory.HoldsNothing:
			if !seen {
				continue // made by this file: it is empty because it is new
			}
			f.Message = fmt.Sprintf("cannot tell whether %q, named by %s, is for devices: it has no members", target.Name, who)
		case directory.CannotTell:
			f.Message = fmt.Sprintf("cannot tell whether %q, named by %s, holds devices: %s", target.Name, who, directory.WhyUnknown(group))
		case directory.HoldsDevices:
			continue
		}
		out = append(out, f)
	}
	return out
}

// assigned are the wanted assignments that include their group, with the variant of their policy.
func assigned(want []enroll.Object) (assignments []enroll.Object, variant map[string]string) {
	variant = map[string]string{}
	for _, p := range enroll.OfKind(want, enroll.PortalPolicy) {
		variant[directory.ScopeOf(p, want)] = p.Fields.Text("variant")
	}
	for _, a := range enroll.OfKind(want, enroll.PolicyAssignment) {
		if exclude, _ := a.Fields.Flag("exclude"); !exclude {
			assignments = append(assignments, a)
		}
	}
	return assignments, variant
}

func twoVariants(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	assignments, variant := assigned(want)
	first := map[enroll.Ref]enroll.Object{}
	var out []enroll.Finding
	for _, a := range assignments {
		target, _ := a.Fields["target"].(enroll.Ref)
		other, taken := first[target]
		if !taken {
			first[target] = a
			continue
		}
		if variant[other.Ref.Scope] != variant[a.Ref.Scope] {
			one, _ := a.Ref.ScopeRef()
			two, _ := other.Ref.ScopeRef()
			out = append(out, enroll.Finding{On: a.Ref, Path: "target", Origin: a.Where("target"),
				Message: fmt.Sprintf("%q gets both variants: %s by policy %q, and %s by policy %q (%s)",
					target.Name, variant[a.Ref.Scope], one.Name, variant[other.Ref.Scope], two.Name, other.Where("target"))})
		}
	}
	return out
}

func staging(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, p := range enroll.OfKind(want, enroll.PortalPolicy) {
		if p.Fields.Text("variant") == DeviceStaging {
			out = append(out, enroll.Finding{On: p.Ref, Path: "variant", Origin: p.Where("variant"),
				Message: fmt.Sprintf("policy %q binds each device to the first user who signs in to Company Portal", p.Ref.Name)})
		}
	}
	return out
}

// appRequired looks for a required assignment of any Company Portal app to the
// group, or to all devices, in the tenant or in the file, for each group that a
// wanted policy is assigned to.
func appRequired(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	assignments, _ := assigned(want)
	seen, looked := live.Objects[enroll.AppAssignment]
	if _, gap := live.GapIn(enroll.PortalApp, enroll.AppAssignment); gap || len(assignments) == 0 {
		return nil
	}
	if !looked {
		return []enroll.Finding{{Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.AppAssignment}, Message: "the assignments of Company Portal were not looked at"}}
	}
	var out []enroll.Finding
	for _, a := range assignments {
		target, _ := a.Fields["target"].(enroll.Ref)
		needs := func(o enroll.Object) bool { return requires(o, target) }
		if slices.ContainsFunc(seen, needs) || slices.ContainsFunc(enroll.OfKind(want, enroll.AppAssignment), needs) {
			continue
		}
		owner, _ := a.Ref.ScopeRef()
		out = append(out, enroll.Finding{On: a.Ref, Path: "target", Origin: a.Where("target"),
			Message: fmt.Sprintf("Company Portal is not required for %q, to which policy %q is assigned; %s", target.Name, owner.Name, requiredFor(seen))})
	}
	return out
}

// requires tells whether an assignment of the app brings it to target: a
// filter may take devices out, so a filtered one does not count.
func requires(o enroll.Object, target enroll.Ref) bool {
	to, _ := o.Fields["target"].(enroll.Ref)
	exclude, _ := o.Fields.Flag("exclude")
	return o.Fields.Text("intent") == required && !exclude && o.Fields.Text("filter") == "" && o.Fields["filterName"] == nil && (to == target || to == directory.AllDevices())
}

// fromStore says what the app of the App Store means for users.
func fromStore(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, o := range enroll.OfKind(want, enroll.PortalApp) {
		if o.Fields.Text("source") == FromStore {
			out = append(out, enroll.Finding{On: o.Ref, Path: "source", Origin: o.Where("source"), Message: "source: store has no licences of devices: every user needs an Apple ID to get Company Portal"})
		}
	}
	return out
}

// requiredFor says what was seen.
func requiredFor(seen []enroll.Object) string {
	var names []string
	for _, o := range seen {
		to, _ := o.Fields["target"].(enroll.Ref)
		if exclude, _ := o.Fields.Flag("exclude"); o.Fields.Text("intent") != required || exclude {
			continue
		}
		name := directory.Label(to)
		if o.Fields.Text("filter") != "" {
			name += " with a filter"
		}
		names = append(names, name)
	}
	switch slices.Sort(names); {
	case len(names) == 0:
		return "it is required for no group"
	case len(names) > 5:
		return fmt.Sprintf("it is required for %s and %d more", strings.Join(names[:5], ", "), len(names)-5)
	}
	return "it is required for " + strings.Join(names, ", ")
}
