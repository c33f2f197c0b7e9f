package ade

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

const contosoOwner = "ade-token:Contoso ABM"

func profileRef(name string) enroll.Ref {
	return enroll.Ref{Kind: enroll.ADEProfile, Scope: contosoOwner, Name: name}
}

// liveProfile is a live profile whose id ends in id.
func liveProfile(name, id string, f enroll.Fields) enroll.Object {
	return enroll.Object{Ref: profileRef(name), Fields: f, Handles: map[enroll.Handle]string{enroll.ID: id, enroll.Mirror: "ECV2_token_" + id, enroll.Default: "token_" + id}}
}

func snapshot(objects ...enroll.Object) enroll.Snapshot {
	s := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{}}
	for _, o := range objects {
		s.Objects[o.Ref.Kind] = append(s.Objects[o.Ref.Kind], o)
	}
	return s
}

func TestPlanProfiles(t *testing.T) {
	tag := func(name string) enroll.Ref { return enroll.Ref{Kind: enroll.ScopeTag, Name: name} }
	helsinki := enroll.Object{Ref: tag("Helsinki"), Handles: map[enroll.Handle]string{enroll.ID: "1"}}
	builtIn := enroll.Object{Ref: tag("Default"), Handles: map[enroll.Handle]string{enroll.ID: "0"}}
	live := made(modern()).With(enroll.Fields{pathTags: []enroll.Ref{tag("0")}})
	needs := []enroll.Ref{{Kind: enroll.ADEToken, Name: "Contoso ABM"}}
	wipe := enroll.Effect{On: profileRef("P"), Text: "devices enrolled with this profile take the change over only after they are wiped"}
	rename := enroll.Effect{On: profileRef("P"), Text: "devices enrolled with this profile are renamed at their next check-in"}
	for _, tc := range []struct {
		name   string
		values enroll.Fields
		live   enroll.Fields
		want   []enroll.Change
	}{
		{"nothing to do", modern(), live, nil},
		{"what the file leaves out stays", modern(), live.With(enroll.Fields{pathLocked: false, pathHide: []string{"siri"}}), nil},
		{"null is the default", modern().With(enroll.Fields{pathLocked: nil}), live.With(enroll.Fields{pathLocked: false}), []enroll.Change{{
			Verb: enroll.Update, After: enroll.Fields{pathLocked: true}, Fields: []enroll.FieldChange{{Path: pathLocked, Old: false, New: true}}, Effects: []enroll.Effect{wipe}, Needs: needs}}},
		{"install of a policy is not compared", modern().With(enroll.Fields{pathInstall: InstallNone}), live, nil},
		{"name template", modern().With(enroll.Fields{pathTemplate: "{{SERIAL}}"}), live, []enroll.Change{{
			Verb: enroll.Update, After: enroll.Fields{pathTemplate: "{{SERIAL}}"}, Fields: []enroll.FieldChange{{Path: pathTemplate, Old: "", New: "{{SERIAL}}"}}, Effects: []enroll.Effect{rename}, Needs: needs}}},
		{"scope tags go by id and are shown by name", modern().With(enroll.Fields{pathTags: []string{"Helsinki"}}), live, []enroll.Change{{
			Verb: enroll.Update, After: enroll.Fields{pathTags: []enroll.Ref{tag("1")}},
			Fields: []enroll.FieldChange{{Path: pathTags, Old: []enroll.Ref{tag("Default")}, New: []enroll.Ref{tag("Helsinki")}}},
			Needs:  append(slices.Clone(needs), tag("1"))}}},
		{"a setting goes with the setup", modern().With(enroll.Fields{pathAuth: AuthPortal}), live, []enroll.Change{{
			Verb: enroll.Update, After: enroll.Fields{pathAuth: AuthPortal, pathAwait: nil},
			Fields:  []enroll.FieldChange{{Path: pathAuth, Old: AuthModern, New: AuthPortal}, {Path: pathAwait, Old: true}},
			Effects: []enroll.Effect{wipe}, Needs: needs}}},
		{"a setting comes with the setup, as its default", modern(), made(modern().With(enroll.Fields{pathAuth: AuthPortal})), []enroll.Change{{
			Verb: enroll.Update, After: enroll.Fields{pathAuth: AuthModern, pathAwait: true},
			Fields:  []enroll.FieldChange{{Path: pathAuth, Old: AuthPortal, New: AuthModern}, {Path: pathAwait, New: true}},
			Effects: []enroll.Effect{wipe}, Needs: needs}}},
		{"a setting comes as the file says", modern().With(enroll.Fields{pathAwait: false}), made(modern().With(enroll.Fields{pathAuth: AuthPortal})), []enroll.Change{{
			Verb: enroll.Update, After: enroll.Fields{pathAuth: AuthModern, pathAwait: false},
			Fields:  []enroll.FieldChange{{Path: pathAuth, Old: AuthPortal, New: AuthModern}, {Path: pathAwait, New: false}},
			Effects: []enroll.Effect{wipe}, Needs: needs}}},
		{"same scope tags", modern().With(enroll.Fields{pathTags: []string{"Default"}}), live, nil},
		{"other affinity", kiosk(), live, []enroll.Change{{
			Verb: enroll.Manual, Op: "userAffinity is user and cannot become none: make a profile of another name beside it and move its devices there"}}},
		{"other back end", modern(), live.With(enroll.Fields{pathType: ClassicProfile}), []enroll.Change{{
			Verb: enroll.Manual, Op: "type is classicProfile and cannot become enrollmentPolicy: make a profile of another name beside it and move its devices there"}}},
		{"not read", modern(), nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want, _ := Objects(tokenEntry(enroll.Fields{pathToken: "Contoso ABM"}), []enroll.Entry{profileEntry("P", tc.values)})
			there := liveProfile("P", "1111", tc.live)
			all := snapshot(there, helsinki, builtIn)
			got, findings := profiles{}.Plan(want, all.Objects[enroll.ADEProfile], all)
			for i := range tc.want {
				tc.want[i].Ref, tc.want[i].Origin = profileRef("P"), enroll.Origin{File: "contoso.yaml", Line: 5, Col: 9}
				if tc.want[i].Verb == enroll.Update {
					tc.want[i].Before, tc.want[i].Undo, tc.want[i].Because = there, enroll.Undo{Level: "full"}, []string{"exists already"}
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
			if len(findings) > 0 {
				t.Errorf("findings: %+v", findings)
			}
		})
	}
}

func TestPlanDefault(t *testing.T) {
	wanted := enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEDefault, Scope: contosoOwner, Name: defaultName}, Fields: enroll.Fields{fieldProfile: profileRef("New")}}
	synced := enroll.Effect{On: profileRef("New"), Text: "devices that synced in from Apple before keep the profile they have"}
	for _, tc := range []struct {
		name    string
		current string
		old     any
		effects []enroll.Effect
		undo    enroll.Undo
		confirm string
		none    bool
	}{
		{name: "is the default", current: "2222", none: true},
		{name: "none before", effects: []enroll.Effect{synced}, undo: enroll.Undo{Level: "none", Why: "there was no default before, and Graph cannot take it away"}},
		{name: "another before", current: "1111", old: profileRef("Old"), effects: []enroll.Effect{{On: profileRef("Old"), Text: "is no longer the default profile"}, synced}, undo: enroll.Undo{Level: "full"}, confirm: `it takes the default from "Old"`},
		{name: "one that cannot be seen", current: "9999", old: "9999",
			effects: []enroll.Effect{{On: wanted.Ref, Text: "the default so far, a profile that cannot be seen (9999), loses it"}, synced},
			undo:    enroll.Undo{Level: "none", Why: "the default before is a profile that cannot be seen"}, confirm: "it takes the default from a profile that cannot be seen"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			there := enroll.Object{Ref: wanted.Ref, Facts: DefaultFacts{tc.current}}
			got, findings := defaults{}.Plan([]enroll.Object{wanted}, []enroll.Object{there}, snapshot(liveProfile("Old", "1111", nil), liveProfile("New", "2222", nil)))
			var want []enroll.Change
			if !tc.none {
				want = []enroll.Change{{
					Ref: wanted.Ref, Verb: enroll.Update, Op: "setDefault", Before: there, After: enroll.Fields{fieldProfile: profileRef("New")},
					Fields: []enroll.FieldChange{{Path: fieldProfile, Old: tc.old, New: profileRef("New")}}, Needs: []enroll.Ref{profileRef("New")},
					Effects: tc.effects, Undo: tc.undo, Confirm: tc.confirm,
				}}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			if len(findings) > 0 {
				t.Errorf("findings: %+v", findings)
			}
		})
	}
}

// serials are n serial numbers from F2LX00000001 on.
func serials(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("F2LX%08d", i+1))
	}
	return out
}

func TestPlanDevicesInBatches(t *testing.T) {
	there := map[string]DeviceFacts{}
	for i, s := range serials(250) {
		d := DeviceFacts{Serial: s, Platform: "ios", State: "notContacted"}
		switch {
		case i < 120:
			d.ProfileID, d.State = "1111", "enrolled" // Old
		case i < 130:
			d.ProfileID = "2222" // New: there already
		case i < 140:
			d.ProfileID = "9999"
		}
		there[s] = d
	}
	wanted, _ := Objects(tokenEntry(enroll.Fields{pathToken: "Contoso ABM"}), []enroll.Entry{profileEntry("New", kiosk().With(enroll.Fields{pathSerials: serials(250)}))})
	all := snapshot(liveProfile("Old", "1111", nil), liveProfile("New", "2222", nil))
	have := []enroll.Object{{Ref: enroll.Ref{Kind: enroll.ADEDevices, Scope: contosoOwner, Name: devicesName}, Facts: DevicesFacts{there}}}
	got, findings := devices{}.Plan(wanted[1:], have, all)
	if len(findings) > 0 {
		t.Errorf("findings: %+v", findings)
	}
	var batchesSeen []string
	var sent []string
	for _, c := range got {
		enrolled := 0
		for _, e := range c.Effects {
			enrolled += e.N
		}
		sent = append(sent, c.Items.Add...)
		batchesSeen = append(batchesSeen, fmt.Sprintf("%s: %d of %d from %v, %d enrolled, undo %s, before %d", c.Op, len(c.Items.Add), c.Items.Total, c.Items.From, enrolled, c.Undo.Level, len(c.Before.Fields.List("Old"))))
	}
	if d := cmp.Diff([]string{
		"batch 1/3: 100 of 240 from map[:100], 0 enrolled, undo none, before 0",
		"batch 2/3: 100 of 240 from map[:10 Old:90], 90 enrolled, undo partial, before 90",
		"batch 3/3: 40 of 240 from map[Old:30 unknown profile 9999:10], 30 enrolled, undo full, before 30",
	}, batchesSeen); d != "" {
		t.Error(d)
	}
	slices.Sort(sent)
	if d := cmp.Diff(append(serials(120), serials(250)[130:]...), sent); d != "" {
		t.Error(d)
	}
}

func TestPlanDevicesRefuses(t *testing.T) {
	entry := profileEntry("New", kiosk().With(enroll.Fields{pathSerials: []string{"GONE0000001", "MACM0000001", "NOWHERE0001", "OTHER000001"}}))
	wanted, _ := Objects(tokenEntry(enroll.Fields{pathToken: "Contoso ABM"}), []enroll.Entry{entry})
	have := func(owner string, there ...DeviceFacts) enroll.Object {
		facts := DevicesFacts{map[string]DeviceFacts{}}
		for _, d := range there {
			facts.Devices[d.Serial] = d
		}
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEDevices, Scope: owner, Name: devicesName}, Facts: facts}
	}
	changes, findings := devices{}.Plan(wanted[1:], []enroll.Object{
		have(contosoOwner, DeviceFacts{Serial: "GONE0000001", Gone: true}, DeviceFacts{Serial: "MACM0000001", Platform: "macOS"}),
		have("ade-token:Contoso School", DeviceFacts{Serial: "OTHER000001"}),
	}, snapshot())
	if len(changes) > 0 {
		t.Errorf("changes: %+v", changes)
	}
	if d := cmp.Diff([]string{
		`error ADE-06 devices.serials: serial numbers GONE0000001, NOWHERE0001 are not synced to token "Contoso ABM"`,
		`error ADE-06 devices.serials: serial number OTHER000001 is on token "Contoso School", not on "Contoso ABM"`,
		`error ADE-06 devices.serials: serial number MACM0000001 is no iPhone or iPad but macOS`,
	}, lines(findings)); d != "" {
		t.Error(d)
	}
	// What could not be read is a gap, not an absence.
	if changes, findings := (devices{}).Plan(wanted[1:], nil, snapshot()); len(changes)+len(findings) > 0 {
		t.Errorf("without having looked: %+v %+v", changes, findings)
	}
}

// TestPlanExisting: an entry that says only that its profile is there takes
// the setup of the tenant's profile.
func TestPlanExisting(t *testing.T) {
	kioskLive := made(kiosk().With(enroll.Fields{pathType: ClassicProfile}))
	for _, tc := range []struct {
		name   string
		values enroll.Fields
		live   enroll.Fields
		fields []enroll.FieldChange
		said   []string
	}{
		{"the name alone", nil, kioskLive, nil, nil},
		{"a setting of it", enroll.Fields{pathSync: "allow"}, kioskLive, []enroll.FieldChange{{Path: pathSync, Old: "deny", New: "allow"}}, nil},
		{"null is the default of its setup", enroll.Fields{pathAwait: nil}, kioskLive.With(enroll.Fields{pathAwait: false}), []enroll.FieldChange{{Path: pathAwait, Old: false, New: true}}, nil},
		{"no setting of it", enroll.Fields{pathCachedUsers: int64(5)}, kioskLive, nil,
			[]string{"sharedIPad.maxCachedUsers is no setting of this profile: it is of type classicProfile with userAffinity: none"}},
		{"another type", enroll.Fields{pathType: EnrollmentPolicy}, kioskLive, nil, nil},
		{"not read", nil, nil, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want, _ := Objects(tokenEntry(enroll.Fields{pathToken: "Contoso ABM"}), []enroll.Entry{profileEntry("P", tc.values.With(enroll.Fields{"state": "existing"}))})
			all := snapshot(liveProfile("P", "1111", tc.live))
			changes, findings := profiles{}.Plan(want, all.Objects[enroll.ADEProfile], all)
			var fields []enroll.FieldChange
			for _, c := range changes {
				fields = append(fields, c.Fields...)
			}
			var said []string
			for _, f := range findings {
				said = append(said, f.Message)
			}
			if d := cmp.Diff(tc.fields, fields) + cmp.Diff(tc.said, said); d != "" {
				t.Error(d)
			}
		})
	}
}
