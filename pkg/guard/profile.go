package guard

import (
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Keys of a profile that rules here read, in the file and in live fields alike.
const (
	affinityKey = "userAffinity"
	authKey     = "authentication"
	installKey  = "companyPortal.install"
	vppTokenKey = "companyPortal.vppToken"
	typeKey     = "type"
)

// profile is an enrollment profile of a token or of Apple Configurator: as the
// file wants it, or as it is in the tenant where the file does not name it.
type profile struct {
	ref    enroll.Ref
	values enroll.Fields
	wanted bool
	seen   bool // its settings are known
	object enroll.Object
}

// profilesIn are all profiles of tokens in the file and, beside them, in the tenant.
func profilesIn(want []enroll.Object, live enroll.Snapshot) []profile {
	return profilesOfKind(enroll.ADEProfile, want, live)
}

// allProfiles are those and the ones of Apple Configurator: devices carry the
// names of both as enrollmentProfileName.
func allProfiles(want []enroll.Object, live enroll.Snapshot) []profile {
	return append(profilesIn(want, live), profilesOfKind(enroll.ConfiguratorProfile, want, live)...)
}

func profilesOfKind(kind enroll.KindName, want []enroll.Object, live enroll.Snapshot) []profile {
	var out []profile
	mine := map[enroll.Ref]bool{}
	for _, o := range want {
		if e, ok := o.Facts.(enroll.Entry); ok && o.Ref.Kind == kind {
			mine[o.Ref] = true
			p := profile{o.Ref, e.Values, true, true, o}
			if o.State == enroll.Existing {
				there, _ := live.Get(o.Ref) // what the file leaves out is as the tenant has it
				p.values = there.Fields.With(e.Values)
				p.seen = p.values.Text(affinityKey) != ""
			}
			out = append(out, p)
		}
	}
	for _, o := range live.Objects[kind] {
		if !mine[o.Ref] {
			out = append(out, profile{o.Ref, o.Fields, false, o.Fields.Text(affinityKey) != "", o})
		}
	}
	return out
}

// named are the profiles of that name, of whatever token. Microsoft Entra
// compares the names in membership rules without regard to case.
func named(profiles []profile, name string) []profile {
	var out []profile
	for _, p := range profiles {
		if strings.EqualFold(p.ref.Name, name) {
			out = append(out, p)
		}
	}
	return out
}

// sendsPortal tells whether Intune itself sends Company Portal and its
// configuration to devices that enroll with the profile.
func (p profile) sendsPortal() bool {
	switch auth := p.values.Text(authKey); {
	case p.configurator():
		return auth == configurator.AuthSetup && p.values.Text(installKey) == configurator.InstallAppleID
	case auth == ade.AuthModern || auth == ade.AuthPortal:
		return true
	}
	install := p.values.Text(installKey)
	return install == ade.InstallVPP || install == ade.InstallAppleID
}

// configurator tells whether it is a profile of Apple Configurator.
func (p profile) configurator() bool { return p.ref.Kind == enroll.ConfiguratorProfile }

// signsInPortal tells whether users sign in inside Company Portal.
func (p profile) signsInPortal() bool {
	return p.values.Text(affinityKey) == ade.AffinityUser && p.values.Text(authKey) == ade.AuthPortal
}

// fromStore tells whether Company Portal comes from the App Store.
func (p profile) fromStore() bool { return p.values.Text(installKey) == ade.InstallAppleID }

// inRule tells whether the rule of a group takes in the devices of the profile.
func (p profile) inRule(group enroll.Object) bool {
	return slices.ContainsFunc(profilesOf(group), func(name string) bool { return strings.EqualFold(name, p.ref.Name) })
}

// userless tells whether nobody signs in on devices of the profile.
func (p profile) userless() bool {
	a := p.values.Text(affinityKey)
	return a != "" && a != ade.AffinityUser
}

// profilesOf are the names of profiles in the rule of a group.
func profilesOf(group enroll.Object) []string {
	return directory.ProfilesIn(group.Fields.Text("rule"))
}
