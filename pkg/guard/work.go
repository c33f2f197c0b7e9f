package guard

import (
	"cmp"
	"slices"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// WorkRules is the catalogue for plan and apply: the rules of check, in the
// same words, and with the same severities where something stands in the way of
// the work. An error stops it, so what does not stand in the way only warns:
//
//   - what is about to run out; what has run out is an error;
//   - an enrollment restriction that keeps devices out. It may do that on purpose
//     until all is ready, and profiles can be made under any. For check it is an
//     error, because nothing enrolls meanwhile;
//   - a VPP token, or the Company Portal of one, that nothing in the file counts on.
//
// Whether there is room for another enrollment program token is left to check:
// no file makes one.
func WorkRules(l Limits) []enroll.Rule {
	warn := func(l enroll.Limits) enroll.Limits { return enroll.Limits{Warn: slices.Concat(l.Warn, l.Critical)} }
	l = Limits{PushCertificate: warn(l.PushCertificate), ADEToken: warn(l.ADEToken), VPPToken: warn(l.VPPToken)}
	rules := slices.DeleteFunc(Rules(l), func(r enroll.Rule) bool { return r.ID == "X-31" })
	for i, r := range rules {
		switch r.ID {
		case "X-05":
			rules[i] = eased(r, func([]enroll.Object, enroll.Snapshot) func(enroll.Ref) bool {
				return func(enroll.Ref) bool { return false }
			})
		case "X-19", "X-44":
			rules[i] = eased(r, countedOn)
		}
	}
	return rules
}

// eased is r that only warns of things that do not matter to what is wanted.
func eased(r enroll.Rule, matters func([]enroll.Object, enroll.Snapshot) func(enroll.Ref) bool) enroll.Rule {
	check := r.Check
	r.Check = func(want []enroll.Object, live enroll.Snapshot, now time.Time) []enroll.Finding {
		out, matters := check(want, live, now), matters(want, live)
		for i, f := range out {
			if cmp.Or(f.Severity, r.Severity) == enroll.Error && !matters(f.On) {
				out[i].Severity = enroll.Warning
			}
		}
		return out
	}
	return r
}

// countedOn tells of VPP tokens and their Company Portal whether the file needs
// them: all of them where it cannot be told which one a profile means.
func countedOn(want []enroll.Object, live enroll.Snapshot) func(enroll.Ref) bool {
	used, unsure := map[enroll.Ref]bool{}, false
	for _, o := range want {
		for _, r := range append(enroll.Make(o).Needs, o.Ref) {
			used[r] = true
		}
		if o.Ref.Kind == enroll.TokenAutoUpdate {
			used[enroll.Ref{Kind: enroll.VPPToken, Name: o.Ref.Name}] = true
		}
	}
	for _, p := range profilesIn(want, enroll.Snapshot{}) {
		if p.promises() && p.values.Text(installKey) == ade.InstallVPP {
			app, err := p.app(live)
			used[app.Ref], unsure = true, unsure || err != nil
		}
	}
	for _, o := range live.Objects[enroll.PortalApp] {
		if app, ok := o.Facts.(companyportal.AppFacts); ok && (used[o.Ref] || used[app.Token]) {
			used[o.Ref], used[app.Token] = true, true
		}
	}
	return func(r enroll.Ref) bool { return unsure || used[r] }
}
