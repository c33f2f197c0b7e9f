package advise

// The tables of this file choose how users sign in and how Company Portal gets
// on the device.

var authLines = []line{
	{when: func(s *situation) bool { return !s.affinity() }},

	// ADE: Setup Assistant (legacy) because the administrator insists.
	{when: func(s *situation) bool { return s.legacy() && s.modern() && s.JIT == "yes" },
		auth: SAModern, block: []string{"AUT-09 blocked", "X-21", "X-24 legacy"}},
	{when: func(s *situation) bool { return s.legacy() && s.modern() },
		auth: SAModern, block: []string{"AUT-09 blocked", "X-21"}},
	{when: func(s *situation) bool { return s.legacy() && s.JIT == "yes" },
		auth: SAModern, block: []string{"X-24 legacy"}},
	{when: func(s *situation) bool { return s.legacy() && s.Entra == "required" },
		auth: SALegacy, warn: []string{"AUT-21 legacy", "X-20 legacy"}, info: []string{"AUT-12", "AUT-13"}},
	{when: func(s *situation) bool { return s.legacy() },
		auth: SALegacy, warn: []string{"AUT-21 legacy", "X-20 legacy"}, info: []string{"AUT-09", "AUT-10", "AUT-11"}},

	// ADE: Setup Assistant with modern authentication, or Company Portal.
	{when: func(s *situation) bool { return s.Option == ADE && s.JIT == "yes" && s.BeforeCP != "forbidden" },
		auth: SAModernJIT, info: []string{"X-24", "X-72"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.BeforeCP == "needed" },
		auth: SAModern, info: []string{"AUT-20", "AUT-22"}},
	{when: func(s *situation) bool { return s.locked() && s.ACCTargeted == "yes" },
		auth: SAModern, warn: []string{"X-23 targeted"}},
	{when: func(s *situation) bool {
		return s.locked() && s.MFA == "required" && s.SecondFactor == "same-device"
	},
		auth: SAModern, warn: []string{"X-43 second factor"}, info: []string{"AUT-02 other", "AUT-07 other"}},
	{when: func(s *situation) bool { return s.locked() && s.VPP != "ok" },
		auth: CompanyPortalApp, warn: []string{"X-43 no token"}, info: []string{"AUT-07 other", "X-23"}},
	{when: func(s *situation) bool { return s.locked() },
		auth: CompanyPortalApp, info: []string{"AUT-07", "AUT-29", "X-43", "X-23"}},
	{when: func(s *situation) bool {
		return s.Option == ADE && s.MFA == "unwanted" && s.Entra == "not-needed"
	},
		auth: SAModern, info: []string{"AUT-21", "X-20 hint"}},
	{when: func(s *situation) bool { return s.Option == ADE },
		auth: SAModern, info: []string{"AUT-21", "X-20", "DD-03"}},

	// Apple Configurator: Setup Assistant, or Company Portal.
	{when: func(s *situation) bool { return s.BeforeCP == "needed" && s.modern() },
		auth: CompanyPortalApp, block: []string{"CAU-09 blocked", "CAU-01"}},
	{when: func(s *situation) bool { return s.BeforeCP == "needed" },
		auth: SetupAssistant, warn: []string{"CAU-03 not followed"}},
	{when: func(s *situation) bool { return s.modern() },
		auth: CompanyPortalApp, info: []string{"CAU-03"}},
	{when: func(s *situation) bool { return s.Entra == "required" },
		auth: CompanyPortalApp, info: []string{"CAU-03", "CAU-07"}},
	{when: func(s *situation) bool { return s.MFA == "unwanted" },
		auth: SetupAssistant, warn: []string{"CAU-03 not followed"}, info: []string{"CAU-09", "CAU-10", "CAU-12"}},
	{when: func(*situation) bool { return true },
		auth: CompanyPortalApp, info: []string{"CAU-03"}},
}

var portalLines = []line{
	{when: func(s *situation) bool { return s.Option == ADE && !s.single() },
		info: []string{"EUA-06"}},
	{when: func(s *situation) bool { return s.Auth == SALegacy && s.Entra == "not-needed" },
		warn: []string{"AUT-13 without"}, info: []string{"EUA-03"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.VPP == "ok" },
		portal: VPP, info: []string{"CPI-02", "CPI-04"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.VPP == "bad" },
		portal: VPP, block: []string{"X-44"}, info: []string{"CPI-04"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.AppleID == "allowed" },
		portal: AppleID, warn: []string{"CPI-02 Apple account", "CPI-08"}, info: []string{"CPI-09"}},
	{when: func(s *situation) bool { return s.Auth == SAModernJIT },
		warn: []string{"X-24 without Company Portal"}},
	{when: func(s *situation) bool { return s.Option == ADE },
		block: []string{"CPI-09 blocked", "EUA-08"}},
	{when: func(s *situation) bool { return s.Option == ACDirect },
		info: []string{"CFP-05", "EUC-04"}},
	{when: func(s *situation) bool { return s.Auth == SetupAssistant && s.Entra == "not-needed" },
		info: []string{"CAU-13", "EUC-03"}},
	{when: func(s *situation) bool { return s.Option == ACSetupAssistant && s.AppleID == "not-allowed" },
		portal: AppleID, block: []string{"CCP-04 blocked"}, info: []string{"CCP-03"}},
	{when: func(s *situation) bool { return s.Option == ACSetupAssistant },
		portal: AppleID, info: []string{"CCP-03", "CCP-04"}},
	{when: func(s *situation) bool { return s.Option == BYODDevice },
		portal: StoreByUser, info: []string{"EUB-01"}},
	{when: func(s *situation) bool { return s.Option == BYODChoice },
		portal: StoreByUser, info: []string{"CHO-02"}},
	{when: func(s *situation) bool { return s.Option == BYODWeb },
		info: []string{"WEB-02", "X-74"}},
	{when: func(s *situation) bool { return s.Option == BYODAccount },
		info: []string{"X-85"}},
}

func (s *situation) legacy() bool { return s.Option == ADE && s.LegacyOK == "yes" }

// locked tells whether an ADE device shall stay locked until Company Portal is there.
func (s *situation) locked() bool { return s.Option == ADE && s.BeforeCP == "forbidden" }

// lockUntilInstalled tells whether the lock that was asked for works: it comes
// with Company Portal as a sign-in method or after Setup Assistant (legacy),
// and only with a location (VPP) token.
func (s *situation) lockUntilInstalled() bool {
	return s.locked() && s.CompanyPortal == VPP && s.VPP == "ok" && (s.Auth == CompanyPortalApp || s.Auth == SALegacy)
}

// awaitFinalConfiguration tells whether Setup Assistant can hold the device at
// its end until the configuration is there.
func (s *situation) awaitFinalConfiguration() bool {
	return s.Option == ADE && (s.modernSA() || s.Use == "userless" || s.Use == "entra-shared")
}
