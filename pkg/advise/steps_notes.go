package advise

import "slices"

// The tables of this file leave the decision alone: they say what stands in
// its way, what a wish costs, and what else to know. Every line that holds
// counts.

// What the tenant, the devices and another MDM must be like before anything is enrolled.
var gateLines = []line{
	{when: func(s *situation) bool { return !s.staying() && s.APNs == "none" },
		block: []string{"GEN-08 none"}, info: []string{"X-10", "X-11", "X-12", "X-13"}},
	{when: func(s *situation) bool { return !s.staying() && s.APNs == "expired" },
		block: []string{"GEN-08 expired"}, info: []string{"X-11", "X-12", "X-13", "X-10"}},
	{when: func(s *situation) bool { return !s.staying() && s.APNs == "expiring" },
		warn: []string{"GEN-08 expiring"}, info: []string{"X-11"}},
	{when: func(s *situation) bool { return !s.staying() && !s.authorityIsIntune() },
		block: []string{"X-01"}, info: []string{"GEN-05"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.ADEToken == "none" },
		block: []string{"ADE-13 none"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.ADEToken == "expired" },
		block: []string{"ADE-13 expired"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.ADEToken == "expiring" },
		warn: []string{"ADE-13 expiring"}},
	{when: func(s *situation) bool { return s.Option != MAM && s.IOSBlocked == "yes" },
		block: []string{"X-05"}},
	{when: func(s *situation) bool { return s.byod() && s.PersonalIOSBlocked == "yes" },
		block: []string{"X-05 personal"}},
	{when: func(s *situation) bool { return !s.staying() && s.single() && s.below(17) },
		block: []string{"X-06"}, info: []string{"GEN-07"}},
	{when: func(s *situation) bool { return !s.staying() && !s.single() && s.below(15) },
		block: []string{"X-06 without user"}, info: []string{"GEN-07"}},
	{when: func(s *situation) bool { return !s.staying() && !s.single() && s.below(17) && !s.below(15) },
		warn: []string{"X-06 no guarantee"}, info: []string{"GEN-07"}},

	{when: func(s *situation) bool {
		return s.leaving() && !s.personal() && (s.Option == ADE || s.Option == NoOption)
	},
		block: []string{"ADE-T09"}},
	{when: func(s *situation) bool {
		return s.leaving() && !s.personal() && (s.configurator() || s.Option == NoOption)
	},
		block: []string{"CFG-T11"}},
	{when: func(s *situation) bool { return s.leaving() && (s.personal() || s.byod()) && s.Wipe == "no" },
		block: []string{"BYO-T06 no reset"}},
	{when: func(s *situation) bool { return s.leaving() && (s.personal() || s.byod()) && s.Wipe == "yes" },
		block: []string{"BYO-T06"}},
	{when: func(s *situation) bool {
		return s.leaving() && !s.personal() && s.Portal == "yes" && s.InProgram == "yes" && !s.below(26)
	},
		info: []string{"X-33 migrate"}},
}

// What was wished for and does not go with the option.
var wishLines = []line{
	{when: func(s *situation) bool { return s.inVain("ADE-T08") },
		warn: []string{"ADE-T08 in vain"}},
	{when: func(s *situation) bool { return s.inVain("BYO-T08") },
		warn: []string{"BYO-T08 in vain"}},
	{when: func(s *situation) bool { return s.inVain("CFG-T04") },
		warn: []string{"CFG-T04 in vain"}},
	{when: func(s *situation) bool {
		return s.Supervised == "yes" && !s.staying() && (s.personal() || s.byod())
	},
		block: []string{"ADE-T01", "X-71"}},
	{when: func(s *situation) bool { return s.Supervised == "yes" && s.Option == ACDirect },
		block: []string{"X-45"}, info: []string{"X-63 no reset"}},
	{when: func(s *situation) bool { return s.demCorporate() && (s.Option == ADE || s.Option == NoOption) },
		block: []string{"ADE-T10"}, info: []string{"BYO-T07", "BYO-T08 DEM", "DEV-04"}},
	{when: func(s *situation) bool { return s.demCorporate() && (s.configurator() || s.Option == NoOption) },
		block: []string{"CFG-T12"}, info: []string{"BYO-T07", "BYO-T08 DEM", "DEV-04"}},
	{when: func(s *situation) bool { return s.DEM == "yes" && s.byod() && s.Option != BYODDevice },
		block: []string{"DEV-04 only"}},
	{when: func(s *situation) bool {
		return s.MDMUpdates == "yes" && s.Option != ADE && s.Option != MAM && !s.settled()
	},
		warn: []string{"DEV-03"}},
	{when: func(s *situation) bool { return s.Option == ADE && s.MDMUpdates == "yes" && s.asksPersonal() },
		info: []string{"DEV-03 asked"}},
	{when: func(s *situation) bool {
		return s.Option == ADE && s.affinity() && !s.legacy() && s.JIT == "yes" && s.BeforeCP == "forbidden"
	},
		warn: []string{"X-24 ignored"}},
	{when: func(s *situation) bool {
		return s.Auth == SALegacy && s.locked() && !s.lockUntilInstalled()
	},
		warn: []string{"X-43 no token"}},
	{when: func(s *situation) bool { return s.Option == ACSetupAssistant && s.JIT == "yes" },
		warn: []string{"X-24 Configurator"}},
	{when: func(s *situation) bool { return s.Option == ACSetupAssistant && s.BeforeCP == "forbidden" },
		warn: []string{"X-43 Configurator"}},
	{when: func(s *situation) bool { return s.Option == BYODChoice && s.CPApp == "unwanted" },
		warn: []string{"CHO-02 app"}},
	{when: func(s *situation) bool { return s.Option == BYODAccount && s.CPApp == "wanted" },
		warn: []string{"X-85 app"}},
	{when: func(s *situation) bool { return s.CompanyPortal == ConfigPolicy && s.VPP == "none" },
		warn: []string{"C-07"}},
	{when: func(s *situation) bool { return s.CompanyPortal == ConfigPolicy && s.VPP == "bad" },
		warn: []string{"C-07 bad"}},

	// Personal devices that are enrolled today in the other way.
	{when: func(s *situation) bool {
		return s.enrolledPersonal("device") && s.Option == BYODAccount || s.enrolledPersonal("account") && (s.Option == BYODDevice || s.Option == BYODWeb)
	},
		block: []string{"ACC-11", "ACC-10"}},
	{when: func(s *situation) bool { return s.State == "enrolled" && s.personal() && s.Option == BYODChoice },
		warn: []string{"ACC-10", "ACC-11"}},
}

// Sizes, and what holds for everything that is enrolled.
var scaleLines = []line{
	{when: func(s *situation) bool { return s.Option == ADE && s.devices() > 200_000 },
		warn: []string{"X-31"}},
	{when: func(s *situation) bool { return s.configurator() && s.devices() > 50 },
		warn: []string{"CFG-T07"}},
	{when: func(s *situation) bool {
		return s.Option == ACSetupAssistant && s.devices() > 5_000 && s.devices() <= 75_000
	},
		warn: []string{"X-60 files"}},
	{when: func(s *situation) bool { return s.Option == ACSetupAssistant && s.devices() > 75_000 },
		block: []string{"X-60"}},
	{when: func(s *situation) bool { return s.Option == ACDirect && s.devices() > 75_000 },
		warn: []string{"X-60 tenant"}},
	{when: func(s *situation) bool { return s.DEM == "yes" && s.byod() && s.devices() > 1_000 },
		block: []string{"X-90 too many"}},
	{when: func(s *situation) bool { return s.affinity() },
		info: []string{"GEN-09"}},
	{when: func(*situation) bool { return true },
		info: []string{"GEN-10"}},
}

// inVain tells whether a rule was to be overruled, and was not.
func (s *situation) inVain(rule string) bool {
	return s.Force == rule && !slices.ContainsFunc(s.cited, func(c cite) bool { return c.key == rule+" forced" })
}

func (s *situation) leaving() bool { return s.OtherMDM == "yes-leaving" }

func (s *situation) demCorporate() bool {
	return s.DEM == "yes" && !s.personal() && !s.settled() && !s.staying()
}

func (s *situation) enrolledPersonal(as string) bool {
	return s.personal() && s.State == "enrolled" && s.EnrolledAs == as
}
