package advise

import (
	"slices"
	"strconv"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Option is a way to enroll, or to do without.
type Option string

// The options. Apple Configurator has one with a user and one without; MAM is
// app protection without enrollment; NoOption means that nothing is enrolled.
const (
	ADE              Option = "ade"
	ACSetupAssistant Option = "ac-setup-assistant"
	ACDirect         Option = "ac-direct"
	BYODDevice       Option = "byod-device"
	BYODWeb          Option = "byod-web"
	BYODChoice       Option = "byod-choice"
	BYODAccount      Option = "byod-account"
	MAM              Option = "mam"
	NoOption         Option = "none"
)

// Options are all options, NoOption last.
func Options() []Option {
	return []Option{ADE, ACSetupAssistant, ACDirect, BYODDevice, BYODWeb, BYODChoice, BYODAccount, MAM, NoOption}
}

// Auth is how users sign in while the organization's device enrolls. Personal
// devices and devices without a user have none.
type Auth string

// The ways to sign in.
const (
	SAModern         Auth = "sa-modern"
	SAModernJIT      Auth = "sa-modern-jit"
	CompanyPortalApp Auth = "company-portal"
	SALegacy         Auth = "sa-legacy"
	SetupAssistant   Auth = "setup-assistant"
	NoAuth           Auth = "none"
)

// Auths are all ways to sign in, NoAuth last.
func Auths() []Auth {
	return []Auth{SAModern, SAModernJIT, CompanyPortalApp, SALegacy, SetupAssistant, NoAuth}
}

// CompanyPortal is how the Company Portal app gets on the device.
type CompanyPortal string

// The ways of Company Portal.
const (
	VPP          CompanyPortal = "vpp"
	AppleID      CompanyPortal = "apple-id"
	ConfigPolicy CompanyPortal = "config-policy"
	StoreByUser  CompanyPortal = "store-by-user"
	NoPortal     CompanyPortal = "none"
)

// CompanyPortals are all ways of Company Portal, NoPortal last.
func CompanyPortals() []CompanyPortal {
	return []CompanyPortal{VPP, AppleID, ConfigPolicy, StoreByUser, NoPortal}
}

// Status is whether the advice can be followed now.
type Status string

// The statuses. Blocked means that nothing may be made yet: Option is then
// what would work once what blocks is gone.
const (
	OK      Status = "ok"
	Warn    Status = "warn"
	Blocked Status = "blocked"
)

// Message is one reason, limit or task that belongs to the advice. Errors block.
type Message struct {
	Rule     string
	Severity enroll.Severity // error, warning or info
	Text     string
}

// Reason is why an option is not the one.
type Reason struct {
	Option Option
	Rule   string
	Text   string
}

// Advice is the outcome.
type Advice struct {
	Option        Option
	Auth          Auth
	CompanyPortal CompanyPortal
	Status        Status
	// LockUntilInstalled and AwaitFinalConfiguration are the two settings of an
	// ADE profile that follow from the answers.
	LockUntilInstalled      bool
	AwaitFinalConfiguration bool
	Rules                   []string          // the ids of Messages, each once
	Messages                []Message         // worst first
	Against                 []Reason          // one for each other option, in the order of Options
	Assumed                 map[string]string // what was not answered and could change the outcome, and what was taken for it
	Missing                 []string          // keys that must be answered first; then nothing else is filled in
}

// Advise gives the advice for the answers. It always gives one: where an
// answer is missing that has no default and makes a difference, it is blocked,
// has no option, and names the keys.
func Advise(a Answers) Advice {
	if missing := Missing(a); len(missing) > 0 {
		return Advice{Option: NoOption, Auth: NoAuth, CompanyPortal: NoPortal, Status: Blocked, Missing: missing}
	}
	s := decide(a)
	out := Advice{Option: s.Option, Auth: s.Auth, CompanyPortal: s.CompanyPortal, Status: s.status(),
		LockUntilInstalled: s.lockUntilInstalled(), AwaitFinalConfiguration: s.awaitFinalConfiguration(),
		Against: s.against(), Assumed: assumed(a)}
	for _, c := range s.cited {
		if rule := ruleOf(c.key); !slices.Contains(out.Rules, rule) {
			out.Rules = append(out.Rules, rule)
		}
		out.Messages = append(out.Messages, Message{Rule: ruleOf(c.key), Severity: c.severity, Text: s.say(c.key)})
	}
	return out
}

// ruleOf is the id in the key of a text.
func ruleOf(key string) string {
	rule, _, _ := strings.Cut(key, " ")
	return rule
}

// say is the text of key with what was answered filled in.
func (s *situation) say(key string) string {
	text, _ := textOf(key)
	var wishes []string
	for _, w := range []struct {
		wished bool
		name   string
	}{
		{s.PerApp == "yes", "work and private kept apart"},
		{s.UserChoice == "yes", "a choice for the user"},
		{s.CPApp == "unwanted", "enrollment on the web, without the app"},
	} {
		if w.wished {
			wishes = append(wishes, w.name)
		}
	}
	return strings.NewReplacer(
		"{count}", strconv.Itoa(s.devices()),
		"{files}", strconv.Itoa((s.devices()+4_999)/5_000),
		"{tokens}", strconv.Itoa((s.devices()+199_999)/200_000),
		"{minOS}", s.MinOS,
		"{mdmAuthority}", strconv.Quote(s.MDMAuthority),
		"{wishes}", strings.Join(wishes, "; "),
	).Replace(text)
}
