package ade

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func TestTokenRules(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	limits := enroll.Limits{Warn: []time.Duration{60 * enroll.Day, 30 * enroll.Day}, Critical: []time.Duration{7 * enroll.Day}}
	healthy := TokenFacts{AppleID: "ade@contoso.com", Expires: now.Add(180 * enroll.Day), Changed: now.Add(-185 * enroll.Day), Synced: now.Add(-3 * time.Hour), Devices: 40}
	with := func(change func(*TokenFacts)) TokenFacts {
		f := healthy
		change(&f)
		return f
	}
	const (
		valid  = "ok ADE-13 the token is valid until 2027-05-21, 180 days (Apple Account ade@contoso.com) 180 days"
		quiet  = "ok X-15 the last sync with Apple reported no error"
		synced = "ok X-32 last synced with Apple on 2026-11-22 09:00 UTC; 40 devices 0 days"
	)
	for _, tc := range []struct {
		name  string
		facts TokenFacts
		want  []string
	}{
		{"healthy", healthy, []string{valid, quiet, synced}},
		{"expired", with(func(f *TokenFacts) { f.Expires = now.Add(-10*enroll.Day - time.Hour) }), []string{
			"error ADE-13 the token expired on 2026-11-12: devices and profiles no longer sync with Apple (Apple Account ade@contoso.com) -10 days", quiet, synced}},
		{"within the tightest limit", with(func(f *TokenFacts) { f.Expires = now.Add(6 * enroll.Day) }), []string{
			"error ADE-13 the token expires on 2026-11-28, in 6 days: the limit is 7 days (Apple Account ade@contoso.com) 6 days", quiet, synced}},
		{"within the middle limit", with(func(f *TokenFacts) { f.Expires = now.Add(30 * enroll.Day) }), []string{
			"warning ADE-13 the token expires on 2026-12-22, in 30 days: the limit is 30 days (Apple Account ade@contoso.com) 30 days", quiet, synced}},
		{"within the widest limit", with(func(f *TokenFacts) { f.Expires = now.Add(31 * enroll.Day) }), []string{
			"warning ADE-13 the token expires on 2026-12-23, in 31 days: the limit is 60 days (Apple Account ade@contoso.com) 31 days", quiet, synced}},
		{"expiry not said", with(func(f *TokenFacts) { f.Expires = time.Time{} }), []string{"unknown ADE-13 the service does not say when the token expires", quiet, synced}},
		{"terms", with(func(f *TokenFacts) { f.SyncError = 3 }), []string{valid, "error X-15 the sync with Apple is stopped: new terms and conditions are not accepted yet (error 3)", synced}},
		{"other error", with(func(f *TokenFacts) { f.SyncError = 7 }), []string{valid, "error X-15 the last sync with Apple ended with error 7, which Microsoft does not document", synced}},
		{"error not said", with(func(f *TokenFacts) { f.SyncError = -1 }), []string{valid, "unknown X-15 the service does not say how the last sync with Apple ended", synced}},
		{"stale for a day", with(func(f *TokenFacts) { f.Synced = now.Add(-25 * time.Hour) }), []string{valid, quiet, "warning X-32 no successful sync with Apple since 2026-11-21 11:00 UTC, 25 hours ago 1 days"}},
		{"stale for a week", with(func(f *TokenFacts) { f.Synced = now.Add(-8 * enroll.Day) }), []string{valid, quiet, "error X-32 no successful sync with Apple since 2026-11-14 12:00 UTC, 8 days ago 8 days"}},
		{"never synced", with(func(f *TokenFacts) { f.Synced = time.Time{} }), []string{valid, quiet, "error X-32 the token has never synced with Apple"}},
		{"synced in the future", with(func(f *TokenFacts) { f.Synced = now.Add(30 * enroll.Day) }), []string{valid, quiet, "unknown X-32 the service gives a last sync with Apple in the future, on 2026-12-22 12:00 UTC"}},
		{"new", with(func(f *TokenFacts) { f.Synced, f.Changed = time.Time{}, now.Add(-time.Hour) }), []string{valid, quiet, "warning X-32 the token is new and has not synced with Apple yet"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			live := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.ADEToken: {{Ref: enroll.Ref{Kind: enroll.ADEToken, Name: "Contoso ABM"}, Facts: tc.facts}}}}
			var got []string
			for _, r := range TokenRules(limits) {
				for _, f := range r.Check(nil, live, now) {
					line := fmt.Sprintf("%s %s %s", f.Severity, r.ID, f.Message)
					if f.Value != nil {
						line += fmt.Sprintf(" %g %s", *f.Value, f.Unit)
					}
					got = append(got, line)
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTokenRulesBesideOneToken(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ref := enroll.Ref{Kind: enroll.ADEToken, Name: "Contoso ABM"}
	expired := enroll.Object{Ref: ref, Facts: TokenFacts{Expires: now.Add(-enroll.Day), Synced: now}}
	gap := enroll.Gap{Scope: enroll.Ref{Kind: enroll.ADEToken}, Reason: "403"}
	tokens := func(o ...enroll.Object) map[enroll.KindName][]enroll.Object {
		return map[enroll.KindName][]enroll.Object{enroll.ADEToken: o}
	}
	elsewhere := []enroll.Object{{Ref: enroll.Ref{Kind: enroll.ADEProfile, Scope: "ade-token:Contoso School", Name: "P"}}}
	personal := []enroll.Object{{Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: "P"}}}
	for _, tc := range []struct {
		name string
		want []enroll.Object
		live enroll.Snapshot
		find []string
	}{
		{"not looked", nil, enroll.Snapshot{}, []string{}},
		{"none", nil, enroll.Snapshot{Objects: tokens()}, []string{"error ADE-13 : the tenant has no enrollment program token: no device can enroll by Automated Device Enrollment"}},
		{"none, and the file wants one", elsewhere, enroll.Snapshot{Objects: tokens()}, []string{"error ADE-13 : the tenant has no enrollment program token: no device can enroll by Automated Device Enrollment"}},
		{"none, and the file needs none", personal, enroll.Snapshot{Objects: tokens()}, []string{"info ADE-13 : the tenant has no enrollment program token: no device can enroll by Automated Device Enrollment; the file needs none"}},
		{"could not look", nil, enroll.Snapshot{Objects: tokens(), Gaps: []enroll.Gap{gap}}, []string{
			"unknown ADE-13 : could not look: 403", "unknown X-15 : could not look: 403", "unknown X-32 : could not look: 403"}},
		{"another token is the file's", elsewhere, enroll.Snapshot{Objects: tokens(expired)}, []string{
			"warning ADE-13 : the token expired on 2026-11-21: devices and profiles no longer sync with Apple (Apple Account )",
			"ok X-15 : the last sync with Apple reported no error",
			"ok X-32 : last synced with Apple on 2026-11-22 12:00 UTC; 0 devices"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := enroll.Evaluate(TokenRules(enroll.Limits{}), tc.want, tc.live, now, true)
			if d := cmp.Diff(tc.find, lines(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCheckScenarios(t *testing.T) {
	limits := enroll.Limits{Warn: []time.Duration{30 * enroll.Day}, Critical: []time.Duration{7 * enroll.Day}}
	for _, tc := range []struct {
		scenario string
		want     map[string]enroll.Severity // rule and token
	}{
		{"empty", map[string]enroll.Severity{"ADE-13 ": enroll.Error}},
		{"contoso", map[string]enroll.Severity{"ADE-13 Contoso ABM": enroll.OK, "X-15 Contoso ABM": enroll.OK, "X-32 Contoso ABM": enroll.OK}},
		{"expiring", map[string]enroll.Severity{"ADE-13 Contoso ABM": enroll.Error, "X-15 Contoso ABM": enroll.OK, "X-32 Contoso ABM": enroll.OK}},
		{"neglected", map[string]enroll.Severity{
			"ADE-13 Contoso ABM": enroll.Error, "X-15 Contoso ABM": enroll.Error, "X-32 Contoso ABM": enroll.Warning,
			"ADE-13 Contoso School": enroll.OK, "X-15 Contoso School": enroll.Error, "X-32 Contoso School": enroll.Error,
		}},
	} {
		t.Run(tc.scenario, func(t *testing.T) {
			x := newTenant(t, sim.Options{Scenario: tc.scenario})
			live := x.e.Look(t.Context(), nil, enroll.ADEToken)
			got := map[string]enroll.Severity{}
			for _, f := range enroll.Evaluate(TokenRules(limits), nil, live, time.Now(), true) {
				got[f.Rule+" "+f.On.Name] = f.Severity
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
			if n := x.Waves(); n != 1 {
				t.Errorf("%d waves of requests, one is enough", n)
			}
		})
	}
}

// A token of an unknown type is a gap, and hides none of the others.
func TestTokenOfUnknownType(t *testing.T) {
	for _, tc := range []struct{ name, token string }{
		{"another type", `{"id":"b","tokenName":"B","tokenType":"unknownFutureValue"}`},
		{"no type", `{"id":"b","tokenName":"B"}`},
		{"no id", `{"tokenName":"B","tokenType":"dep"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := newTenant(t, sim.Options{Faults: []sim.Fault{{Match: "GET /deviceManagement/depOnboardingSettings$", Do: "status", Status: 200,
				Body: `{"value":[{"id":"a","tokenName":"A","tokenType":"dep"},` + tc.token + `,{"id":"c","tokenType":"none"}]}`}}})
			live := x.e.Look(t.Context(), nil, enroll.ADEToken)
			if _, gap := live.GapIn(enroll.ADEToken); !gap || len(live.Objects[enroll.ADEToken]) != 1 {
				t.Errorf("objects %v, gaps %v", live.Objects[enroll.ADEToken], live.Gaps)
			}
		})
	}
}
