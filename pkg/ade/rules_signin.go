package ade

import "github.com/intune-enroll/intune-enroll/pkg/enroll"

// signInRules are about user affinity and where users sign in.
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
					f.Fix = "write authentication: setupAssistantModern (recommended), companyPortal or setupAssistantLegacy"
					out = append(out, f)
				}
				if e.affinity == AffinityUser && e.install == "" {
					f := e.finding(pathInstall, "companyPortal.install is not decided: it has no default")
					f.Fix = "write companyPortal: {install: vpp} (recommended), {install: appleId} or {install: none}"
					out = append(out, f)
				}
				return out
			}),
		},
		{
			ID: "ADE-19", Severity: enroll.Error, Title: "sign-in belongs to user affinity", Link: pageSetup,
			Why: "Only a device that belongs to one user asks that user to sign in at enrollment.",
			Fix: "leave authentication out, or write userAffinity: user",
			Check: check(func(e entry) []enroll.Finding {
				if e.auth == "" || e.affinity == AffinityUser {
					return nil
				}
				return one(e.finding(pathAuth, "authentication: %s has no meaning with userAffinity: %s", e.auth, e.affinity))
			}),
		},
		{
			ID: "AUT-09", Severity: enroll.Info, Title: "legacy sign-in has no multifactor authentication", Link: pageAuth,
			Why: "Setup Assistant (legacy) cannot show a second factor: enrollment hangs after the password where one is required.",
			Fix: "leave these users out of policies that require a second factor at enrollment, or use authentication: setupAssistantModern",
			Check: when(pathAuth, "users cannot answer multifactor authentication with authentication: setupAssistantLegacy", func(e entry) bool {
				return e.classic() && e.auth == AuthLegacy
			}),
		},
		{
			ID: "AUT-21", Severity: enroll.Warning, Title: "Microsoft recommends modern authentication", Link: pageAuth,
			Why: "Since 2025 Microsoft no longer recommends Setup Assistant (legacy), and the current setup pages list only the other two methods.",
			Fix: "use authentication: setupAssistantModern or companyPortal",
			Check: when(pathAuth, "authentication: setupAssistantLegacy is no longer recommended by Microsoft", func(e entry) bool {
				return e.classic() && e.auth == AuthLegacy
			}),
		},
		{
			ID: "X-24", Severity: enroll.Error, Title: "just in time registration needs modern authentication", Link: pageJIT,
			Why: "Registration in a work app builds on the sign-in of Setup Assistant with modern authentication, and on an SSO app extension policy that exists before the profile.",
			Fix: "use authentication: setupAssistantModern, or leave justInTime out",
			Check: check(func(e entry) []enroll.Finding {
				if wanted, _ := e.Values.Flag(pathJIT); !wanted {
					return nil
				}
				if e.affinity != AffinityUser || e.auth != AuthModern {
					return one(e.finding(pathJIT, "justInTime works with userAffinity: user and authentication: setupAssistantModern only"))
				}
				f := with(enroll.Info, e.finding(pathJIT, "justInTime needs an SSO app extension policy that is made by hand and assigned to the users first"))
				f.Fix = "in the admin center make a Device features policy, single sign-on app extension, type Microsoft Entra ID, with " +
					"device_registration (String) {{DEVICEREGISTRATION}} and browser_sso_interaction_enabled (Integer) 1, and assign it to the users of this profile"
				return one(f)
			}),
		},
		{
			ID: "X-25", Severity: enroll.Error, Title: "who can await the final configuration", Link: pageSetup,
			Why: "Intune holds a device at the end of Setup Assistant only with modern authentication, without user affinity, and in Entra shared mode.",
			Fix: "leave awaitFinalConfiguration out",
			Check: check(func(e entry) []enroll.Finding {
				if wanted, _ := e.Values.Flag(pathAwait); !wanted || e.awaits() || e.affinity == AffinityUser && e.auth == "" {
					return nil
				}
				how := "userAffinity: " + e.affinity
				if e.affinity == AffinityUser {
					how = "authentication: " + e.auth
				}
				return one(e.finding(pathAwait, "awaitFinalConfiguration: true does not exist with %s", how))
			}),
		},
		{
			ID: "X-51", Severity: enroll.Warning, Title: "Entra shared mode wants locked enrollment", Link: pageEntra,
			Why: "In Microsoft Entra shared device mode nobody owns the device, so nobody should be able to take it out of management.",
			Fix: "write lockedEnrollment: true, or leave it out",
			Check: check(func(e entry) []enroll.Finding {
				if e.affinity != AffinityEntra {
					return nil
				}
				var out []enroll.Finding
				if locked, said := e.Values.Flag(pathLocked); said && !locked {
					out = append(out, e.finding(pathLocked, "userAffinity: entraShared is meant for locked enrollment"))
				}
				f := with(enroll.Info, e.finding(pathAffinity, "Microsoft Entra shared mode needs Authenticator and an SSO app extension policy, made by hand"))
				f.Fix = "assign Microsoft Authenticator as a required volume-purchased app, and a single sign-on app extension policy with shared device mode on and " +
					"device_registration (String) {{DEVICEREGISTRATION}}, to all devices with a filter on this profile's name"
				return append(out, f)
			}),
		},
	}
}
