package byod

import (
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// ProfileKeys are the keys of an entry of byod.profiles.
func ProfileKeys() []enroll.Key {
	return slices.Concat([]enroll.Key{
		{Path: "name", Type: enroll.Text, Required: "always", Fixed: true, Member: "displayName", Min: 1, Max: 200,
			Doc: "Name of the profile; a profile of that name that exists is brought to what the file says."},
		{Path: "id", Type: enroll.Text, Member: "id", Doc: "Id of the live profile that is meant, where two have the same name."},
		enroll.StateKey(),
		{Path: "description", Type: enroll.Text, Default: "", Member: "description", Max: 1000, Doc: "Description shown in the admin center."},
		{Path: "enrollment", Type: enroll.Choice, Values: choices(), Refused: []string{Retired}, Required: "always", Member: "defaultEnrollmentType, availableEnrollmentTypeOptions",
			Doc: "How the device enrolls: with Company Portal, in the browser, as the user chooses, or with a managed Apple account in a partition of its own."},
		{Path: "justInTime", Type: enroll.Flag, Default: false,
			Doc: "Whether an SSO extension policy registers the device at the first sign-in to a work app; that policy is made by hand."},
		{Path: "priority", Type: enroll.Number, Member: "priority", Min: 1, Max: 1000,
			Doc: "Rank among all profiles, those of others included; 1 is the highest. A new profile without it comes last."},
		{Path: "assignTo", Type: enroll.Mapping, Doc: "Whom the profile is for: users only. Assignments that the file does not name stay."},
		{Path: "assignTo.allUsers", Type: enroll.Flag, Member: "allLicensedUsersAssignmentTarget", Doc: "true assigns the profile to all users, false takes that away."},
		{Path: "assignTo.groups", Type: enroll.Texts, Member: "groupAssignmentTarget", Doc: "User groups the profile is assigned to, by name or id."},
		{Path: "assignTo.exclusive", Type: enroll.Flag, Doc: "The same as exclusive beside assignTo."},
	}, directory.RemovalKeys())
}

// Objects are the profiles that the entries ask for, and one assignment for
// each target. Facts of a profile is its enroll.Entry.
func Objects(entries []enroll.Entry) ([]enroll.Object, []enroll.Finding) {
	var out []enroll.Object
	for i, e := range entries {
		p := enroll.Object{Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: e.Values.Text("name")}, Pinned: e.Values.Text("id"), State: e.Presence(),
			Origin: e.Origin, At: e.At, Facts: e, Fields: enroll.Fields{}, Default: enroll.Fields{"description": ""}}
		if p.State == enroll.Absent {
			out = append(out, p)
			continue
		}
		for _, path := range []string{"description", "enrollment", "priority"} {
			if e.Has(path) {
				p.Fields[path] = e.Values[path]
			}
		}
		out = append(append(out, p), targets(directory.OwnerOf(enroll.BYODProfile, entries, i), e)...)
	}
	return out, nil
}

// targets are the assignments that an entry asks for, and those that shall go.
func targets(owner enroll.Ref, e enroll.Entry) []enroll.Object {
	var out []enroll.Object
	switch all, given := e.Values.Flag("assignTo.allUsers"); {
	case all:
		out = append(out, directory.Assign(enroll.BYODAssignment, owner, directory.AllUsers(), false, e.Where("assignTo.allUsers")))
	case given:
		out = append(out, directory.Unassign(enroll.BYODAssignment, owner, directory.AllUsers(), e.Where("assignTo.allUsers")))
	}
	for _, g := range e.Values.List("assignTo.groups") {
		out = append(out, directory.Assign(enroll.BYODAssignment, owner, enroll.Ref{Kind: enroll.Group, Name: g}, false, e.Where("assignTo.groups")))
	}
	return append(out, directory.Removals(enroll.BYODAssignment, owner, e)...)
}
