package configurator

// Steps are what is done by hand on the Mac and the devices, in order, with
// what was exported in hand (Microsoft docs pages on setting up enrollment with
// Apple Configurator, and on corporate devices without a user, 2026).
func Steps(mode string) []string {
	if mode == ModeDirect {
		return []string{
			"The device has gone through Setup Assistant. Sign in with an Apple Account on it if it shall get apps.",
			"On a Mac, open Apple Configurator and connect the device by cable.",
			"Choose Add > Profiles and take the exported .mobileconfig.",
			"On the device: Install, enter its passcode, Install again, Trust, Done.",
			"Look at Settings > General > VPN & Device Management on the device: the management profile is there. Policies arrive within about 10 minutes.",
		}
	}
	return []string{
		"Import the serial numbers with their profile first: the enrollment URL names no profile.",
		"Take each device out of its iCloud account (Find My off), or it cannot be activated. The device is erased.",
		"On a Mac, open Apple Configurator, choose Settings > Servers > +, enter a name and the enrollment URL. A warning that the server cannot be verified may be passed over.",
		"Connect the device by cable; it shows Hello.",
		"Choose Prepare > Manual Configuration, the server, whether to supervise, the organization, and the screens of Setup Assistant. Keep the Apple Account screen where Company Portal shall come from the App Store.",
		"Prepare, wait until the Mac is done, and disconnect the device.",
		"With user affinity: the user signs in within 24 hours, or the device has to be reset.",
	}
}
