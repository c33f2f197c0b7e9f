package configurator

import "github.com/intune-enroll/intune-enroll/pkg/enroll"

// modeRules are about how the Mac enrolls devices.
func modeRules() []enroll.Rule {
	return []enroll.Rule{
		{
			ID: "CFP-03", Severity: enroll.Error, Title: "sign-in belongs to user affinity", Link: pageGuide,
			Why: "A device without user affinity is enrolled directly by the Mac: nobody signs in.",
			Fix: "leave authentication out, or write userAffinity: user",
			Check: check(func(e entry) []enroll.Finding {
				if e.affinity != AffinityNone || e.auth == "" {
					return nil
				}
				return one(e.finding(pathAuth, "authentication: %s has no meaning with userAffinity: none", e.auth))
			}),
		},
		{
			ID: "C-13", Severity: enroll.Info, Title: "without a user the guide wants direct enrollment", Link: pageSetup,
			Why: "The guide says that devices without user affinity enroll directly; the setup page asks for it in direct enrollment and does not exclude Setup Assistant enrollment, which resets the device.",
			Fix: "leave mode out, unless the devices shall be reset or supervised",
			Check: when(pathMode, "mode: setupAssistant with userAffinity: none resets devices and takes serial numbers, where direct enrollment does neither", func(e entry) bool {
				return e.affinity == AffinityNone && e.mode == ModeSetup
			}),
		},
		{
			ID: "X-62", Severity: enroll.Info, Title: "Setup Assistant enrollment resets devices", Link: pageSetup,
			Why: "The Mac erases the device before it enrolls; one that is still tied to an iCloud account cannot be activated afterwards.",
			Fix: "take the devices out of iCloud accounts first; intune-enroll configurator export NAME gives the enrollment URL and the steps on the Mac",
			Check: check(func(e entry) []enroll.Finding {
				if e.mode != ModeSetup || e.affinity == "" {
					return nil
				}
				return one(e.finding(pathMode, "devices of profile %q are reset when they enroll, over a cable, one by one", e.Values.Text(pathName)))
			}),
		},
		{
			ID: "X-63", Severity: enroll.Info, Title: "direct enrollment takes a file that lasts two weeks", Link: pageDirect,
			Why: "The Mac puts the profile's .mobileconfig on the device, and a person accepts it there. The file is good for two weeks after it was exported. Serial numbers are needed only where certificates come by ACME; the SCEP file works without.",
			Fix: "export the file shortly before it is needed: intune-enroll configurator export NAME",
			Check: check(func(e entry) []enroll.Finding {
				if e.affinity != AffinityNone || e.mode != ModeDirect {
					return nil
				}
				return one(e.finding(pathMode, "devices of profile %q are enrolled by hand with an exported file that lasts two weeks", e.Values.Text(pathName)))
			}),
		},
		{
			ID: "X-64", Severity: enroll.Error, Title: "user affinity needs Setup Assistant enrollment", Link: pageSetup,
			Why: "Direct enrollment knows no user. With Setup Assistant enrollment the user has 24 hours to sign in; after that the device has to be reset.",
			Fix: "leave mode out, or write userAffinity: none",
			Check: check(func(e entry) []enroll.Finding {
				if e.affinity != AffinityUser {
					return nil
				}
				if e.mode == ModeDirect {
					return one(e.finding(pathMode, "mode: direct cannot go with userAffinity: user"))
				}
				f := with(enroll.Info, e.finding(pathAffinity, "users of profile %q must sign in within 24 hours of enrollment", e.Values.Text(pathName)))
				f.Fix = "hand the devices out before the day is over; a device that nobody signed in to has to be reset"
				return one(f)
			}),
		},
	}
}
