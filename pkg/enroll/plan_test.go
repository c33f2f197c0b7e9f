package enroll_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func snapshot(objects ...enroll.Object) enroll.Snapshot {
	s := enroll.Snapshot{Tenant: "contoso", Objects: map[enroll.KindName][]enroll.Object{enroll.Group: nil, enroll.BYODProfile: nil, enroll.BYODAssignment: nil}}
	for _, o := range objects {
		s.Objects[o.Ref.Kind] = append(s.Objects[o.Ref.Kind], o)
	}
	return s
}

func TestBindNames(t *testing.T) {
	staff, twin := live(group("Staff"), "g1", nil), live(group("Staff (g2)"), "g2", nil)
	for _, tc := range []struct {
		name   string
		target enroll.Ref
		live   []enroll.Object
		want   enroll.Ref
		rule   string
		says   string
	}{
		{"by name", group("Staff"), []enroll.Object{staff}, group("Staff"), "", ""},
		{"by id", group("G1"), []enroll.Object{staff}, group("Staff"), "", ""},
		{"unknown", group("Stuff"), []enroll.Object{staff}, group("Stuff"), "name-unknown", `the tenant has no group "Stuff", and the file makes none; there is "Staff" (g1)`},
		{"two of one name", group("Staff"), []enroll.Object{live(group("Staff (g1)"), "g1", nil), twin}, group("Staff"), "name-ambiguous", `group "Staff": more than one fits: "Staff" (g1), "Staff" (g2); use the id instead of the name`},
		{"one of two by id", group("g2"), []enroll.Object{live(group("Staff (g1)"), "g1", nil), twin}, group("Staff (g2)"), "", ""},
		{"other case", group("STAFF"), []enroll.Object{staff}, group("STAFF"), "name-case", `group "STAFF": the name differs in upper and lower case only: the tenant has "Staff" (g1)`},
		{"built in", enroll.Ref{Kind: enroll.Audience, Name: "all users"}, nil, enroll.Ref{Kind: enroll.Audience, Name: "all users"}, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e, _, _, _, _ := tenant()
			o := assigned(profile("Web"), tc.target)
			o.At = map[string]enroll.Origin{"target": {File: "a.yaml", Line: 7, Col: 3}}
			bound, findings := e.Bind([]enroll.Object{wanted(profile("Web"), nil), o}, snapshot(tc.live...))
			if diff := cmp.Diff(enroll.Ref{Kind: enroll.BYODAssignment, Scope: "byod-profile:Web", Name: tc.want.Name}, bound[1].Ref); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(enroll.Fields{"target": tc.want}, bound[1].Fields); diff != "" {
				t.Error(diff)
			}
			var want []enroll.Finding
			if tc.rule != "" {
				want = []enroll.Finding{{Rule: tc.rule, Severity: enroll.Error, Message: tc.says, On: o.Ref, Path: "target", Origin: o.At["target"]}}
			}
			if diff := cmp.Diff(want, findings, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBindPinnedAndTwice(t *testing.T) {
	e, _, _, _, _ := tenant()
	s := snapshot(live(profile("Web"), "p1", nil), live(profile("Old"), "p2", nil))
	pinned := wanted(profile("Web"), nil)
	pinned.Pinned = "p2"
	gone := wanted(profile("Gone"), nil)
	gone.Pinned = "p9"
	_, findings := e.Bind([]enroll.Object{pinned, gone, wanted(profile("Old"), nil), wanted(profile("Old"), nil)}, s)
	var got []string
	for _, f := range findings {
		got = append(got, f.Rule+": "+f.Message)
	}
	want := []string{
		`id-unknown: the tenant has no byod-profile with id p9`,
		"name-twice: byod-profile/Old stands in the file twice; the first is at ",
		`id-unknown: id p2 is "Old" in the tenant, the file calls it "Web"; renaming is not done here, because groups and filters find devices by the profile's name`,
	}
	if diff := cmp.Diff(want, got, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
		t.Error(diff)
	}
}

func TestPlanOfFields(t *testing.T) {
	want := enroll.Object{Ref: profile("Web"), Fields: enroll.Fields{"enrollment": "deviceWeb", "description": nil}, Default: enroll.Fields{"description": "", "priority": int64(9)}}
	for _, tc := range []struct {
		name string
		have []enroll.Object
		want []enroll.Change
	}{
		{"made, with defaults", nil, []enroll.Change{{Ref: profile("Web"), Verb: enroll.Create, Undo: enroll.Undo{Level: "full"},
			After:  enroll.Fields{"enrollment": "deviceWeb", "description": "", "priority": int64(9)},
			Fields: []enroll.FieldChange{{Path: "description", New: "", Default: true}, {Path: "enrollment", New: "deviceWeb"}, {Path: "priority", New: int64(9), Default: true}}}}},
		{"null resets, what is not named stays", []enroll.Object{live(profile("Web"), "p1", enroll.Fields{"enrollment": "deviceWeb", "description": "x", "priority": int64(3)})},
			[]enroll.Change{{Ref: profile("Web"), Verb: enroll.Update, Undo: enroll.Undo{Level: "full"}, Because: []string{"exists already"}, After: enroll.Fields{"description": ""},
				Before: live(profile("Web"), "p1", enroll.Fields{"enrollment": "deviceWeb", "description": "x", "priority": int64(3)}),
				Fields: []enroll.FieldChange{{Path: "description", Old: "x", New: ""}}}}},
		{"as it is", []enroll.Object{live(profile("Web"), "p1", enroll.Fields{"enrollment": "deviceWeb", "description": ""})}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, enroll.Diff([]enroll.Object{want}, tc.have), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlanOrderAndGaps(t *testing.T) {
	e, _, _, _, _ := tenant()
	p := e.Plan(everything(), snapshot(), noon)
	var order []string
	for _, c := range p.Changes {
		order = append(order, c.Ref.String())
		if diff := cmp.Diff([]string{"Shelf.ReadWrite.All"}, c.Permissions); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff([]string{"group/Staff", "byod-profile/Web", "byod-assignment/Staff (Web)"}, order); diff != "" {
		t.Error(diff)
	}

	s := snapshot()
	s.Gaps = []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.Group}, Reason: "403", Denied: true}, {Scope: enroll.Ref{Kind: enroll.License}, Reason: "500"}}
	p = e.Plan(everything(), s, noon)
	if len(p.Changes) != 1 || p.Changes[0].Ref != profile("Web") {
		t.Errorf("what hangs on a gap is planned: %+v", p.Changes)
	}
	if diff := cmp.Diff([]enroll.Gap{{Scope: enroll.Ref{Kind: enroll.Group}, Reason: "403", Denied: true, Blocks: true}, {Scope: enroll.Ref{Kind: enroll.License}, Reason: "500"}}, p.Gaps); diff != "" {
		t.Error(diff)
	}
}

func TestCompare(t *testing.T) {
	change := func(r enroll.Ref, verb enroll.Verb, path string, from, to any, items ...string) enroll.Change {
		c := enroll.Change{Ref: r, Verb: verb, Items: enroll.Items{Add: items}}
		if path != "" {
			c.Fields = []enroll.FieldChange{{Path: path, Old: from, New: to}}
		}
		return c
	}
	saved := enroll.Plan{Changes: []enroll.Change{
		change(profile("Web"), enroll.Update, "priority", int64(2), int64(1)),
		change(group("Staff"), enroll.Create, "type", nil, "assigned"),
		change(enroll.Ref{Kind: enroll.ADEDevices, Name: "P"}, enroll.Update, "", nil, nil, "A", "B"),
		change(enroll.Ref{Kind: enroll.ADEDevices, Name: "P"}, enroll.Update, "", nil, nil, "C"),
	}}
	raw, err := json.Marshal(saved)
	if err != nil {
		t.Fatal(err)
	}
	var read enroll.Plan
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name  string
		fresh []enroll.Change
		want  []string
	}{
		{"the same", saved.Changes, nil},
		{"half of it is done", saved.Changes[2:3], nil},
		{"batches cut otherwise", []enroll.Change{change(enroll.Ref{Kind: enroll.ADEDevices, Name: "P"}, enroll.Update, "", nil, nil, "B", "C")}, nil},
		{"one more serial", []enroll.Change{change(enroll.Ref{Kind: enroll.ADEDevices, Name: "P"}, enroll.Update, "", nil, nil, "B", "D")}, []string{"ade-devices/P: not planned: 1 serial number"}},
		{"another value", []enroll.Change{change(profile("Web"), enroll.Update, "priority", int64(2), int64(3))}, []string{"byod-profile/Web: priority would become 3, planned was 1"}},
		{"another present value", []enroll.Change{change(profile("Web"), enroll.Update, "priority", int64(4), int64(1))}, []string{"byod-profile/Web: priority is 4 by now, the plan saw 2"}},
		{"another change", []enroll.Change{change(group("New"), enroll.Create, "type", nil, "assigned")}, []string{"group/New: create of type was not planned"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, enroll.Compare(read, enroll.Plan{Changes: tc.fresh}), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEvaluate(t *testing.T) {
	say := func([]enroll.Object, enroll.Snapshot, time.Time) []enroll.Finding {
		return []enroll.Finding{{Message: "said"}}
	}
	rules := []enroll.Rule{
		{ID: "FILE", Severity: enroll.Warning, Check: say},
		{ID: "TWIN", Severity: enroll.Warning, Offline: true, Check: say},
		{ID: "LIVE", Severity: enroll.Error, Needs: []enroll.KindName{enroll.Group}, Check: say},
	}
	gap := enroll.Snapshot{Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.Group}, Reason: "no network"}}}
	ids := func(fs []enroll.Finding) (out []string) {
		for _, f := range fs {
			out = append(out, f.Rule+" "+string(f.Severity))
		}
		return
	}
	if diff := cmp.Diff([]string{"FILE warning", "TWIN warning"}, ids(enroll.Evaluate(rules, nil, gap, noon, false))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"LIVE error", "FILE warning", "LIVE unknown"}, ids(enroll.Evaluate(rules, nil, gap, noon, true)), cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
		t.Error(diff)
	}
}
