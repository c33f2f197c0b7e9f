package ade

import "github.com/intune-enroll/intune-enroll/pkg/enroll"

// The back ends of an enrollment profile: values of the key type.
const (
	EnrollmentPolicy = "enrollmentPolicy" // settings catalog, what the admin center makes since June 2026
	ClassicProfile   = "classicProfile"   // depIOSEnrollmentProfile
)

// Values of the key userAffinity.
const (
	AffinityUser   = "user"
	AffinityNone   = "none"
	AffinityShared = "sharedIPad"
	AffinityEntra  = "entraShared"
)

// Values of the key authentication.
const (
	AuthModern = "setupAssistantModern"
	AuthPortal = "companyPortal"
	AuthLegacy = "setupAssistantLegacy"
)

// Values of the key companyPortal.install.
const (
	InstallVPP     = "vpp"
	InstallAppleID = "appleId"
	InstallNone    = "none"
)

// Paths of keys that code speaks of.
const (
	pathName         = "name"
	pathPin          = "id"
	pathType         = "type"
	pathDescription  = "description"
	pathAffinity     = "userAffinity"
	pathAuth         = "authentication"
	pathJIT          = "justInTime"
	pathInstall      = "companyPortal.install"
	pathVPPToken     = "companyPortal.vppToken"
	pathLock         = "companyPortal.lockUntilInstalled"
	pathUnregistered = "companyPortal.acceptUnregistered"
	pathAwait        = "awaitFinalConfiguration"
	pathLocked       = "lockedEnrollment"
	pathTemplate     = "deviceNameTemplate"
	pathCarrier      = "cellularActivationUrl"
	pathDepartment   = "support.department"
	pathPhone        = "support.phone"
	pathHide         = "setupAssistant.hide"
	pathSync         = "syncWithComputers"
	pathCertificates = "syncWithComputers.certificates"
	pathTemporary    = "sharedIPad.temporarySessionsOnly"
	pathCachedUsers  = "sharedIPad.maxCachedUsers"
	pathUserTimeout  = "sharedIPad.userSessionTimeoutSeconds"
	pathGuestTimeout = "sharedIPad.temporarySessionTimeoutSeconds"
	pathGrace        = "sharedIPad.passcodeGraceSeconds"
	pathGroup        = "enrollmentTimeGroup"
	pathTags         = "scopeTags"
	pathSerials      = "devices.serials"
	pathSerialFile   = "devices.file"
	pathToken        = "token"
	pathDefault      = "defaultProfile"
	fieldProfile     = "profile" // of ade-default, ade-devices and ade-membership-target: the profile they point to
	fieldGroup       = "group"   // of ade-membership-target
)

// TokenKeys is the table of keys of one entry of ade; its profiles have a
// table of their own.
func TokenKeys() []enroll.Key {
	return []enroll.Key{
		{Path: pathToken, Type: enroll.Text, Member: "tokenName", Doc: "Name or id of the enrollment program token; may be left out when the tenant has exactly one."},
		{Path: pathDefault, Type: enroll.Text, Member: "setDefaultProfile", Doc: "Name of the profile that devices get when they sync in from Apple; left out, the default stays as it is. Devices that synced before keep their profile."},
	}
}

// ProfileKeys is the table of keys of one enrollment profile.
func ProfileKeys() []enroll.Key {
	classic, policy := []string{ClassicProfile}, []string{EnrollmentPolicy}
	return []enroll.Key{
		{Path: pathName, Type: enroll.Text, Required: "always", Fixed: true, Member: "displayName / name", Doc: "Name of the profile, the key by which it is found; devices carry it as enrollmentProfileName."},
		{Path: pathPin, Type: enroll.Text, Member: "id", Doc: "Id of an existing profile, where its name alone is not unique."},
		enroll.StateKey(),
		{Path: pathType, Type: enroll.Choice, Values: []string{EnrollmentPolicy, ClassicProfile}, Default: EnrollmentPolicy, Fixed: true, Member: "@odata.type / templateReference", Doc: "Back end: the enrollment policy of the current admin center, or the frozen classic profile."},
		{Path: pathDescription, Type: enroll.Text, Default: "", Member: "description", Doc: "Free text for administrators."},
		{Path: pathAffinity, Type: enroll.Choice, Values: []string{AffinityUser, AffinityNone, AffinityShared, AffinityEntra}, Required: "always", Fixed: true, Member: "ade_useraffinity / requiresUserAuthentication, enableSharedIPad, userlessSharedAadModeEnabled", Doc: "Whether a device belongs to one user, to nobody (kiosk), is a Shared iPad, or is shared through Microsoft Entra."},
		{Path: pathAuth, Type: enroll.Choice, Values: []string{AuthModern, AuthPortal, AuthLegacy}, Required: "with userAffinity: user", Member: "ade_authenticationmethod / enableAuthenticationViaCompanyPortal, configurationWebUrl", Doc: "Where users sign in; setupAssistantLegacy exists in classic profiles only and is no longer recommended."},
		{Path: pathJIT, Type: enroll.Flag, Default: false, Member: "none (an SSO app extension policy)", Doc: "Devices register just in time through an SSO app extension policy that you make yourself; needs setupAssistantModern."},
		{Path: "companyPortal", Type: enroll.Mapping, Required: "with userAffinity: user", Doc: "How the Company Portal app gets onto the device."},
		{Path: pathInstall, Type: enroll.Choice, Values: []string{InstallVPP, InstallAppleID, InstallNone}, Required: "with userAffinity: user", Member: "companyPortalVppTokenId, requireCompanyPortalOnSetupAssistantEnrolledDevices (classicProfile); a required app assignment (enrollmentPolicy)", Doc: "vpp: with a volume-purchase licence of the device; appleId: by the user's Apple Account; none: not at all."},
		{Path: pathVPPToken, Type: enroll.Text, Member: "companyPortalVppTokenId", Doc: "Volume-purchase (location) token for install: vpp, by name, location or id; may be left out when the tenant has exactly one."},
		{Path: pathLock, Type: enroll.Flag, Default: false, BackEnds: classic, Member: "enableSingleAppEnrollmentMode", Doc: "Lock the device to Company Portal until the user has signed in; needs install: vpp."},
		{Path: pathUnregistered, Type: enroll.Flag, Default: false, Member: "none (a statement)", Doc: "Says that devices may stay unregistered in Microsoft Entra; needed for install: none without justInTime."},
		{Path: pathAwait, Type: enroll.Flag, Default: true, Member: "ade_modernauth_awaitfinalconfiguration, ade_useraffinity_awaitfinalconfiguration / awaitDeviceConfiguredConfirmation", Doc: "Hold the device at the end of Setup Assistant until configuration policies have arrived; with setupAssistantModern, without user affinity, or Entra shared mode."},
		{Path: pathLocked, Type: enroll.Flag, Default: true, Member: "ade_lockedenrollment / profileRemovalDisabled", Doc: "Users cannot remove management in Settings."},
		{Path: pathTemplate, Type: enroll.Text, Default: "", Member: "ade_appledevicenametemplate / deviceNameTemplate", Doc: "Device name set at every check-in, with {{SERIAL}} and {{DEVICETYPE}}; up to 63 characters; empty: none."},
		{Path: pathCarrier, Type: enroll.Text, Default: "", Member: "ade_activatecellulardata / carrierActivationUrl", Doc: "The carrier's address for activating cellular data (eSIM); empty: none."},
		{Path: "support", Type: enroll.Mapping, Doc: "What Setup Assistant shows of your organization."},
		{Path: pathDepartment, Type: enroll.Text, Default: "", Max: 125, Member: "ade_setupassistant_department / supportDepartment", Doc: "Department shown under About Configuration."},
		{Path: pathPhone, Type: enroll.Text, Default: "", Max: 50, Member: "ade_setupassistant_departmentphone / supportPhoneNumber", Doc: "Phone number shown when help is asked for."},
		{Path: "setupAssistant", Type: enroll.Mapping, Doc: "Screens of Setup Assistant."},
		{Path: pathHide, Type: enroll.Choices, Values: screenNames(), Default: []string{}, Member: "ade_setupassistant_* / <pane>Disabled, enabledSkipKeys", Doc: "Screens that users do not see; the list is whole: screens not in it are shown."},
		{Path: pathSync, Type: enroll.Either, Values: []string{"allow", "deny"}, Default: "deny", BackEnds: classic, Member: "iTunesPairingMode", Doc: "Whether the device may pair with computers: all, none, or those with certain certificates."},
		{Path: pathCertificates, Type: enroll.Files, Min: 1, Max: 10, BackEnds: classic, Member: "managementCertificates", Doc: "Files beside this one (.cer) with the certificates of the Macs that may pair; the list is whole."},
		{Path: "sharedIPad", Type: enroll.Mapping, Doc: "Values of a Shared iPad; with userAffinity: sharedIPad."},
		{Path: pathTemporary, Type: enroll.Flag, Default: false, Member: "ade_requiresharedipadtemporarysessiononly / forceTemporarySession", Doc: "Guests only: no managed Apple Accounts, no cached users."},
		{Path: pathCachedUsers, Type: enroll.Number, Default: int64(10), Min: 0, Max: 100, Member: "ade_maximumcachedusers / sharedIPadMaximumUserCount", Doc: "Users kept on the device; up to 24 on models of 32 and 64 GB."},
		{Path: pathUserTimeout, Type: enroll.Number, Default: int64(0), Min: 0, Max: 14400, Member: "ade_maximumsecondsinactivityuntiluserlogsout / userSessionTimeoutInSeconds", Doc: "Idle seconds until a user is signed out: 0 is never, else at least 30."},
		{Path: pathGuestTimeout, Type: enroll.Number, Default: int64(0), Min: 0, Max: 14400, Member: "ade_maximumsecondsinactivityuntiltemporarysessionlogsout / temporarySessionTimeoutInSeconds", Doc: "Idle seconds until a guest session ends: 0 is never, else at least 30."},
		{Path: pathGrace, Type: enroll.Number, Min: 0, Max: 14400, Member: "ade_maximumsecondsafterscreenlockbeofrepasswordisrequired / passcodeLockGracePeriodInSeconds", Doc: "Seconds after the screen locks until the password is asked for: 0, 60, 300, 900, 3600 or 14400."},
		{Path: pathGroup, Type: enroll.Text, Min: 1, Max: 256, BackEnds: policy, Member: "setEnrollmentTimeDeviceMembershipTarget", Doc: "Static security group, by name or id, that devices enter while they enroll, without the delay of a dynamic group; Intune's provisioning client is made an owner of it. null takes the group away."},
		{Path: pathTags, Type: enroll.Texts, BackEnds: policy, Min: 1, Max: 100, Member: "roleScopeTagIds", Doc: "Scope tags by name; the list is whole. Left out on create, the policy takes those of the token."},
		{Path: "devices", Type: enroll.Mapping, Doc: "Serial numbers that get this profile; they are added, never taken away."},
		{Path: pathSerials, Type: enroll.Texts, Member: "updateDeviceProfileAssignment", Doc: "Serial numbers in the file itself."},
		{Path: pathSerialFile, Type: enroll.Text, Member: "updateDeviceProfileAssignment", Doc: "CSV file without header beside this one: serial number, then optionally a description of up to 128 characters."},
	}
}
