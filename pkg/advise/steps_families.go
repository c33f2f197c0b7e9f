package advise

// The tables of this file say what to know about the option that was chosen.

var corporateNotes = []line{
	{when: func(s *situation) bool { return s.Option == ADE }, info: []string{"ADE-T02", "ADE-T04"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.single() }, info: []string{"ADE-T05"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.Use == "userless" },
		info: []string{"ADE-T06", "ADE-18"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.Use == "userless" && s.Staging == "yes" },
		info: []string{"X-42 later"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.Use == "shared-ipad" },
		info: []string{"ADE-18", "ADE-21", "X-50", "X-52"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.Use == "entra-shared" },
		info: []string{"ADE-18", "X-51"}},
	{when: func(s *situation) bool {
		return s.Option == ADE && s.shared() && s.State == "existing" && s.adeTakes()
	},
		info: []string{"ADE-T08 wiped", "DD-01"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.State == "new" && s.InProgram == "no" },
		info: []string{"X-33 add"}},

	{when: func(s *situation) bool { return s.awaitFinalConfiguration() }, info: []string{"X-25"}},
	{when: func(s *situation) bool { return s.Option == ADE && !s.awaitFinalConfiguration() },
		info: []string{"X-25 not here"}},
	{when: func(s *situation) bool { return s.modernSA() && s.MFA == "required" }, info: []string{"AUT-15", "X-26"}},
	{when: func(s *situation) bool { return s.modernSA() && s.PwPrompts == "yes" }, info: []string{"AUT-16", "AUT-17"}},
	{when: func(s *situation) bool { return s.Auth == SAModernJIT && s.BeforeCP == "needed" }, info: []string{"AUT-20"}},
	{when: func(s *situation) bool { return s.modernSA() && s.Entra == "required" }, info: []string{"AUT-18"}},
	{when: func(s *situation) bool {
		return s.Option == ADE && s.affinity() && s.Auth != SALegacy && s.MFA == "unwanted"
	},
		info: []string{"ADE-16"}},
	{when: func(s *situation) bool {
		return s.Option == ADE && s.Auth == CompanyPortalApp && s.MFA == "required"
	},
		info: []string{"AUT-02"}},
	{when: func(s *situation) bool {
		return s.Option == ADE && s.Auth == CompanyPortalApp && s.PwPrompts == "yes"
	},
		info: []string{"AUT-03", "AUT-04"}},
	{when: func(s *situation) bool {
		return s.Option == ADE && s.Auth == CompanyPortalApp && s.Entra == "required"
	},
		info: []string{"AUT-05"}},

	{when: func(s *situation) bool { return s.Option == ADE && s.Auth == CompanyPortalApp }, info: []string{"EUA-01"}},
	{when: func(s *situation) bool { return s.Auth == SALegacy && s.CompanyPortal != NoPortal },
		info: []string{"EUA-02"}},
	{when: func(s *situation) bool { return s.Auth == SAModern && s.CompanyPortal == VPP }, info: []string{"EUA-04"}},
	{when: func(s *situation) bool { return s.Auth == SAModern && s.CompanyPortal == AppleID },
		info: []string{"EUA-05", "EUA-07"}},
	{when: func(s *situation) bool {
		return s.Option == ADE && s.CompanyPortal == AppleID && s.Auth != SAModernJIT && s.Entra == "required"
	},
		warn: []string{"EUA-08"}},
}

var configuratorNotes = []line{
	{when: func(s *situation) bool { return s.Option == ACDirect },
		info: []string{"CFG-T09", "CFP-03", "X-63"}},
	{when: func(s *situation) bool { return s.Option == ACDirect && s.Wipe == "yes" && s.Serials == "yes" },
		info: []string{"C-13"}},
	{when: func(s *situation) bool { return s.Option == ACSetupAssistant },
		info: []string{"CFG-T08", "CAU-01", "X-62", "X-64"}},
	{when: func(s *situation) bool { return s.Option == ACSetupAssistant && s.Serials == "yes" },
		info: []string{"CAU-11"}},
	{when: func(s *situation) bool { return s.Option == ACSetupAssistant && s.Serials == "no" },
		block: []string{"CAU-11 none"}},
	{when: func(s *situation) bool { return s.acByPortal() && s.MFA == "required" },
		info: []string{"CAU-04"}},
	{when: func(s *situation) bool { return s.acByPortal() && s.PwPrompts == "yes" },
		info: []string{"CAU-05", "CAU-06"}},
	{when: func(s *situation) bool { return s.acByPortal() && s.MFA == "unwanted" },
		info: []string{"CAU-02"}},
	{when: func(s *situation) bool { return s.acByPortal() && s.VPP == "ok" },
		info: []string{"CAU-08"}},
	{when: func(s *situation) bool { return s.acByPortal() },
		info: []string{"EUC-01"}},
	{when: func(s *situation) bool { return s.Auth == SetupAssistant && s.CompanyPortal != NoPortal },
		info: []string{"CAU-14", "EUC-02"}},
}

var personalNotes = []line{
	{when: func(s *situation) bool { return s.byod() }, info: []string{"BYO-08"}},
	{when: func(s *situation) bool { return s.byod() && s.personal() }, info: []string{"BYO-T01"}},
	{when: func(s *situation) bool { return s.byod() && s.State != "new" }, info: []string{"BYO-03"}},
	{when: func(s *situation) bool { return s.byod() && !s.personal() }, info: []string{"BYO-09"}},

	{when: func(s *situation) bool { return s.DEM == "yes" && s.byod() },
		warn: []string{"X-90", "C-21"}, info: []string{"DEV-04"}},
	{when: func(s *situation) bool {
		return s.DEM == "yes" && s.byod() && (s.PerApp == "yes" || s.UserChoice == "yes" || s.CPApp == "unwanted")
	},
		warn: []string{"DEV-04 wishes"}},
	{when: func(s *situation) bool { return s.Option == BYODDevice && s.Entra == "not-needed" },
		info: []string{"EUB-04"}},
	{when: func(s *situation) bool { return s.Option == BYODDevice && s.DEM == "no" },
		info: []string{"DEV-01"}},
	{when: func(s *situation) bool { return s.Option == BYODWeb },
		info: []string{"X-72", "X-73"}},
	{when: func(s *situation) bool { return s.Option == BYODChoice || s.Option == BYODAccount },
		info: []string{"X-72", "X-83", "ACC-03", "ACC-12"}},
	{when: func(s *situation) bool { return s.Option == BYODAccount },
		info: []string{"ACC-07", "EUB-10"}},
	{when: func(s *situation) bool { return s.Option == BYODAccount && s.CPApp == "unwanted" },
		info: []string{"X-83 without app"}},
	{when: func(s *situation) bool { return s.Option == BYODAccount && s.LOB == "yes" },
		info: []string{"ACC-09"}},
	{when: func(s *situation) bool { return s.Option == BYODAccount && s.PerApp == "yes" },
		info: []string{"ACC-02", "BYO-T02"}},

	// Account driven enrollment would fit, and something is missing for it.
	{when: func(s *situation) bool { return s.accountMissed() && s.ManagedAppleIDs == "no" },
		warn: []string{"X-81"}, info: []string{"WEB-03"}},
	{when: func(s *situation) bool { return s.accountMissed() && s.Discovery == "no" },
		warn: []string{"X-82"}},
	{when: func(s *situation) bool { return s.accountMissed() && s.below(15) },
		warn: []string{"X-80"}},
	{when: func(s *situation) bool { return s.accountMissed() && s.LOB == "yes" },
		warn: []string{"ACC-09 lost"}},
	{when: func(s *situation) bool { return s.accountMissed() && s.PerApp == "yes" },
		warn: []string{"ACC-02 lost"}},
	{when: func(s *situation) bool { return s.accountUnready() && s.ManagedAppleIDs == "no" },
		block: []string{"X-81"}},
	{when: func(s *situation) bool { return s.accountUnready() && s.Discovery == "no" },
		block: []string{"X-82"}},
	{when: func(s *situation) bool { return s.accountUnready() && s.below(15) },
		block: []string{"X-80"}},
}

// acByPortal tells whether users of Apple Configurator devices sign in with Company Portal.
func (s *situation) acByPortal() bool {
	return s.Option == ACSetupAssistant && s.Auth == CompanyPortalApp
}

// accountMissed tells whether the partition was wished for and only its prerequisites are missing.
func (s *situation) accountMissed() bool {
	return s.personal() && s.DEM == "no" && s.WholeDevice == "no" && s.partition() && (s.Option == BYODDevice || s.Option == BYODWeb)
}

// accountUnready tells whether users shall be able to enroll account driven, and cannot yet.
func (s *situation) accountUnready() bool {
	return (s.Option == BYODChoice || s.Option == BYODAccount) && !s.accountReady()
}
