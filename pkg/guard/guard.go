// Package guard is the catalogue of rules: every statement of Microsoft's
// enrollment guide for iOS and iPadOS that the product can check, and every
// limit of Intune and Apple that it knows. Rules of one subject stand with
// their slice; those that need two slices stand here.
//
// Rule ids are for ever. A rule that looks at the tenant may have an offline
// twin of the same id, which says from the file alone what can be said.
package guard

import (
	"maps"
	"slices"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/pushcert"
	"github.com/intune-enroll/intune-enroll/pkg/tenant"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// Limits say how long before its expiry each thing is reported.
type Limits struct {
	PushCertificate, ADEToken, VPPToken enroll.Limits
}

// Rules is the whole catalogue.
func Rules(l Limits) []enroll.Rule {
	return joined(slices.Concat(
		directory.Rules(),
		pushcert.Rules(l.PushCertificate),
		ade.TokenRules(l.ADEToken),
		vpp.TokenRules(l.VPPToken),
		ade.FleetRules(),
		tenant.Rules(),
		healthRules(),
		ade.Rules(),
		byod.Rules(),
		companyportal.Rules(),
		portalRules(),
		promiseRules(),
		accountDrivenRules(),
		groupRules(),
	), configurator.Rules())
}

// joined adds rules to others. Where an id is there already, the statement is
// about both subjects: it stays one rule that looks at both, twins included.
func joined(rules, more []enroll.Rule) []enroll.Rule {
	out := slices.Clone(rules)
	for _, m := range more {
		known := false
		for i, r := range rules {
			if r.ID != m.ID {
				continue
			}
			known = true
			first, second := out[i].Check, m.Check
			out[i].Check = func(want []enroll.Object, live enroll.Snapshot, now time.Time) []enroll.Finding {
				return append(first(want, live, now), second(want, live, now)...)
			}
			if !r.Offline {
				out[i].Needs = slices.Concat(r.Needs, m.Needs)
			}
		}
		if !known {
			out = append(out, m)
		}
	}
	return out
}

// All is every rule there is: the catalogue, what is checked of a push
// certificate before it is uploaded, and what commands say of the run.
func All() []enroll.Rule {
	return slices.Concat(Rules(Limits{}), pushcert.UploadRules(), runRules())
}

// Also names the kinds that rules look at for what is wanted, beside those
// that the wanted objects are and point to.
func Also(want []enroll.Object) []enroll.KindName {
	profiles, all := profilesIn(want, enroll.Snapshot{}), allProfiles(want, enroll.Snapshot{})
	kinds := map[enroll.KindName]bool{}
	for _, p := range profiles {
		kinds[enroll.AppAssignment] = kinds[enroll.AppAssignment] || p.promises()
		kinds[enroll.BYODProfile] = kinds[enroll.BYODProfile] || p.signsInPortal()
	}
	for _, o := range want {
		for _, of := range underlying(o) {
			kinds[of] = true
		}
		kinds[enroll.AppAssignment] = kinds[enroll.AppAssignment] || o.Ref.Kind == enroll.PolicyAssignment
		kinds[enroll.PortalPolicy] = kinds[enroll.PortalPolicy] || o.Ref.Kind == enroll.AppAssignment
		// What hangs on a thing that shall go is looked at before it goes.
		for _, of := range hanging(o) {
			kinds[of] = true
		}
		unknown := slices.ContainsFunc(profilesOf(o), func(name string) bool { return len(named(all, name)) == 0 })
		kinds[enroll.ConfiguratorProfile] = kinds[enroll.ConfiguratorProfile] || unknown
		kinds[enroll.ADEProfile] = kinds[enroll.ADEProfile] || unknown && len(profiles) == 0
	}
	maps.DeleteFunc(kinds, func(_ enroll.KindName, looks bool) bool { return !looks })
	return slices.Sorted(maps.Keys(kinds))
}

// underlying are the kinds of things without which an object does nothing:
// nothing enrolls by a profile, and no licence comes to an app.
func underlying(o enroll.Object) []enroll.KindName {
	switch o.Ref.Kind {
	case enroll.ADEProfile, enroll.ConfiguratorProfile, enroll.BYODProfile:
		if o.State != enroll.Absent {
			return []enroll.KindName{enroll.PushCertificate, enroll.License, tenant.Account, tenant.Restriction}
		}
	case enroll.PortalApp:
		if o.Fields.Text("source") == companyportal.FromVPP {
			return []enroll.KindName{enroll.VPPToken}
		}
	}
	return nil
}

// hanging are the kinds of things that may hang on an object that shall be absent.
func hanging(o enroll.Object) []enroll.KindName {
	switch {
	case o.State != enroll.Absent:
	case o.Ref.Kind == enroll.BYODProfile:
		return []enroll.KindName{enroll.BYODAssignment}
	case o.Ref.Kind == enroll.PortalPolicy:
		return []enroll.KindName{enroll.PolicyAssignment}
	}
	return nil
}

// twins are an offline rule and its online twin, which looks at the kinds in
// needs and so knows more. Both have the same check.
func twins(r enroll.Rule, needs ...enroll.KindName) []enroll.Rule {
	offline, online := r, r
	offline.Offline, offline.Needs = true, nil
	online.Offline, online.Needs = false, needs
	return []enroll.Rule{offline, online}
}

// Pages of Microsoft's documentation that rules refer to.
const (
	pagePortal = "https://learn.microsoft.com/intune/app-management/configuration/configure-managed-ios"
	pageAuth   = "https://learn.microsoft.com/intune/device-enrollment/apple/ref-automated-authentication-methods"
	pageSetup  = "https://learn.microsoft.com/intune/device-enrollment/apple/setup-automated-ios"
	pageGuide  = "https://learn.microsoft.com/intune/device-enrollment/apple/guide-ios-ipados"
)
