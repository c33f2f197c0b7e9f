package guide

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Page is the text for one group of people, ready to be laid out.
type Page struct {
	Variant  Variant    `json:"variant,omitempty"` // empty: the administrator's checklist
	Profile  enroll.Ref `json:"profile,omitzero"`
	Language string     `json:"language"`
	Title    string     `json:"title"`
	Intro    Line       `json:"intro"`
	Sections []Section  `json:"sections"`
	Code     *Code      `json:"code,omitempty"`
	Footer   Line       `json:"footer,omitempty"`
	From     Sender     `json:"from"`

	quotes [2]string // what labels stand between where there is no bold
}

// Style is how the items of a section stand: one after the other, numbered, or to be ticked off.
type Style string

// The styles of a section.
const (
	Bullets   Style = "bullets"
	Steps     Style = "steps"
	Checklist Style = "checklist"
)

// Section is a part of a page under a heading.
type Section struct {
	Heading string `json:"heading"`
	Style   Style  `json:"style"`
	Items   []Item `json:"items"`
}

// Item is one thing to have, to do or to know.
type Item struct {
	Text  Line     `json:"text"`
	Code  string   `json:"code,omitempty"`  // a command or a text to copy, lines and all
	Rules []string `json:"rules,omitempty"` // statements of the guide that it carries
}

// Code is an address that a camera can read from the page.
type Code struct {
	Link    string `json:"link"`
	Caption string `json:"caption"`
}

// Sender is who gives the instructions out. All of it may be left empty; the
// text then says "your organization" and "your IT support".
type Sender struct {
	Name    string `json:"name,omitempty"`
	Contact string `json:"contact,omitempty"` // whom to ask: a name, a phone number, an address; else what the profile names
	Logo    *Logo  `json:"-"`
}

// Addresses, of Microsoft's help for users (Microsoft docs, user help section),
// of Company Portal in the App Store, and on the Company Portal website.
const (
	helpCompany  = "https://learn.microsoft.com/intune/user-help/enrollment/enroll-automated-ios"
	helpPersonal = "https://learn.microsoft.com/intune/user-help/enrollment/enroll-ios"
	storePage    = "https://apps.apple.com/app/intune-company-portal/id719171358"
	webPath      = "/enrollment/webenrollment/ios"
)

// portalSite is the Company Portal website of a national cloud (Microsoft docs
// pages on web based enrollment and on Intune's US Government endpoints).
// Those of other clouds are not established.
func portalSite(cloud string) (string, bool) {
	switch cloud {
	case "", "global":
		return "https://portal.manage.microsoft.com", true
	case "gcc-high", "dod":
		return "https://portal.manage.microsoft.us", true
	default:
		return "", false
	}
}

// Users writes one page for each audience, in one language. Cloud is the name
// of the national cloud, "" for the global one.
func Users(audiences []Audience, from Sender, cloud, language string) ([]Page, error) {
	w, err := loadWords(forUsers, language)
	if err != nil {
		return nil, err
	}
	from.Name, from.Contact = visible(from.Name), visible(from.Contact)
	var out []Page
	var errs []error
	for _, a := range audiences {
		if a.problem != nil {
			errs = append(errs, a.problem)
			continue
		}
		p, err := userPage(a, from, cloud, language, w)
		if err != nil {
			errs = append(errs, fmt.Errorf("write the instructions for %s: %w", a.Profile, err))
			continue
		}
		out = append(out, p)
	}
	return out, errors.Join(errs...)
}

func userPage(a Audience, from Sender, cloud, language string, w words) (Page, error) {
	o, ok := outlineOf(a.Variant)
	if !ok {
		return Page{}, fmt.Errorf("there is no variant %q", a.Variant)
	}
	site, known := portalSite(cloud)
	a.nowhere = !known
	code, caption := a.begin(site)
	in := writer{words: w, links: []string{"link", "help"}, values: map[string]string{
		"org": cmp.Or(from.Name, w["org.unknown"]), "contact": cmp.Or(from.Contact, a.Support, w["contact.unknown"]),
		"profile": a.Profile.String(), "link": code, "help": helpPersonal}}

	b := builder{writer: in, audience: a}
	p := Page{Variant: a.Variant, Profile: a.Profile, Language: language, From: from,
		Title: b.text("title." + o.title()), Intro: b.line(o.intro.key), Footer: b.line("footer.profile"),
		Code:   &Code{Link: code, Caption: b.text(caption)},
		quotes: b.quotes()}
	p.Sections = b.sections(
		part{"heading.needs", Bullets, o.needs}, part{"heading.steps", Steps, o.steps}, part{"heading.done", Bullets, o.done},
		part{"heading.privacy", Bullets, o.privacy}, part{"heading.help", Bullets, o.help})
	return p, b.err
}

// title says which of the titles an outline has.
func (o outline) title() string {
	switch {
	case o.variant == PortalEnrolled, o.variant == PortalStaging:
		return "enrolled"
	case o.variant.personal():
		return "personal"
	case len(o.steps) == 0:
		return "nothing"
	case o.variant == ADESharedIPad, o.variant == ADEEntraShared:
		return "shared"
	default:
		return "company"
	}
}

// begin is the address in the code of a page, where the person begins or else
// finds help, and the key of its caption.
func (a Audience) begin(site string) (link, caption string) {
	switch {
	case a.Variant == BYODDevice, a.Variant == BYODChoice:
		return storePage, "code.store"
	case a.Variant == BYODWeb && !a.nowhere:
		return site + webPath, "code.web"
	case a.Variant.personal():
		return helpPersonal, "code.personal"
	default:
		return helpCompany, "code.company"
	}
}

// part is a section before its lines are chosen.
type part struct {
	heading string
	style   Style
	lines   []line
}

// builder writes lines and keeps the first error.
type builder struct {
	writer
	audience Audience
	err      error
}

func (b *builder) line(key string) Line {
	l, err := b.writer.line(key)
	b.err = cmp.Or(b.err, err)
	return l
}

func (b *builder) text(key string) string { return b.line(key).String() }

func (b *builder) quotes() [2]string {
	return [2]string{b.text("quote.open"), b.text("quote.close")}
}

func (b *builder) sections(parts ...part) []Section {
	var out []Section
	for _, p := range parts {
		s := Section{Style: p.style}
		for _, l := range p.lines {
			if l.when == nil || l.when(b.audience) {
				s.Items = append(s.Items, Item{Text: b.line(l.key), Rules: l.rules()})
			}
		}
		if len(s.Items) > 0 {
			s.Heading = b.text(p.heading)
			out = append(out, s)
		}
	}
	return out
}
