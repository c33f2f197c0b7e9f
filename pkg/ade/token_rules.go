package ade

import (
	"fmt"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// TokenRules check the live enrollment program tokens: expiry against the
// limits, the last sync and its error. Each gives one finding for each token,
// ok included. Where the file names tokens, what is wrong with others is a
// warning at most.
func TokenRules(l enroll.Limits) []enroll.Rule {
	needs := []enroll.KindName{enroll.ADEToken}
	return []enroll.Rule{
		{
			ID: "ADE-13", Severity: enroll.Error, Title: "the enrollment program token is valid", Link: pageTokens, Needs: needs,
			Why: "Without a valid token no new device and no profile passes between Apple and Intune. It lasts one year, and ends earlier when the Apple Account it was made with changes its password or goes.",
			Fix: "in Apple Business Manager download a new token of the same MDM server with the same Apple Account, and renew it: intune-enroll ade token upload FILE",
			Check: func(want []enroll.Object, live enroll.Snapshot, now time.Time) []enroll.Finding {
				if _, looked := live.Objects[enroll.ADEToken]; !looked {
					return nil
				}
				if _, gap := live.GapIn(enroll.ADEToken); len(live.Objects[enroll.ADEToken]) == 0 && !gap {
					f := enroll.Finding{
						On:      enroll.Ref{Kind: enroll.ADEToken},
						Message: "the tenant has no enrollment program token: no device can enroll by Automated Device Enrollment",
						Fix:     "add a token in Intune under Devices > Enrollment > Apple > Enrollment program tokens, with a server token from Apple Business Manager",
					}
					if len(want) > 0 && len(tokensOf(want)) == 0 {
						f.Severity, f.Message = enroll.Info, f.Message+"; the file needs none"
					}
					return one(f)
				}
				return eachToken(want, live, func(t TokenFacts) enroll.Finding { return expiry(t, l, now) })
			},
		},
		{
			ID: "X-15", Severity: enroll.Error, Title: "the last sync with Apple had no error", Link: pageSync, Needs: needs,
			Why: "A sync error keeps new devices and changed profiles from passing between Apple and Intune.",
			Fix: "sync it again: intune-enroll ade token sync --wait; if the error stays, look at the token in the Intune admin center, Devices > Enrollment > Apple > Enrollment program tokens",
			Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
				return eachToken(want, live, syncError)
			},
		},
		{
			ID: "X-32", Severity: enroll.Error, Title: "the token has synced lately", Link: pageTokens, Needs: needs,
			Why: "Intune syncs with Apple every 12 hours by itself; when it does not, new devices and assignments are missing.",
			Fix: "sync the token: intune-enroll ade token sync --wait (at most every 15 minutes)",
			Check: func(want []enroll.Object, live enroll.Snapshot, now time.Time) []enroll.Finding {
				return eachToken(want, live, func(t TokenFacts) enroll.Finding { return syncAge(t, now) })
			},
		},
	}
}

// tokensOf are the tokens, as owners, that own something of what the file wants.
func tokensOf(want []enroll.Object) map[string]bool {
	named := map[string]bool{}
	for _, o := range want {
		if strings.HasPrefix(o.Ref.Scope, string(enroll.ADEToken)+":") {
			named[o.Ref.Scope] = true
		}
	}
	return named
}

// eachToken looks at every live token.
func eachToken(want []enroll.Object, live enroll.Snapshot, look func(TokenFacts) enroll.Finding) []enroll.Finding {
	named := tokensOf(want)
	var out []enroll.Finding
	for _, o := range live.Objects[enroll.ADEToken] {
		facts, ok := o.Facts.(TokenFacts)
		if !ok {
			continue
		}
		f := look(facts)
		f.On = o.Ref
		if len(named) > 0 && !named[o.Ref.Owner()] && f.Severity == enroll.Error {
			f.Severity = enroll.Warning
		}
		out = append(out, f)
	}
	return out
}

// expiry holds what is left against the limits.
func expiry(t TokenFacts, l enroll.Limits, now time.Time) enroll.Finding {
	if t.Expires.IsZero() {
		return enroll.Finding{Severity: enroll.Unknown, Message: "the service does not say when the token expires"}
	}
	left := t.Expires.Sub(now)
	f := enroll.Finding{Until: t.Expires}.InDays(left)
	on := t.Expires.UTC().Format(time.DateOnly)
	if left <= 0 {
		f.Severity = enroll.Error
		f.Message = fmt.Sprintf("the token expired on %s: devices and profiles no longer sync with Apple (Apple Account %s)", on, t.AppleID)
		return f
	}
	severity, limit := l.Passed(left)
	f.Severity = severity
	f.Message = fmt.Sprintf("the token is valid until %s, %s (Apple Account %s)", on, enroll.Span(left), t.AppleID)
	if severity != enroll.OK {
		f.Message = fmt.Sprintf("the token expires on %s, in %s: the limit is %s (Apple Account %s)", on, enroll.Span(left), enroll.Span(limit), t.AppleID)
	}
	return f
}

// syncError knows two codes; the others are not documented (two monitoring
// tools of other authors agree on 3).
func syncError(t TokenFacts) enroll.Finding {
	switch t.SyncError {
	case -1:
		return enroll.Finding{Severity: enroll.Unknown, Message: "the service does not say how the last sync with Apple ended"}
	case 0:
		return enroll.Finding{Severity: enroll.OK, Message: "the last sync with Apple reported no error"}
	case 3:
		return enroll.Finding{
			Severity: enroll.Error,
			Message:  "the sync with Apple is stopped: new terms and conditions are not accepted yet (error 3)",
			Fix:      "sign in to Apple Business Manager as an administrator, accept the terms, and sync the token",
		}
	}
	return enroll.Finding{Severity: enroll.Error, Message: fmt.Sprintf("the last sync with Apple ended with error %d, which Microsoft does not document", t.SyncError)}
}

func syncAge(t TokenFacts, now time.Time) enroll.Finding {
	if t.Synced.IsZero() {
		if !t.Changed.IsZero() && now.Sub(t.Changed) < enroll.Day {
			return enroll.Finding{Severity: enroll.Warning, Message: "the token is new and has not synced with Apple yet"}
		}
		return enroll.Finding{Severity: enroll.Error, Message: "the token has never synced with Apple"}
	}
	age := now.Sub(t.Synced)
	f := enroll.Finding{Severity: enroll.OK}.InDays(max(0, age))
	at := t.Synced.UTC().Format("2006-01-02 15:04 UTC")
	if age < -enroll.Day {
		return enroll.Finding{Severity: enroll.Unknown, Message: "the service gives a last sync with Apple in the future, on " + at}
	}
	f.Message = fmt.Sprintf("last synced with Apple on %s; %s", at, enroll.Plural(t.Devices, "device"))
	if t.DevicesUnsaid {
		f.Message = "last synced with Apple on " + at
	}
	switch {
	case age > 7*enroll.Day:
		f.Severity = enroll.Error
	case age > enroll.Day:
		f.Severity = enroll.Warning
	}
	if f.Severity != enroll.OK {
		f.Message = fmt.Sprintf("no successful sync with Apple since %s, %s ago", at, enroll.Span(age))
	}
	return f
}
