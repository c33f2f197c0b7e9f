package advise

// The tables of this file choose the option. Blocked lines name the option
// that would work once what blocks is gone, and none where there are several
// ways out or none at all.

// Not options of their own: modeLines turn them into one.
const (
	configurator Option = "configurator" // with or without a user
	wholeDevice  Option = "device"       // with the app or on the web
	asked        Option = "asked"        // what the answer ask names
)

var optionLines = []line{
	// Another MDM keeps the devices: nothing is enrolled, whatever else is true.
	{when: func(s *situation) bool { return s.staying() },
		option: MAM, info: []string{"GEN-11 staying", "ADE-T09 staying", "CFG-T11 staying", "BYO-T06 staying"}},

	// The organization's devices that are enrolled already: only Company Portal is left to decide.
	{when: func(s *situation) bool { return s.settled() && s.single() && s.ProfileCP == "yes" },
		block: []string{"X-41"}, info: []string{"CPI-11 sent"}},
	{when: func(s *situation) bool { return s.settled() && s.single() && s.EnrolledAs == "configurator" },
		portal: ConfigPolicy, info: []string{"CCP-06", "CCP-07", "CCP-08", "CCP-09", "CCP-10", "CPI-11"}},
	{when: func(s *situation) bool { return s.settled() && s.single() },
		portal: ConfigPolicy, info: []string{"CPI-11", "CPI-12", "CPI-13", "CPI-14", "CPI-15", "X-40", "CCP-06 also"}},
	{when: func(s *situation) bool {
		return s.settled() && s.Use == "userless" && s.Staging == "yes" && s.EnrolledAs != "configurator"
	},
		portal: ConfigPolicy, warn: []string{"X-42"}, info: []string{"EUA-06 staging"}},
	{when: func(s *situation) bool { return s.settled() },
		block: []string{"EUA-06 enrolled", "CFP-05 enrolled"}},

	// A personal device has one user.
	{when: func(s *situation) bool { return s.personal() && s.Use == "userless" },
		block: []string{"BYO-T09 userless"}, info: []string{"ADE-T07", "CFG-T10"}},
	{when: func(s *situation) bool { return s.personal() && s.Use == "shared-ipad" },
		block: []string{"BYO-T09 shared-ipad"}, info: []string{"ADE-T07", "CFG-T10"}},
	{when: func(s *situation) bool { return s.personal() && s.Use == "entra-shared" },
		block: []string{"BYO-T09 entra-shared"}, info: []string{"ADE-T07", "CFG-T10"}},

	// What the guide advises against, overruled by name.
	{when: func(s *situation) bool {
		return !s.personal() && s.single() && s.Force == "BYO-T08" && s.asksPersonal()
	},
		option: asked, warn: []string{"BYO-T08 forced"}},
	{when: func(s *situation) bool {
		return !s.personal() && !s.shared() && s.Force == "CFG-T04" && s.Ask == "configurator" && s.adeFits() && s.Mac == "yes"
	},
		option: configurator, warn: []string{"CFG-T04 forced"}},
	{when: func(s *situation) bool {
		return !s.personal() && !s.shared() && s.Force == "ADE-T08" && s.Ask == "ade" && s.notListed()
	},
		option: ADE, warn: []string{"ADE-T08 forced"}, info: []string{"X-33 add"}},

	// The organization's devices.
	{when: func(s *situation) bool { return !s.personal() && s.shared() && s.adeTakes() },
		option: ADE},
	{when: func(s *situation) bool { return !s.personal() && s.shared() && s.Portal == "unwanted" },
		option: ADE, block: []string{"ADE-18 only"}, info: []string{"ADE-03 unwanted", "X-33 add"}},
	{when: func(s *situation) bool { return !s.personal() && s.shared() && s.Portal == "no-country" },
		option: ADE, block: []string{"ADE-18 only"}, info: []string{"ADE-03 no-country", "X-33 add"}},
	{when: func(s *situation) bool { return !s.personal() && s.shared() },
		option: ADE, block: []string{"ADE-18 only"}, info: []string{"X-30 reset", "X-33 add"}},
	{when: func(s *situation) bool { return s.inUse() && s.Use == "userless" && s.Mac == "yes" },
		option: ACDirect, info: []string{"CFG-T06"}},
	{when: func(s *situation) bool { return s.inUse() && s.Use == "userless" },
		option: ACDirect, block: []string{"CFG-13"}, info: []string{"CFG-T06"}},
	{when: func(s *situation) bool { return s.inUse() },
		block: []string{"X-30 in use", "X-62 in use"}, info: []string{"X-30 way out", "X-63 way out", "BYO-T08 way out", "BYO-09"}},
	{when: func(s *situation) bool { return !s.personal() && s.Wired == "yes" && s.Mac == "yes" },
		option: configurator, info: []string{"CFG-T01"}},
	{when: func(s *situation) bool { return !s.personal() && s.Wired == "yes" },
		option: configurator, block: []string{"CFG-13"}, info: []string{"CFG-T01"}},
	{when: func(s *situation) bool { return !s.personal() && s.Portal == "unwanted" && s.Mac == "yes" },
		option: configurator, info: []string{"CFG-T02"}},
	{when: func(s *situation) bool { return !s.personal() && s.Portal == "unwanted" },
		block: []string{"CFG-13 or portal"}, info: []string{"CFG-T02"}},
	{when: func(s *situation) bool { return !s.personal() && s.Portal == "no-country" && s.Mac == "yes" },
		option: configurator, info: []string{"CFG-T03"}},
	{when: func(s *situation) bool { return !s.personal() && s.Portal == "no-country" },
		block: []string{"CFG-13"}, info: []string{"CFG-T03"}},
	{when: func(s *situation) bool { return !s.personal() && s.State == "new" },
		option: ADE, info: []string{"ADE-T03", "CFG-T04"}},
	{when: func(s *situation) bool { return !s.personal() && s.InProgram == "yes" },
		option: ADE, info: []string{"ADE-T08 wiped", "DD-01"}},
	{when: func(s *situation) bool { return !s.personal() && s.Mac == "yes" },
		option: configurator, info: []string{"ADE-T08", "CFG-T06"}},
	{when: func(s *situation) bool { return !s.personal() },
		block: []string{"CFG-13 or listed"}, info: []string{"ADE-T08", "X-33 add"}},

	// Personal devices.
	{when: func(s *situation) bool { return s.DEM == "yes" },
		option: BYODDevice, info: []string{"BYO-T07"}},
	{when: func(s *situation) bool { return s.MSAppsOnly == "yes" && !s.partition() && s.WholeDevice == "no" },
		option: MAM, info: []string{"ACC-08", "GEN-11"}},
	{when: func(s *situation) bool { return s.UserChoice == "yes" },
		option: BYODChoice, info: []string{"CHO-01", "CHO-02", "X-84"}},
	{when: func(s *situation) bool { return s.WholeDevice == "yes" && s.partition() },
		option: wholeDevice, warn: []string{"DEV-02 wins", "ACC-06"}},
	{when: func(s *situation) bool { return s.WholeDevice == "yes" },
		option: wholeDevice, info: []string{"DEV-02"}},
	{when: func(s *situation) bool { return s.partition() && s.accountReady() },
		option: BYODAccount},
	{when: func(*situation) bool { return true },
		option: wholeDevice},
}

var modeLines = []line{
	{when: func(s *situation) bool { return s.Option == configurator && s.Use == "userless" },
		option: ACDirect},
	{when: func(s *situation) bool { return s.Option == configurator },
		option: ACSetupAssistant},
	{when: func(s *situation) bool { return s.Option == asked && s.Ask == string(BYODDevice) }, option: BYODDevice},
	{when: func(s *situation) bool { return s.Option == asked && s.Ask == string(BYODWeb) }, option: BYODWeb},
	{when: func(s *situation) bool { return s.Option == asked && s.Ask == string(BYODChoice) }, option: BYODChoice},
	{when: func(s *situation) bool { return s.Option == asked }, option: BYODAccount},
	{when: func(s *situation) bool { return s.Option == wholeDevice && s.CPApp == "wanted" },
		option: BYODDevice, info: []string{"DEV-01"}},
	{when: func(s *situation) bool { return s.Option == wholeDevice && s.below(15) },
		option: BYODDevice, info: []string{"WEB-01 too old"}},
	{when: func(s *situation) bool { return s.Option == wholeDevice && s.CPApp == "unwanted" },
		option: BYODWeb, info: []string{"WEB-01", "DD-02 unwanted"}},
	{when: func(s *situation) bool { return s.Option == wholeDevice },
		option: BYODWeb, info: []string{"WEB-01", "DD-02"}},
}

// asksPersonal tells whether somebody asks for an enrollment made for personal devices.
func (s *situation) asksPersonal() bool {
	switch Option(s.Ask) {
	case BYODDevice, BYODWeb, BYODChoice, BYODAccount:
		return true
	default:
		return false
	}
}

// adeTakes tells whether ADE can take the devices; without the list of Apple only new ones.
func (s *situation) adeTakes() bool {
	return s.Portal == "yes" && (s.State == "new" || s.Wipe == "yes" && s.InProgram == "yes")
}

// adeFits tells whether ADE is what the procedure would choose.
func (s *situation) adeFits() bool { return s.Wired == "no" && s.adeTakes() }

// notListed tells whether only the missing entry at Apple stands against ADE.
func (s *situation) notListed() bool {
	return s.Wired == "no" && s.Portal == "yes" && s.State == "existing" && s.Wipe == "yes" && s.InProgram == "no"
}

// inUse tells whether the organization's devices are in use and must not be reset.
func (s *situation) inUse() bool {
	return !s.personal() && s.State == "existing" && s.Wipe == "no"
}
