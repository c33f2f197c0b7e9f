package configurator

import "github.com/intune-enroll/intune-enroll/pkg/enroll"

// Values of the key userAffinity.
const (
	AffinityUser = "user"
	AffinityNone = "none"
)

// Values of the key mode.
const (
	ModeSetup  = "setupAssistant" // the Mac resets the device and gives it the enrollment URL
	ModeDirect = "direct"         // the Mac puts the .mobileconfig on the device as it is
)

// Values of the key authentication.
const (
	AuthPortal = "companyPortal"
	AuthSetup  = "setupAssistant"
)

// Values of the key companyPortal.install.
const (
	InstallAppleID = "appleId"
	InstallNone    = "none"
)

// installVPP and authModern are what automated enrollment has and Apple
// Configurator has not; they are read so that a rule says why.
const (
	installVPP = "vpp"
	authModern = "setupAssistantModern"
	authLegacy = "setupAssistantLegacy"
)

// Paths of keys that code speaks of.
const (
	pathName         = "name"
	pathPin          = "id"
	pathDescription  = "description"
	pathAffinity     = "userAffinity"
	pathMode         = "mode"
	pathAuth         = "authentication"
	pathInstall      = "companyPortal.install"
	pathUnregistered = "companyPortal.acceptUnregistered"
	pathSerials      = "devices.serials"
	pathSerialFile   = "devices.file"
	pathDetails      = "devices.details"
	pathOverwrite    = "devices.overwrite"
	fieldProfile     = "profile" // of configurator-devices: the profile they point to
	fieldDetails     = "details" // of configurator-devices: what is sent beside serial numbers
)

// ProfileKeys is the table of keys of an entry of configurator.profiles.
func ProfileKeys() []enroll.Key {
	return []enroll.Key{
		{Path: pathName, Type: enroll.Text, Required: "always", Fixed: true, Member: "displayName", Min: 1, Max: 200,
			Doc: "Name of the profile, the key by which it is found; devices carry it as enrollmentProfileName."},
		{Path: pathPin, Type: enroll.Text, Member: "id", Doc: "Id of an existing profile, where its name alone is not unique."},
		{Path: pathDescription, Type: enroll.Text, Default: "", Member: "description", Max: 1500, Doc: "Free text for administrators."},
		{Path: pathAffinity, Type: enroll.Choice, Values: []string{AffinityUser, AffinityNone}, Required: "always", Fixed: true, Member: "requiresUserAuthentication",
			Doc: "Whether a device belongs to one user or to nobody."},
		{Path: pathMode, Type: enroll.Choice, Values: []string{ModeSetup, ModeDirect}, Member: "none (how the Mac enrolls)",
			Doc: "setupAssistant resets the device, direct does not. Left out: setupAssistant with a user, direct without."},
		{Path: pathAuth, Type: enroll.Choice, Values: []string{AuthPortal, AuthSetup}, Refused: []string{authModern, authLegacy}, Required: "with userAffinity: user", Member: "enableAuthenticationViaCompanyPortal",
			Doc: "Where users sign in; Microsoft recommends companyPortal."},
		{Path: "companyPortal", Type: enroll.Mapping, Required: "with userAffinity: user", Doc: "How the Company Portal app gets onto the device."},
		{Path: pathInstall, Type: enroll.Choice, Values: []string{InstallAppleID, InstallNone}, Refused: []string{installVPP}, Required: "with userAffinity: user", Member: "requireCompanyPortalOnSetupAssistantEnrolledDevices",
			Doc: "appleId: from the App Store, by the user's Apple Account; none: not at all."},
		{Path: pathUnregistered, Type: enroll.Flag, Default: false, Member: "none (a statement)",
			Doc: "Says that devices may stay unregistered in Microsoft Entra; needed for install: none."},
		{Path: "devices", Type: enroll.Mapping, Doc: "Serial numbers that are imported with this profile; they are added, never taken away."},
		{Path: pathSerials, Type: enroll.Texts, Member: "importAppleDeviceIdentityList", Doc: "Serial numbers in the file itself."},
		{Path: pathSerialFile, Type: enroll.Text, Member: "importAppleDeviceIdentityList",
			Doc: "CSV file without header beside this one: serial number, then optionally details of up to 128 characters."},
		{Path: pathDetails, Type: enroll.Texts, Member: "description", Pattern: `[A-Z0-9]{8,14},[^\s].{0,127}`, Hint: "write each as SERIAL,details with up to 128 characters of details",
			Doc: "Details that Intune shows beside serial numbers, each as SERIAL,details; those of a CSV file are taken from its second column."},
		{Path: pathOverwrite, Type: enroll.Flag, Default: false, Member: "overwriteImportedDeviceIdentities",
			Doc: "true also changes devices that are imported already: their profile, where it is another one, and their details, where the file says any."},
		enroll.StateKey(),
	}
}
