package vpp

import (
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// late is how old the last sync may be: Intune syncs once a day (Microsoft
// docs page on VPP apps), so two days mean that one was missed.
const late = 2 * enroll.Day

// TokenRules are those about the tokens; limits say how early the end of one is reported.
func TokenRules(limits enroll.Limits) []enroll.Rule {
	const page = "https://learn.microsoft.com/en-us/intune/intune-service/apps/vpp-apps-ios"
	needs := []enroll.KindName{enroll.VPPToken}
	return []enroll.Rule{
		{ID: "X-19", Severity: enroll.Error, Title: "VPP tokens are valid",
			Why:  "A token lasts a year, and stops earlier when its Apple account changes or another MDM takes it. After that no licence is assigned, and profiles that install Company Portal through it block enrollment (CPI-04, X-44).",
			Fix:  "download the token again in Apple Business Manager, Preferences > Payments and Billing, and upload it in the Intune admin center, Tenant administration > Connectors and tokens > Apple VPP tokens",
			Link: page, Needs: needs,
			Check: func(want []enroll.Object, live enroll.Snapshot, now time.Time) []enroll.Finding {
				tokens, looked := live.Objects[enroll.VPPToken]
				if _, gap := live.GapIn(enroll.VPPToken); looked && len(tokens) == 0 && !gap && len(want) == 0 {
					return []enroll.Finding{{On: enroll.Ref{Kind: enroll.VPPToken}, Severity: enroll.Info, Message: "the tenant has no VPP token",
						Fix: "nothing, when no app is licensed through Apple Business Manager; else upload a token in the Intune admin center, Tenant administration > Connectors and tokens > Apple VPP tokens"}}
				}
				return each(live, func(o enroll.Object, t TokenFacts) []enroll.Finding {
					out := []enroll.Finding{life(o, t, limits, now)}
					if f, behind := sync(o, t, now); behind {
						out = append(out, f)
					}
					return out
				})
			}},
		{ID: "CPI-07", Severity: enroll.Info, Title: "VPP apps update by themselves",
			Why:  "The install of Company Portal at enrollment happens once; later versions come only through the automatic updates of the token.",
			Fix:  "turn on automatic app updates of the token in the Intune admin center; it counts for all apps of the token",
			Link: page, Needs: needs,
			Check: func(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
				return each(live, func(o enroll.Object, t TokenFacts) []enroll.Finding { return []enroll.Finding{updates(o, t, want)} })
			}},
	}
}

// updates tells whether the apps of a token update by themselves: as the file
// wants it, else as it is.
func updates(o enroll.Object, t TokenFacts, want []enroll.Object) enroll.Finding {
	f := enroll.Finding{On: o.Ref, Path: "autoUpdate"}
	for _, w := range enroll.OfKind(want, enroll.TokenAutoUpdate) {
		if on, said := w.Fields.Flag("autoUpdate"); said && w.Ref.Name == o.Ref.Name && on != t.AutoUpdate {
			f.Origin = w.Where("autoUpdate")
			f.Message = fmt.Sprintf("the file keeps apps of VPP token %q from updating by themselves", o.Ref.Name)
			if on {
				f.Severity, f.Message = enroll.OK, fmt.Sprintf("the file lets apps of VPP token %q update by themselves", o.Ref.Name)
			}
			return f
		}
	}
	if t.UpdateUnsaid {
		f.Severity, f.Message = enroll.Unknown, fmt.Sprintf("the service did not say whether apps of VPP token %q update by themselves", o.Ref.Name)
		return f
	}
	f.Message = fmt.Sprintf("apps of VPP token %q do not update by themselves", o.Ref.Name)
	if t.AutoUpdate {
		f.Severity, f.Message = enroll.OK, fmt.Sprintf("apps of VPP token %q update by themselves", o.Ref.Name)
	}
	return f
}

func each(live enroll.Snapshot, check func(enroll.Object, TokenFacts) []enroll.Finding) []enroll.Finding {
	var out []enroll.Finding
	for _, o := range live.Objects[enroll.VPPToken] {
		if t, ok := o.Facts.(TokenFacts); ok {
			out = append(out, check(o, t)...)
		}
	}
	return out
}

// life is the one finding about state and end of a token.
func life(o enroll.Object, t TokenFacts, limits enroll.Limits, now time.Time) enroll.Finding {
	f := enroll.Finding{On: o.Ref, Severity: enroll.Error, Until: t.Expires}
	left := t.Expires.Sub(now)
	until := t.Expires.UTC().Format(time.DateOnly)
	severity, limit := limits.Passed(left)
	switch {
	case t.Expires.IsZero() && t.State == "expired":
		f.Message = fmt.Sprintf("VPP token %q has expired", o.Ref.Name)
	case !t.Expires.IsZero() && (t.State == "expired" || left <= 0):
		f.Message = fmt.Sprintf("VPP token %q has expired, on %s", o.Ref.Name, until)
	case t.State == "invalid":
		f.Message = fmt.Sprintf("VPP token %q is invalid: its Apple account changed, or it was replaced in Apple Business Manager", o.Ref.Name)
	case t.State == "assignedToExternalMDM":
		f.Message = fmt.Sprintf("VPP token %q is in use by another MDM: Intune cannot assign its licences", o.Ref.Name)
		f.Fix = "take it out of the other MDM, or claim it in the Intune admin center (Take control of token from another MDM)"
	case t.State == "duplicateLocationId":
		f.Message = fmt.Sprintf("VPP token %q belongs to a location that another token has too", o.Ref.Name)
		f.Fix = "delete the older of the two tokens of this location in the Intune admin center"
	case t.State != "valid":
		f.Severity, f.Message = enroll.Unknown, fmt.Sprintf("the service did not say whether VPP token %q is valid (state %q)", o.Ref.Name, t.State)
	case t.Expires.IsZero():
		f.Severity, f.Message = enroll.Unknown, fmt.Sprintf("the service did not say when VPP token %q expires", o.Ref.Name)
	case severity == enroll.OK:
		f.Severity, f.Message = enroll.OK, fmt.Sprintf("VPP token %q is valid for %s, until %s", o.Ref.Name, enroll.Span(left), until)
	default:
		f.Severity, f.Message = severity, fmt.Sprintf("VPP token %q expires in %s, on %s (limit %s)", o.Ref.Name, enroll.Span(left), until, enroll.Span(limit))
	}
	if t.Expires.IsZero() {
		return f
	}
	return f.InDays(left)
}

// sync says what is wrong with the last sync of a token, false when nothing is.
func sync(o enroll.Object, t TokenFacts, now time.Time) (enroll.Finding, bool) {
	f := enroll.Finding{On: o.Ref, Path: "lastSync", Severity: enroll.Warning,
		Fix: "sync it in the Intune admin center, Tenant administration > Connectors and tokens > Apple VPP tokens; if that fails too, accept new terms in Apple Business Manager and renew the token"}
	age := now.Sub(t.LastSync)
	told := t.SyncStatus == "none" || t.SyncStatus == "inProgress" || t.SyncStatus == "completed"
	switch {
	case t.SyncStatus == "failed":
		f.Message = fmt.Sprintf("the last sync of VPP token %q failed", o.Ref.Name)
	case t.LastSync.IsZero():
		f.Message = fmt.Sprintf("VPP token %q never synced", o.Ref.Name)
	case age > late:
		f.Message = fmt.Sprintf("VPP token %q last synced %s ago; Intune syncs it every day", o.Ref.Name, enroll.Span(age))
	case age < -enroll.Day:
		f.Severity, f.Message = enroll.Unknown, fmt.Sprintf("the service gives a last sync of VPP token %q in the future, on %s", o.Ref.Name, t.LastSync.UTC().Format(time.DateOnly))
		return f, true
	case !told:
		f.Severity, f.Message = enroll.Unknown, fmt.Sprintf("the service did not say how the last sync of VPP token %q ended (status %q)", o.Ref.Name, t.SyncStatus)
	default:
		return enroll.Finding{}, false
	}
	if t.LastSync.IsZero() {
		return f, true
	}
	return f.InDays(age), true
}
