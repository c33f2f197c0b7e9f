package ade

import (
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// beside is what a body has beside its fields: the id of the VPP token, "" for
// none; skip keys of the live profile that belong to no screen of ours; and
// certificates, of which fields have the thumbprints alone.
type beside struct {
	vppID        string
	otherKeys    []string
	certificates []certificate
}

// classicBody is a complete classic profile. Its members are those of a
// profile body made by the admin center and published in an Intune handbook;
// the encoding of the sign-in methods is that body's, recorded Apple
// Configurator traffic, and for the rest inferred.
func classicBody(name string, f enroll.Fields, x beside) map[string]any {
	s := setupOf(f)
	user := s.affinity == AffinityUser
	portal := user && s.auth == AuthPortal
	modern := user && s.auth == AuthModern
	installs := f.Text(pathInstall) != InstallNone && f.Text(pathInstall) != ""
	await, _ := f.Flag(pathAwait)
	locked, _ := f.Flag(pathLocked)
	single, _ := f.Flag(pathLock)
	body := map[string]any{
		"@odata.type": typeClassic,
		"displayName": name,
		"description": f.Text(pathDescription),

		"requiresUserAuthentication":                          user,
		"enableAuthenticationViaCompanyPortal":                portal,
		"configurationWebUrl":                                 modern,
		"requireCompanyPortalOnSetupAssistantEnrolledDevices": user && !portal && installs,
		"companyPortalVppTokenId":                             x.vppID,
		"enableSingleAppEnrollmentMode":                       user && single,
		"awaitDeviceConfiguredConfirmation":                   s.awaits() && await,

		"supervisedModeEnabled":    true,
		"profileRemovalDisabled":   locked,
		"isMandatory":              true,
		"iTunesPairingMode":        pairingMode(f.Text(pathSync)),
		"managementCertificates":   append([]certificate{}, x.certificates...),
		"deviceNameTemplate":       f.Text(pathTemplate),
		"carrierActivationUrl":     f.Text(pathCarrier),
		"configurationEndpointUrl": "",
		"supportDepartment":        f.Text(pathDepartment),
		"supportPhoneNumber":       f.Text(pathPhone),

		"enableSharedIPad":                 s.affinity == AffinityShared,
		"userlessSharedAadModeEnabled":     s.affinity == AffinityEntra,
		"forceTemporarySession":            s.has(pathTemporary) && s.guestsOnly,
		"sharedIPadMaximumUserCount":       numberIf(s, f, pathCachedUsers),
		"userSessionTimeoutInSeconds":      numberIf(s, f, pathUserTimeout),
		"temporarySessionTimeoutInSeconds": numberIf(s, f, pathGuestTimeout),
		"passcodeLockGracePeriodInSeconds": nil,
	}
	if grace, ok := f.Number(pathGrace); ok && s.has(pathGrace) {
		body["passcodeLockGracePeriodInSeconds"] = grace
	}
	keys := []string{}
	for _, screen := range screens() {
		hidden := slices.Contains(f.List(pathHide), screen.name)
		if screen.member != "" {
			body[screen.member] = hidden
		}
		if screen.classic() && hidden {
			keys = append(keys, screen.skipKey)
		}
	}
	body["enabledSkipKeys"] = append(keys, x.otherKeys...)
	return body
}

// numberIf is the number at path, 0 where this setup has none.
func numberIf(s setup, f enroll.Fields, path string) int64 {
	n, _ := f.Number(path)
	if !s.has(path) {
		return 0
	}
	return n
}

// pairingMode is iTunesPairingMode; its third value needs certificates.
func pairingMode(sync string) string {
	switch sync {
	case "allow":
		return "allow"
	case pairingByCertificate:
		return "requiresCertificate"
	}
	return "disallow"
}

// pairingByCertificate is the field of a profile that lets computers with
// certain certificates pair.
const pairingByCertificate = "certificates"

// signInMembers carry the sign-in method together and are sent together.
func signInMembers() []string {
	return []string{
		"requiresUserAuthentication", "enableAuthenticationViaCompanyPortal", "configurationWebUrl",
		"requireCompanyPortalOnSetupAssistantEnrolledDevices",
	}
}

// classicPatch is what of a body has to be sent to come from before to after:
// the members that differ, an empty text as null, which clears it.
func classicPatch(before, after map[string]any) map[string]any {
	patch := map[string]any{"@odata.type": typeClassic}
	for member, value := range after {
		if enroll.Same(before[member], value) {
			continue
		}
		if value == "" {
			value = nil
		}
		patch[member] = value
		if slices.Contains(signInMembers(), member) {
			for _, m := range signInMembers() {
				patch[m] = after[m]
			}
		}
		if member == "iTunesPairingMode" || member == "managementCertificates" {
			patch["iTunesPairingMode"], patch["managementCertificates"] = after["iTunesPairingMode"], after["managementCertificates"] // they need that mode
		}
	}
	return patch
}
