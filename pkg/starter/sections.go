package starter

import "github.com/intune-enroll/intune-enroll/pkg/advise"

// ade is a profile of Automated Device Enrollment.
func (f *file) ade() {
	f.groups()
	f.blank()
	f.line("ade:", "")
	if f.Token != "" {
		f.line("  - token: "+text(f.Token), "")
	} else {
		f.line("  - # token: Contoso ABM", "only where there are several enrollment program tokens: name or id")
	}
	f.line("    # defaultProfile: "+text(f.Profile), "would give this profile to every device that syncs in from now on; left out, the default stays as it is")
	f.line("    profiles:", "")
	f.line("      - name: "+text(f.Profile), "")
	const in = "        "
	if f.classic() {
		f.line(in+"type: classicProfile", "enrollment policies do not have what was asked for")
	}
	f.line(in+"userAffinity: "+affinity(f.answers.Use), "cannot be changed later")
	f.signIn(in)
	if f.AwaitFinalConfiguration {
		f.line(in+"awaitFinalConfiguration: true", "Setup Assistant waits at its end for the settings")
	}
	f.line(in+"lockedEnrollment: true", "users cannot remove the management")
	f.line(in+`# deviceNameTemplate: "{{DEVICETYPE}}-{{SERIAL}}"`, "names the devices")
	f.line(in+"# support: {department: IT, phone: \"+1 425 555 0100\"}", "shown in Setup Assistant")
	if f.answers.Use != "shared-ipad" {
		hide := "[applePay, siri, screenTime]"
		if f.CompanyPortal != advise.AppleID && f.answers.Use != "single-user" {
			hide = "[appleId, applePay, siri, screenTime]"
		}
		f.line(in+"# setupAssistant: {hide: "+hide+"}", "screens that users need not see; the whole list")
	}
	f.devices(in, "that the token has synced")
	f.portal()
}

// classic tells whether only a classic profile can do it.
func (f *file) classic() bool { return f.Auth == advise.SALegacy || f.LockUntilInstalled }

func affinity(use string) string {
	switch use {
	case "userless":
		return "none"
	case "shared-ipad":
		return "sharedIPad"
	case "entra-shared":
		return "entraShared"
	default:
		return "user"
	}
}

// signIn is how users of an ADE profile sign in and get Company Portal.
func (f *file) signIn(in string) {
	if f.Auth == advise.NoAuth {
		return
	}
	method := map[advise.Auth]string{advise.CompanyPortalApp: "companyPortal", advise.SALegacy: "setupAssistantLegacy"}[f.Auth]
	if method == "" {
		method = "setupAssistantModern"
	}
	f.line(in+"authentication: "+method, "")
	if f.Auth == advise.SAModernJIT {
		f.line(in+"justInTime: true", "make the single sign-on policy first: intune-enroll explain X-72")
	}
	f.line(in+"companyPortal:", "")
	switch f.CompanyPortal {
	case advise.VPP:
		f.line(in+"  install: vpp", "")
		f.vppToken(in+"  ", "vpp")
	case advise.AppleID:
		f.line(in+"  install: appleId", "leave the screen appleId shown")
	default:
		f.line(in+"  install: none", "")
		if f.Auth != advise.SAModernJIT {
			f.line(in+"  acceptUnregistered: true", "nothing behind Conditional Access opens on these devices")
		}
	}
	if f.LockUntilInstalled {
		f.line(in+"  lockUntilInstalled: true", "the device stays in Company Portal until the user has signed in")
	}
}

// devices says how to write serial numbers. There are none to begin with: a
// made-up one could be somebody's device.
func (f *file) devices(in, which string) {
	f.say(in, "Which devices get it: serial numbers "+which+". Take the # away and put yours, or a CSV file beside this one:")
	f.line(in+"# devices: {serials: [F2LX00000011, F2LX00000012]}", "")
	f.line(in+"# devices: {file: serials.csv}", "serial number, then a description")
}

// configurator is a profile for Apple Configurator.
func (f *file) configurator() {
	f.groups()
	f.blank()
	f.line("configurator:", "")
	f.line("  profiles:", "")
	f.line("    - name: "+text(f.Profile), "")
	const in = "      "
	if f.Option == advise.ACDirect {
		f.line(in+"userAffinity: none", "cannot be changed later")
		f.line(in+"mode: direct", "the Mac puts a profile on the device as it is; good for two weeks after its export")
		return
	}
	f.line(in+"userAffinity: user", "cannot be changed later")
	f.line(in+"mode: setupAssistant", "the Mac resets the device and gives it the enrollment URL")
	method := "companyPortal"
	if f.Auth == advise.SetupAssistant {
		method = "setupAssistant"
	}
	f.line(in+"authentication: "+method, "")
	f.line(in+"companyPortal:", "")
	if f.CompanyPortal == advise.AppleID {
		f.line(in+"  install: appleId", "users enter an Apple Account in Setup Assistant")
	} else {
		f.line(in+"  install: none", "")
		f.line(in+"  acceptUnregistered: true", "nothing behind Conditional Access opens on these devices")
	}
	f.devices(in, "to import before the devices are connected")
}

// byod is a profile for personal devices.
func (f *file) byod() {
	f.blank()
	f.line("byod:", "")
	f.line("  profiles:", "")
	f.line("    - name: "+text(f.Profile), "")
	const in = "      "
	f.line(in+"enrollment: "+map[advise.Option]string{advise.BYODDevice: "deviceCompanyPortal", advise.BYODWeb: "deviceWeb",
		advise.BYODChoice: "userChoice", advise.BYODAccount: "accountDriven"}[f.Option], "")
	if f.Option != advise.BYODDevice {
		f.line(in+"justInTime: true", "make the single sign-on policy first: intune-enroll explain X-72")
	}
	f.line(in+"# priority: 1", "where several profiles reach a user the highest rank counts; left out, a new one comes last")
	f.line(in+"assignTo:", "users only, never devices")
	f.line(in+"  groups: ["+text(f.Group)+"]", f.placeholder("a group of users"))
}

// policy is the app configuration policy for devices that are enrolled.
func (f *file) policy() {
	source := "store"
	if f.answers.VPP == "ok" {
		source = "vpp"
	}
	f.blank()
	f.line("companyPortal:", "")
	f.app(source, f.placeholder("the same group as below"))
	f.line("  configPolicies:", "")
	f.line("    - name: "+text(f.Profile), "")
	variant, why := "userAffinity", ""
	if f.answers.Use == "userless" {
		variant, why = "deviceStaging", "the first who signs in becomes the user; take the assignment away afterwards"
	}
	f.line("      variant: "+variant, why)
	f.line("      assignTo:", "exactly the devices enrolled before; others would fail (intune-enroll explain X-41)")
	f.line("        groups: ["+text(f.Group)+"]", f.placeholder("a group of devices"))
}
