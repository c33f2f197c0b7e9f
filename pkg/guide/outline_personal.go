package guide

// personalOutlines are devices that belong to the people who read.
func personalOutlines() []outline {
	device := line{key: "need.ownDevice", ids: "X-06"}
	network := line{key: "need.wifi"}
	account := line{key: "need.account", ids: "X-02"}
	factor := line{key: "need.secondFactor"}
	other := line{key: "need.noOtherManagement", ids: "BYO-T06"}
	seen := line{key: "privacy.never"}
	whole := []line{seen, {key: "privacy.device"}, {key: "privacy.leave"}}
	download := line{key: "step.downloadProfile", ids: "X-76"}
	install := line{key: "step.installProfile", ids: "X-76"}
	authenticator := line{key: "step.authenticator", when: justInTime, ids: "X-76 C-27"}
	workApp := line{key: "step.workApp", when: justInTime, ids: "X-72 X-73"}
	signed := line{key: "help.notVerified", ids: "EUB-07"}
	// Apple Support, "Install a configuration profile": 8 minutes, and a familiar location.
	expired := line{key: "help.profileGone", ids: "X-76"}
	stolen := line{key: "help.stolen"}
	contact := line{key: "help.contact", ids: "GEN-10 EUB-08"}
	licence := line{key: "help.licence", ids: "X-02"}
	unsupported := line{key: "help.unsupportedAccount", ids: "X-82"}

	return []outline{
		{
			variant: BYODDevice, intro: line{key: "intro.byod-device", ids: "BYO-03 DEV-01"},
			needs: []line{device, network, account, factor, other},
			steps: []line{
				{key: "step.getPortal", ids: "EUB-01"}, {key: "step.portalBegin", ids: "EUB-02"}, download, install,
				{key: "step.backToPortal", ids: "EUB-04 EUB-05"}, authenticator, workApp,
			},
			done:    []line{{key: "done.registered", ids: "EUB-02"}},
			privacy: whole,
			help:    []line{expired, stolen, signed, licence, {key: "help.moreDataPersonal", ids: "EUB-03"}, contact},
		},
		{
			variant: BYODWeb, intro: line{key: "intro.byod-web", ids: "BYO-03 WEB-02"},
			needs: []line{device, {key: "need.safari", ids: "X-73"}, network, account, factor, other},
			steps: []line{
				{key: "step.webOpen", when: somewhere, ids: "X-73"}, {key: "step.webOpenAsk", when: nowhere, ids: "X-73"}, {key: "step.webSignIn", ids: "X-73"}, {key: "step.webDownload", ids: "X-73"}, install,
				authenticator, workApp, {key: "step.webMaybe", when: perhapsApp, ids: "X-73"}, {key: "step.webStatus", when: later, ids: "X-75 M30"},
			},
			done:    []line{{key: "done.appOpens", when: justInTime, ids: "X-73"}, {key: "done.webListed", when: later, ids: "X-74"}, {key: "done.webNotInApp", when: neverApp, ids: "X-75"}},
			privacy: whole,
			help:    []line{{key: "help.recheck", when: justInTime, ids: "X-73"}, expired, stolen, signed, licence, contact},
		},
		{
			variant: BYODChoice, intro: line{key: "intro.byod-choice", ids: "CHO-01 CHO-02 BYO-03"},
			needs: []line{device, network, account, factor, {key: "need.removeWorkAppsPart", ids: "ACC-12 ACC-13"}, other},
			steps: []line{
				{key: "step.getPortal", ids: "EUB-01"}, {key: "step.portalBegin", ids: "EUB-02"}, {key: "step.chooseOwner", ids: "X-84"},
				{key: "step.chooseWhole", ids: "CHO-02 EUB-04"}, {key: "step.choosePart", ids: "CHO-02 X-84"}, {key: "step.finishBranch"},
			},
			done:    []line{{key: "done.appOpens"}},
			privacy: []line{seen, {key: "privacy.choiceWhole", ids: "DEV-01"}, {key: "privacy.choice", ids: "ACC-06"}},
			help:    []line{expired, stolen, signed, unsupported, licence, contact},
		},
		{
			variant: BYODAccount, intro: line{key: "intro.byod-account", ids: "ACC-02 ACC-06 BYO-03"},
			needs: []line{device, network, account, factor, {key: "need.passcode", ids: "EUB-10"}, {key: "need.removeWorkApps", ids: "ACC-12 ACC-13"}, other},
			steps: []line{
				{key: "step.accountSettings", ids: "EUB-10 X-87"}, {key: "step.accountSignIn", ids: "EUB-10 X-87"}, {key: "step.accountCloud", ids: "X-87"},
				{key: "step.accountAllow", ids: "EUB-10 X-87"}, {key: "step.accountWait", ids: "X-87"}, {key: "step.authenticator", ids: "X-83 X-87"},
				{key: "step.approveApps", ids: "X-87"}, {key: "step.workApp", ids: "X-83"},
			},
			done:    []line{{key: "done.managedAccount", ids: "X-87"}},
			privacy: []line{seen, {key: "privacy.partition", ids: "ACC-06 ACC-07 X-85 X-86"}},
			help:    []line{unsupported, {key: "help.appBlocks", ids: "ACC-13 ACC-14"}, {key: "help.switchKind", ids: "ACC-10 ACC-11"}, licence, contact},
		},
	}
}

// portalOutlines are devices that are enrolled already.
func portalOutlines() []outline {
	return []outline{
		{
			variant: PortalEnrolled, intro: line{key: "intro.portal-enrolled", ids: "CPI-11 CCP-06"},
			needs: []line{{key: "need.account"}, {key: "need.secondFactor"}},
			steps: []line{{key: "step.portalArrives", ids: "CPI-15 CCP-10 CPI-03"}, {key: "step.portalRegister", ids: "M07"}, {key: "step.apps"}},
			done:  []line{{key: "done.registered"}},
			help:  []line{{key: "help.noPortal"}, {key: "help.asksProfile", ids: "X-41 C-04"}, {key: "help.contact"}},
		},
		{
			variant: PortalStaging, intro: line{key: "intro.portal-staging", ids: "X-42 C-22"},
			needs: []line{{key: "need.account"}, {key: "need.secondFactor"}},
			steps: []line{{key: "step.stagingFirst", ids: "X-42"}, {key: "step.portalArrives", ids: "CPI-03"}, {key: "step.portalRegister", ids: "X-42 M16"}, {key: "step.apps"}},
			done:  []line{{key: "done.registered"}},
			help:  []line{{key: "help.noPortal"}, {key: "help.wrongFirst", ids: "X-42"}, {key: "help.contact"}},
		},
	}
}
