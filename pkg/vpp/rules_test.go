package vpp

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestTokenRules(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	on := enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}
	healthy := func(change func(*TokenFacts)) TokenFacts {
		f := TokenFacts{ID: "v1", State: "valid", SyncStatus: "completed", Expires: now.Add(200 * enroll.Day), LastSync: now.Add(-time.Hour), AutoUpdate: true}
		if change != nil {
			change(&f)
		}
		return f
	}
	life := func(s enroll.Severity, left float64, message, fix string) enroll.Finding {
		return enroll.Finding{Rule: "X-19", Severity: s, On: on, Until: now.Add(time.Duration(left) * enroll.Day), Message: message, Fix: fix}.Measured(left, "days")
	}
	fine := life(enroll.OK, 200, `VPP token "Contoso VPP" is valid for 200 days, until 2027-06-10`, "")
	syncFix := "sync it in the Intune admin center, Tenant administration > Connectors and tokens > Apple VPP tokens; if that fails too, accept new terms in Apple Business Manager and renew the token"
	tests := []struct {
		name  string
		token TokenFacts
		out   []enroll.Finding
	}{
		{"healthy", healthy(nil), []enroll.Finding{fine}},
		{"warning", healthy(func(f *TokenFacts) { f.Expires = now.Add(25 * enroll.Day) }),
			[]enroll.Finding{life(enroll.Warning, 25, `VPP token "Contoso VPP" expires in 25 days, on 2026-12-17 (limit 30 days)`, "")}},
		{"critical", healthy(func(f *TokenFacts) { f.Expires = now.Add(enroll.Day) }),
			[]enroll.Finding{life(enroll.Error, 1, `VPP token "Contoso VPP" expires in 24 hours, on 2026-11-23 (limit 7 days)`, "")}},
		{"over, the state not yet changed", healthy(func(f *TokenFacts) { f.Expires = now.Add(-3 * enroll.Day) }),
			[]enroll.Finding{life(enroll.Error, -3, `VPP token "Contoso VPP" has expired, on 2026-11-19`, "")}},
		{"expired", healthy(func(f *TokenFacts) { f.Expires, f.State = now.Add(-400*enroll.Day), "expired" }),
			[]enroll.Finding{life(enroll.Error, -400, `VPP token "Contoso VPP" has expired, on 2025-10-18`, "")}},
		{"expired, no date", healthy(func(f *TokenFacts) { f.Expires, f.State = time.Time{}, "expired" }),
			[]enroll.Finding{{Rule: "X-19", Severity: enroll.Error, On: on, Message: `VPP token "Contoso VPP" has expired`}}},
		{"invalid", healthy(func(f *TokenFacts) { f.State = "invalid" }),
			[]enroll.Finding{life(enroll.Error, 200, `VPP token "Contoso VPP" is invalid: its Apple account changed, or it was replaced in Apple Business Manager`, "")}},
		{"another MDM", healthy(func(f *TokenFacts) { f.State = "assignedToExternalMDM" }),
			[]enroll.Finding{life(enroll.Error, 200, `VPP token "Contoso VPP" is in use by another MDM: Intune cannot assign its licences`, "take it out of the other MDM, or claim it in the Intune admin center (Take control of token from another MDM)")}},
		{"twice", healthy(func(f *TokenFacts) { f.State = "duplicateLocationId" }),
			[]enroll.Finding{life(enroll.Error, 200, `VPP token "Contoso VPP" belongs to a location that another token has too`, "delete the older of the two tokens of this location in the Intune admin center")}},
		{"state unknown", healthy(func(f *TokenFacts) { f.State = "unknown" }),
			[]enroll.Finding{life(enroll.Unknown, 200, `the service did not say whether VPP token "Contoso VPP" is valid (state "unknown")`, "")}},
		{"no date", healthy(func(f *TokenFacts) { f.Expires = time.Time{} }),
			[]enroll.Finding{{Rule: "X-19", Severity: enroll.Unknown, On: on, Message: `the service did not say when VPP token "Contoso VPP" expires`}}},
		{"sync late", healthy(func(f *TokenFacts) { f.LastSync = now.Add(-5 * enroll.Day) }), []enroll.Finding{
			enroll.Finding{Rule: "X-19", Severity: enroll.Warning, On: on, Path: "lastSync", Fix: syncFix, Message: `VPP token "Contoso VPP" last synced 5 days ago; Intune syncs it every day`}.Measured(5, "days"), fine}},
		{"sync failed", healthy(func(f *TokenFacts) { f.SyncStatus = "failed" }), []enroll.Finding{
			enroll.Finding{Rule: "X-19", Severity: enroll.Warning, On: on, Path: "lastSync", Fix: syncFix, Message: `the last sync of VPP token "Contoso VPP" failed`}.Measured(0, "days"), fine}},
		{"sync status unknown", healthy(func(f *TokenFacts) { f.SyncStatus = "unknownFutureValue" }), []enroll.Finding{
			enroll.Finding{Rule: "X-19", Severity: enroll.Unknown, On: on, Path: "lastSync", Fix: syncFix, Message: `the service did not say how the last sync of VPP token "Contoso VPP" ended (status "unknownFutureValue")`}.Measured(0, "days"), fine}},
		{"sync in the future", healthy(func(f *TokenFacts) { f.LastSync = now.Add(400 * enroll.Day) }), []enroll.Finding{
			{Rule: "X-19", Severity: enroll.Unknown, On: on, Path: "lastSync", Fix: syncFix, Message: `the service gives a last sync of VPP token "Contoso VPP" in the future, on 2027-12-27`}, fine}},
		{"never synced", healthy(func(f *TokenFacts) { f.LastSync, f.SyncStatus = time.Time{}, "none" }), []enroll.Finding{
			{Rule: "X-19", Severity: enroll.Warning, On: on, Path: "lastSync", Fix: syncFix, Message: `VPP token "Contoso VPP" never synced`}, fine}},
	}
	rules := TokenRules(enroll.Limits{Warn: []time.Duration{60 * enroll.Day, 30 * enroll.Day}, Critical: []time.Duration{7 * enroll.Day}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			live := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.VPPToken: {{Ref: on, Facts: tt.token}}}}
			if diff := cmp.Diff(tt.out, enroll.Evaluate(rules[:1], nil, live, now, true)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("no token", func(t *testing.T) {
		live := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.VPPToken: nil}}
		want := []enroll.Finding{{Rule: "X-19", Severity: enroll.Info, On: enroll.Ref{Kind: enroll.VPPToken}, Message: "the tenant has no VPP token",
			Fix: "nothing, when no app is licensed through Apple Business Manager; else upload a token in the Intune admin center, Tenant administration > Connectors and tokens > Apple VPP tokens"}}
		if diff := cmp.Diff(want, enroll.Evaluate(rules, nil, live, now, true)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if out := enroll.Evaluate(rules, []enroll.Object{{Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: "P"}}}, live, now, true); out != nil {
			t.Errorf("findings where a file needs none: %v", out)
		}
	})
	t.Run("updates not said", func(t *testing.T) {
		live := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.VPPToken: {{Ref: on, Facts: TokenFacts{UpdateUnsaid: true}}}}}
		want := []enroll.Finding{{Rule: "CPI-07", Severity: enroll.Unknown, On: on, Path: "autoUpdate", Message: `the service did not say whether apps of VPP token "Contoso VPP" update by themselves`}}
		if diff := cmp.Diff(want, enroll.Evaluate(rules[1:], nil, live, now, true)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("could not look", func(t *testing.T) {
		live := enroll.Snapshot{Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.VPPToken}, Reason: "no"}}}
		if out := enroll.Evaluate(rules, nil, live, now, true); enroll.Worst(out) != enroll.Unknown {
			t.Errorf("findings of a gap: %v", out)
		}
	})
}

func TestUpdates(t *testing.T) {
	token := enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}
	at := enroll.Origin{File: "contoso.yaml", Line: 9, Col: 5}
	file := func(name string, on bool) []enroll.Object {
		return []enroll.Object{{Ref: enroll.Ref{Kind: enroll.TokenAutoUpdate, Name: name}, Origin: at, Fields: enroll.Fields{"autoUpdate": on}}}
	}
	for _, tc := range []struct {
		name    string
		on      bool
		want    []enroll.Object
		severe  enroll.Severity
		origin  enroll.Origin
		message string
	}{
		{"on", true, nil, enroll.OK, enroll.Origin{}, `apps of VPP token "Contoso VPP" update by themselves`},
		{"off", false, nil, enroll.Info, enroll.Origin{}, `apps of VPP token "Contoso VPP" do not update by themselves`},
		{"the file turns it on", false, file("Contoso VPP", true), enroll.OK, at, `the file lets apps of VPP token "Contoso VPP" update by themselves`},
		{"the file turns it off", true, file("Contoso VPP", false), enroll.Info, at, `the file keeps apps of VPP token "Contoso VPP" from updating by themselves`},
		{"the file says what is", false, file("Contoso VPP", false), enroll.Info, enroll.Origin{}, `apps of VPP token "Contoso VPP" do not update by themselves`},
		{"the file is about another", false, file("Fabrikam VPP", true), enroll.Info, enroll.Origin{}, `apps of VPP token "Contoso VPP" do not update by themselves`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			live := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.VPPToken: {{Ref: token, Facts: TokenFacts{AutoUpdate: tc.on}}}}}
			say := []enroll.Finding{{Rule: "CPI-07", Severity: tc.severe, On: token, Path: "autoUpdate", Origin: tc.origin, Message: tc.message}}
			if diff := cmp.Diff(say, enroll.Evaluate(TokenRules(enroll.Limits{})[1:], tc.want, live, time.Time{}, true)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
