package ade

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func gone(name string) enroll.Entry {
	return profileEntry(name, enroll.Fields{"state": string(enroll.Absent)})
}

func TestDeleteProfile(t *testing.T) {
	token := tokenEntry(enroll.Fields{pathToken: "Contoso ABM"})
	for _, tc := range []struct {
		name  string
		entry enroll.Entry
	}{
		{"policy", profileEntry("Trial", kiosk())},
		{"classic", profileEntry("Trial", kiosk().With(enroll.Fields{pathType: ClassicProfile}))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := newTenant(t, sim.Options{})
			x.apply(t, token, tc.entry)
			p := x.apply(t, token, gone("Trial"))
			if len(p.Changes) != 1 || p.Changes[0].Verb != enroll.Delete || p.Changes[0].Confirm != "" {
				t.Fatalf("%+v", p.Changes)
			}
			if p := x.plan(t, token, gone("Trial")); len(p.Changes)+len(p.Findings)+len(p.Gaps) > 0 {
				t.Errorf("something is left to do: %v %v %v", p.Changes, p.Findings, p.Gaps)
			}
		})
	}
}

// What hangs on a profile is counted before anybody is asked.
func TestDeleteProfileInUse(t *testing.T) {
	token := tokenEntry(enroll.Fields{pathToken: "Contoso ABM"})
	x := newTenant(t, sim.Options{})
	for _, tc := range []struct{ name, why string }{
		{"Contoso default", "it is deleted while it is the default of its token, and devices that have it: 16"},
		{"Kiosk iPads", "it is deleted while devices that have it: 8"},
	} {
		p := x.plan(t, token, gone(tc.name))
		if len(p.Changes) != 1 || p.Changes[0].Confirm != tc.why {
			t.Errorf("%s: %+v", tc.name, p.Changes)
		}
	}
	x.SetFaults([]sim.Fault{{Match: "GET /deviceManagement/depOnboardingSettings/*/importedAppleDeviceIdentities", Do: "status", Status: 400, Times: 9}})
	if _, blocked := x.plan(t, token, gone("Kiosk iPads")).Blocked(); !blocked {
		t.Error("a profile whose devices could not be counted would be deleted")
	}
}

// Its devices and the default go to another profile first; then it goes.
func TestReplaceProfile(t *testing.T) {
	x := newTenant(t, sim.Options{})
	token := tokenEntry(enroll.Fields{pathToken: "Contoso ABM"})
	old := profileEntry("Old", kiosk().With(enroll.Fields{pathSerials: []string{"F2LX00000001", "F2LX00000002"}}))
	x.apply(t, token, old)
	x.ResetLog()
	now := profileEntry("New", kiosk().With(enroll.Fields{pathSerials: []string{"F2LX00000001", "F2LX00000002"}}))
	x.apply(t, token, now, gone("Old"))
	x.settled(t, token, now, gone("Old"))
	var methods []string
	for _, r := range x.writes() {
		methods = append(methods, r.Method)
	}
	if diff := cmp.Diff([]string{"POST", "POST", "DELETE"}, methods); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDeletedDefault(t *testing.T) {
	_, findings := Objects(tokenEntry(enroll.Fields{pathDefault: "Old"}), []enroll.Entry{gone("Old")})
	if i := slices.IndexFunc(findings, func(f enroll.Finding) bool { return f.Rule == "X-34" && strings.Contains(f.Message, "shall go") }); i < 0 {
		t.Errorf("%v", findings)
	}
}
