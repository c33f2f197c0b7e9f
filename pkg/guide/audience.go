package guide

import (
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Audience is the people one page is for, and what of their profile decides
// the lines of it.
type Audience struct {
	Profile enroll.Ref // the profile or policy by which they are reached
	Variant Variant

	Install     string // how Company Portal comes: vpp, appleId, none; "" where the service does not say
	Lock        bool   // nothing else opens before the sign-in in Company Portal
	Await       bool   // Setup Assistant waits for the configuration
	JustInTime  bool   // registration in a work app
	HideAppleID bool   // Setup Assistant does not ask for an Apple Account
	GuestsOnly  bool   // Shared iPad without accounts
	Support     string // department and phone number that the profile names

	problem error // why there is no text: nobody could enroll by the profile, or it is only named
	nowhere bool  // the Company Portal website of the cloud is not known
	untold  bool  // nobody told whether the device is registered in a work app
}

// Audiences are those of a document, in its order, without what shall go.
func Audiences(d document.Document) []Audience {
	var out []Audience
	add := func(r enroll.Ref, e enroll.Entry, choose func(enroll.Ref, enroll.Fields) (Audience, error)) {
		if e.Presence() == enroll.Absent {
			return
		}
		a, err := choose(r, e.Values)
		if err != nil && e.Presence() == enroll.Existing {
			err = fmt.Errorf("no instructions for %s: the file only says that it exists; go by the tenant: intune-enroll guide users, without -f", r)
		}
		a.Profile, a.problem = r, err
		out = append(out, a)
	}
	for _, t := range d.ADE {
		owner := enroll.Ref{Kind: enroll.ADEToken, Name: t.Entry.Values.Text("token")}
		for _, p := range t.Profiles {
			add(enroll.Ref{Kind: enroll.ADEProfile, Scope: owner.Owner(), Name: p.Values.Text("name")}, p, automated)
		}
	}
	for _, p := range d.Mac {
		add(enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: p.Values.Text("name")}, p, onMac)
	}
	for _, p := range d.BYOD {
		add(enroll.Ref{Kind: enroll.BYODProfile, Name: p.Values.Text("name")}, p, personal)
	}
	for _, p := range d.Policies {
		add(enroll.Ref{Kind: enroll.PortalPolicy, Name: p.Values.Text("name")}, p, enrolled)
	}
	return out
}

// FromTenant are the audiences of live objects of the kinds ade-profile,
// configurator-profile, byod-profile and portal-policy; other kinds, profiles whose fields were not
// read, and policies with settings of somebody else's are passed over. What Graph does not tell of a profile (just in
// time registration; for enrollment policies how Company Portal comes) is
// left open, and the text says both ways. On company devices a sign-in in
// Company Portal registers in any case.
func FromTenant(live []enroll.Object) []Audience {
	var out []Audience
	for _, o := range live {
		foreign := o.Ref.Kind == enroll.PortalPolicy && o.Fields.Text("variant") == companyportal.Other
		if o.Fields == nil || foreign {
			continue
		}
		var a Audience
		var err error
		switch o.Ref.Kind {
		case enroll.ADEProfile:
			a, err = automated(o.Ref, o.Fields)
		case enroll.ConfiguratorProfile:
			a, err = onMac(o.Ref, o.Fields)
		case enroll.BYODProfile:
			a, err = personal(o.Ref, o.Fields)
			a.untold = !a.JustInTime
		case enroll.PortalPolicy:
			a, err = enrolled(o.Ref, o.Fields)
		default:
			continue
		}
		a.Profile, a.problem = o.Ref, err
		out = append(out, a)
	}
	return out
}

func noText(r enroll.Ref, format string, args ...any) error {
	return fmt.Errorf("no instructions for %s: %s; look with: intune-enroll validate", r, fmt.Sprintf(format, args...))
}

// automated chooses the text of a profile of Automated Device Enrollment, by
// its keys in a file or its fields in a tenant, which have the same names.
func automated(r enroll.Ref, v enroll.Fields) (Audience, error) {
	a := Audience{Profile: r, Install: v.Text("companyPortal.install"), Await: true,
		HideAppleID: slices.Contains(v.List("setupAssistant.hide"), "appleId")}
	a.Lock, _ = v.Flag("companyPortal.lockUntilInstalled")
	a.JustInTime, _ = v.Flag("justInTime")
	a.GuestsOnly, _ = v.Flag("sharedIPad.temporarySessionsOnly")
	if wait, said := v.Flag("awaitFinalConfiguration"); said {
		a.Await = wait
	}
	a.Support = strings.Trim(v.Text("support.department")+", "+v.Text("support.phone"), ", ")
	auth := v.Text("authentication")
	switch affinity := v.Text("userAffinity"); affinity {
	case ade.AffinityNone:
		a.Variant = ADEUserless
	case ade.AffinityShared:
		a.Variant = ADESharedIPad
	case ade.AffinityEntra:
		a.Variant = ADEEntraShared
	case ade.AffinityUser:
		var err error
		if a.Variant, err = withUser(r, auth, a); err != nil {
			return Audience{}, err
		}
	default:
		return Audience{}, noText(r, "userAffinity is %q", affinity)
	}
	// Awaiting the configuration exists with modern authentication, without a
	// user and in Entra shared mode only (Microsoft docs page on setting up
	// automated device enrollment).
	a.Await = a.Await && auth != ade.AuthPortal && auth != ade.AuthLegacy && a.Variant != ADESharedIPad
	return a, nil
}

func withUser(r enroll.Ref, auth string, a Audience) (Variant, error) {
	none := a.Install == ade.InstallNone
	switch {
	case auth == ade.AuthPortal && none:
		return "", noText(r, "users sign in in Company Portal, and companyPortal.install is none (M04)")
	case auth == ade.AuthPortal:
		return ADEPortal, nil
	case auth == ade.AuthLegacy && none:
		return ADELegacy, nil
	case auth == ade.AuthLegacy:
		return ADELegacyPortal, nil
	case auth != ade.AuthModern:
		return "", noText(r, "authentication is %q", auth)
	case a.JustInTime:
		return ADEModernJIT, nil
	case none:
		return ADEModernOnly, nil
	case a.Install == ade.InstallAppleID:
		return ADEModernAppleID, nil
	default:
		return ADEModernVPP, nil
	}
}

// onMac chooses the text of a profile of Apple Configurator. Company
// Portal comes by the user's Apple Account there: such a profile has no place
// for a VPP token (Graph schema of enrollmentProfile).
func onMac(r enroll.Ref, v enroll.Fields) (Audience, error) {
	a := Audience{Profile: r}
	affinity, auth := v.Text("userAffinity"), v.Text("authentication")
	none := v.Text("companyPortal.install") == configurator.InstallNone
	switch {
	case affinity == configurator.AffinityNone:
		a.Variant = ACDirect
	case affinity != configurator.AffinityUser:
		return Audience{}, noText(r, "userAffinity is %q", affinity)
	case auth == configurator.AuthPortal && none:
		return Audience{}, noText(r, "users sign in in Company Portal, and companyPortal.install is none")
	case auth == configurator.AuthPortal:
		a.Install = configurator.InstallAppleID
		a.Variant = ACPortal
	case auth == configurator.AuthSetup && none:
		a.Variant = ACAssistant
	case auth == configurator.AuthSetup:
		a.Install = configurator.InstallAppleID
		a.Variant = ACAssistantPortal
	default:
		return Audience{}, noText(r, "authentication is %q", auth)
	}
	return a, nil
}

// personal chooses the text of a profile for personal devices.
func personal(r enroll.Ref, v enroll.Fields) (Audience, error) {
	a := Audience{Profile: r}
	a.JustInTime, _ = v.Flag("justInTime")
	switch e := v.Text("enrollment"); e {
	case byod.DeviceCompanyPortal:
		a.Variant = BYODDevice
	case byod.DeviceWeb:
		a.Variant = BYODWeb
	case byod.UserChoice:
		a.Variant = BYODChoice
	case byod.AccountDriven:
		// Account driven enrollment always registers just in time (Microsoft
		// docs page on setting up account driven user enrollment).
		a.Variant, a.JustInTime = BYODAccount, true
	default:
		return Audience{}, noText(r, "enrollment is %q", e)
	}
	return a, nil
}

// enrolled chooses the text for people whose device is enrolled and now gets Company Portal.
func enrolled(r enroll.Ref, v enroll.Fields) (Audience, error) {
	switch variant := v.Text("variant"); variant {
	case companyportal.UserAffinity:
		return Audience{Profile: r, Variant: PortalEnrolled}, nil
	case companyportal.DeviceStaging:
		return Audience{Profile: r, Variant: PortalStaging}, nil
	default:
		return Audience{}, noText(r, "its settings are neither those for enrolled nor those for staged devices")
	}
}
