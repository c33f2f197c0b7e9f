package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// v1 is what the typed reads say in these tests.
type v1 struct{ err error }

func (r v1) Organization(context.Context) (graph.Organization, error) {
	return graph.Organization{ID: "t1", Name: "Contoso", Domains: []string{"contoso.com"}, MDMAuthority: "intune"}, r.err
}

func (r v1) SubscribedSKUs(context.Context) ([]graph.SKU, error) {
	return []graph.SKU{{PartNumber: "SPE_E3", Status: "Enabled", Enabled: 5}}, r.err
}

func group(name string) enroll.Ref { return enroll.Ref{Kind: enroll.Group, Name: name} }

func (n *tenant) read(t *testing.T, names ...string) ([]enroll.Object, []enroll.Gap) {
	t.Helper()
	var q enroll.Query
	for _, name := range names {
		q.Names = append(q.Names, group(name))
	}
	return groups{n.Client}.Read(t.Context(), q, enroll.Snapshot{})
}

// seen is what a group says, in one line.
func seen(o enroll.Object) string {
	f, _ := o.Facts.(GroupFacts)
	return fmt.Sprintf("%s: %s %d users %d devices holds %d", o.Ref.Name, o.Fields.Text("type"), f.Users, f.Devices, Holds(o))
}

func TestReadGroups(t *testing.T) {
	n := start(t, sim.Options{})
	var objects []enroll.Object
	var gaps []enroll.Gap
	waves := graphtest.Waves(n.Server, 2, func() {
		objects, gaps = n.read(t, "All staff", "iOS - pilots", "Sales", "iOS - kiosks", "Nobody", "all staff", "O'Brien", "8f6c1c2e-0000-4000-8000-000000000000")
	})
	if len(gaps) > 0 {
		t.Fatalf("gaps: %v", gaps)
	}
	var got []string
	for _, o := range objects {
		got = append(got, seen(o))
	}
	want := []string{
		"All staff: assigned 120 users 0 devices holds 2",
		"Sales: dynamicUsers -1 users -1 devices holds 2",
		"iOS - kiosks: dynamicDevices -1 users -1 devices holds 3",
		"iOS - pilots: assigned 0 users 5 devices holds 3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if waves != 2 {
		t.Errorf("%d waves of requests, want 2", waves)
	}
	byID, gaps := n.read(t, objects[0].Handles[enroll.ID])
	if len(gaps) > 0 || len(byID) != 1 || byID[0].Ref != objects[0].Ref {
		t.Errorf("by id: %v %v", byID, gaps)
	}
	n.ResetLog()
	if objects, gaps := (groups{n.Client}).Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{}); len(objects) > 0 || gaps != nil || len(n.Requests()) > 0 {
		t.Errorf("everything: %v %v %v", objects, gaps, n.Requests())
	}
}

func TestReadManyGroups(t *testing.T) {
	n := start(t, sim.Options{Scenario: "crowded"})
	var names []string
	for i := range 45 {
		names = append(names, fmt.Sprintf("Site %03d devices", i+1))
	}
	var objects []enroll.Object
	var gaps []enroll.Gap
	waves := graphtest.Waves(n.Server, 2, func() { objects, gaps = n.read(t, append(names, "All staff")...) })
	if len(objects) != 47 || len(gaps) > 0 {
		t.Errorf("%d groups, gaps %v", len(objects), gaps)
	}
	if waves != 2 {
		t.Errorf("%d waves of requests, want 2", waves)
	}
	p := n.Plan(t, []enroll.Object{{Ref: group("All staff"), Fields: enroll.Fields{"type": TypeAssigned}}})
	if len(p.Findings) != 1 || p.Findings[0].Rule != "name-ambiguous" || !strings.Contains(p.Findings[0].Message, objects[0].Handles[enroll.ID]) {
		t.Errorf("a name taken twice: %v %v", p.Changes, p.Findings)
	}
}

func TestGroupGaps(t *testing.T) {
	tests := []struct {
		name   string
		o      sim.Options
		faults []sim.Fault
		want   []string // groups read
		gaps   []string
		denied bool
	}{
		{name: "one item fails", faults: []sim.Fault{{Match: "GET /groups", Do: "status", Status: 403, Times: 1}}, want: []string{"iOS - pilots: assigned 0 users 5 devices holds 3"}, gaps: []string{"All staff"}, denied: true},
		{name: "one item fails for a moment", faults: []sim.Fault{{Match: "GET /groups", Do: "status", Status: 503, Times: 1}},
			want: []string{"All staff: assigned 120 users 0 devices holds 2", "iOS - pilots: assigned 0 users 5 devices holds 3"}},
		{name: "the whole batch fails", faults: []sim.Fault{{Match: "POST /$batch", Do: "status", Status: 400, Times: 9}}, gaps: []string{"All staff", "iOS - pilots"}},
		{name: "no permission to see groups", o: sim.Options{Permissions: []string{"Device.Read.All"}}, gaps: []string{"All staff", "iOS - pilots"}, denied: true},
		{name: "no permission to count devices", o: sim.Options{Permissions: []string{"Group.Read.All"}},
			want: []string{"All staff: assigned 120 users -1 devices holds 0", "iOS - pilots: assigned 0 users -1 devices holds 0"}},
		{name: "a page for people", faults: []sim.Fault{{Match: "POST /$batch", Do: "html", Status: 403, Times: 9}}, gaps: []string{"All staff", "iOS - pilots"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, tt.o)
			n.SetFaults(tt.faults)
			objects, gaps := n.read(t, "All staff", "iOS - pilots")
			var got, missing []string
			for _, o := range objects {
				got = append(got, seen(o))
				if f, _ := o.Facts.(GroupFacts); f.Devices < 0 && !strings.Contains(f.Unseen, "403") {
					t.Errorf("%s does not say why: %q", o.Ref, f.Unseen)
				}
			}
			for _, g := range gaps {
				missing = append(missing, g.Scope.Name)
				if g.Denied != tt.denied {
					t.Errorf("denied %t: %s", g.Denied, g.Reason)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.gaps, missing); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCreateGroups(t *testing.T) {
	want := func() []enroll.Object {
		out, _ := Objects([]enroll.Entry{
			{Values: enroll.Fields{"name": "iOS - staff iPhones", "devicesOfProfile": "Staff iPhones"}},
			{Values: enroll.Fields{"name": "iOS - new pilots", "assigned": true}},
			{Values: enroll.Fields{"name": "iOS - pilots", "assigned": true}},
		})
		return out
	}
	for _, lag := range []int{-1, 3} {
		t.Run(fmt.Sprintf("lag %d", lag), func(t *testing.T) {
			n := start(t, sim.Options{Lag: lag})
			r := n.Settled(t, want())
			if len(r.Done) != 2 || !slices.Equal(n.Writes(), []string{"POST /groups", "POST /groups"}) {
				t.Errorf("done %v, wrote %v", r.Done, n.Writes())
			}
		})
	}
	faults := []string{"drop-before", "drop-after", "cut-body", "status"}
	for _, do := range faults {
		t.Run(do, func(t *testing.T) {
			n := start(t, sim.Options{Lag: 2})
			n.SetFaults([]sim.Fault{{Match: "POST /groups", Do: do, Status: 500}})
			n.Apply(t, want())
			n.Settled(t, want())
			objects, _ := n.read(t, "iOS - staff iPhones", "iOS - new pilots")
			if len(objects) != 2 {
				t.Errorf("%d groups, want 2", len(objects))
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		n := start(t, sim.Options{Permissions: []string{"Group.Read.All", "Device.Read.All"}})
		r := n.Apply(t, want())
		if len(r.Failed) == 0 || !graph.IsDenied(r.Failed[0].Err) {
			t.Errorf("failed %v", r.Failed)
		}
	})
}

func TestReadTenant(t *testing.T) {
	n := start(t, sim.Options{})
	s := n.Engine.Look(t.Context(), nil, enroll.Organization, enroll.License)
	want := map[enroll.KindName][]enroll.Object{
		enroll.Organization: {{Ref: enroll.Ref{Kind: enroll.Organization, Name: "Contoso"}, Handles: map[enroll.Handle]string{enroll.ID: "t1"},
			Facts: graph.Organization{ID: "t1", Name: "Contoso", Domains: []string{"contoso.com"}, MDMAuthority: "intune"}}},
		enroll.License: {{Ref: enroll.Ref{Kind: enroll.License, Name: "SPE_E3"}, Facts: graph.SKU{PartNumber: "SPE_E3", Status: "Enabled", Enabled: 5}}},
	}
	if diff := cmp.Diff(want, s.Objects); diff != "" || len(s.Gaps) > 0 {
		t.Errorf("gaps %v (-want +got):\n%s", s.Gaps, diff)
	}
	for _, k := range Kinds(n.Client, v1{errors.New("no network")})[2:] {
		if objects, gaps := k.Read(t.Context(), enroll.Query{}, enroll.Snapshot{}); len(objects) > 0 || len(gaps) != 1 || gaps[0].Scope.Kind != k.Name() {
			t.Errorf("%s: %v %v", k.Name(), objects, gaps)
		}
	}
}

func TestHeadcount(t *testing.T) {
	tests := []struct {
		name, body string
		want       int
		bad        bool
	}{
		{"a number", "120", 120, false},
		{"with a byte order mark", "\ufeff5", 5, false},
		{"base64 of 120", `"MTIw"`, 120, false},
		{"a number in quotes", `"1205"`, 1205, false},
		{"negative", "-1", -1, true},
		{"an object", `{"value":5}`, -1, true},
		{"text", `"many"`, -1, true},
		{"nothing", "", -1, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if n, err := headcount([]byte(tt.body), nil); n != tt.want || (err != nil) != tt.bad {
				t.Errorf("%d, %v; want %d, error %t", n, err, tt.want, tt.bad)
			}
		})
	}
}
