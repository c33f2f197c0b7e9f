package tenant

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func TestRead(t *testing.T) {
	for _, tc := range []struct {
		name string
		sim  sim.Options
		want []RestrictionFacts
		gap  bool
	}{
		{"open", sim.Options{}, []RestrictionFacts{{Default: true}}, false},
		{"blocked", sim.Options{Scenario: "neglected"}, []RestrictionFacts{{Default: true, Blocked: true}}, false},
		{"not permitted", sim.Options{Permissions: []string{graph.GroupRead}}, nil, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			objects, gaps := Kinds(graphtest.Start(t, tc.sim).Client)[0].Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{})
			var got []RestrictionFacts
			for _, o := range objects {
				facts, _ := o.Facts.(RestrictionFacts)
				got = append(got, facts)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			if tc.gap != (len(gaps) == 1 && gaps[0].Denied) {
				t.Errorf("gaps: %+v", gaps)
			}
		})
	}
}

func TestRestriction(t *testing.T) {
	const single = `{"@odata.type":"#microsoft.graph.deviceEnrollmentPlatformRestrictionConfiguration","id":"1_SinglePlatformRestriction","displayName":"Sales","priority":1,`
	for _, tc := range []struct {
		name, raw string
		want      RestrictionFacts
		ours, bad bool
	}{
		{"one platform", single + `"platformType":"ios","platformRestriction":{"platformBlocked":false,"personalDeviceEnrollmentBlocked":true}}`, RestrictionFacts{Priority: 1, BlocksPersonal: true}, true, false},
		{"another platform", single + `"platformType":"windows","platformRestriction":{"platformBlocked":true,"personalDeviceEnrollmentBlocked":true}}`, RestrictionFacts{}, false, false},
		{"limit of devices", `{"@odata.type":"#microsoft.graph.deviceEnrollmentLimitConfiguration","id":"1_DefaultLimit","limit":15}`, RestrictionFacts{}, false, false},
		{"all platforms, for a group", `{"@odata.type":"#microsoft.graph.deviceEnrollmentPlatformRestrictionsConfiguration","id":"2","priority":2,"iosRestriction":{"platformBlocked":true,"personalDeviceEnrollmentBlocked":false}}`, RestrictionFacts{Priority: 2, Blocked: true}, true, false},
		{"says nothing", single + `"platformType":"ios","platformRestriction":{}}`, RestrictionFacts{}, false, true},
		{"no restriction in it", single + `"platformType":"ios"}`, RestrictionFacts{}, false, true},
		{"no type", `{"id":"1_DefaultPlatformRestrictions","iosRestriction":{"platformBlocked":true,"personalDeviceEnrollmentBlocked":true}}`, RestrictionFacts{}, false, true},
		{"no platform", single + `"platformRestriction":{"platformBlocked":true,"personalDeviceEnrollmentBlocked":true}}`, RestrictionFacts{}, false, true},
		{"no JSON", `[`, RestrictionFacts{}, false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, ours, err := restriction(json.RawMessage(tc.raw))
			facts, _ := o.Facts.(RestrictionFacts)
			if diff := cmp.Diff([]any{tc.want, tc.ours, tc.bad}, []any{facts, ours, err != nil}); diff != "" {
				t.Errorf("%s %v", diff, err)
			}
		})
	}
}

// FuzzRestriction: whatever the service answers is read or refused, never both.
func FuzzRestriction(f *testing.F) {
	f.Add(`{"@odata.type":"#microsoft.graph.deviceEnrollmentPlatformRestrictionConfiguration","platformType":"ios","platformRestriction":{"platformBlocked":true,"personalDeviceEnrollmentBlocked":null}}`)
	f.Add(`{"@odata.type":"#microsoft.graph.deviceEnrollmentPlatformRestrictionsConfiguration","iosRestriction":[]}`)
	f.Fuzz(func(t *testing.T, raw string) {
		o, ours, err := restriction(json.RawMessage(raw))
		if _, read := o.Facts.(RestrictionFacts); read != ours || ours && err != nil {
			t.Errorf("%v %v %v", o, ours, err)
		}
	})
}
