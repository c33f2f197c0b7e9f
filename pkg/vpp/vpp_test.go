package vpp

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func read(t *testing.T, o sim.Options) ([]enroll.Object, []enroll.Gap) {
	t.Helper()
	return Kinds(graphtest.Start(t, o).Client)[0].Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{})
}

func TestRead(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	objects, gaps := read(t, sim.Options{Now: func() time.Time { return now }})
	if len(gaps) > 0 || len(objects) != 1 {
		t.Fatalf("%v %v", objects, gaps)
	}
	o := objects[0]
	facts, _ := o.Facts.(TokenFacts)
	want := TokenFacts{ID: o.Handles[enroll.ID], Location: "Contoso HQ", Organization: "Contoso", AppleID: "vpp@contoso.com", State: "valid", SyncStatus: "completed",
		Expires: now.AddDate(0, 0, 300), LastSync: now.Add(-2 * time.Hour)}
	if diff := cmp.Diff(want, facts); diff != "" || facts.ID == "" || o.Ref.Name != "Contoso VPP" {
		t.Errorf("%s (-want +got):\n%s", o.Ref, diff)
	}
	for _, name := range []string{"Contoso VPP", "Contoso HQ", "Contoso", facts.ID, ""} {
		if _, err := enroll.Resolve(objects, enroll.Ref{Kind: enroll.VPPToken, Name: name}); err != nil {
			t.Errorf("%q finds nothing: %v", name, err)
		}
	}
}

func answer(body string) sim.Options {
	return sim.Options{Faults: []sim.Fault{{Match: "GET /deviceAppManagement/vppTokens", Do: "status", Status: 200, Body: body}}}
}

func TestNames(t *testing.T) {
	objects, gaps := read(t, answer(`{"value":[
		{"id":"t1","displayName":"HQ","locationName":"Helsinki","organizationName":"Contoso","token":"canary-secret","expirationDateTime":"0001-01-01T00:00:00Z"},
		{"id":"t2","displayName":"","locationName":"Oslo","organizationName":"Contoso"},
		{"id":"t3","locationName":null,"organizationName":"HQ","expirationDateTime":"9999-12-31T23:59:59Z"},
		{"id":"t4"}]}`))
	if len(gaps) > 0 {
		t.Fatal(gaps)
	}
	var got []string
	for _, o := range objects {
		var by []string
		for _, v := range o.Handles {
			by = append(by, v)
		}
		slices.Sort(by)
		got = append(got, o.Ref.Name+": "+strings.Join(by, " "))
		if strings.Contains(string(o.Raw)+o.Rest, "canary") {
			t.Error("the secret is kept")
		}
		if f, _ := o.Facts.(TokenFacts); !f.Expires.IsZero() {
			t.Errorf("%s expires %s", o.Ref, f.Expires)
		}
	}
	// t1 and t2 share an organization; t3 is called as t1.
	if diff := cmp.Diff([]string{"HQ: Helsinki t1", "Oslo: Oslo t2", "HQ: t3", "t4: t4"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGaps(t *testing.T) {
	tests := []struct {
		name   string
		o      sim.Options
		denied bool
	}{
		{"denied", sim.Options{Permissions: []string{"DeviceManagementApps.Read.All"}}, true},
		{"a token without id", answer(`{"value":[{"displayName":"x"}]}`), false},
		{"no objects", answer(`{"value":[7]}`), false},
		{"a wrong type", answer(`{"value":[{"id":"t1","expirationDateTime":"soon"}]}`), false},
		{"a page for people", sim.Options{Faults: []sim.Fault{{Do: "html", Status: 200, Times: 9}}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			objects, gaps := read(t, tt.o)
			if len(objects) > 0 || len(gaps) != 1 || gaps[0].Scope != (enroll.Ref{Kind: enroll.VPPToken}) || gaps[0].Denied != tt.denied {
				t.Errorf("%v %v", objects, gaps)
			}
		})
	}
}
