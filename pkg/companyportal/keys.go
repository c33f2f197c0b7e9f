package companyportal

import (
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Where Company Portal comes from.
const (
	FromVPP   = "vpp"
	FromStore = "store"
)

// What an assignment filter does to the devices it matches.
const (
	FilterInclude = "include"
	FilterExclude = "exclude"
)

// AppKeys are the keys of companyPortal.app.
func AppKeys() []enroll.Key {
	return slices.Concat([]enroll.Key{
		{Path: "source", Type: enroll.Choice, Values: []string{FromVPP, FromStore}, Required: "always", Member: "@odata.type",
			Doc: "Which Company Portal is meant: that of a VPP token, or the app of the App Store, which is added to Intune where it is missing."},
		{Path: "vppToken", Type: enroll.Text, Member: "vppTokenId", Min: 1, Max: 256,
			Doc: "VPP token of the app, by name, location or id; may be left out when one token only has Company Portal."},
		{Path: "requiredFor", Type: enroll.Texts, Member: "mobileAppAssignment",
			Doc: "Device groups, by name or id, for which the app is required, with licences of the devices where it comes from a VPP token. Assignments that the file does not name stay."},
		{Path: "filter", Type: enroll.Mapping, Doc: "Assignment filter that narrows the groups of requiredFor; it has to be there already."},
		{Path: "filter.name", Type: enroll.Text, Required: "always", Member: "deviceAndAppManagementAssignmentFilterId", Min: 1, Max: 256, Doc: "Name or id of the filter."},
		{Path: "filter.mode", Type: enroll.Choice, Values: []string{FilterInclude, FilterExclude}, Required: "always", Member: "deviceAndAppManagementAssignmentFilterType",
			Doc: "Whether the devices that the filter matches get the app, or the others."},
		{Path: "autoUpdate", Type: enroll.Flag, Member: "automaticallyUpdateApps",
			Doc: "Whether apps of the VPP token update by themselves: a switch of the whole token."},
	}, directory.RemovalKeys())
}

// PolicyKeys are the keys of an entry of companyPortal.configPolicies.
func PolicyKeys() []enroll.Key {
	return slices.Concat([]enroll.Key{
		{Path: "name", Type: enroll.Text, Required: "always", Fixed: true, Member: "displayName", Min: 1, Max: 200,
			Doc: "Name of the policy; a policy of that name that exists is brought to what the file says."},
		{Path: "id", Type: enroll.Text, Member: "id", Doc: "Id of the live policy that is meant, where two have the same name."},
		enroll.StateKey(),
		{Path: "description", Type: enroll.Text, Default: "", Member: "description", Max: 1000, Doc: "Description shown in the admin center."},
		{Path: "variant", Type: enroll.Choice, Values: variants(), Required: "always", Member: "encodedSettingXml",
			Doc: "For devices enrolled with user affinity, or for staged ones that get their user by the first sign-in to Company Portal."},
		{Path: "assignTo", Type: enroll.Mapping, Doc: "Which devices get the policy. Assignments that the file does not name stay."},
		{Path: "assignTo.groups", Type: enroll.Texts, Member: "groupAssignmentTarget", Doc: "Device groups the policy is assigned to, by name or id."},
		{Path: "assignTo.excludeGroups", Type: enroll.Texts, Member: "exclusionGroupAssignmentTarget", Doc: "Device groups that are left out, by name or id."},
		{Path: "assignTo.exclusive", Type: enroll.Flag, Doc: "The same as exclusive beside assignTo."},
	}, directory.RemovalKeys())
}
