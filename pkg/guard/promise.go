package guard

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// promiseRules are about companyPortal.install on an enrollment policy: the
// policy itself has no setting for it, so an assignment of the app must keep
// what the file promises (Intune's own setting definitions, 2026).
func promiseRules() []enroll.Rule {
	return twins(enroll.Rule{
		ID: "CPI-04", Severity: enroll.Warning, Title: "Company Portal is required where a policy counts on it", Link: pageGuide,
		Why:   "An enrollment policy does not install Company Portal. A required assignment of the app does, with a licence of the device where it comes from a volume-purchase token; without it devices stay unregistered.",
		Fix:   "make Company Portal a required app for the devices of the profile",
		Check: promises,
	}, enroll.PortalApp, enroll.AppAssignment, enroll.Group)
}

// promises tells whether the profile is an enrollment policy that counts on
// Company Portal being installed by an assignment.
func (p profile) promises() bool {
	install := p.values.Text(installKey)
	return p.values.Text(typeKey) != ade.ClassicProfile && p.values.Text(affinityKey) == ade.AffinityUser &&
		(install == ade.InstallVPP || install == ade.InstallAppleID)
}

func promises(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, p := range profilesIn(want, enroll.Snapshot{}) {
		if !p.promises() {
			continue
		}
		target, kept := p.kept(want, live)
		switch _, looked := live.Objects[enroll.AppAssignment]; {
		case kept && looked:
			out = append(out, enroll.Finding{On: p.ref, Path: installKey, Origin: p.object.Where(installKey), Severity: enroll.OK,
				Message: fmt.Sprintf("the file requires Company Portal for %q, which takes in the devices of %q", target.Name, p.ref.Name)})
		case !kept:
			out = append(out, p.promise(want, live))
		}
	}
	return out
}

// kept is the group by which the file itself keeps the promise of a profile.
func (p profile) kept(want []enroll.Object, live enroll.Snapshot) (enroll.Ref, bool) {
	app, err := p.app(live)
	for _, o := range want {
		e, ok := o.Facts.(enroll.Entry)
		if o.Ref.Kind != enroll.PortalApp || !ok {
			continue
		}
		sameToken := p.values.Text(vppTokenKey) == e.Values.Text("vppToken") || p.values.Text(vppTokenKey) == "" || e.Values.Text("vppToken") == ""
		switch {
		case p.fromStore() != (e.Values.Text("source") == companyportal.FromStore):
			continue
		case !p.fromStore() && err == nil && app.Ref != o.Ref, !p.fromStore() && err != nil && !sameToken:
			continue
		}
		for _, a := range want {
			target, _ := a.Fields["target"].(enroll.Ref)
			if a.Ref.Kind == enroll.AppAssignment && a.Ref.Scope == o.Ref.Owner() && p.counts(a) && a.Fields["filterName"] == nil && p.takenIn(target, want, live) {
				return target, true
			}
		}
	}
	return enroll.Ref{}, false
}

// takenIn tells whether the devices of the profile are in the group.
func (p profile) takenIn(target enroll.Ref, want []enroll.Object, live enroll.Snapshot) bool {
	group, found := directory.Find(target, want, live)
	return target == directory.AllDevices() || p.enters(target, want) ||
		found && p.inRule(group)
}

// promise looks who keeps the promise of one profile. Without the tenant's
// assignments it can only say that the file does not.
func (p profile) promise(want []enroll.Object, live enroll.Snapshot) enroll.Finding {
	f := enroll.Finding{On: p.ref, Path: installKey, Origin: p.object.Where(installKey), Fix: p.toKeep(want)}
	if _, looked := live.Objects[enroll.AppAssignment]; !looked {
		f.Message = fmt.Sprintf("nothing in the file makes Company Portal a required app on devices of %q, and an enrollment policy does not install it", p.ref.Name)
		return f
	}
	app, err := p.app(live)
	if err != nil {
		f.Message = fmt.Sprintf("devices of %q count on Company Portal, and %v", p.ref.Name, err)
		return f
	}
	var unsure []string
	for _, a := range live.Objects[enroll.AppAssignment] {
		target, ok := a.Fields["target"].(enroll.Ref)
		if !ok || a.Ref.Scope != app.Ref.Owner() || !p.counts(a) {
			continue
		}
		if p.takenIn(target, want, live) && a.Fields.Text("filter") == "" {
			f.Severity, f.Fix = enroll.OK, ""
			f.Message = fmt.Sprintf("%s is required for %s, which takes in the devices of %q", app.Ref.Name, directory.Label(target), p.ref.Name)
			return f
		}
		unsure = append(unsure, directory.Label(target))
	}
	if len(unsure) == 0 {
		f.Message = fmt.Sprintf("devices of %q count on Company Portal, and %s has no required%s assignment", p.ref.Name, app.Ref.Name, p.licensing())
		return f
	}
	slices.Sort(unsure)
	f.Message = fmt.Sprintf("devices of %q count on Company Portal; %s is required for %s, and whether that takes them in cannot be seen", p.ref.Name, app.Ref.Name, strings.Join(slices.Compact(unsure), ", "))
	return f
}

// enters tells whether devices enter the group while they enroll with the profile.
func (p profile) enters(group enroll.Ref, want []enroll.Object) bool {
	return slices.ContainsFunc(want, func(o enroll.Object) bool {
		return o.Ref.Kind == enroll.ADEGroup && o.Ref.Scope == p.ref.Scope && o.Ref.Name == p.ref.Name && o.Fields["group"] == group
	})
}

// counts tells whether an assignment installs the app as the profile promises.
func (p profile) counts(a enroll.Object) bool {
	licensed, _ := a.Fields.Flag("deviceLicensing")
	return installs(a) && (licensed || p.fromStore())
}

func (p profile) licensing() string {
	if p.values.Text(installKey) == ade.InstallVPP {
		return ", device-licensed"
	}
	return ""
}

// app is the Company Portal that the profile counts on: that of its token, or
// that of the App Store.
func (p profile) app(live enroll.Snapshot) (enroll.Object, error) {
	var apps []enroll.Object
	for _, o := range live.Objects[enroll.PortalApp] {
		if facts, ok := o.Facts.(companyportal.AppFacts); ok && facts.Store == p.fromStore() {
			apps = append(apps, o)
		}
	}
	r := enroll.Ref{Kind: enroll.PortalApp, Name: p.values.Text(vppTokenKey)}
	if p.fromStore() {
		r.Name = ""
	}
	o, err := enroll.Resolve(apps, r)
	if errors.Is(err, enroll.ErrUnknownName) {
		return o, errors.New(p.without())
	}
	if err != nil {
		return o, fmt.Errorf("which app is meant is not clear: %w", err)
	}
	return o, nil
}

// without says that the tenant does not have the app that the profile counts on.
func (p profile) without() string {
	switch name := p.values.Text(vppTokenKey); {
	case p.fromStore():
		return "Intune does not have the app of the App Store"
	case name != "":
		return fmt.Sprintf("VPP token %q does not have it, or is not in the tenant", name)
	default:
		return "no VPP token of the tenant has it"
	}
}

// toKeep are the lines for the file that keep the promise.
func (p profile) toKeep(want []enroll.Object) string {
	group, lines := "iOS - "+p.ref.Name, ""
	i := slices.IndexFunc(want, func(o enroll.Object) bool {
		return o.Ref.Kind == enroll.Group && p.inRule(o)
	})
	if i >= 0 {
		group = want[i].Ref.Name
	} else {
		lines = fmt.Sprintf("groups: [{name: %q, devicesOfProfile: %q}] and ", group, p.ref.Name)
	}
	return fmt.Sprintf("add %scompanyPortal: {app: {%s, requiredFor: [%q]%s}} to the file", lines, p.source(), group, p.updates())
}

// source is the key source for the app that the profile counts on, and the token's.
func (p profile) source() string {
	switch name := p.values.Text(vppTokenKey); {
	case p.fromStore():
		return "source: " + companyportal.FromStore
	case name != "":
		return fmt.Sprintf("source: %s, vppToken: %q", companyportal.FromVPP, name)
	}
	return "source: " + companyportal.FromVPP
}

func (p profile) updates() string {
	if p.values.Text(installKey) == ade.InstallVPP {
		return ", autoUpdate: true"
	}
	return ""
}
