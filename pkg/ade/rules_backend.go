package ade

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// backEndRules are about what only one of the two back ends has, and what
// cannot be changed once a profile exists.
func backEndRules() []enroll.Rule {
	return []enroll.Rule{
		{
			ID: "X-20", Severity: enroll.Error, Title: "enrollment policies have no legacy sign-in", Link: pageAuth,
			Why: "The settings of enrollment policies know Company Portal and Setup Assistant with modern authentication only (Intune's own setting definitions, 2026).",
			Fix: "use authentication: setupAssistantModern, or type: classicProfile",
			Check: when(pathAuth, "authentication: setupAssistantLegacy needs type: classicProfile", func(e entry) bool {
				return !e.classic() && e.auth == AuthLegacy
			}),
		},
		{
			ID: "X-37", Severity: enroll.Error, Title: "pairing with computers is a classic setting", Link: pageSetup,
			Why: "Enrollment policies have no setting for pairing with computers.",
			Fix: "leave syncWithComputers out, or use type: classicProfile",
			Check: when(pathSync, "syncWithComputers needs type: classicProfile", func(e entry) bool {
				return !e.classic() && (e.Has(pathSync) || e.Has(pathCertificates))
			}),
		},
		{
			ID: "X-39", Severity: enroll.Error, Title: "screens differ between the back ends", Link: pageSetup,
			Why: "Classic profiles are frozen and lack the newer screens; enrollment policies lack those that Apple has dropped.",
			Fix: "take these screens out of setupAssistant.hide, or use the other type",
			Check: check(func(e entry) []enroll.Finding {
				missing := missingScreens(e.Values.List(pathHide), e.backEnd)
				if len(missing) == 0 {
					return nil
				}
				other := ClassicProfile
				if e.classic() {
					other = EnrollmentPolicy
				}
				return one(e.finding(pathHide, "setupAssistant.hide: %s needs type: %s", strings.Join(missing, ", "), other))
			}),
		},
		{
			ID: "ade-scope-tags", Severity: enroll.Error, Title: "classic profiles have no scope tags", Link: pageSetup,
			Why: "A classic profile has no scope tags of its own: who sees it follows from the token (schema of Graph beta, 2025).",
			Fix: "leave scopeTags out, or use type: enrollmentPolicy",
			Check: when(pathTags, "scopeTags needs type: enrollmentPolicy", func(e entry) bool {
				return e.classic() && e.Has(pathTags)
			}),
		},
		{
			ID: "X-34", Severity: enroll.Error, Title: "type and user affinity stay as they were made", Link: pageSetup,
			Why:   "Intune does not change the user affinity of an existing profile, nor turn a classic profile into a policy.",
			Fix:   "give the entry a new name, apply, and move the devices there by its devices list",
			Needs: []enroll.KindName{enroll.ADEProfile},
			Check: fixedParts,
		},
	}
}

// fixedParts compares what cannot be changed with the live profile.
func fixedParts(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, e := range entries(want) {
		there, ok := live.Get(e.object.Ref)
		if !ok {
			continue
		}
		for _, path := range immutable(e.object, there) {
			is := there.Fields.Text(path)
			f := e.finding(path, "%s of the existing profile is %s and cannot become %s", path, is, asked(e.object, path))
			f.Fix = fmt.Sprintf("write %s: %s, or give the entry a new name, for example %q, apply, and move the devices there by its devices list", path, is, e.Values.Text(pathName)+" 2")
			out = append(out, f)
		}
	}
	return out
}

// immutable are the paths that differ and cannot be changed.
func immutable(want, have enroll.Object) []string {
	var out []string
	for _, path := range []string{pathType, pathAffinity} {
		if is, as := have.Fields.Text(path), asked(want, path); is != "" && as != "" && is != as {
			out = append(out, path)
		}
	}
	return out
}

// asked is the text that a wanted object has at path, its default included.
func asked(want enroll.Object, path string) string {
	return cmp.Or(want.Fields.Text(path), want.Default.Text(path))
}
