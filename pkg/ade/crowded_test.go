package ade

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// TestReadCrowded: a mirror is its policy, profiles of macOS are not ours, and
// the settings of policies that nobody asked for are not read.
func TestReadCrowded(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "crowded", Page: 2})
	want, _ := Objects(tokenEntry(nil), []enroll.Entry{profileEntry("Field iPhones", modern())})
	live := x.e.Look(t.Context(), want)
	if len(live.Gaps) > 0 {
		t.Fatalf("gaps: %+v", live.Gaps)
	}
	var got []string
	for _, o := range live.Objects[enroll.ADEProfile] {
		facts := o.Facts.(ProfileFacts)
		name, _, _ := strings.Cut(o.Ref.Name, " (")
		got = append(got, fmt.Sprintf("%q %s read=%t mirror=%t", name, facts.Type, o.Fields != nil, o.Handles[enroll.Mirror] != ""))
	}
	slices.Sort(got)
	if d := cmp.Diff([]string{
		`"Contoso default" classicProfile read=true mirror=true`,
		`"Field iPhones" enrollmentPolicy read=true mirror=true`,
		`"Kiosk iPads" classicProfile read=true mirror=true`,
		`"Kiosk iPads" classicProfile read=true mirror=true`,
		`"Shared carts" enrollmentPolicy read=false mirror=true`,
		`"Warehouse \x1b[31mred\x1b[0m \u202etxt.exe <b>&|` + "`" + `" classicProfile read=true mirror=true`,
	}, got); d != "" {
		t.Error(d)
	}
}

func TestTwoOfOneName(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "crowded"})
	classicKiosk := kiosk().With(enroll.Fields{pathType: ClassicProfile, pathPhone: "+358 9 1234"})
	p := x.plan(t, tokenEntry(nil), profileEntry("Kiosk iPads", classicKiosk))
	if len(p.Writes()) > 1 || !slices.ContainsFunc(p.Findings, func(f enroll.Finding) bool { return f.Rule == "name-ambiguous" && f.Severity == enroll.Error }) {
		t.Errorf("an ambiguous name is no error: %+v", p.Findings)
	}
	var pinned string
	for _, o := range liveProfiles(x, t) {
		if strings.HasPrefix(o.Ref.Name, "Kiosk iPads") {
			pinned = o.Handles[enroll.ID]
		}
	}
	entry := profileEntry("Kiosk iPads", classicKiosk.With(enroll.Fields{pathPin: pinned, pathSerials: []string{"F2LX00000001"}}))
	x.apply(t, tokenEntry(nil), entry)
	x.settled(t, tokenEntry(nil), entry)
	for _, r := range x.writes() {
		if !strings.Contains(r.Path, pinned) {
			t.Errorf("%s %s is about another profile", r.Method, r.Path)
		}
	}
	if n := len(x.writes()); n != 2 {
		t.Errorf("%d writes", n)
	}
}

// liveProfiles are the live profiles.
func liveProfiles(x tenant, t *testing.T) []enroll.Object {
	t.Helper()
	return x.e.Look(t.Context(), nil, enroll.ADEProfile).Objects[enroll.ADEProfile]
}

func TestAdoptAForeignPolicy(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "crowded"})
	entry := profileEntry("Field iPhones", modern().With(enroll.Fields{pathDescription: "Ours now"}))
	p := x.apply(t, tokenEntry(nil), entry)
	if d := cmp.Diff([]string{"exists already"}, p.Changes[0].Because); d != "" {
		t.Error(d)
	}
	x.settled(t, tokenEntry(nil), entry)
}

func TestAMirrorWithoutItsPolicy(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "crowded", Faults: []sim.Fault{{
		Match: "GET /deviceManagement/configurationPolicies$", Do: "status", Status: 200, Body: `{"value":[]}`, Times: 100,
	}}})
	p := x.plan(t, tokenEntry(nil), profileEntry("Field iPhones", modern()))
	if gap, blocked := p.Blocked(); !blocked || !strings.Contains(gap.Reason, "does not list it among the policies") || len(p.Writes()) > 0 {
		t.Errorf("gaps %+v, writes %+v", p.Gaps, p.Writes())
	}
}
