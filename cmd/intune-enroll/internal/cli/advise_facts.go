package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/tenant"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// fact is what the tenant says for one answer.
type fact struct {
	key   string
	value string // "": it cannot be told
	text  string // what was seen, or why it cannot be told
	gap   *enroll.Gap
}

// advised are the kinds that facts are read from.
func advised() []enroll.KindName {
	return []enroll.KindName{enroll.Organization, enroll.PushCertificate, enroll.ADEToken, enroll.VPPToken, enroll.PortalApp,
		enroll.BYODProfile, enroll.BYODAssignment, tenant.Restriction}
}

// factsOf are the answers that a tenant gives, each or the reason why not.
func factsOf(live enroll.Snapshot) []fact {
	var out []fact
	for _, look := range []struct {
		keys  []string
		kinds []enroll.KindName
		say   func(enroll.Snapshot) []fact
	}{
		{[]string{"apns"}, []enroll.KindName{enroll.PushCertificate}, pushFact},
		{[]string{"adeToken"}, []enroll.KindName{enroll.ADEToken}, tokenFact},
		{[]string{"mdmAuthority"}, []enroll.KindName{enroll.Organization}, authorityFact},
		{[]string{"iosBlocked", "personalIosBlocked"}, []enroll.KindName{tenant.Restriction}, restrictionFacts},
		{[]string{"accTargeted"}, []enroll.KindName{enroll.BYODProfile, enroll.BYODAssignment}, targetedFact},
		{[]string{"vpp"}, []enroll.KindName{enroll.VPPToken, enroll.PortalApp}, vppFact},
	} {
		gap, missing := live.GapIn(look.kinds...)
		if !missing {
			out = append(out, look.say(live)...)
			continue
		}
		for _, key := range look.keys {
			out = append(out, fact{key: key, text: "could not look: " + gap.Reason, gap: &gap})
		}
	}
	return out
}

// soon is when a thing counts as expiring, in the words of the question.
const soon = 30 * 24 * time.Hour

func stateOf(expires, now time.Time) string {
	switch {
	case expires.IsZero():
		return ""
	case !expires.After(now):
		return "expired"
	case expires.Sub(now) <= soon:
		return "expiring"
	default:
		return "ok"
	}
}

func pushFact(live enroll.Snapshot) []fact {
	for _, o := range live.Objects[enroll.PushCertificate] {
		if c, ok := o.Facts.(graph.PushCertificate); ok {
			return []fact{{key: "apns", value: stateOf(c.Expires, live.At), text: "the push certificate lasts until " + day(c.Expires)}}
		}
	}
	return []fact{{key: "apns", value: "none", text: "there is no push certificate"}}
}

// tokenFact cannot tell where tokens are in different states: the answer is
// about the one that is meant.
func tokenFact(live enroll.Snapshot) []fact {
	var states, said []string
	for _, o := range live.Objects[enroll.ADEToken] {
		t, ok := o.Facts.(ade.TokenFacts)
		if !ok {
			continue
		}
		states = append(states, stateOf(t.Expires, live.At))
		said = append(said, fmt.Sprintf("token %q lasts until %s", t.Name, day(t.Expires)))
	}
	switch slices.Sort(states); {
	case len(states) == 0:
		return []fact{{key: "adeToken", value: "none", text: "there is no enrollment program token"}}
	case len(slices.Compact(states)) > 1:
		return []fact{{key: "adeToken", text: "the enrollment program tokens differ, so answer for the one you mean: " + strings.Join(said, ", ")}}
	}
	return []fact{{key: "adeToken", value: states[0], text: strings.Join(said, ", ")}}
}

func authorityFact(live enroll.Snapshot) []fact {
	for _, o := range live.Objects[enroll.Organization] {
		if org, ok := o.Facts.(graph.Organization); ok && org.MDMAuthority != "" {
			return []fact{{key: "mdmAuthority", value: org.MDMAuthority, text: "the MDM authority is " + org.MDMAuthority}}
		}
	}
	return []fact{{key: "mdmAuthority", text: "the service does not say what the MDM authority is"}}
}

// restrictionFacts speak for the default restriction. Where others say
// something else it depends on the user, and cannot be told.
func restrictionFacts(live enroll.Snapshot) []fact {
	var standard *tenant.RestrictionFacts
	var all []tenant.RestrictionFacts
	for _, o := range live.Objects[tenant.Restriction] {
		r, ok := o.Facts.(tenant.RestrictionFacts)
		if !ok {
			continue
		}
		all = append(all, r)
		if r.Default {
			standard = &r
		}
	}
	say := func(key, what string, blocks func(tenant.RestrictionFacts) bool) fact {
		switch {
		case standard == nil:
			return fact{key: key, text: "the default enrollment restriction was not among those the service listed"}
		case slices.ContainsFunc(all, func(r tenant.RestrictionFacts) bool { return blocks(r) != blocks(*standard) }):
			return fact{key: key, text: "enrollment restrictions differ about " + what + ", so it depends on who enrolls"}
		case blocks(*standard):
			return fact{key: key, value: "yes", text: "the default enrollment restriction blocks " + what}
		default:
			return fact{key: key, value: "no", text: "no enrollment restriction blocks " + what}
		}
	}
	return []fact{
		say("iosBlocked", "iOS and iPadOS", func(r tenant.RestrictionFacts) bool { return r.Blocked }),
		say("personalIosBlocked", "personally owned iPhones and iPads", func(r tenant.RestrictionFacts) bool { return r.Blocked || r.BlocksPersonal }),
	}
}

// targetedFact knows everybody and nobody; which users a device will have is
// not known, so of groups it cannot tell.
func targetedFact(live enroll.Snapshot) []fact {
	f := fact{key: "accTargeted", value: "no", text: "no account driven or user choice profile is assigned"}
	for _, p := range live.Objects[enroll.BYODProfile] {
		if e := p.Fields.Text("enrollment"); e == byod.DeviceCompanyPortal || e == byod.DeviceWeb {
			continue
		}
		for _, a := range live.Objects[enroll.BYODAssignment] {
			target, _ := a.Fields["target"].(enroll.Ref)
			switch {
			case a.Ref.Scope != p.Ref.Owner():
			case target == directory.AllUsers():
				return []fact{{key: "accTargeted", value: "yes", text: fmt.Sprintf("profile %q, account driven or user choice, goes to all users", p.Ref.Name)}}
			default:
				f = fact{key: "accTargeted", text: fmt.Sprintf("profile %q, account driven or user choice, goes to groups, and whether users of these devices are in them cannot be seen", p.Ref.Name)}
			}
		}
	}
	return []fact{f}
}

// vppFact looks for a token that works and has a licence of Company Portal left.
func vppFact(live enroll.Snapshot) []fact {
	tokens := map[string]vpp.TokenFacts{}
	for _, o := range live.Objects[enroll.VPPToken] {
		if t, ok := o.Facts.(vpp.TokenFacts); ok {
			tokens[t.ID] = t
		}
	}
	bought := false
	for _, o := range live.Objects[enroll.PortalApp] {
		app, ok := o.Facts.(companyportal.AppFacts)
		t, known := tokens[app.TokenID]
		if !ok || app.Store || !known {
			continue
		}
		bought = true
		if s := stateOf(t.Expires, live.At); t.State == "valid" && s != "expired" && app.Licences > app.Used {
			return []fact{{key: "vpp", value: "ok", text: fmt.Sprintf("%s has %d of %s left, and its token lasts until %s", o.Ref.Name, app.Licences-app.Used, enroll.Plural(app.Licences, "licence"), day(t.Expires))}}
		}
	}
	if bought {
		return []fact{{key: "vpp", value: "bad", text: "Company Portal is there, and its location (VPP) token does not work or no licence is left"}}
	}
	return []fact{{key: "vpp", value: "none", text: "no location (VPP) token has Company Portal"}}
}

func day(t time.Time) string {
	if t.IsZero() {
		return "a day that the service does not say"
	}
	return t.UTC().Format(time.DateOnly)
}

// take fills in what was not answered. An answer that somebody gave counts,
// and it is said where the tenant differs.
func take(a *advise.Answers, facts []fact) ([]fact, error) {
	var out []fact
	for _, f := range facts {
		switch given := a.Get(f.key); {
		case given == "" && f.value != "":
			if err := a.Set(f.key, f.value); err != nil {
				return nil, fmt.Errorf("take an answer from the tenant: %w", err)
			}
		case given == "":
		case f.value == "" || strings.EqualFold(f.value, given):
			continue
		default:
			f = fact{key: f.key, value: given, text: fmt.Sprintf("that is your answer, and it counts; the tenant says %s: %s", f.value, f.text)}
		}
		out = append(out, f)
	}
	return out, nil
}
