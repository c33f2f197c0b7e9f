package configurator

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// TestEverySignIn makes each valid profile, holds its body against the whole
// one, and changes it into the other ways to sign in.
func TestEverySignIn(t *testing.T) {
	for _, tc := range []struct {
		name                  string
		values                enroll.Fields
		user, inPortal, wants bool
	}{
		{"Company Portal", enroll.Fields{"userAffinity": "user", "authentication": "companyPortal", "companyPortal.install": "appleId"}, true, true, false},
		{"Setup Assistant with Company Portal", enroll.Fields{"userAffinity": "user", "authentication": "setupAssistant", "companyPortal.install": "appleId"}, true, false, true},
		{"Setup Assistant alone", enroll.Fields{"userAffinity": "user", "authentication": "setupAssistant", "companyPortal.install": "none", "companyPortal.acceptUnregistered": true}, true, false, false},
		{"direct", enroll.Fields{"userAffinity": "none"}, false, false, false},
		{"without a user in Setup Assistant", enroll.Fields{"userAffinity": "none", "mode": "setupAssistant", "companyPortal.install": "none"}, false, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := start(t, sim.Options{})
			n.Settled(t, wanted(tc.values.With(enroll.Fields{"name": "P", "description": "for all"})))
			want := map[string]any{"@odata.type": "#microsoft.graph.enrollmentProfile", "displayName": "P", "description": "for all",
				"requiresUserAuthentication": tc.user, "enableAuthenticationViaCompanyPortal": tc.inPortal, "requireCompanyPortalOnSetupAssistantEnrolledDevices": tc.wants}
			if d := cmp.Diff([]map[string]any{want}, n.bodies(t)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			n.Settled(t, wanted(enroll.Fields{"name": "P", "description": nil}))
			for _, auth := range []string{AuthPortal, AuthSetup} {
				if tc.user {
					n.Settled(t, wanted(enroll.Fields{"name": "P", "userAffinity": "user", "authentication": auth, "companyPortal.install": "appleId"}))
				}
			}
		})
	}
}

// TestPatchKeepsSignIn: a profile in the shape of another tool keeps its
// members when only the description changes.
func TestPatchKeepsSignIn(t *testing.T) {
	live := []byte(`{"id":"a_b","displayName":"P","description":"old","requiresUserAuthentication":false,"enableAuthenticationViaCompanyPortal":true,"configurationEndpointUrl":"https://contoso.com"}`)
	before := signIn{InPortal: true}.fields().With(enroll.Fields{"description": "old"})
	for _, tc := range []struct {
		name  string
		after enroll.Fields
		want  wireProfile
	}{
		{"description", enroll.Fields{"description": "new"}, wireProfile{profileType, "a_b", "P", "new", signIn{InPortal: true}}},
		{"sign-in", enroll.Fields{"authentication": AuthSetup}, wireProfile{profileType, "a_b", "P", "old", signIn{User: true, WantsPortal: true}}},
		{"without Company Portal", enroll.Fields{"authentication": AuthSetup, "companyPortal.install": "none"}, wireProfile{profileType, "a_b", "P", "old", signIn{User: true}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := patchBody(live, before, tc.after)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got, cmp.AllowUnexported(wireProfile{})); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	if _, err := patchBody([]byte("no JSON"), nil, nil); err == nil {
		t.Error("no error for a live profile that cannot be read")
	}
}

func TestReadBack(t *testing.T) {
	for _, s := range []signIn{{true, true, false}, {false, true, false}, {true, false, true}, {true, false, false}, {}} {
		f := s.fields()
		want := s
		want.User = want.User || want.InPortal
		if got := signInOf(f); got != want {
			t.Errorf("%+v is read as %v, which is sent as %+v", s, f, got)
		}
	}
}

func TestImport(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"}) // Counter iPads has DMPX00000001, nothing has DMPX00000002
	desk := enroll.Fields{"name": "Desk iPads", "userAffinity": "none", "devices.serials": []string{"DMPX00000002", "DMPX00000003", "DMPX00000004"},
		"devices.details": []string{"DMPX00000003,desk 3"}}
	r := n.Settled(t, wanted(desk))
	var ops []string
	for _, o := range r.Done {
		ops = append(ops, strings.TrimSpace(o.Change.Ref.String()+" "+o.Change.Op))
	}
	if d := cmp.Diff([]string{"configurator-profile/Desk iPads", "configurator-devices/Desk iPads import 1/1", "configurator-devices/Desk iPads move 1/1"}, ops); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	id := r.Done[0].Change // the profile's id is what the bodies carry
	profiles := n.Engine.Look(t.Context(), wanted(desk)).Objects[enroll.ConfiguratorProfile]
	profile, err := enroll.Resolve(profiles, enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: id.Ref.Name})
	if err != nil {
		t.Fatal(err)
	}
	full := profile.Handles[enroll.ID]
	row := func(serial, details string) any {
		return map[string]any{"@odata.type": "#microsoft.graph.importedAppleDeviceIdentity", "serialNumber": serial, "description": details,
			"requestedEnrollmentProfileId": full, "discoverySource": "adminImport", "platform": "ios"}
	}
	if d := cmp.Diff([]map[string]any{
		{"importedAppleDeviceIdentities": []any{row("DMPX00000003", "desk 3"), row("DMPX00000004", "")}, "overwriteImportedDeviceIdentities": false},
		{"deviceIds": []any{"DMPX00000002"}},
	}, n.bodies(t)[1:]); d != "" {
		t.Errorf("bodies (-want +got):\n%s", d)
	}

	// Under another profile, and with other details: only when asked.
	desk["devices.serials"] = []string{"DMPX00000001", "DMPX00000002", "DMPX00000003"}
	desk["devices.details"] = []string{"DMPX00000003,desk three"}
	p := n.Plan(t, wanted(desk))
	var said []string
	for _, f := range p.Findings {
		if f.Rule == ruleSerials {
			said = append(said, fmt.Sprintf("%s %s: %s", f.Severity, f.Path, f.Message))
		}
	}
	if d := cmp.Diff([]string{
		`error devices.serials: serial number DMPX00000001 is imported already, under profile "Counter iPads"`,
		`info devices.details: serial number DMPX00000003 is imported already with other details, which stay`,
	}, said); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
	if len(p.Writes()) > 0 {
		t.Errorf("writes without being asked: %v", p.Writes())
	}
	desk["devices.overwrite"] = true
	moved := n.Settled(t, wanted(desk))
	if c := moved.Done[0].Change; c.Items.From["Counter iPads"] != 1 || c.Undo.Level != "full" {
		t.Errorf("moved from %v, undo %v", c.Items.From, c.Undo)
	}
	bare := lastSegment(full)
	if d := cmp.Diff([]DeviceFacts{
		{Serial: "DMPX00000001", Details: "counter 1", ProfileID: bare, State: "notContacted"},
		{Serial: "DMPX00000002", ProfileID: bare, State: "notContacted"},
		{Serial: "DMPX00000003", Details: "desk three", ProfileID: bare, State: "notContacted"},
		{Serial: "DMPX00000004", ProfileID: bare, State: "notContacted"},
	}, n.imported(t)); d != "" {
		t.Errorf("imported (-want +got):\n%s", d)
	}
}

// TestBatches: 5,000 go in one import, 100 in one move.
func TestBatches(t *testing.T) {
	var serials []string
	for i := range importBatch + 1 {
		serials = append(serials, fmt.Sprintf("DMPX%08d", i))
	}
	many := wanted(enroll.Fields{"name": "First", "devices.serials": serials})
	changes, _ := devices{}.Plan(many[1:], nil, enroll.Snapshot{})
	var sizes []string
	for _, c := range changes {
		sizes = append(sizes, fmt.Sprintf("%s: %d of %d", c.Op, len(c.Items.Add), c.Items.Total))
	}
	if d := cmp.Diff([]string{"import 1/2: 5000 of 5001", "import 2/2: 1 of 5001"}, sizes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}

	n := start(t, sim.Options{Page: 100})
	n.Settled(t, wanted(enroll.Fields{"name": "First", "userAffinity": "none", "devices.serials": serials[:250]}))
	n.ResetLog()
	n.Settled(t, wanted(enroll.Fields{"name": "Second", "userAffinity": "none", "devices.serials": serials[:150], "devices.overwrite": true}))
	if writes := len(n.bodies(t)); writes != 3 { // the profile, 100 and 50 devices
		t.Errorf("%d writes, want 3", writes)
	}
}

func TestCannotBe(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	for _, tc := range []struct {
		name   string
		values enroll.Fields
		rule   string
		verb   enroll.Verb // of the one change, "" for none
	}{
		{"unknown profile", enroll.Fields{"name": "Nothing", "state": "existing", "devices.serials": []string{"DMPX00000009"}}, "name-unknown", enroll.Update},
		{"another user affinity", enroll.Fields{"name": "Counter iPads", "userAffinity": "user", "authentication": "companyPortal", "companyPortal.install": "appleId"}, "X-34", enroll.Manual},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := n.Plan(t, wanted(tc.values))
			found := ""
			for _, f := range p.Findings {
				if f.Severity == enroll.Error {
					found += f.Rule
				}
			}
			if found != tc.rule || len(p.Changes) != 1 || p.Changes[0].Verb != tc.verb {
				t.Errorf("findings %v, changes %v", p.Findings, p.Changes)
			}
		})
	}
}

// TestAbsent: a profile goes when the file says so, and only after a question
// while devices have it.
func TestAbsent(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	n.Settled(t, wanted(enroll.Fields{"name": "Old", "userAffinity": "none"}))
	gone := wanted(enroll.Fields{"name": "Old", "state": "absent"})
	if p := n.Plan(t, gone); len(p.Changes) != 1 || p.Changes[0].Confirm != "" {
		t.Errorf("without devices: %+v", p.Changes)
	}
	n.Settled(t, gone)
	p := n.Plan(t, wanted(enroll.Fields{"name": "Counter iPads", "state": "absent"}))
	if want := "devices that have it and could not enroll any more: 1"; len(p.Changes) != 1 || p.Changes[0].Confirm != want {
		t.Errorf("with a device: %+v", p.Changes)
	}
}

func TestFaults(t *testing.T) {
	want := func() []enroll.Object {
		return wanted(enroll.Fields{"name": "P", "userAffinity": "none", "devices.serials": []string{"DMPX00000001", "DMPX00000002", "DMPX00000003"},
			"devices.details": []string{"DMPX00000001,one", "DMPX00000003,three"}, "devices.overwrite": true},
			enroll.Fields{"name": "Counter iPads", "description": "ours now"})
	}
	begin := func(t *testing.T) *graphtest.Tenant { return start(t, sim.Options{Scenario: "crowded"}).Tenant }
	const base = "/deviceManagement/depOnboardingSettings/*/"
	graphtest.Survives(t, begin, want, "POST "+base+"enrollmentProfiles$", "PATCH "+base+"enrollmentProfiles/*",
		"POST "+base+"enrollmentProfiles/*/updateDeviceProfileAssignment", "POST "+base+"importedAppleDeviceIdentities/importAppleDeviceIdentityList")
}

func TestGapsAndDenied(t *testing.T) {
	want := wanted(enroll.Fields{"name": "P", "userAffinity": "none", "devices.serials": []string{"DMPX00000009"}})
	n := start(t, sim.Options{Permissions: []string{"Group.Read.All"}})
	p := n.Plan(t, want)
	if gap, blocked := p.Blocked(); !blocked || !gap.Denied || len(p.Changes) > 0 {
		t.Errorf("gaps %v, changes %v", p.Gaps, p.Changes)
	}
	n = start(t, sim.Options{Permissions: []string{"DeviceManagementServiceConfig.Read.All"}})
	r := n.Apply(t, want)
	if len(r.Failed) != 1 || !graph.IsDenied(r.Failed[0].Err) {
		t.Errorf("failed %v", r.Failed)
	}
	n = start(t, sim.Options{})
	n.SetFaults([]sim.Fault{{Match: "GET /deviceManagement$", Do: "status", Status: 403, Times: 9}})
	if p := n.Plan(t, want); len(p.Gaps) == 0 {
		t.Error("no gap where the account id cannot be read")
	}
}

// TestWaves: the account id is asked for once, then both lists side by side.
func TestWaves(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	want := wanted(enroll.Fields{"name": "Counter iPads", "devices.serials": []string{"DMPX00000001"}})
	waves := graphtest.Waves(n.Server, 2, func() {
		n.Knows(Rules(), Kinds(n.Client)) // that know no account id yet
		n.Engine.Look(t.Context(), want)
	})
	if requests := len(n.Requests()); waves != 2 || requests != 3 {
		t.Errorf("%d requests in %d waves, want 3 in 2", requests, waves)
	}
}
