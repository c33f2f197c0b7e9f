package advise

import (
	"slices"
	"strconv"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// SchemaVersion is the version of Advice as JSON. Fields are only ever added.
const SchemaVersion = 1

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

// Message is one reason, limit or task that belongs to the advice.
type Message struct {
	Rule     string          `json:"rule"`
	Severity enroll.Severity `json:"severity"` // error blocks; warning; info
	Text     string          `json:"text"`
}

// Reason is why an option is not the one.
type Reason struct {
	Option Option `json:"option"`
	Rule   string `json:"rule"`
	Text   string `json:"text"`
}

// Advice is the outcome. Messages are worst first; Rules are their ids, each once.
type Advice struct {
	SchemaVersion int           `json:"schemaVersion"`
	Option        Option        `json:"option"`
	Auth          Auth          `json:"auth"`
	CompanyPortal CompanyPortal `json:"companyPortal"`
	Status        Status        `json:"status"`
	// LockUntilInstalled and AwaitFinalConfiguration are the two settings of an
	// ADE profile that follow from the answers.
	LockUntilInstalled      bool      `json:"lockUntilInstalled"`
	AwaitFinalConfiguration bool      `json:"awaitFinalConfiguration"`
	Rules                   []string  `json:"rules"`
	Messages                []Message `json:"messages"`
	Against                 []Reason  `json:"against"`
	Missing                 []string  `json:"missing,omitempty"` // keys that must be answered first; the rest then says nothing but blocked
}

// Advise gives the advice for the answers. It always gives one: where an
// answer is missing that has no default and makes a difference, it is blocked,
// has no option, and names the keys.
func Advise(a Answers) Advice {
	if missing := Missing(a); len(missing) > 0 {
		return Advice{SchemaVersion: SchemaVersion, Option: NoOption, Auth: NoAuth, CompanyPortal: NoPortal, Status: Blocked,
			Rules: []string{}, Messages: []Message{}, Against: []Reason{}, Missing: missing}
	}
	s := decide(a)
	out := Advice{SchemaVersion: SchemaVersion, Option: s.Option, Auth: s.Auth, CompanyPortal: s.CompanyPortal, Status: s.status(),
		LockUntilInstalled: s.lockUntilInstalled(), AwaitFinalConfiguration: s.awaitFinalConfiguration(),
		Rules: []string{}, Messages: []Message{}, Against: s.against()}
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
