package configurator

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func live(name, id string) enroll.Object {
	return enroll.Object{Ref: enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: name}, Handles: map[enroll.Handle]string{enroll.ID: "account_" + id}, Fields: enroll.Fields{pathAffinity: AffinityNone}}
}

func snapshot(there DevicesFacts, profiles ...enroll.Object) enroll.Snapshot {
	return enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{
		enroll.ConfiguratorProfile: profiles,
		enroll.ConfiguratorDevices: {{Ref: enroll.Ref{Kind: enroll.ConfiguratorDevices, Name: devicesName}, Facts: there}},
	}}
}

func TestMoves(t *testing.T) {
	there := DevicesFacts{Total: 4, Devices: map[string]DeviceFacts{
		"A": {Serial: "A", ProfileID: "one", State: "enrolled"},
		"B": {Serial: "B", ProfileID: "gone"},
		"C": {Serial: "C"},
		"D": {Serial: "D", ProfileID: "two"},
	}}
	s := snapshot(there, live("One", "one"), live("Two", "TWO"))
	for _, tc := range []struct {
		name      string
		overwrite bool
		from      map[string]int
		effects   int
		undo      string
		refused   []string
	}{
		{"not asked", false, map[string]int{"": 1}, 0, "none", []string{
			`serial number A is imported already, under profile "One"`, `serial number B is imported already, under profile "unknown profile gone"`}},
		{"asked", true, map[string]int{"": 1, "One": 1, "unknown profile gone": 1}, 1, "partial", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := wanted(enroll.Fields{"name": "Two", "devices.serials": []string{"A", "B", "C", "D"}, "devices.overwrite": tc.overwrite})
			changes, findings := devices{}.Plan(want[1:], s.Objects[enroll.ConfiguratorDevices], s)
			var refused []string
			for _, f := range findings {
				refused = append(refused, f.Message)
			}
			if d := cmp.Diff(tc.refused, refused); d != "" {
				t.Errorf("refused (-want +got):\n%s", d)
			}
			if len(changes) != 1 {
				t.Fatalf("changes %v", changes)
			}
			c := changes[0]
			if d := cmp.Diff(tc.from, c.Items.From); d != "" || len(c.Effects) != tc.effects || c.Undo.Level != tc.undo {
				t.Errorf("effects %v, undo %v, from (-want +got):\n%s", c.Effects, c.Undo, d)
			}
		})
	}
}

// TestFitted: the file says a part of the sign-in, the live profile the rest.
func TestFitted(t *testing.T) {
	none := enroll.Fields{pathAffinity: AffinityNone}
	portal := enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallAppleID}
	setup := enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthSetup, pathInstall: InstallNone}
	for _, tc := range []struct {
		name       string
		there, ask enroll.Fields
		change     []enroll.FieldChange
		refused    []string
	}{
		{"no app where there is no user", none, enroll.Fields{pathInstall: InstallNone}, nil, nil},
		{"an app where there is no user", none, enroll.Fields{pathInstall: InstallAppleID}, nil, []string{"companyPortal.install: appleId does not go with this profile: its userAffinity is none"}},
		{"sign-in where there is no user", none, enroll.Fields{pathAuth: AuthSetup}, nil, []string{"authentication: setupAssistant does not go with this profile: its userAffinity is none"}},
		{"no app where users sign in in it", portal, enroll.Fields{pathInstall: InstallNone}, nil, []string{"companyPortal.install: none does not go with this profile: its authentication is companyPortal"}},
		{"sign-in in the app brings it", setup, enroll.Fields{pathAuth: AuthPortal}, []enroll.FieldChange{
			{Path: pathAuth, Old: AuthSetup, New: AuthPortal}, {Path: pathInstall, Old: InstallNone, New: InstallAppleID}}, nil},
		{"sign-in elsewhere keeps it", portal, enroll.Fields{pathAuth: AuthSetup}, []enroll.FieldChange{{Path: pathAuth, Old: AuthPortal, New: AuthSetup}}, nil},
		{"both", portal, enroll.Fields{pathAuth: AuthSetup, pathInstall: InstallNone}, []enroll.FieldChange{
			{Path: pathAuth, Old: AuthPortal, New: AuthSetup}, {Path: pathInstall, Old: InstallAppleID, New: InstallNone}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			there := live("One", "one")
			there.Fields = tc.there
			changes, findings := profiles{}.Plan([]enroll.Object{{Ref: there.Ref, Fields: tc.ask}}, []enroll.Object{there}, enroll.Snapshot{})
			var got []enroll.FieldChange
			for _, c := range changes {
				got = append(got, c.Fields...)
			}
			var refused []string
			for _, f := range findings {
				refused = append(refused, f.Message)
			}
			if d := cmp.Diff(tc.change, got); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tc.refused, refused); d != "" {
				t.Errorf("refused (-want +got):\n%s", d)
			}
		})
	}
}

// TestRoom: the tenant's limit is reported once, by the profile that passes it.
func TestRoom(t *testing.T) {
	s := snapshot(DevicesFacts{Total: maxDevices - 1}, live("One", "one"), live("Two", "two"), live("Three", "three"))
	var want []enroll.Object
	for i, name := range []string{"One", "Two", "Three"} {
		want = append(want, wanted(enroll.Fields{"name": name, "devices.serials": []string{fmt.Sprint("A", i)}})[1])
	}
	_, findings := devices{}.Plan(want, s.Objects[enroll.ConfiguratorDevices], s)
	if len(findings) != 1 || findings[0].On.Name != "Two" || findings[0].Severity != enroll.Error {
		t.Errorf("%v", findings)
	}
}

func TestTooMany(t *testing.T) {
	serials := make([]string, maxDevices)
	for i := range serials {
		serials[i] = fmt.Sprintf("DMPX%08d", i)
	}
	many := wanted(enroll.Fields{"name": "One", "devices.serials": serials})
	if found := tooMany(many, enroll.Snapshot{}, time.Time{}); len(found) > 0 {
		t.Errorf("as many as allowed: %v", found)
	}
	many = append(many, wanted(enroll.Fields{"name": "Two", "devices.serials": []string{"DMPY00000001"}})...)
	many = append(many, wanted(enroll.Fields{"name": "Three", "devices.serials": []string{"DMPY00000002"}})...)
	if found := tooMany(many, enroll.Snapshot{}, time.Time{}); len(found) != 1 || found[0].On.Name != "Two" {
		t.Errorf("one more: %v", found)
	}
}

// TestRefusedByTheService: serial numbers of the answer's status false that are
// not there with the profile are named; those that are, are well.
func TestRefusedByTheService(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	k := devices{n.Client, newAccount(n.Client)}
	p, err := enroll.Resolve(n.Engine.Look(t.Context(), nil, enroll.ConfiguratorProfile).Objects[enroll.ConfiguratorProfile], enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: "Counter iPads"})
	if err != nil {
		t.Fatal(err)
	}
	id := p.Handles[enroll.ID]
	for _, tc := range []struct{ name, body, want string }{
		{"imported", `{"value":[{"serialNumber":"DMPX00000002","status":true}]}`, ""},
		{"no status", `{"value":[{"serialNumber":"DMPX00000002"}]}`, ""},
		{"there already", `{"value":[{"serialNumber":"dmpx00000001","status":false}]}`, ""},
		{"refused", `{"value":[{"serialNumber":"DMPX00000002","status":false},{"serialNumber":"DMPX00000001","status":false}]}`,
			"import: the service imported the others and refused DMPX00000002: see whether they are devices of automated enrollment or of another tenant"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ""
			if err := k.refused(t.Context(), "import", enroll.Change{Items: enroll.Items{Add: []string{"DMPX00000001", "DMPX00000002"}}}, id, []byte(tc.body)); err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("got %q", got)
			}
		})
	}
	if err := k.refused(t.Context(), "import", enroll.Change{}, id, []byte("<html>")); !enroll.IsLost(err) {
		t.Errorf("an answer that cannot be read: %v", err)
	}
	n.SetFaults([]sim.Fault{{Match: "GET /deviceManagement/depOnboardingSettings/*/importedAppleDeviceIdentities", Do: "status", Status: 403, Times: 9}})
	if err := k.Verify(t.Context(), []enroll.Change{{Items: enroll.Items{Add: []string{"DMPX00000001"}}}}, enroll.Snapshot{})[0]; !enroll.IsLost(err) {
		t.Errorf("devices that cannot be read back: %v", err)
	}
}

func FuzzDevice(f *testing.F) {
	for _, s := range []string{`{}`, `{"serialNumber":"dmpx00000001","requestedEnrollmentProfileId":"a_b","lastContactedDateTime":"0001-01-01T00:00:00Z"}`,
		`{"requestedEnrollmentProfileId":"00000000-0000-0000-0000-000000000000"}`, `[]`, `{"serialNumber":1}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := decodeDevice(raw)
		if err == nil && d.ProfileID == noGUID {
			t.Errorf("unassigned is %q", d.ProfileID)
		}
	})
}
