package ade

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// contosoFile wants one profile of each kind, a default and devices.
func contosoFile() (enroll.Entry, []enroll.Entry) {
	return tokenEntry(enroll.Fields{pathToken: "Contoso ABM", pathDefault: "Staff iPhones"}), []enroll.Entry{
		profileEntry("Staff iPhones", modern().With(enroll.Fields{
			pathSerials: serials(20), pathTemplate: "{{DEVICETYPE}}-{{SERIAL}}", pathHide: []string{"applePay", "siri"}, pathDepartment: "IT"})),
		profileEntry("Kiosk", kiosk()),
		profileEntry("Locked", classicPortal().With(enroll.Fields{pathSerials: []string{"F2LX00000031"}})),
	}
}

func TestApplyEveryKind(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso", Lag: 3, Page: 7})
	token, entries := contosoFile()
	x.apply(t, token, entries...)
	x.settled(t, token, entries...)
	entries[0] = profileEntry("Staff iPhones", modern().With(enroll.Fields{
		pathAwait: false, pathHide: []string{}, pathDepartment: "", pathPhone: "+358 9 1234", pathTags: []string{"Helsinki"}}))
	entries[2] = profileEntry("Locked", classicPortal().With(enroll.Fields{pathAuth: AuthModern, pathLock: false, pathHide: []string{"zoom", "termsOfAddress"}}))
	x.apply(t, token, entries...)
	x.settled(t, token, entries...)
	if v := x.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}

func TestPlanTakesThreeWaves(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso"})
	token, entries := contosoFile()
	x.apply(t, token, entries...)
	if n := graphtest.Waves(x.Server, 3, func() { x.settled(t, token, entries...) }); n != 3 {
		t.Errorf("a plan took %d waves of requests", n)
	}
}

// TestApplyEverySetup makes every setup of a back end against the strict template.
func TestApplyEverySetup(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso", Lag: -1})
	token := tokenEntry(nil)
	var entries []enroll.Entry
	for name, values := range setups() {
		switch {
		case values.Text(pathInstall) == InstallNone:
			values = values.With(enroll.Fields{pathUnregistered: true})
		case values.Text(pathInstall) == InstallAppleID:
			values = values.With(enroll.Fields{pathHide: []string{"siri"}})
		}
		entries = append(entries, profileEntry(name, values))
	}
	x.apply(t, token, entries...)
	x.settled(t, token, entries...)
}

// TestChangeOfSetup: settings go and come with the authentication and with
// temporary sessions.
func TestChangeOfSetup(t *testing.T) {
	shared := enroll.Fields{pathAffinity: AffinityShared}
	for _, backEnd := range []string{EnrollmentPolicy, ClassicProfile} {
		for name, setups := range map[string][]enroll.Fields{
			"authentication":     {modern(), modern().With(enroll.Fields{pathAuth: AuthPortal})},
			"temporary sessions": {shared, shared.With(enroll.Fields{pathTemporary: true})},
		} {
			t.Run(backEnd+", "+name, func(t *testing.T) {
				x, token := newTenant(t, sim.Options{Scenario: "contoso"}), tokenEntry(nil)
				for _, i := range []int{0, 1, 0} {
					entry := profileEntry("P", setups[i].With(enroll.Fields{pathType: backEnd}))
					x.apply(t, token, entry)
					x.settled(t, token, entry)
				}
			})
		}
	}
}

func TestClassicPatchSendsOnlyWhatChanges(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso"})
	token := tokenEntry(nil)
	x.apply(t, token, profileEntry("Kiosk iPads", kiosk().With(enroll.Fields{pathType: ClassicProfile, pathPhone: "+358 9 1234"})))
	writes := x.writes()
	if len(writes) != 1 {
		t.Fatalf("%d writes", len(writes))
	}
	got := x.body(t, http.MethodPatch, lastPartOf(writes[0].Path))
	if d := cmp.Diff(map[string]any{"@odata.type": typeClassic, "supportPhoneNumber": "+358 9 1234"}, got); d != "" {
		t.Error(d)
	}
}

func lastPartOf(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func TestRetiredClassicProfiles(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso", Faults: []sim.Fault{{Match: "POST /deviceManagement/depOnboardingSettings/*/enrollmentProfiles$", Do: "status", Status: 500}}})
	p := x.plan(t, tokenEntry(nil), profileEntry("Locked", classicPortal()))
	r := x.e.Apply(t.Context(), p, nil, nil)
	if len(r.Failed) != 1 || enroll.IsLost(r.Failed[0].Err) || !strings.Contains(r.Failed[0].Err.Error(), "classic profiles seem to be retired in this tenant, the service refuses to make one; use type: enrollmentPolicy") {
		t.Errorf("result: %+v", r)
	}
}

// TestPolicyPut answers the PUT of a policy with faults: it is merged and sent
// again, and ends as asked.
func TestPolicyPut(t *testing.T) {
	const put = "PUT /deviceManagement/configurationPolicies"
	for _, tc := range []struct {
		name  string
		fault sim.Fault
		puts  int
	}{
		{"well", sim.Fault{Match: "POST /never", Do: "status", Status: 500}, 1},
		{"throttled", sim.Fault{Match: put, Do: "status", Status: 429, RetryAfter: "1", Times: 2}, 3},
		{"unavailable", sim.Fault{Match: put, Do: "status", Status: 503, Times: 2}, 3},
		{"dropped before", sim.Fault{Match: put, Do: "drop-before"}, 2},
		{"dropped after it was done", sim.Fault{Match: put, Do: "drop-after"}, 1},
		{"conflict", sim.Fault{Match: put, Do: "status", Status: 409}, 2},
		{"a proxy in between", sim.Fault{Match: put, Do: "html"}, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := newTenant(t, sim.Options{Scenario: "contoso"})
			token := tokenEntry(nil)
			x.apply(t, token, profileEntry("Kiosk", kiosk()))
			x.ResetLog()
			x.SetFaults([]sim.Fault{tc.fault})
			changed := profileEntry("Kiosk", kiosk().With(enroll.Fields{pathHide: []string{"siri"}}))
			x.apply(t, token, changed)
			x.settled(t, token, changed)
			if n := len(x.writes()); n != tc.puts {
				t.Errorf("%d requests changed something, want %d", n, tc.puts)
			}
		})
	}
}

func TestPolicyPutGivesUp(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso"})
	x.e.Settle = 50 * time.Millisecond
	x.apply(t, tokenEntry(nil), profileEntry("Kiosk", kiosk()))
	x.ResetLog()
	x.SetFaults([]sim.Fault{{Match: "PUT /deviceManagement", Do: "status", Status: 400, Times: 9}})
	change := func() enroll.Result {
		p := x.plan(t, tokenEntry(nil), profileEntry("Kiosk", kiosk().With(enroll.Fields{pathHide: []string{"siri"}})))
		return x.e.Apply(t.Context(), p, nil, nil)
	}
	if r := change(); len(r.Failed) != 1 || len(x.writes()) != 1 {
		t.Errorf("refused: %d writes, %+v", len(x.writes()), r)
	}
	x.ResetLog()
	x.SetFaults([]sim.Fault{{Match: "PUT /deviceManagement", Do: "status", Status: 503, Times: 9}})
	if r := change(); len(r.Failed) != 1 || len(x.writes()) != putTries {
		t.Errorf("unavailable: %d writes, %+v", len(x.writes()), r)
	}
}

func TestTemplateIsReadOncePerRun(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso"})
	x.apply(t, tokenEntry(nil), profileEntry("A", kiosk()), profileEntry("B", kiosk()))
	n := 0
	for _, r := range x.Requests() {
		if strings.HasSuffix(r.Path, "/settingTemplates") && !strings.Contains(r.Query, "skiptoken") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the template was read %d times", n)
	}
}

func TestGaps(t *testing.T) {
	for _, tc := range []struct {
		name, match string
		denied      bool
	}{
		{"tokens", "GET /deviceManagement/depOnboardingSettings$", true},
		{"profiles", "GET /deviceManagement/depOnboardingSettings/*/enrollmentProfiles", true},
		{"policies", "GET /deviceManagement/configurationPolicies", true},
		{"default", "GET /deviceManagement/depOnboardingSettings/*/defaultIosEnrollmentProfile", true},
		{"devices", "GET /deviceManagement/depOnboardingSettings/*/importedAppleDeviceIdentities", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status := 400
			if tc.denied {
				status = 403
			}
			x := newTenant(t, sim.Options{Scenario: "contoso", Faults: []sim.Fault{{Match: tc.match, Do: "status", Status: status, Times: 100}}})
			token, entries := contosoFile()
			p := x.plan(t, token, entries...)
			gap, blocked := p.Blocked()
			if !blocked || gap.Denied != tc.denied {
				t.Errorf("gaps: %+v", p.Gaps)
			}
			if tc.name != "devices" && tc.name != "default" && len(p.Writes()) > 0 {
				t.Errorf("writes are planned: %+v", p.Writes())
			}
		})
	}
}

func TestSettingsThatCannotBeRead(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso"})
	token := tokenEntry(nil)
	x.apply(t, token, profileEntry("Kiosk", kiosk()))
	x.SetFaults([]sim.Fault{{Match: "GET /deviceManagement/configurationPolicies/*/settings", Do: "status", Status: 403, Times: 100}})
	p := x.plan(t, token, profileEntry("Kiosk", kiosk().With(enroll.Fields{pathHide: []string{"siri"}})))
	if _, blocked := p.Blocked(); !blocked || len(p.Writes()) > 0 {
		t.Errorf("plan: %+v", p)
	}
}

// TestFaultsInWrites lets every write of an apply go wrong in every way, and
// TestFaultsInReads every read of a smaller one fail. A second run then ends in
// the same tenant, with nothing doubled.
func TestFaultsInWrites(t *testing.T) {
	token, entries := contosoFile()
	faultsAt(t, func(r sim.Request) bool { return r.Write }, []string{"drop-before", "drop-after", "500", "429"}, token, entries)
}

func TestFaultsInReads(t *testing.T) {
	token := tokenEntry(enroll.Fields{pathDefault: "Staff iPhones"})
	entries := []enroll.Entry{profileEntry("Staff iPhones", modern().With(enroll.Fields{pathSerials: serials(2)}))}
	faultsAt(t, func(r sim.Request) bool { return !r.Write }, []string{"400"}, token, entries)
}

func faultsAt(t *testing.T, hit func(sim.Request) bool, ways []string, token enroll.Entry, entries []enroll.Entry) {
	t.Helper()
	clean := newTenant(t, sim.Options{Scenario: "contoso"})
	p := clean.plan(t, token, entries...)
	planned := len(clean.Requests()) // faults in planning are gaps, tested elsewhere
	clean.e.Apply(t.Context(), p, nil, nil)
	requests, want := clean.Requests(), clean.State()
	for _, do := range ways {
		t.Run(do, func(t *testing.T) {
			t.Parallel()
			for _, request := range requests[planned:] {
				if !hit(request) {
					continue
				}
				fault := sim.Fault{At: request.N, Do: do}
				if status, err := strconv.Atoi(do); err == nil {
					fault.Do, fault.Status = "status", status
				}
				x := newTenant(t, sim.Options{Scenario: "contoso", Faults: []sim.Fault{fault}})
				x.e.Settle = 30 * time.Millisecond
				x.e.Apply(t.Context(), x.plan(t, token, entries...), nil, nil)
				x.SetFaults(nil)
				x.apply(t, token, entries...)
				x.settled(t, token, entries...)
				if got := x.State(); !bytes.Equal(want, got) {
					t.Errorf("request %d %s %s: another tenant\n%s", request.N, request.Method, request.Path, cmp.Diff(string(want), string(got)))
				}
				x.closeNow(t)
			}
		})
	}
}

func TestDefaultOfAnotherProfile(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso"})
	token := tokenEntry(enroll.Fields{pathDefault: "Kiosk iPads"})
	p := x.apply(t, token)
	if d := cmp.Diff([]string{"Contoso default is no longer the default profile"}, []string{p.Changes[0].Effects[0].On.Name + " " + p.Changes[0].Effects[0].Text}); d != "" {
		t.Error(d)
	}
	x.settled(t, token)
}

func TestListDevices(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso", Page: 7})
	live := x.e.Look(t.Context(), nil, enroll.ADEToken)
	token, ok := live.Get(enroll.Ref{Kind: enroll.ADEToken, Name: "Contoso ABM"})
	if !ok {
		t.Fatal("no token")
	}
	states := map[string]int{}
	n := 0
	for d, err := range Devices(t.Context(), x.c, token) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if d.ProfileID == "" {
			states["without profile"]++
		}
	}
	if d := cmp.Diff(map[string]int{"without profile": 16}, states); d != "" || n != 40 {
		t.Errorf("%d devices, %s", n, d)
	}
	token.Handles = map[enroll.Handle]string{enroll.ID: "gone"}
	for _, err := range Devices(t.Context(), x.c, token) {
		if err == nil {
			t.Error("devices of a token that is not there")
		}
	}
}

func TestVerifyDevices(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso"})
	token, entries := contosoFile()
	want, _ := Objects(token, entries)
	live := x.e.Look(t.Context(), want)
	change := func(profile string, serials ...string) enroll.Change {
		scope := enroll.Ref{Kind: enroll.ADEToken, Name: "Contoso ABM"}.Owner()
		return enroll.Change{
			Ref:   enroll.Ref{Kind: enroll.ADEDevices, Scope: scope, Name: profile},
			After: enroll.Fields{fieldProfile: enroll.Ref{Kind: enroll.ADEProfile, Scope: scope, Name: profile}}, Items: enroll.Items{Add: serials},
		}
	}
	errs := devices{x.c}.Verify(t.Context(), []enroll.Change{
		change("Contoso default", "F2LX00000003", "F2LX00000004"), change("Contoso default", "F2LX00000001", "F2LX00000003"), change("Gone", "F2LX00000001"),
	}, live)
	var got []string
	for _, err := range errs {
		got = append(got, fmt.Sprint(enroll.IsNotYet(err), " ", err))
	}
	if d := cmp.Diff([]string{
		"false <nil>",
		"true still without ade-profile/Contoso default (Contoso ABM): 1 of 2 devices: F2LX00000001",
		"true ade-profile/Gone (Contoso ABM) is not known",
	}, got); d != "" {
		t.Error(d)
	}
	x.SetFaults([]sim.Fault{{Match: "GET /deviceManagement/depOnboardingSettings/*/importedAppleDeviceIdentities", Do: "status", Status: 403, Times: 9}})
	if err := (devices{x.c}).Verify(t.Context(), []enroll.Change{change("Contoso default", "F2LX00000003")}, live)[0]; !enroll.IsLost(err) {
		t.Errorf("devices that cannot be read back: %v", err)
	}
}

func TestPermissions(t *testing.T) {
	policy := profiles{}.Permissions(enroll.Change{After: enroll.Fields{pathType: EnrollmentPolicy}})
	classic := profiles{}.Permissions(enroll.Change{Before: enroll.Object{Fields: enroll.Fields{pathType: ClassicProfile}}})
	if !slices.Contains(policy, "DeviceManagementConfiguration.ReadWrite.All") || slices.Contains(classic, "DeviceManagementConfiguration.ReadWrite.All") {
		t.Errorf("policy %v, classic %v", policy, classic)
	}
}

// TestPairingCertificates: certificates go with the mode that needs them, and
// are found again by their thumbprints.
func TestPairingCertificates(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso"})
	token := tokenEntry(nil)
	paired := func(contents ...string) enroll.Entry {
		return profileEntry("Locked", classicPortal().With(enroll.Fields{pathCertificates: enroll.Set(contents...)}))
	}
	for _, step := range []struct {
		name    string
		profile enroll.Entry
		want    []string // contents of the certificates sent
		mode    string
	}{
		{"made", paired("Zmlyc3Q="), []string{"Zmlyc3Q="}, "requiresCertificate"},
		{"another one", paired("Zmlyc3Q=", "c2Vjb25k"), []string{"c2Vjb25k", "Zmlyc3Q="}, "requiresCertificate"},
		{"none any more", profileEntry("Locked", classicPortal().With(enroll.Fields{pathSync: "deny"})), []string{}, "disallow"},
		{"and again", paired("c2Vjb25k"), []string{"c2Vjb25k"}, "requiresCertificate"},
	} {
		x.ResetLog()
		x.apply(t, token, step.profile)
		x.settled(t, token, step.profile)
		writes := x.writes()
		if len(writes) != 1 {
			t.Fatalf("%s: %d writes", step.name, len(writes))
		}
		var body struct {
			Mode         string        `json:"iTunesPairingMode"`
			Certificates []certificate `json:"managementCertificates"`
		}
		if err := json.Unmarshal(writes[0].Body, &body); err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, c := range body.Certificates {
			got = append(got, c.Certificate)
		}
		if d := cmp.Diff(step.want, got); d != "" || body.Mode != step.mode {
			t.Errorf("%s: mode %s, certificates (-want +got):\n%s", step.name, body.Mode, d)
		}
	}
	// Left out, they stay as they are.
	x.settled(t, token, profileEntry("Locked", classicPortal()))
}

// TestEveryScreen hides every screen that a back end has, and shows it again.
func TestEveryScreen(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso", Lag: -1})
	token := tokenEntry(nil)
	for _, backEnd := range []string{EnrollmentPolicy, ClassicProfile} {
		var all []string
		for _, s := range screens() {
			if s.policy && backEnd == EnrollmentPolicy || s.classic() && backEnd == ClassicProfile {
				all = append(all, s.name)
			}
		}
		if len(all) < 26 {
			t.Errorf("%s has %d screens", backEnd, len(all))
		}
		for _, hide := range [][]string{enroll.Set(all...), {}} {
			profile := profileEntry("Every screen "+backEnd, kiosk().With(enroll.Fields{pathType: backEnd, pathHide: hide}))
			x.apply(t, token, profile)
			x.settled(t, token, profile)
		}
	}
}
