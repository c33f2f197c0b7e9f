package advise

import "slices"

// Type is the shape of an answer.
type Type int

// The types of answers.
const (
	Choice  Type = iota // one of Choices
	Number              // a whole number from 1
	Version             // an iOS version like 17.0, or newest
	Word                // the word Microsoft Graph has for it
)

// Input is one answer that the procedure knows.
type Input struct {
	Key     string
	Type    Type
	Choices []Answer
	Default string // when not answered; "" means that it is required or depends on other answers
	Text    string // the question; "" for what is never asked and only set by its key
	Why     string // why it is asked, one sentence

	fact     bool     // about the tenant
	fallback string   // stands in for a required answer while it is missing
	samples  []string // of what is no Choice: one value of each stretch that makes a difference
	at       func(*Answers) *string
}

// Answer is one value of an Input and what it means.
type Answer struct {
	Value string
	Text  string
}

// Inputs are all answers the procedure knows, in the order in which they are asked.
func Inputs() []Input { return slices.Clone(inputs) }

// Values are the values of a Choice.
func (in Input) Values() []string { return values(in.Choices) }

func values(choices []Answer) []string {
	out := make([]string, len(choices))
	for i, c := range choices {
		out[i] = c.Value
	}
	return out
}

var (
	yesNo = []Answer{{"yes", "yes"}, {"no", "no"}}
	state = []Answer{{"ok", "it is there and valid"}, {"expiring", "it runs out within 30 days"}, {"expired", "it ran out"}, {"none", "there is none"}}
)

// inputs is read only.
var inputs = []Input{
	{Key: "ownership", Text: "Who owns the devices?", Why: "Enrollment for the organization's devices and for personal ones has nothing in common.",
		Choices:  []Answer{{"corporate", "the organization"}, {"personal", "their users"}},
		fallback: "corporate", at: func(a *Answers) *string { return &a.Ownership }},
	{Key: "otherMdm", Text: "Does another MDM manage the devices today?", Why: "A device has one MDM at a time, so the other one has to go first.", Default: "no",
		Choices: []Answer{{"no", "no"}, {"yes-leaving", "yes, and they will leave it"}, {"yes-staying", "yes, and they stay there"}},
		at:      func(a *Answers) *string { return &a.OtherMDM }},
	{Key: "use", Text: "Who uses one device?", Why: "It decides whether a user signs in at enrollment, and it cannot be changed later.",
		Choices:  []Answer{{"single-user", "one person"}, {"userless", "nobody in particular: kiosk, dedicated device"}, {"shared-ipad", "several people, Shared iPad with managed Apple accounts"}, {"entra-shared", "several people, Microsoft Entra shared device mode"}},
		fallback: "single-user", at: func(a *Answers) *string { return &a.Use }},
	{Key: "state", Text: "In what state are the devices?", Why: "ADE takes devices that were never switched on, or were reset.",
		Choices:  []Answer{{"new", "new, still in Setup Assistant"}, {"existing", "in use, or used before"}, {"enrolled", "enrolled in this Intune already"}},
		fallback: "new", at: func(a *Answers) *string { return &a.State }},
	{Key: "enrolledAs", Text: "How were they enrolled?", Why: "What can still be changed without enrolling again depends on it.",
		Choices: []Answer{{"ade", "with ADE"}, {"configurator", "with Apple Configurator"}, {"device", "personal, the whole device (Company Portal or web)"}, {"account", "personal, account driven"}},
		at:      func(a *Answers) *string { return &a.EnrolledAs }},
	{Key: "profileCP", Text: "Did their enrollment profile install Company Portal, or have users sign in there?", Why: "Intune then configured Company Portal already, and a second policy breaks it.",
		Choices:  []Answer{{"yes", "yes"}, {"no", "no"}},
		fallback: "yes", at: func(a *Answers) *string { return &a.ProfileCP }},
	{Key: "staging", Text: "Shall a device without a user get one later, by a sign-in in Company Portal?", Why: "Only then may Company Portal get on devices without user affinity.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.Staging }},
	{Key: "wipe", Text: "May the devices be reset to factory settings?", Why: "ADE, and Apple Configurator with a user, start from a reset device.",
		Choices: yesNo, fallback: "no", at: func(a *Answers) *string { return &a.Wipe }},
	{Key: "wired", Text: "Must the devices be enrolled over a cable, for instance because the network is poor?", Why: "Only Apple Configurator works over USB.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.Wired }},
	{Key: "portal", Text: "Can you use Apple Business (Manager) or Apple School Manager?", Why: "ADE gets its devices from there.",
		Choices:  []Answer{{"yes", "yes"}, {"unwanted", "we do not want to set it up or use it"}, {"no-country", "it does not exist in this country or region"}},
		fallback: "yes", at: func(a *Answers) *string { return &a.Portal }},
	{Key: "inProgram", Text: "Are the serial numbers in Apple Business (Manager) or Apple School Manager?", Why: "ADE can only reach devices that Apple lists there.",
		Choices: yesNo, at: func(a *Answers) *string { return &a.InProgram }},
	{Key: "mac", Text: "Is there a Mac with a USB port for Apple Configurator?", Why: "Apple Configurator needs one.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.Mac }},
	{Key: "serials", Text: "Do you have a list of the serial numbers?", Why: "Apple Configurator with a user assigns its profile by serial number.", Default: "yes",
		Choices: yesNo, at: func(a *Answers) *string { return &a.Serials }},
	{Key: "dem", Text: "Shall a device enrollment manager account enroll the devices?", Why: "Such an account works with Company Portal only.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.DEM }},
	{Key: "count", Type: Number, Text: "How many devices?", Why: "Each way has a size above which it is slow or impossible.", Default: "1",
		samples: []string{"1", "51", "1001", "5001", "75001", "200001"}, at: func(a *Answers) *string { return &a.Count }},
	{Key: "wholeDevice", Text: "Do you need certificates or management for the whole device?", Why: "Account driven enrollment reaches the work part only.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.WholeDevice }},
	{Key: "lob", Text: "Do users need apps of your own (line-of-business apps)?", Why: "App protection without enrollment cannot deliver them.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.LOB }},
	{Key: "perApp", Text: "Is it enough to protect one thing, for instance by per-app VPN, or do users want work and private kept apart?", Why: "That is what account driven enrollment is for.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.PerApp }},
	{Key: "msAppsOnly", Text: "Do users work only with Microsoft apps and apps built with the Intune SDK?", Why: "Those can be protected without enrolling the device.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.MSAppsOnly }},
	{Key: "userChoice", Text: "Shall users choose themselves between the whole device and the work part only?", Why: "Then both ways have to be ready.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.UserChoice }},
	{Key: "managedAppleIds", Text: "Do users have managed Apple accounts, or is Apple federated with Microsoft Entra ID?", Why: "Account driven enrollment signs in with one.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.ManagedAppleIDs }},
	{Key: "discovery", Text: "Does your sign-in domain serve Apple's service discovery file (/.well-known/com.apple.remotemanagement)?", Why: "It is how a device finds Intune in account driven enrollment.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.Discovery }},
	{Key: "cpApp", Text: "Shall users install the Company Portal app?", Why: "Device enrollment works with the app, or on the web without it.", Default: "indifferent",
		Choices: []Answer{{"wanted", "yes"}, {"unwanted", "no"}, {"indifferent", "either is fine"}},
		at:      func(a *Answers) *string { return &a.CPApp }},
	{Key: "supervised", Text: "Must the devices be supervised?", Why: "Supervision needs ADE, or a reset in Apple Configurator.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.Supervised }},
	{Key: "mdmUpdates", Text: "Must iOS updates be pushed by policy?", Why: "That works on ADE devices only.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.MDMUpdates }},
	{Key: "minOS", Type: Version, Text: "What is the oldest iOS or iPadOS version among them?", Why: "Intune supports 17 and later, and 15 and later without a user.", Default: newest,
		samples: []string{newest, "14.8", "15.0", "16.0", "17.0"}, at: func(a *Answers) *string { return &a.MinOS }},
	{Key: "jit", Text: "Shall users register in a work app such as Teams instead of Company Portal (just in time registration)?", Why: "Company Portal is then not needed for Conditional Access.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.JIT }},
	{Key: "beforeCP", Text: "May users use the device before Company Portal is there?", Why: "It is the one real difference between the two recommended ways to sign in.", Default: "indifferent",
		Choices: []Answer{{"needed", "yes, they must"}, {"forbidden", "no, it must stay locked"}, {"indifferent", "either is fine"}},
		at:      func(a *Answers) *string { return &a.BeforeCP }},
	{Key: "accTargeted", Text: "Are some of the users also in a group of an account driven or user choice profile?", Why: "Intune blocks sign-in with Company Portal for them.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.ACCTargeted }},
	{Key: "mfa", Text: "Is multifactor authentication required at enrollment?", Why: "Not every way to sign in can ask for it.", Default: "indifferent",
		Choices: []Answer{{"required", "yes"}, {"unwanted", "no, it must not be asked for"}, {"indifferent", "either is fine"}},
		at:      func(a *Answers) *string { return &a.MFA }},
	{Key: "secondFactor", Text: "Where do users answer the second factor?", Why: "A locked device cannot show it.", Default: "same-device",
		Choices: []Answer{{"other-device", "on another device"}, {"same-device", "on the device they enroll"}},
		at:      func(a *Answers) *string { return &a.SecondFactor }},
	{Key: "pwPrompts", Text: "Must users be able to change an expired password while they enroll?", Why: "Only modern sign-in can ask for it.", Default: "no",
		Choices: yesNo, at: func(a *Answers) *string { return &a.PwPrompts }},
	{Key: "entra", Text: "Must the devices be registered in Microsoft Entra ID, for instance for Conditional Access?", Why: "Registration needs Company Portal or just in time registration.", Default: "required",
		Choices: []Answer{{"required", "yes"}, {"not-needed", "no"}},
		at:      func(a *Answers) *string { return &a.Entra }},
	{Key: "vpp", Text: "Is Company Portal bought in Apple Business (Manager), with a location (VPP) token in Intune?", Why: "It is then installed without anybody's Apple account.", Default: "none",
		Choices: []Answer{{"ok", "yes, and licences are left"}, {"none", "no"}, {"bad", "yes, but the token expired or no licence is left"}},
		at:      func(a *Answers) *string { return &a.VPP }},
	{Key: "appleId", Text: "May users type a personal Apple account on the device?", Why: "Without a VPP token Company Portal comes from the App Store and needs one.", Default: "allowed",
		Choices: []Answer{{"allowed", "yes"}, {"not-allowed", "no"}},
		at:      func(a *Answers) *string { return &a.AppleID }},

	{Key: "legacyOk", Default: "no", Choices: yesNo, at: func(a *Answers) *string { return &a.LegacyOK }},
	{Key: "ask", Default: "any", at: func(a *Answers) *string { return &a.Ask },
		Choices: []Answer{{"any", "nothing in particular"}, {"ade", "ADE"}, {"configurator", "Apple Configurator"}, {"byod-device", "device enrollment with Company Portal"}, {"byod-web", "web based device enrollment"}, {"byod-choice", "the user chooses"}, {"byod-account", "account driven"}}},
	{Key: "force", Default: "no", at: func(a *Answers) *string { return &a.Force },
		Choices: []Answer{{"no", "nothing"}, {"ADE-T08", "ADE for devices in use that Apple does not list yet"}, {"BYO-T08", "personal enrollment for the organization's devices"}, {"CFG-T04", "Apple Configurator where ADE is possible"}}},
	{Key: "apns", fact: true, Default: "ok", Choices: state, at: func(a *Answers) *string { return &a.APNs }},
	{Key: "adeToken", fact: true, Default: "ok", Choices: state, at: func(a *Answers) *string { return &a.ADEToken }},
	{Key: "mdmAuthority", fact: true, Type: Word, Default: "intune", samples: []string{"intune", "unknown"}, at: func(a *Answers) *string { return &a.MDMAuthority }},
	{Key: "iosBlocked", fact: true, Default: "no", Choices: yesNo, at: func(a *Answers) *string { return &a.IOSBlocked }},
	{Key: "personalIosBlocked", fact: true, Default: "no", Choices: yesNo, at: func(a *Answers) *string { return &a.PersonalIOSBlocked }},
}
