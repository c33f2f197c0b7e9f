package ade

import (
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// portalRules are about how Company Portal gets onto the device.
func portalRules() []enroll.Rule {
	return []enroll.Rule{
		{
			ID: "M04", Severity: enroll.Error, Title: "Company Portal sign-in needs Company Portal", Link: pageAuth,
			Why: "With this method users sign in inside Company Portal: without the app nobody can enroll.",
			Fix: "write companyPortal: {install: vpp}, or {install: appleId}",
			Check: when(pathInstall, "authentication: companyPortal cannot go with companyPortal.install: none", func(e entry) bool {
				return e.affinity == AffinityUser && e.auth == AuthPortal && e.install == InstallNone
			}),
		},
		{
			ID: "M12", Severity: enroll.Error, Title: "without Company Portal devices stay unregistered", Link: pageAuth,
			Why: "After Setup Assistant with modern authentication it is Company Portal, or just in time registration, that registers the device in Microsoft Entra; before that Conditional Access lets it into nothing.",
			Fix: "write companyPortal: {install: vpp}, or justInTime: true, or, knowing what it means, companyPortal.acceptUnregistered: true",
			Check: check(func(e entry) []enroll.Finding {
				jit, _ := e.Values.Flag(pathJIT)
				if e.affinity != AffinityUser || e.auth != AuthModern || e.install != InstallNone || jit {
					return nil
				}
				if accepted, _ := e.Values.Flag(pathUnregistered); accepted {
					return one(with(enroll.Info, e.finding(pathUnregistered, "devices stay unregistered in Microsoft Entra: nothing behind Conditional Access opens on them")))
				}
				return one(e.finding(pathInstall, "with companyPortal.install: none devices would stay unregistered in Microsoft Entra"))
			}),
		},
		{
			ID: "AUT-10", Severity: enroll.Error, Title: "legacy sign-in alone does not register", Link: pageAuth,
			Why: "Setup Assistant (legacy) enrolls through the token and leaves the device unregistered in Microsoft Entra; Company Portal registers it.",
			Fix: "write companyPortal: {install: vpp}, or, knowing what it means, companyPortal.acceptUnregistered: true",
			Check: check(func(e entry) []enroll.Finding {
				accepted, _ := e.Values.Flag(pathUnregistered)
				if !e.classic() || e.affinity != AffinityUser || e.auth != AuthLegacy || e.install != InstallNone || accepted {
					return nil
				}
				return one(e.finding(pathInstall, "with companyPortal.install: none devices would stay unregistered in Microsoft Entra"))
			}),
		},
		{
			ID: "AUT-13", Severity: enroll.Warning, Title: "install Company Portal during enrollment", Link: pageGuide,
			Why: "Microsoft recommends that a profile with Setup Assistant (legacy) installs Company Portal, so that devices can be registered.",
			Fix: "write companyPortal: {install: vpp}",
			Check: check(func(e entry) []enroll.Finding {
				accepted, _ := e.Values.Flag(pathUnregistered)
				if !e.classic() || e.affinity != AffinityUser || e.auth != AuthLegacy || e.install != InstallNone || !accepted {
					return nil
				}
				return one(e.finding(pathInstall, "Company Portal is not installed: devices stay unregistered in Microsoft Entra"))
			}),
		},
		{
			ID: "CPI-01", Severity: enroll.Error, Title: "a volume-purchase token belongs to install: vpp", Link: pageGuide,
			Why: "The token says whose licences Company Portal is installed with; without install: vpp none is used.",
			Fix: "write companyPortal.install: vpp, or leave vppToken out",
			Check: check(func(e entry) []enroll.Finding {
				if e.Values.Text(pathVPPToken) == "" || e.install == InstallVPP || e.install == "" {
					return nil
				}
				return one(e.finding(pathVPPToken, "companyPortal.vppToken has no meaning with companyPortal.install: %s", e.install))
			}),
		},
		{
			ID: "CPI-02", Severity: enroll.Warning, Title: "install Company Portal with a volume-purchase licence", Link: pageGuide,
			Why: "Where users sign in inside Company Portal, an installation that needs no Apple Account is the smoother way, and Microsoft's recommendation.",
			Fix: "write companyPortal: {install: vpp}",
			Check: when(pathInstall, "companyPortal.install: appleId makes users wait for the App Store before they can sign in", func(e entry) bool {
				return e.affinity == AffinityUser && e.auth == AuthPortal && e.install == InstallAppleID
			}),
		},
		{
			ID: "CPI-08", Severity: enroll.Error, Title: "install by Apple Account needs the Apple Account screen", Link: pageGuide,
			Why: "Without a volume-purchase licence Company Portal comes from the App Store, which needs the Apple Account that users enter in Setup Assistant.",
			Fix: "take appleId out of setupAssistant.hide, or write companyPortal: {install: vpp}",
			Check: when(pathHide, "setupAssistant.hide has appleId, and companyPortal.install: appleId needs that screen", func(e entry) bool {
				return e.install == InstallAppleID && slices.Contains(e.Values.List(pathHide), "appleId")
			}),
		},
		{
			ID: "EUA-06", Severity: enroll.Error, Title: "no Company Portal without user affinity", Link: pageGuide,
			Why: "Nobody signs in on a device without user affinity, on a Shared iPad or in Entra shared mode: Company Portal does not work there.",
			Fix: "leave companyPortal out",
			Check: check(func(e entry) []enroll.Finding {
				if e.affinity == AffinityUser || e.install == InstallNone || e.install == "" {
					return nil
				}
				return one(e.finding(pathInstall, "companyPortal.install: %s cannot go with userAffinity: %s", e.install, e.affinity))
			}),
		},
		{
			ID: "EUA-07", Severity: enroll.Warning, Title: "the App Store sign-in slows enrollment", Link: pageGuide,
			Why: "With modern authentication and no volume-purchase licence the device is registered only after users have signed in to the App Store, which many put off.",
			Fix: "write companyPortal: {install: vpp}",
			Check: when(pathInstall, "companyPortal.install: appleId leaves devices unregistered until users sign in to the App Store", func(e entry) bool {
				return e.affinity == AffinityUser && e.auth == AuthModern && e.install == InstallAppleID
			}),
		},
		{
			ID: "X-43", Severity: enroll.Error, Title: "who can be locked to Company Portal", Link: pageSetup,
			Why: "Single app mode until sign-in exists in classic profiles only, where users sign in inside Company Portal (by method, or after Setup Assistant legacy) and a volume-purchase token installs it.",
			Fix: "leave companyPortal.lockUntilInstalled out, or use type: classicProfile with companyPortal.install: vpp and authentication: companyPortal",
			Check: check(func(e entry) []enroll.Finding {
				if locked, _ := e.Values.Flag(pathLock); !locked {
					return nil
				}
				switch {
				case !e.classic():
					return one(e.finding(pathLock, "lockUntilInstalled needs type: classicProfile; enrollment policies have no single app mode"))
				case e.affinity != AffinityUser, e.auth == AuthModern:
					return one(e.finding(pathLock, "lockUntilInstalled needs userAffinity: user with authentication: companyPortal or setupAssistantLegacy"))
				case e.install != InstallVPP && e.install != "":
					return one(e.finding(pathLock, "lockUntilInstalled needs companyPortal.install: vpp, not %s", e.install))
				}
				f := with(enroll.Info, e.finding(pathLock, "while the device is locked users need another device for their second factor"))
				f.Fix = "tell users to have the second factor on another device at hand"
				return one(f)
			}),
		},
	}
}
