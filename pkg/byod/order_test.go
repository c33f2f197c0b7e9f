package byod

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func ref(name string) enroll.Ref { return enroll.Ref{Kind: enroll.BYODProfile, Name: name} }

func at(line int) enroll.Origin { return enroll.Origin{File: "contoso.yaml", Line: line, Col: 3} }

func liveProfiles(names ...string) []enroll.Object {
	var out []enroll.Object
	for i, n := range names {
		out = append(out, enroll.Object{Ref: ref(n), Facts: liveName(n), Handles: map[enroll.Handle]string{enroll.ID: "id-" + n},
			Fields: enroll.Fields{"enrollment": DeviceWeb, "description": "", "priority": int64(i + 1)}})
	}
	return out
}

func TestPlan(t *testing.T) {
	want := func(name string, fields enroll.Fields) enroll.Object {
		return enroll.Object{Ref: ref(name), Fields: fields, Default: enroll.Fields{"description": ""}, Origin: at(4)}
	}
	full := enroll.Undo{Level: "full"}
	tests := []struct {
		name    string
		want    []enroll.Object
		have    []enroll.Object
		changes []enroll.Change
	}{
		{"as it is", []enroll.Object{want("A", enroll.Fields{"enrollment": DeviceWeb, "priority": int64(1)})}, liveProfiles("A", "B"), nil},
		{"new, last", []enroll.Object{want("N", enroll.Fields{"enrollment": DeviceWeb})}, liveProfiles("A"), []enroll.Change{
			{Ref: ref("N"), Verb: enroll.Create, After: enroll.Fields{"enrollment": DeviceWeb, "description": "", "priority": int64(2)}, Needs: []enroll.Ref{}, Lane: "byod-order", Origin: at(4), Undo: full,
				Fields: []enroll.FieldChange{{Path: "description", New: "", Default: true}, {Path: "enrollment", New: DeviceWeb}, {Path: "priority", New: int64(2), Default: true}}}}},
		{"new, first", []enroll.Object{want("N", enroll.Fields{"enrollment": DeviceWeb, "priority": int64(1)})}, liveProfiles("A"), []enroll.Change{
			{Ref: ref("N"), Verb: enroll.Create, After: enroll.Fields{"enrollment": DeviceWeb, "description": "", "priority": int64(2)}, Needs: []enroll.Ref{}, Lane: "byod-order", Origin: at(4), Undo: full,
				Fields: []enroll.FieldChange{{Path: "description", New: "", Default: true}, {Path: "enrollment", New: DeviceWeb}}},
			{Ref: ref("N"), Verb: enroll.Update, Op: "setPriority", After: enroll.Fields{"priority": int64(1), "order": "N > A"}, Lane: "byod-order", Origin: at(4), Undo: full,
				Fields:  []enroll.FieldChange{{Path: "priority", New: int64(1)}},
				Because: []string{"has rank 2 before"},
				Effects: []enroll.Effect{{On: ref("A"), Text: "rank 1 becomes 2", N: 2}, {Text: "order of profiles then: N > A"}}}}},
		{"changed and moved", []enroll.Object{want("B", enroll.Fields{"enrollment": AccountDriven, "priority": int64(1)})}, liveProfiles("A", "B"), []enroll.Change{
			{Ref: ref("B"), Verb: enroll.Update, After: enroll.Fields{"enrollment": AccountDriven}, Needs: []enroll.Ref{}, Lane: "byod-order", Origin: at(4), Undo: full, Because: []string{"exists already"},
				Before: liveProfiles("A", "B")[1],
				Fields: []enroll.FieldChange{{Path: "enrollment", Old: DeviceWeb, New: AccountDriven}}},
			{Ref: ref("B"), Verb: enroll.Update, Op: "setPriority", After: enroll.Fields{"priority": int64(1), "order": "B > A"}, Lane: "byod-order", Origin: at(4), Undo: full, Because: []string{"has rank 2 before"},
				Before:  liveProfiles("A", "B")[1],
				Fields:  []enroll.FieldChange{{Path: "priority", New: int64(1)}},
				Effects: []enroll.Effect{{On: ref("A"), Text: "rank 1 becomes 2", N: 2}, {Text: "order of profiles then: B > A"}}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changes, findings := profiles{}.Plan(tt.want, tt.have, enroll.Snapshot{})
			if diff := cmp.Diff(tt.changes, changes); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			if findings != nil {
				t.Errorf("findings: %v", findings)
			}
		})
	}
}

// TestOrder plays every wish for up to four ranks on every tenant of up to five
// profiles as the service does (take one out, put it in at its rank).
func TestOrder(t *testing.T) {
	all := []string{"A", "B", "C", "D", "E"}
	for n := range len(all) {
		names := all[:n+1]
		for wish := range pow(n+2, n+1) {
			ranks := map[string]int{}
			var want []enroll.Object
			for i, name := range names {
				rank := wish / pow(n+2, i) % (n + 2)
				if rank == 0 || slices.ContainsFunc(want, func(o enroll.Object) bool { p, _ := o.Fields.Number("priority"); return int(p) == rank }) {
					continue
				}
				ranks[name] = rank
				want = append(want, enroll.Object{Ref: ref(name), Fields: enroll.Fields{"priority": int64(rank)}})
			}
			changes, _ := profiles{}.Plan(want, liveProfiles(names...), enroll.Snapshot{})
			order := slices.Clone(names)
			for _, c := range changes {
				if from := fmt.Sprintf("has rank %d before", slices.Index(order, c.Ref.Name)+1); c.Because[0] != from {
					t.Fatalf("%v wants %v: %s %s, not %q", names, ranks, c.Ref.Name, from, c.Because[0])
				}
				rank, _ := c.After.Number("priority")
				order = slices.Insert(slices.DeleteFunc(order, func(s string) bool { return s == c.Ref.Name }), int(rank)-1, c.Ref.Name)
				if c.After.Text("order") != shown(order) {
					t.Fatalf("%v wants %v: planned order %s, the service makes %v", names, ranks, c.After.Text("order"), order)
				}
			}
			var foreign []string
			for i, name := range order {
				if rank, ok := ranks[name]; !ok {
					foreign = append(foreign, name)
				} else if rank != i+1 {
					t.Fatalf("%v wants %v, gets %v", names, ranks, order)
				}
			}
			if !slices.IsSorted(foreign) {
				t.Fatalf("%v wants %v, gets %v: others changed places", names, ranks, order)
			}
		}
	}
}

func pow(a, b int) int {
	n := 1
	for range b {
		n *= a
	}
	return n
}

func TestRanksOutOfReach(t *testing.T) {
	want := []enroll.Object{
		{Ref: ref("A"), Fields: enroll.Fields{"priority": int64(10)}, Origin: at(4)},
		{Ref: ref("B"), Fields: enroll.Fields{"priority": int64(20)}, Origin: at(5)},
		{Ref: ref("C"), Fields: enroll.Fields{"priority": int64(20)}, Origin: at(6)},
	}
	changes, findings := profiles{}.Plan(want, liveProfiles("A", "B", "C"), enroll.Snapshot{})
	if changes != nil {
		t.Errorf("changes: %v", changes)
	}
	var got []string
	for _, f := range findings {
		got = append(got, fmt.Sprintf("%s %s %s %s", f.Origin, f.Rule, f.Severity, f.Message))
	}
	if diff := cmp.Diff([]string{
		`contoso.yaml:6:3 X-77 info priority 20 of profile "C" means rank 3: the number of profiles is 3`,
		`contoso.yaml:5:3 X-77 info priority 20 of profile "B" means rank 2: the number of profiles is 3`,
		`contoso.yaml:4:3 X-77 info priority 10 of profile "A" means rank 1: the number of profiles is 3`,
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
