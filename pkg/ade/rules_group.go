package ade

import (
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

const pageTimeGroup = "https://learn.microsoft.com/intune/device-enrollment/setup-time-grouping"

// groupRules are about the group that devices enter while they enroll. The
// offline twin knows the groups that the file makes.
func groupRules() []enroll.Rule {
	r := enroll.Rule{
		ID: "X-55", Severity: enroll.Error, Title: "an enrollment time group is a static group of a policy", Link: pageTimeGroup,
		Why: "Enrollment time grouping puts devices into one static security group of an enrollment policy, for setups with a sign-in, Shared iPad and Entra shared mode; it is not there for kiosks and classic profiles.",
		Fix: "name a static security group for devices, or leave enrollmentTimeGroup out and use groups: devicesOfProfile",
		Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
			var out []enroll.Finding
			for _, e := range entries(want) {
				if e.Values.Text(pathGroup) != "" {
					out = append(out, timeGroup(e, want, live)...)
				}
			}
			return out
		},
	}
	offline, online := r, r
	offline.Offline, online.Needs = true, []enroll.KindName{enroll.Group}
	return []enroll.Rule{offline, online}
}

// timeGroup looks at the setup of a profile, and at its group as far as it is known.
func timeGroup(e entry, want []enroll.Object, live enroll.Snapshot) []enroll.Finding {
	switch {
	case e.classic():
		return one(e.finding(pathGroup, "enrollmentTimeGroup needs type: enrollmentPolicy"))
	case e.affinity == AffinityNone:
		return one(e.finding(pathGroup, "enrollmentTimeGroup does not exist with userAffinity: none"))
	}
	group, known := directory.Find(groupOf(e, want), want, live)
	if !known {
		return nil
	}
	name := group.Ref.Name
	switch kind := group.Fields.Text("type"); {
	case kind != directory.TypeAssigned:
		return one(e.finding(pathGroup, "group %q is %s, and an enrollment time group is a static security group", name, sayGroup(kind)))
	case directory.Holds(group) == directory.HoldsUsers:
		return one(with(enroll.Warning, e.finding(pathGroup, "group %q holds users; devices are put into it", name)))
	}
	return nil
}

// groupOf is the group that the entry names, bound where the tenant was looked at.
func groupOf(e entry, want []enroll.Object) enroll.Ref {
	for _, o := range want {
		if group, ok := o.Fields[fieldGroup].(enroll.Ref); ok && o.Ref.Kind == enroll.ADEGroup && o.Ref.Scope == e.object.Ref.Scope && o.Ref.Name == e.object.Ref.Name {
			return group
		}
	}
	return enroll.Ref{Kind: enroll.Group, Name: e.Values.Text(pathGroup)}
}

func sayGroup(kind string) string {
	switch kind {
	case directory.TypeMicrosoft365:
		return "a Microsoft 365 group"
	case directory.TypeMail:
		return "a distribution list"
	}
	return "dynamic"
}
