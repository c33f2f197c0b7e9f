package guide

// configuratorOutlines are devices that a Mac with Apple Configurator prepared.
// Company Portal comes from the App Store to them, by itself, and that takes
// an Apple Account.
func configuratorOutlines() []outline {
	needs := append(companyNeeds(), line{key: "need.appleMust", when: byAppleID, ids: "CCP-03 C-10"}, line{key: "need.day", ids: "X-64"})
	switchOn := line{key: "step.switchOn"}
	must := line{key: "step.appleMust", ids: "CCP-03 CCP-04"}
	may := line{key: "step.appleMay", ids: "EUC-03"}
	wait := line{key: "step.portalWait", ids: "CCP-02 C-02"}
	credentials := line{key: "step.assistantCredentials", ids: "CAU-12"}
	finish := line{key: "step.finish"}
	apps := line{key: "step.apps", ids: "CCP-05"}
	return []outline{
		{
			variant: ACPortal, intro: line{key: "intro.ade-cp", ids: "EUC-01"},
			needs: append(needs, line{key: "need.secondFactor", ids: "CAU-04"}),
			steps: []line{switchOn, must, finish, wait, {key: "step.portalSignIn", ids: "EUC-01"}, apps},
			done:  []line{{key: "done.registered", ids: "CAU-07"}},
			help:  portalHelp(),
		},
		{
			variant: ACAssistantPortal, intro: line{key: "intro.signInTwice", ids: "EUC-02"},
			needs: needs,
			steps: []line{switchOn, credentials, must, finish, wait, {key: "step.portalRegister", ids: "EUC-02 CAU-14"}, apps},
			done:  []line{{key: "done.registered"}},
			help:  portalHelp(),
		},
		{
			variant: ACAssistant, intro: line{key: "intro.signInOnce", ids: "EUC-03"},
			needs: needs,
			steps: []line{switchOn, credentials, may, finish, {key: "step.installManagement", ids: "EUC-03 C-15"}},
			done:  []line{{key: "done.managedOnly", ids: "EUC-03 CAU-13"}, {key: "done.noStore", ids: "CCP-02"}},
			help:  companyHelp(),
		},
		{
			variant: ACDirect, intro: line{key: "intro.direct", ids: "EUC-04 CFG-T09"},
			done: []line{{key: "done.userless"}, {key: "done.noPortal", ids: "CFP-05 EUC-04"}},
			help: []line{{key: "help.contact"}},
		},
	}
}
