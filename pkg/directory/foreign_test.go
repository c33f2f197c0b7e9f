package directory

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestForeignGroups(t *testing.T) {
	profile := enroll.Ref{Kind: enroll.BYODProfile, Name: "P"}
	group := func(name, id string) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: name}, Handles: map[enroll.Handle]string{enroll.ID: id}}
	}
	assigned := func(owner enroll.Ref, target enroll.Ref, suffix string) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.BYODAssignment, Scope: owner.Owner(), Name: target.Name + suffix}, Fields: enroll.Fields{"target": target}}
	}
	byID := func(id string) enroll.Ref { return enroll.Ref{Kind: enroll.Group, Name: id} }
	staff := group("Staff", "g1")
	other := enroll.Ref{Kind: enroll.BYODProfile, Name: "Q"}
	live := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.Group: {staff}, enroll.BYODAssignment: {
		assigned(profile, staff.Ref, ""), assigned(profile, AllUsers(), ""), assigned(profile, byID("g2"), ""), assigned(profile, byID("g3"), " (a3)"), assigned(other, byID("g4"), "")}}}
	for _, tc := range []struct {
		name string
		want enroll.Object
		ids  []string
	}{
		{"the owner goes", enroll.Object{Ref: profile, State: enroll.Absent}, []string{"g2", "g3"}},
		{"what is not named goes", Removals(enroll.BYODAssignment, profile, enroll.Entry{Values: enroll.Fields{"exclusive": true}})[0], []string{"g2", "g3"}},
		{"nothing goes", enroll.Object{Ref: profile}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var ids []string
			for _, o := range Foreign([]enroll.Object{tc.want}, live) {
				ids = append(ids, o.Ref.Name)
			}
			if diff := cmp.Diff(tc.ids, ids); diff != "" {
				t.Error(diff)
			}
		})
	}
	got := Known(live, []enroll.Object{group("Staff", "G2"), group("Sales", "g3")})
	var names []string
	for _, a := range got.Objects[enroll.BYODAssignment] {
		target, _ := a.Fields["target"].(enroll.Ref)
		names = append(names, a.Ref.Name+" -> "+target.Name)
	}
	if diff := cmp.Diff([]string{"Staff -> Staff", "all users -> all users", "Staff (G2) -> Staff (G2)", "Sales (a3) -> Sales", "g4 -> g4"}, names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("g2", live.Objects[enroll.BYODAssignment][2].Ref.Name); diff != "" {
		t.Errorf("what was seen first has changed: %s", diff)
	}
}
