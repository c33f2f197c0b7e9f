package guide

// Variant is one of the ways in which people meet an enrollment.
type Variant string

// The variants of Automated Device Enrollment.
const (
	ADEPortal        Variant = "ade-cp"             // sign-in in Company Portal
	ADELegacyPortal  Variant = "ade-legacy-cp"      // legacy Setup Assistant, then Company Portal
	ADELegacy        Variant = "ade-legacy"         // legacy Setup Assistant alone
	ADEModernVPP     Variant = "ade-modern-vpp"     // Setup Assistant with modern authentication, Company Portal by licence
	ADEModernAppleID Variant = "ade-modern-appleid" // the same, Company Portal by the user's Apple Account
	ADEModernJIT     Variant = "ade-modern-jit"     // the same, registered just in time in a work app
	ADEModernOnly    Variant = "ade-modern-none"    // the same, never registered
	ADEUserless      Variant = "ade-userless"
	ADESharedIPad    Variant = "ade-shared-ipad"
	ADEEntraShared   Variant = "ade-entra-shared"
)

// The variants of Apple Configurator.
const (
	ACPortal          Variant = "ac-cp"    // sign-in in Company Portal
	ACAssistantPortal Variant = "ac-sa-cp" // Setup Assistant, then Company Portal
	ACAssistant       Variant = "ac-sa"    // Setup Assistant alone
	ACDirect          Variant = "ac-direct"
)

// The variants of personal devices.
const (
	BYODDevice  Variant = "byod-device"
	BYODWeb     Variant = "byod-web"
	BYODChoice  Variant = "byod-choice"
	BYODAccount Variant = "byod-account"
)

// The variants of devices that are enrolled already and now get Company Portal.
const (
	PortalEnrolled Variant = "portal-enrolled"
	PortalStaging  Variant = "portal-staging"
)

// personal tells whether the device belongs to the person who reads.
func (v Variant) personal() bool {
	switch v {
	case BYODDevice, BYODWeb, BYODChoice, BYODAccount:
		return true
	default:
		return false
	}
}
