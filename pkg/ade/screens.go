package ade

import (
	"slices"
	"strings"
)

// screen is one pane of Setup Assistant and how the two back ends name it.
type screen struct {
	name    string // in the file
	policy  bool   // an enrollment policy has it, as setting paneSetting(name)
	member  string // boolean of the classic profile; true hides the pane
	skipKey string // Apple's skip key, which the classic profile carries beside the boolean
}

// classic tells whether a classic profile can hide the screen.
func (s screen) classic() bool { return s.skipKey != "" }

// paneSetting is the id of the policy setting of a screen: value _1 shows it,
// _0 hides it (recorded portal traffic, 2026).
func paneSetting(name string) string { return "ade_setupassistant_" + strings.ToLower(name) }

// screens lists every pane, in the order of the policy template. Booleans and
// skip keys go together in a classic profile (body of a portal-made profile
// published in an Intune handbook); Passcode and Biometric are inferred from
// Apple's published list of skip keys. Panes newer than the classic editor
// exist in policies only.
func screens() []screen {
	return []screen{
		{"passcode", true, "passCodeDisabled", "Passcode"},
		{"locationServices", true, "locationDisabled", "Location"},
		{"restore", true, "restoreBlocked", "Restore"},
		{"appleId", true, "appleIdDisabled", "AppleID"},
		{"termsAndConditions", true, "termsAndConditionsDisabled", "TOS"},
		{"touchFaceId", true, "touchIdDisabled", "Biometric"},
		{"applePay", true, "applePayDisabled", "Payment"},
		{"siri", true, "siriDisabled", "Siri"},
		{"diagnosticsData", true, "diagnosticsDisabled", "Diagnostics"},
		{"privacy", true, "privacyPaneDisabled", "Privacy"},
		{"androidMigration", true, "restoreFromAndroidDisabled", "Android"},
		{"iMessageFaceTime", true, "iMessageAndFaceTimeScreenDisabled", "iMessageAndFaceTime"},
		{"screenTime", true, "screenTimeScreenDisabled", "ScreenTime"},
		{"simSetup", true, "simSetupScreenDisabled", "SIMSetup"},
		{"softwareUpdate", true, "softwareUpdateScreenDisabled", "SoftwareUpdate"},
		{"watchMigration", true, "watchMigrationScreenDisabled", "WatchMigration"},
		{"appearance", true, "appearanceScreenDisabled", "Appearance"},
		{"deviceMigration", true, "deviceToDeviceMigrationDisabled", "DeviceToDeviceMigration"},
		{"restoreCompleted", true, "restoreCompletedScreenDisabled", "RestoreCompleted"},
		{"softwareUpdateCompleted", true, "updateCompleteScreenDisabled", "UpdateCompleted"},
		{"getStarted", true, "welcomeScreenDisabled", "Welcome"},
		{"actionButton", true, "", ""},
		{"safety", true, "", ""},
		{"termsOfAddress", true, "", "TermsOfAddress"},
		{"intelligence", true, "", ""},
		{"enableLockdownMode", true, "", ""},
		{"appStore", true, "", ""},
		{"cameraButton", true, "", ""},
		{"multitasking", true, "", ""},
		{"osShowcase", true, "", ""},
		{"safetyAndHandling", true, "", ""},
		{"webContentFiltering", true, "", ""},
		{"zoom", false, "zoomDisabled", "Zoom"},
		{"displayTone", false, "displayToneSetupDisabled", "DisplayTone"},
		{"homeButton", false, "homeButtonScreenDisabled", "HomeButtonSensitivity"},
		{"onBoarding", false, "onBoardingScreenDisabled", "OnBoarding"},
	}
}

func screenNames() []string {
	var out []string
	for _, s := range screens() {
		out = append(out, s.name)
	}
	return out
}

// missingScreens are those of hide that the back end does not have.
func missingScreens(hide []string, backEnd string) []string {
	var out []string
	for _, s := range screens() {
		has := s.policy
		if backEnd == ClassicProfile {
			has = s.classic()
		}
		if !has && slices.Contains(hide, s.name) {
			out = append(out, s.name)
		}
	}
	return out
}
