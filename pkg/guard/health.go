package guard

import (
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// healthRules are about Company Portal in a tenant, whatever a file says.
func healthRules() []enroll.Rule {
	return []enroll.Rule{
		{ID: "X-44", Severity: enroll.Error, Title: "Company Portal has licences left", Link: pageSetup,
			Needs: []enroll.KindName{enroll.PortalApp, enroll.ADEToken},
			Why:   "Every device that gets Company Portal from a volume-purchase token takes a licence. When none is left, a profile that installs it keeps devices from enrolling.",
			Fix:   "get more licences of Intune Company Portal, which cost nothing, in Apple Business Manager, Apps and Books, and sync the token",
			Check: licences},
		{ID: "CPI-12", Severity: enroll.Info, Title: "Company Portal is a required app with device licences", Link: pageGuide,
			Needs: []enroll.KindName{enroll.PortalApp, enroll.AppAssignment, enroll.ADEToken},
			Why:   "A required assignment with licences of the device is the only way that reaches all devices of Automated Device Enrollment and keeps the app up to date.",
			Fix:   "let a file say companyPortal.app with requiredFor, or assign it as required with device licensing in the Intune admin center",
			Check: required},
	}
}

// licences compares what is left of each Company Portal app with the devices
// that may still come: those the tokens of the tenant have synced, or those a
// file gives profiles that count on the app.
func licences(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	need, unsaid := 0, false
	for _, o := range live.Objects[enroll.ADEToken] {
		if t, ok := o.Facts.(ade.TokenFacts); ok && !t.School {
			need, unsaid = need+t.Devices, unsaid || t.DevicesUnsaid
		}
	}
	if counted, ok := devicesThatCount(want); ok {
		need, unsaid = counted, false
	}
	var out []enroll.Finding
	for _, o := range live.Objects[enroll.PortalApp] {
		app, ok := o.Facts.(companyportal.AppFacts)
		if !ok || app.Store {
			continue
		}
		left := app.Licences - app.Used
		f := enroll.Finding{On: o.Ref, Severity: enroll.OK, Message: fmt.Sprintf("%d of %s left", max(left, 0), enroll.Plural(app.Licences, "licence"))}
		switch {
		case left <= 0:
			f.Severity, f.Message = enroll.Error, fmt.Sprintf("none of %s is left: devices that install it at enrollment do not enroll", enroll.Plural(app.Licences, "licence"))
		case app.Licences < need:
			f.Severity, f.Message = enroll.Warning, fmt.Sprintf("%s, and %s may need one", f.Message, enroll.Plural(need, "device"))
		case unsaid:
			f.Severity, f.Message = enroll.Unknown, f.Message+"; the service does not say how many devices may need one"
		case left*10 < app.Licences:
			f.Severity, f.Message = enroll.Warning, f.Message+": less than a tenth"
		}
		out = append(out, f.Measured(float64(max(left, 0)), "licences"))
	}
	return out
}

// devicesThatCount counts the serial numbers that a file gives to profiles
// which install Company Portal with a licence; false without such a profile.
func devicesThatCount(want []enroll.Object) (int, bool) {
	n, found := 0, false
	for _, p := range profilesIn(want, enroll.Snapshot{}) {
		if p.values.Text(installKey) != ade.InstallVPP {
			continue
		}
		found = true
		for _, o := range want {
			if o.Ref.Kind == enroll.ADEDevices && o.Ref.Scope == p.ref.Scope && o.Ref.Name == p.ref.Name {
				n += len(o.Items)
			}
		}
	}
	return n, found
}

// required looks whether any Company Portal app is required with licences of
// the device, in the tenant or in the file, where the tenant has tokens with
// devices.
func required(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	if _, gap := live.GapIn(enroll.PortalApp, enroll.AppAssignment, enroll.ADEToken); gap || len(live.Objects[enroll.ADEToken]) == 0 {
		return nil
	}
	for _, kind := range []enroll.KindName{enroll.PortalApp, enroll.AppAssignment} {
		if _, looked := live.Objects[kind]; !looked {
			return nil // plan looks at what the file needs only
		}
	}
	var vpp []enroll.Object
	for _, o := range live.Objects[enroll.PortalApp] {
		if app, ok := o.Facts.(companyportal.AppFacts); ok && !app.Store {
			vpp = append(vpp, o)
		}
	}
	if len(vpp) == 0 {
		return []enroll.Finding{{On: enroll.Ref{Kind: enroll.PortalApp}, Message: "no VPP token of the tenant has Company Portal: devices can get it from the App Store only, with an Apple account",
			Fix: "get Intune Company Portal in Apple Business Manager, Apps and Books, for the location of a token in Intune, and sync the token"}}
	}
	for _, app := range vpp {
		says := "it is required"
		target, ok := requiredFor(app, live.Objects[enroll.AppAssignment])
		if !ok {
			says = "the file makes it required"
			target, ok = requiredFor(app, want)
		}
		if ok {
			return []enroll.Finding{{On: app.Ref, Severity: enroll.OK, Message: fmt.Sprintf("%s with device licences for %s", says, directory.Label(target))}}
		}
	}
	return []enroll.Finding{{On: vpp[0].Ref, Message: "it is not a required app with device licences for anybody"}}
}

// requiredFor is a target that an app is required for with licences of the device.
func requiredFor(app enroll.Object, assignments []enroll.Object) (enroll.Ref, bool) {
	for _, a := range enroll.OfKind(assignments, enroll.AppAssignment) {
		if licensed, _ := a.Fields.Flag("deviceLicensing"); licensed && a.Ref.Scope == app.Ref.Owner() && installs(a) {
			target, _ := a.Fields["target"].(enroll.Ref)
			return target, true
		}
	}
	return enroll.Ref{}, false
}

// installs tells whether an assignment installs its app by itself.
func installs(a enroll.Object) bool {
	excluded, _ := a.Fields.Flag("exclude")
	return a.Fields.Text("intent") == "required" && !excluded
}
