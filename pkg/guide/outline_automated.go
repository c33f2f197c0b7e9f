package guide

// Lines that several variants of company devices share.
func companyNeeds() []line {
	return []line{
		{key: "need.newDevice", ids: "X-30 ADE-T08 CFG-T06"},
		{key: "need.network"},
		{key: "need.account", ids: "X-02"},
	}
}

func companyHelp() []line {
	return []line{
		{key: "help.remoteManagement", ids: "X-46 X-34"},
		{key: "help.licence", ids: "X-02"},
		{key: "help.moreData", ids: "EUA-10 EUC-05"},
		{key: "help.contact", ids: "GEN-10 EUA-11 EUC-06"},
	}
}

// portalHelp is for devices that wait for Company Portal.
func portalHelp() []line {
	return append([]line{
		{key: "help.appleAgain", when: byAppleID, ids: "CPI-09 CCP-04 EUA-08"},
		{key: "help.noPortal", when: byVPP, ids: "X-44 AUT-27"},
		{key: "help.noPortalUnsaid", when: unsaid, ids: "EUA-05"},
	}, companyHelp()...)
}

// automatedOutlines are devices with one user.
func automatedOutlines() []outline {
	switchOn := line{key: "step.switchOn", ids: "ADE-05"}
	manage := line{key: "step.remoteManagement", ids: "ADE-20"}
	signIn := line{key: "step.assistantSignIn", ids: "AUT-23 X-26"}
	credentials := line{key: "step.assistantCredentials", ids: "AUT-10"}
	may := line{key: "step.appleMay", when: mayAppleID, ids: "AUT-24 C-05"}
	perhaps := line{key: "step.appleUnsaid", when: perhapsAppleID, ids: "AUT-24 CPI-08 C-05"}
	must := line{key: "step.appleMust", when: byAppleID, ids: "CPI-08 CPI-09"}
	finish := line{key: "step.finish", when: goesOn}
	await := line{key: "step.await", when: awaits, ids: "X-25"}
	portalLocked := line{key: "step.portalLocked", when: locked, ids: "AUT-07 AUT-29 X-43"}
	portalWait := line{key: "step.portalWait", when: unlocked, ids: "CPI-03 C-02"}
	home := line{key: "step.homeUsable", ids: "AUT-20 AUT-25"}
	second := line{key: "step.secondSignIn", ids: "AUT-27 X-28"}
	apps := line{key: "step.apps", ids: "CPI-10"}
	noStore := line{key: "done.noStore", ids: "CPI-03"}
	unregistered := []line{{key: "done.managedOnly", ids: "EUA-03 EUA-08 AUT-10"}, noStore}
	registered := []line{{key: "done.registered", ids: "AUT-28"}}
	factorPlain := line{key: "need.secondFactorAssistant", ids: "X-26"}
	factorElsewhere := line{key: "need.secondFactorElsewhere", when: locked, ids: "X-43 C-29"}
	appleMust := line{key: "need.appleMust", when: byAppleID, ids: "CPI-08"}

	return []outline{
		{
			variant: ADEPortal, intro: line{key: "intro.ade-cp", ids: "EUA-01"},
			needs: append(companyNeeds(), line{key: "need.secondFactor", when: unlocked, ids: "AUT-02"}, factorElsewhere, appleMust),
			steps: []line{switchOn, manage, may, perhaps, must, finish, portalLocked, portalWait, {key: "step.portalSignIn", ids: "EUA-01 AUT-03 AUT-04"}, apps},
			done:  registered,
			help:  append([]line{{key: "help.lockedFactor", when: locked, ids: "X-43"}}, portalHelp()...),
		},
		{
			variant: ADELegacyPortal, intro: line{key: "intro.signInTwice", ids: "EUA-02"},
			needs: append(companyNeeds(), appleMust),
			steps: []line{switchOn, manage, credentials, may, must, finish, portalLocked, portalWait, {key: "step.portalRegister", ids: "EUA-02 AUT-12"}, apps},
			done:  registered,
			help:  append([]line{{key: "help.legacyHangs", ids: "X-21"}}, portalHelp()...),
		},
		{
			variant: ADELegacy, intro: line{key: "intro.signInOnce", ids: "EUA-03"},
			needs: companyNeeds(),
			steps: []line{switchOn, manage, credentials, may, finish},
			done:  unregistered,
			help:  append([]line{{key: "help.legacyHangs", ids: "X-21"}}, companyHelp()...),
		},
		{
			variant: ADEModernVPP, intro: line{key: "intro.signInTwice", ids: "EUA-04"},
			needs: append(companyNeeds(), factorPlain),
			steps: []line{switchOn, manage, signIn, may, perhaps, finish, await, home, portalWait, second},
			done:  []line{{key: "done.registered", ids: "EUA-04 AUT-28"}, {key: "done.notYet", ids: "AUT-26 EUA-09 C-18"}},
			help:  portalHelp(),
		},
		{
			variant: ADEModernAppleID, intro: line{key: "intro.signInTwice", ids: "EUA-05"},
			needs: append(companyNeeds(), factorPlain, appleMust),
			steps: []line{switchOn, manage, signIn, must, finish, await, {key: "step.appStore", ids: "EUA-05 EUA-07"}, portalWait, second},
			done:  []line{{key: "done.registeredSoon", ids: "EUA-05"}, {key: "done.notYet", ids: "AUT-26 EUA-08 EUA-09"}},
			help:  portalHelp(),
		},
		{
			variant: ADEModernJIT, intro: line{key: "intro.signInApp", ids: "X-24"},
			needs: append(companyNeeds(), factorPlain),
			steps: []line{switchOn, manage, signIn, may, {key: "step.appleUnsaid", when: byAppleID, ids: "X-24 C-05"}, finish, await, {key: "step.authenticator", ids: "X-76"}, {key: "step.workApp", ids: "X-24 X-72"}, {key: "step.otherApps", ids: "X-72"}},
			done:  []line{{key: "done.appOpens", ids: "X-24"}, {key: "done.portalOptional", when: func(a Audience) bool { return !noPortal(a) }, ids: "X-24"}, noStore},
			help:  append([]line{{key: "help.recheck", ids: "X-72"}}, companyHelp()...),
		},
		{
			variant: ADEModernOnly, intro: line{key: "intro.signInOnce", ids: "M12"},
			needs: append(companyNeeds(), factorPlain),
			steps: []line{switchOn, manage, signIn, may, finish, await},
			done:  unregistered,
			help:  companyHelp(),
		},
		{
			variant: ADEUserless, intro: line{key: "intro.userless", ids: "EUA-06 ADE-T06"},
			done: []line{{key: "done.userless"}, {key: "done.noPortal", ids: "EUA-06"}},
			help: []line{{key: "help.remoteManagement", ids: "X-46"}, {key: "help.contact"}},
		},
	}
}

// sharedOutlines are devices with several users.
func sharedOutlines() []outline {
	return []outline{
		{
			variant: ADESharedIPad, intro: line{key: "intro.sharedIPad", ids: "X-50 M17"},
			needs: []line{{key: "need.managedAccount", when: accounts, ids: "X-50"}},
			steps: []line{
				{key: "step.guest", when: guests, ids: "X-50"},
				{key: "step.sharedSignIn", when: accounts, ids: "M17"},
				{key: "step.sharedPasscode", when: accounts, ids: "M17"},
				{key: "step.sharedUse", ids: "X-52"},
				{key: "step.sharedSignOut"},
			},
			done: []line{{key: "done.sharedKept", when: accounts}, {key: "done.guestErased", when: guests}, {key: "done.noPortal", ids: "X-52"}},
			help: []line{{key: "help.guest", when: accounts, ids: "M17"}, {key: "help.sharedFull", when: accounts, ids: "X-50"}, {key: "help.contact"}},
		},
		{
			variant: ADEEntraShared, intro: line{key: "intro.entraShared", ids: "X-51 M18"},
			needs: []line{{key: "need.account"}, {key: "need.secondFactor"}},
			steps: []line{{key: "step.entraFirst", ids: "M18"}, {key: "step.entraSignIn", ids: "X-51"}, {key: "step.entraSignOut", ids: "X-51"}},
			done:  []line{{key: "done.entraClean"}, {key: "done.noPortal", ids: "EUA-06"}},
			help:  []line{{key: "help.entraOther"}, {key: "help.contact"}},
		},
	}
}
