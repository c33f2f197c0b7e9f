package starter

import (
	"github.com/intune-enroll/intune-enroll/pkg/advise"
)

// layout is how the file of some options looks.
type layout struct {
	names func(advise.Answers) names
	write func(*file)
}

// names stand in where nobody gave others.
type names struct{ profile, group, what string }

// layoutOf is the layout of an advice, nil where nothing can be asked of the tenant.
func layoutOf(a advise.Advice) *layout {
	switch a.Option {
	case advise.ADE:
		return &layout{deviceNames, (*file).ade}
	case advise.ACSetupAssistant, advise.ACDirect:
		return &layout{deviceNames, (*file).configurator}
	case advise.BYODDevice, advise.BYODWeb, advise.BYODChoice, advise.BYODAccount:
		return &layout{personalNames, (*file).byod}
	case advise.NoOption:
		if a.CompanyPortal == advise.ConfigPolicy {
			return &layout{policyNames, (*file).policy}
		}
	}
	return nil
}

// deviceNames are for profiles of the organization's devices. The group is
// made by the file, so it needs no name of an existing one.
func deviceNames(a advise.Answers) names {
	profile := map[string]string{"userless": "Kiosk devices", "shared-ipad": "Shared iPads", "entra-shared": "Shared devices"}[a.Use]
	if profile == "" {
		profile = "Staff iPhones"
	}
	return names{profile: profile, group: "iOS - " + profile, what: "group to make of the devices that enroll with the profile"}
}

func personalNames(advise.Answers) names {
	return names{"Personal devices", "All staff", "group of the users who may enroll"}
}

func policyNames(advise.Answers) names {
	return names{"Company Portal - enrolled devices", "iOS - enrolled before Company Portal", "group of exactly the devices that are enrolled already"}
}

// groups is the group that takes in what enrolls with the profile.
func (f *file) groups() {
	f.blank()
	f.line("groups:", "")
	f.say("  ", "A dynamic group of the devices that enroll with the profile below: assign apps and settings to it.")
	f.line("  - name: "+text(f.Group), "")
	f.line("    devicesOfProfile: "+text(f.Profile), "")
}

// placeholder says what to do about the name of an existing group.
func (f *file) placeholder(holds string) string {
	if f.given {
		return holds + ", by name or id"
	}
	return "put the name of yours: " + holds
}

// portal is the section about the app: required for the group of the devices.
func (f *file) portal() {
	var source, why string
	switch f.CompanyPortal {
	case advise.VPP:
		source, why = "vpp", "Company Portal with a licence of the device, installed by itself."
	case advise.AppleID:
		source, why = "store", "Company Portal of the App Store, which asks for an Apple Account on each device."
	default:
		return
	}
	f.blank()
	f.line("companyPortal:", "")
	f.say("  ", why)
	f.app(source, "")
}

// app makes Company Portal a required app of the group, of which note says something.
func (f *file) app(source, note string) {
	f.line("  app:", "")
	f.line("    source: "+source, "")
	f.vppToken("    ", source)
	f.line("    requiredFor: ["+text(f.Group)+"]", note)
	if source == "vpp" {
		f.line("    # autoUpdate: true", "recommended: it updates by itself, and so does every other app of the token")
	}
}

// vppToken names the location token, or says how.
func (f *file) vppToken(indent, source string) {
	switch {
	case source != "vpp":
	case f.VPPToken != "":
		f.line(indent+"vppToken: "+text(f.VPPToken), "")
	default:
		f.line(indent+"# vppToken: Contoso VPP", "only where several tokens have Company Portal: name, location or id")
	}
}
