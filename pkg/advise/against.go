package advise

import (
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// objection is why an option is not the one: the first that holds is named.
type objection struct {
	options []Option
	when    func(s *situation) bool
	key     string
}

var (
	acBoth    = []Option{ACSetupAssistant, ACDirect}
	byodAll   = []Option{BYODDevice, BYODWeb, BYODChoice, BYODAccount}
	partition = []Option{BYODChoice, BYODAccount}
)

// objections are read only. Every option has one in every situation.
var objections = []objection{
	{Options(), func(s *situation) bool { return s.settled() }, "X-30 enrolled"},

	{[]Option{ADE}, func(s *situation) bool { return s.staying() }, "ADE-T09 staying"},
	{acBoth, func(s *situation) bool { return s.staying() }, "CFG-T11 staying"},
	{byodAll, func(s *situation) bool { return s.staying() }, "BYO-T06 staying"},

	{[]Option{ADE}, func(s *situation) bool { return s.personal() }, "ADE-T07"},
	{acBoth, func(s *situation) bool { return s.personal() }, "CFG-T10"},
	{byodAll, func(s *situation) bool { return !s.single() }, "BYO-T09"},
	{byodAll, func(s *situation) bool { return !s.personal() && !s.byod() }, "BYO-T08"},

	// The organization's devices.
	{[]Option{ADE}, func(s *situation) bool { return s.byod() }, "BYO-T08 instead of ADE"},
	{acBoth, func(s *situation) bool { return s.byod() }, "BYO-T08 instead of Configurator"},
	{[]Option{ADE}, func(s *situation) bool { return s.inUse() }, "X-30"},
	{[]Option{ADE}, func(s *situation) bool { return s.Wired == "yes" }, "CFG-T01 not ADE"},
	{[]Option{ADE}, func(s *situation) bool { return s.Portal == "unwanted" }, "CFG-T02 not ADE"},
	{[]Option{ADE}, func(s *situation) bool { return s.Portal == "no-country" }, "CFG-T03 not ADE"},
	{[]Option{ADE}, func(s *situation) bool { return s.Force == "CFG-T04" && s.adeFits() }, "CFG-T04 forced"},
	{[]Option{ADE}, func(*situation) bool { return true }, "ADE-T08"},
	{acBoth, func(s *situation) bool { return s.shared() }, "ADE-18 only"},
	{[]Option{ACDirect}, func(s *situation) bool { return s.single() }, "CFP-03 not with a user"},
	{[]Option{ACSetupAssistant}, func(s *situation) bool { return !s.single() }, "X-64 not without a user"},
	{acBoth, func(s *situation) bool { return s.Option == ADE && s.Force == "ADE-T08" && s.notListed() }, "ADE-T08 forced"},
	{acBoth, func(s *situation) bool { return s.Option == ADE }, "CFG-T04"},
	{[]Option{ACSetupAssistant}, func(s *situation) bool { return s.inUse() }, "X-62"},
	{acBoth, func(*situation) bool { return true }, "CFG-13"},
	{[]Option{MAM}, func(s *situation) bool { return !s.personal() }, "GEN-11 corporate"},

	{byodAll, func(s *situation) bool { return !s.personal() }, "BYO-T08 forced"},

	// Personal devices.
	{[]Option{MAM}, func(s *situation) bool { return !s.single() }, "GEN-11 one user"},
	{[]Option{MAM}, func(s *situation) bool { return s.LOB == "yes" }, "ACC-09 not app protection"},
	{[]Option{MAM}, func(s *situation) bool { return s.WholeDevice == "yes" }, "DEV-02 not app protection"},
	{[]Option{MAM}, func(*situation) bool { return true }, "ACC-08 more apps"},
	{byodAll, func(s *situation) bool { return s.Option == MAM }, "ACC-08"},
	{byodAll, func(s *situation) bool { return s.DEM == "yes" }, "DEV-04 only"},
	{byodAll, func(s *situation) bool { return s.Option == BYODChoice }, "CHO-01"},
	{partition, func(s *situation) bool { return s.ManagedAppleIDs == "no" }, "X-81"},
	{partition, func(s *situation) bool { return s.Discovery == "no" }, "X-82"},
	{partition, func(s *situation) bool { return s.below(15) }, "X-80"},
	{[]Option{BYODAccount}, func(s *situation) bool { return s.WholeDevice == "yes" }, "DEV-02"},
	{[]Option{BYODAccount}, func(*situation) bool { return true }, "ACC-05"},
	{[]Option{BYODChoice}, func(*situation) bool { return true }, "CHO-01 not asked"},
	{byodAll, func(s *situation) bool { return s.Option == BYODAccount && s.LOB == "yes" }, "ACC-09"},
	{byodAll, func(s *situation) bool { return s.Option == BYODAccount }, "ACC-02"},
	{[]Option{BYODWeb}, func(s *situation) bool { return s.CPApp == "wanted" }, "DEV-01"},
	{[]Option{BYODWeb}, func(*situation) bool { return true }, "WEB-01 too old"},
	{[]Option{BYODDevice}, func(*situation) bool { return true }, "DD-02"},
}

// why is the text that says why option is not the one here.
func (s *situation) why(option Option) string {
	i := slices.IndexFunc(objections, func(o objection) bool {
		return slices.Contains(o.options, option) && o.when(s)
	})
	if i < 0 {
		return ""
	}
	return objections[i].key
}

// against gives the reason against each option that was not chosen. Devices
// that are enrolled already have none to choose from.
func (s *situation) against() []Reason {
	if s.settled() {
		return nil
	}
	var out []Reason
	for _, option := range Options() {
		if option == s.Option || option == NoOption {
			continue
		}
		if key := s.why(option); key != "" {
			out = append(out, Reason{Option: option, Rule: ruleOf(key), Text: s.say(key)})
		}
	}
	return out
}

// askedFor says what stands against the option that somebody asked for, when
// it is not the one. It blocks; among the ways for a personal device it warns.
func (s *situation) askedFor() {
	option := s.askedOption()
	if option == "" || option == s.Option || s.staying() {
		return
	}
	key := s.why(option)
	severity := enroll.Error
	if s.settled() || s.personal() && s.single() && s.asksPersonal() {
		severity = enroll.Warning
	}
	// The rule may have spoken already, in words for just this case.
	if slices.ContainsFunc(s.cited, func(c cite) bool {
		return ruleOf(c.key) == ruleOf(key) && rank(c.severity) <= rank(severity) && !strings.HasSuffix(c.key, " forced")
	}) {
		return
	}
	s.cite(severity, key)
}

// askedOption is the option that the answer ask means, "" for none in particular.
func (s *situation) askedOption() Option {
	switch {
	case s.Ask == "configurator" && s.single():
		return ACSetupAssistant
	case s.Ask == "configurator":
		return ACDirect
	case s.Ask == "ade" || s.asksPersonal():
		return Option(s.Ask)
	default:
		return ""
	}
}
