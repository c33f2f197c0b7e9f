package cli

import (
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/tenant"
)

// kindDoc is about a kind of object: what is read and written of it, and with
// which permissions. Each of those is needed; where one of several suffices
// they are joined by "or".
type kindDoc struct {
	name        enroll.KindName
	what        string
	reads       string // "": it is not read
	read        []string
	writes      string // "": it is only read
	write       []string
	undo        string
	alsoWritten []enroll.KindName // kinds that an entry of this one leads to
}

const (
	assignmentsStay = "Assignments that the file does not name stay, byte for byte; each is written by itself and verified."
	fullUndo        = "full: the values before are in the journal"
)

func kindDocs() []kindDoc {
	config, configW := []string{graph.ServiceConfigRead}, []string{graph.ServiceConfigWrite}
	apps, appsW := []string{graph.AppsRead}, []string{graph.AppsWrite}
	return []kindDoc{
		{name: enroll.Organization, what: "the tenant: its name, its domains and its MDM authority", reads: "/organization", read: []string{graph.OrganizationRead}},
		{name: enroll.License, what: "the tenant's subscriptions, and whether Intune is among them", reads: "/subscribedSkus", read: []string{graph.OrganizationRead + " or LicenseAssignment.Read.All or Directory.Read.All"}},
		{name: tenant.Account, what: "the Intune account: the state of its subscription, and how many enrollment program tokens it may have", reads: "/deviceManagement", read: config},
		{name: tenant.Restriction, what: "the enrollment restrictions that let iPhones and iPads in or keep them out", reads: "/deviceManagement/deviceEnrollmentConfigurations", read: config},
		{name: enroll.PushCertificate, what: "the Apple MDM push certificate, without which nothing enrolls and nothing is reached", reads: "/deviceManagement/applePushNotificationCertificate", read: config,
			writes: "pushcert upload puts a renewed certificate in place, after checks; no file changes it", write: configW, undo: "none: the file of the certificate before is not kept"},
		{name: enroll.ScopeTag, what: "scope tags, as far as profiles name them", reads: "/deviceManagement/roleScopeTags", read: []string{"DeviceManagementRBAC.Read.All"}},
		{name: enroll.Filter, what: "assignment filters, as far as assignments name them; they have to exist", reads: "/deviceManagement/assignmentFilters", read: []string{graph.ConfigurationRead}},
		{name: enroll.Group, what: "Microsoft Entra groups", reads: "/groups, by name, and of static ones how many users and devices they hold; to tell devices takes " + graph.DeviceRead + " beside, and without it that stays unknown", read: []string{graph.GroupRead},
			writes: "makes groups. One that exists is never changed, members are never touched, and none is deleted", write: []string{graph.GroupWrite}, undo: "none: groups are never deleted; delete it in the Entra admin center"},
		{name: enroll.GroupOwner, what: "the owner that a group needs so that devices can enter it while they enroll", reads: "/groups/{id}/owners, /servicePrincipals", read: []string{graph.GroupRead, graph.ApplicationRead},
			writes: "adds Intune's provisioning client as an owner of the group; no owner is taken away", write: []string{graph.GroupWrite}, undo: "none: owners are not taken away here; remove it in the Entra admin center"},
		{name: enroll.VPPToken, what: "location (VPP) tokens, by which Intune gets apps bought at Apple", reads: "/deviceAppManagement/vppTokens; the secret in the answer is dropped", read: config},
		{name: enroll.TokenAutoUpdate, what: "the switch of a location (VPP) token by which its apps update by themselves", reads: "/deviceAppManagement/vppTokens", read: config,
			writes: "sets the switch. It counts for all apps of the token, and the plan says so", write: configW, undo: fullUndo},
		{name: enroll.ADEToken, what: "enrollment program tokens of Automated Device Enrollment", reads: "/deviceManagement/depOnboardingSettings", read: config,
			writes: "ade token upload renews a token with a file of Apple's; no file changes it, and none is deleted", write: configW, undo: "none: Apple made the token before invalid when the new one was downloaded"},
		{name: enroll.ADEProfile, what: "enrollment profiles of a token: enrollment policies, and classic profiles", reads: "the token's enrollmentProfiles, /deviceManagement/configurationPolicies and their settings", read: config,
			writes: "makes, changes and deletes profiles. Type and user affinity never change", write: configW, undo: "full; of a deleted profile partial: made again it has another id",
			alsoWritten: []enroll.KindName{enroll.ADEDevices, enroll.ADEGroup}},
		{name: enroll.ADEDefault, what: "the profile that devices get when they sync to a token", reads: "the token's defaultIosEnrollmentProfile", read: config,
			writes: "makes a profile the default", write: configW, undo: "full where another profile was the default that can be seen, else none: Graph cannot take a default away"},
		{name: enroll.ADEDevices, what: "the serial numbers that have a profile of a token", reads: "the token's importedAppleDeviceIdentities, kept as far as the file names them", read: config,
			writes: "gives serial numbers a profile, in batches; they are added and never taken away", write: configW, undo: "full for devices that come from a profile, none for those that had none: Graph has no way to take a profile away"},
		{name: ade.Fleet, what: "how many devices of a token have no profile", reads: "the token's importedAppleDeviceIdentities, up to 10,000", read: config},
		{name: enroll.ADEGroup, what: "the static group that devices enter while they enroll with a policy", reads: "the policy's enrollment time device membership target", read: config,
			writes: "sets or clears the group of the policy", write: []string{graph.ServiceConfigWrite + " or " + graph.ConfigurationWrite}, undo: fullUndo, alsoWritten: []enroll.KindName{enroll.GroupOwner}},
		{name: enroll.ConfiguratorProfile, what: "enrollment profiles for Apple Configurator", reads: "/deviceManagement/depOnboardingSettings/{account}/enrollmentProfiles", read: config,
			writes: "makes, changes and deletes profiles. User affinity never changes", write: configW, undo: "full; of a deleted profile partial: made again it has another id", alsoWritten: []enroll.KindName{enroll.ConfiguratorDevices}},
		{name: enroll.ConfiguratorDevices, what: "the serial numbers imported for Apple Configurator", reads: "/deviceManagement/importedAppleDeviceIdentities", read: config,
			writes: "imports serial numbers with a profile, and moves those that have another one", write: configW, undo: "none: imported serial numbers are taken away in the admin center only; full for moved ones"},
		{name: enroll.BYODProfile, what: "enrollment profiles for people's own devices", reads: "/deviceManagement/appleUserInitiatedEnrollmentProfiles", read: config,
			writes: "makes, changes, ranks and deletes profiles; the plan shows the order that results, foreign ones included", write: configW, undo: "full; of a deleted profile partial: made again it has another id", alsoWritten: []enroll.KindName{enroll.BYODAssignment}},
		{name: enroll.BYODAssignment, what: "the users for whom such a profile is", reads: "the profile's assignments", read: config,
			writes: "adds and removes single assignments. " + assignmentsStay, write: configW, undo: fullUndo},
		{name: enroll.PortalApp, what: "Company Portal, as an app of a location (VPP) token or of the App Store", reads: "/deviceAppManagement/mobileApps of both types, /deviceAppManagement/vppTokens", read: []string{graph.AppsRead, graph.ServiceConfigRead},
			writes: "adds the app of the App Store where it is missing. That of a token appears when it is bought at Apple", write: appsW, undo: "partial: it can be taken out of Intune in the admin center", alsoWritten: []enroll.KindName{enroll.AppAssignment, enroll.TokenAutoUpdate}},
		{name: enroll.AppAssignment, what: "the groups for which Company Portal is required", reads: "the app's assignments", read: apps,
			writes: "adds and removes single assignments. " + assignmentsStay, write: appsW, undo: fullUndo},
		{name: enroll.PortalPolicy, what: "app configuration policies of Company Portal", reads: "/deviceAppManagement/mobileAppConfigurations", read: apps,
			writes: "makes, changes and deletes policies with one of the two documented texts; any other text is left alone", write: appsW, undo: "full; of a deleted policy partial: made again it has another id", alsoWritten: []enroll.KindName{enroll.PolicyAssignment}},
		{name: enroll.PolicyAssignment, what: "the groups of devices that such a policy goes to", reads: "the policy's assignments", read: apps,
			writes: "adds and removes single assignments. " + assignmentsStay, write: appsW, undo: fullUndo},
		{name: enroll.Audience, what: "all users, or all devices: built into Intune, so there is nothing to read"},
	}
}

func (k kindDoc) topic() *render.Topic {
	var in, leads []string
	var keys []render.TopicKey
	for _, s := range sections() {
		if s.kind == k.name {
			in, keys = append(in, s.path), keysOf(s)
		}
	}
	for _, other := range k.alsoWritten {
		leads = append(leads, string(other))
	}
	writes := k.writes
	if writes == "" {
		writes = "nothing: it is only read"
	}
	return &render.Topic{Name: string(k.name), Type: "kind", Title: k.what, Keys: keys, Lines: topicLines(
		[2]string{"in the file", strings.Join(in, ", ")},
		[2]string{"reads", k.reads}, [2]string{"permission to read", strings.Join(k.read, ", ")},
		[2]string{"writes", writes}, [2]string{"permission to write", strings.Join(k.write, ", ")},
		[2]string{"undo", k.undo}, [2]string{"leads to", strings.Join(leads, ", ")})}
}
