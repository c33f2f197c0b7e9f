package ade

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func TestBareDevices(t *testing.T) {
	for _, tc := range []struct {
		name     string
		scenario string
		want     []string
	}{
		{"default, and devices from before", "contoso", []string{"info Contoso ABM iPhones and iPads without a profile: 16 of 40 devices; the default goes only to devices that sync in from now on 16 devices"}},
		{"no default", "neglected", []string{
			"warning Contoso ABM iPhones and iPads without a profile: 10 of 10 devices, and the token has no default: they do not enroll 10 devices",
			"warning Contoso School iPhones and iPads without a profile: 10 of 10 devices, and the token has no default: they do not enroll 10 devices"}},
		{"no token", "empty", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := newTenant(t, sim.Options{Scenario: tc.scenario})
			var live enroll.Snapshot
			waves := graphtest.Waves(x.Server, 2, func() { live = x.e.Look(t.Context(), nil, enroll.ADEDefault, Fleet) })
			var got []string
			for _, f := range enroll.Evaluate(FleetRules(), nil, live, time.Now(), true) {
				got = append(got, fmt.Sprintf("%s %s %s %g %s", f.Severity, f.On.Name, f.Message, *f.Value, f.Unit))
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
			if waves > 2 {
				t.Errorf("%d waves of requests, two are enough", waves)
			}
		})
	}
}

// A large token is not read to its end.
func TestFleetIsBounded(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "large"})
	for i, k := range x.e.Kinds {
		if f, ok := k.(fleets); ok {
			f.most = 700
			x.e.Kinds[i] = f
		}
	}
	live := x.e.Look(t.Context(), nil, Fleet)
	want := []enroll.Object{{Ref: enroll.Ref{Kind: Fleet, Scope: "ade-token:Contoso ABM", Name: devicesName}, Facts: FleetFacts{Seen: 700, Bare: 280, Partial: true}}}
	if d := cmp.Diff(want, live.Objects[Fleet]); d != "" {
		t.Error(d)
	}
	if n := len(x.Requests()); n > 4 {
		t.Errorf("%d requests", n)
	}
}

func TestFleetRule(t *testing.T) {
	token := enroll.Ref{Kind: enroll.ADEToken, Name: "Contoso ABM"}
	live := func(profile string, facts FleetFacts, gaps ...enroll.Gap) enroll.Snapshot {
		return enroll.Snapshot{Gaps: gaps, Objects: map[enroll.KindName][]enroll.Object{
			enroll.ADEDefault: {{Ref: enroll.Ref{Kind: enroll.ADEDefault, Scope: token.Owner(), Name: defaultName}, Facts: DefaultFacts{profile}}},
			Fleet:             {{Ref: enroll.Ref{Kind: Fleet, Scope: token.Owner(), Name: devicesName}, Facts: facts}},
		}}
	}
	none := live("p", FleetFacts{})
	none.Objects[enroll.ADEToken] = []enroll.Object{{Ref: token, Facts: TokenFacts{Devices: 40}}}
	for _, tc := range []struct {
		name string
		live enroll.Snapshot
		want []string
	}{
		{"an empty list of many", none, []string{"unknown the service lists no device, and the token has synced 40: whether they have a profile cannot be told"}},
		{"all well", live("p", FleetFacts{Seen: 5}), []string{"ok the token has a default profile, and no device is without one"}},
		{"well as far as seen", live("p", FleetFacts{Seen: 5, Partial: true}), []string{"ok the token has a default profile, and none of the first 5 devices is without one"}},
		{"no default, none without", live("", FleetFacts{Seen: 5}), []string{"warning the token has no default profile: devices that sync in do not enroll before they get one"}},
		{"many", live("", FleetFacts{Seen: 5, Bare: 2, Partial: true}), []string{"warning iPhones and iPads without a profile: 2 of the first 5 devices, and the token has no default: they do not enroll"}},
		{"default not seen", enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{Fleet: live("", FleetFacts{Bare: 1}).Objects[Fleet]}, Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.ADEDefault}, Reason: "500"}}}, []string{"unknown could not look: 500"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, f := range enroll.Evaluate(FleetRules(), nil, tc.live, time.Now(), true) {
				got = append(got, string(f.Severity)+" "+f.Message)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
