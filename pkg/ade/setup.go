package ade

import (
	"cmp"
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// setup is what decides which settings a profile has: its back end, who uses
// the device and where they sign in.
type setup struct {
	backEnd, affinity, auth, install string
	guestsOnly                       bool // Shared iPad with temporary sessions only
	stored                           bool // it is not known yet: has is true for whatever some profile stores
}

// setupOf reads the setup from values by path: those of an entry or of fields.
func setupOf(f enroll.Fields) setup {
	guests, _ := f.Flag(pathTemporary)
	return setup{
		backEnd:    cmp.Or(f.Text(pathType), EnrollmentPolicy),
		affinity:   f.Text(pathAffinity),
		auth:       f.Text(pathAuth),
		install:    f.Text(pathInstall),
		guestsOnly: guests,
	}
}

func (s setup) classic() bool { return s.backEnd == ClassicProfile }

// awaits tells whether the device can be held for its final configuration:
// with modern authentication, without user affinity, and in Entra shared mode
// (Microsoft docs page on setting up automated enrollment, 2026).
func (s setup) awaits() bool {
	return s.affinity == AffinityUser && s.auth == AuthModern || s.affinity == AffinityNone || s.affinity == AffinityEntra
}

// has tells whether a profile of this setup has the setting at path, so that
// it is compared and written. What rules only read (justInTime, and on a
// policy companyPortal) is in no profile.
func (s setup) has(path string) bool {
	if s.stored {
		return slices.ContainsFunc(everySetup(), func(some setup) bool { return some.has(path) })
	}
	switch path {
	case pathType, pathDescription, pathAffinity, pathLocked, pathTemplate, pathCarrier, pathDepartment, pathPhone, pathHide:
		return true
	case pathAuth:
		return s.affinity == AffinityUser
	case pathInstall, pathSync, pathCertificates:
		return s.classic()
	case pathLock:
		return s.classic() && s.affinity == AffinityUser
	case pathVPPToken:
		return s.classic() && s.affinity == AffinityUser
	case pathAwait:
		return s.awaits()
	case pathTemporary:
		return s.affinity == AffinityShared
	case pathCachedUsers, pathUserTimeout, pathGrace:
		return s.affinity == AffinityShared && !s.guestsOnly
	case pathGuestTimeout:
		return s.affinity == AffinityShared && s.guestsOnly
	case pathTags:
		return !s.classic()
	}
	return false
}

// everySetup has between them all settings that a profile can have.
func everySetup() []setup {
	return []setup{
		{backEnd: EnrollmentPolicy, affinity: AffinityUser, auth: AuthModern},
		{backEnd: ClassicProfile, affinity: AffinityUser},
		{affinity: AffinityShared}, {affinity: AffinityShared, guestsOnly: true},
	}
}

// defaults are the values a profile of this setup is made with where the file
// says nothing: those of the policy template, and of the known-good body of a
// classic profile, with every screen shown and no device name.
func (s setup) defaults() enroll.Fields {
	out := enroll.Fields{}
	for _, d := range []struct {
		path  string
		value any
	}{
		{pathType, EnrollmentPolicy}, {pathDescription, ""}, {pathLocked, true}, {pathTemplate, ""}, {pathCarrier, ""},
		{pathDepartment, ""}, {pathPhone, ""}, {pathHide, []string{}},
		{pathLock, false}, {pathSync, "deny"}, {pathAwait, true},
		{pathTemporary, false}, {pathCachedUsers, int64(10)}, {pathUserTimeout, int64(0)}, {pathGuestTimeout, int64(0)},
	} {
		if s.has(d.path) {
			out[d.path] = d.value
		}
	}
	if s.classic() && s.affinity != AffinityUser {
		out[pathInstall] = InstallNone
	}
	return out
}
