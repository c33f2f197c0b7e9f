package configurator

import (
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// signInRules are about user affinity, where users sign in, and Company Portal.
func signInRules() []enroll.Rule {
	return []enroll.Rule{
		{
			ID: "GEN-09", Severity: enroll.Error, Title: "sign-in and Company Portal are decided beforehand", Link: pageGuide,
			Why: "The sign-in method and the way Company Portal reaches the device shape what users do; nobody should get them by accident.",
			Fix: "write authentication and companyPortal.install on every profile with userAffinity: user",
			Check: check(func(e entry) []enroll.Finding {
				var out []enroll.Finding
				if e.affinity == AffinityUser && e.auth == "" {
					f := e.finding(pathAuth, "authentication is not decided: it has no default")
					f.Fix = "write authentication: companyPortal (recommended), or authentication: setupAssistant"
					out = append(out, f)
				}
				if e.affinity == AffinityUser && e.install == "" {
					f := e.finding(pathInstall, "companyPortal.install is not decided: it has no default")
					f.Fix = "write companyPortal: {install: appleId}, or companyPortal: {install: none, acceptUnregistered: true} with authentication: setupAssistant"
					out = append(out, f)
				}
				return out
			}),
		},
		{
			ID: "CAU-01", Severity: enroll.Error, Title: "Apple Configurator knows two ways to sign in", Link: pageSetup,
			Why: "Setup Assistant with modern authentication exists in Automated Device Enrollment only. With Apple Configurator users sign in in Company Portal, which is modern authentication, or in Setup Assistant, which is not.",
			Fix: "write authentication: companyPortal, or authentication: setupAssistant",
			Check: check(func(e entry) []enroll.Finding {
				if e.auth != authModern && e.auth != authLegacy {
					return nil
				}
				f := e.finding(pathAuth, "authentication: %s does not exist for Apple Configurator", e.auth)
				if e.auth == authLegacy {
					f.Fix = "write authentication: setupAssistant, which is the same, or authentication: companyPortal"
				}
				return one(f)
			}),
		},
		{
			ID: "CAU-03", Severity: enroll.Warning, Title: "Microsoft recommends sign-in in Company Portal", Link: pageGuide,
			Why: "Company Portal is modern authentication: second factor, expired passwords and registration in Microsoft Entra work. Setup Assistant knows none of them.",
			Fix: "write authentication: companyPortal",
			Check: when(pathAuth, "authentication: setupAssistant is not what Microsoft recommends", func(e entry) bool {
				return e.affinity == AffinityUser && e.auth == AuthSetup
			}),
		},
		{
			ID: "CAU-08", Severity: enroll.Error, Title: "Company Portal sign-in brings Company Portal", Link: pageGuide,
			Why: "With this method users sign in inside Company Portal, and Intune sends the app by itself: a profile cannot leave it out.",
			Fix: "write companyPortal: {install: appleId}",
			Check: when(pathInstall, "authentication: companyPortal cannot go with companyPortal.install: none", func(e entry) bool {
				return e.affinity == AffinityUser && e.auth == AuthPortal && e.install == InstallNone
			}),
		},
		{
			ID: "CAU-09", Severity: enroll.Info, Title: "Setup Assistant asks for no second factor", Link: pageGuide,
			Why: "Sign-in in Setup Assistant is not modern authentication: it cannot show a second factor, and federated accounts need a WS-Trust 1.3 endpoint for user names and passwords.",
			Fix: "use authentication: companyPortal where a second factor is required at enrollment",
			Check: when(pathAuth, "users cannot answer multifactor authentication with authentication: setupAssistant", func(e entry) bool {
				return e.affinity == AffinityUser && e.auth == AuthSetup
			}),
		},
		{
			ID: "CAU-13", Severity: enroll.Error, Title: "without Company Portal devices stay unregistered", Link: pageGuide,
			Why: "Sign-in in Setup Assistant enrolls the device and leaves it unregistered in Microsoft Entra; Company Portal registers it.",
			Fix: "write companyPortal: {install: appleId}, or, knowing what it means, companyPortal.acceptUnregistered: true",
			Check: when(pathInstall, "with companyPortal.install: none devices would stay unregistered in Microsoft Entra", func(e entry) bool {
				return e.affinity == AffinityUser && e.auth == AuthSetup && e.install == InstallNone && !e.accepted
			}),
		},
		{
			ID: "CAU-14", Severity: enroll.Warning, Title: "install Company Portal with Setup Assistant sign-in", Link: pageGuide,
			Why: "Microsoft recommends that a profile with sign-in in Setup Assistant installs Company Portal, so that devices can be registered.",
			Fix: "write companyPortal: {install: appleId}",
			Check: when(pathInstall, "Company Portal is not installed: devices stay unregistered in Microsoft Entra", func(e entry) bool {
				return e.affinity == AffinityUser && e.auth == AuthSetup && e.install == InstallNone && e.accepted
			}),
		},
		{
			ID: "C-10", Severity: enroll.Error, Title: "profiles for Apple Configurator name no volume-purchase token", Link: pageSetup,
			Why: "The guide promises Company Portal by volume purchase during enrollment, but the profile has no member for a token, and its user steps need an Apple Account.",
			Fix: "write companyPortal: {install: appleId}; for devices that are enrolled, make the app required with companyPortal.app in the file",
			Check: when(pathInstall, "companyPortal.install: vpp cannot be written into a profile for Apple Configurator", func(e entry) bool {
				return e.install == installVPP
			}),
		},
		{
			ID: "CFP-05", Severity: enroll.Error, Title: "no Company Portal policy for devices without a user", Link: pageGuide,
			Why: "Company Portal is neither used nor supported on devices that nobody signs in to.",
			Fix: "leave companyPortal out, or write userAffinity: user",
			Check: check(func(e entry) []enroll.Finding {
				if e.affinity != AffinityNone || e.install == "" || e.install == InstallNone {
					return nil
				}
				f := e.finding(pathInstall, "companyPortal.install: %s has no meaning with userAffinity: none: no app that needs a user works there", e.install)
				f.Fix = "leave companyPortal out, or write userAffinity: user"
				return one(f)
			}),
		},
		{
			ID: "X-34", Severity: enroll.Error, Title: "type and user affinity stay as they were made", Link: pageSetup,
			Why:   "Intune does not change the user affinity of an existing profile.",
			Fix:   "give the entry a new name, apply, and move the devices there by its devices list",
			Needs: []enroll.KindName{enroll.ConfiguratorProfile},
			Check: fixedAffinity,
		},
	}
}

// fixedAffinity compares user affinity with that of the live profile.
func fixedAffinity(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	return check(func(e entry) []enroll.Finding {
		there, ok := live.Get(e.object.Ref)
		if !ok || !affinityMoves(e.object, there) {
			return nil
		}
		is := there.Fields.Text(pathAffinity)
		f := e.finding(pathAffinity, "userAffinity of the existing profile is %s and cannot become %s", is, e.affinity)
		f.Fix = "write userAffinity: " + is + ", or give the entry a new name, apply, and move the devices there by its devices list"
		return one(f)
	})(want, live, time.Time{})
}
