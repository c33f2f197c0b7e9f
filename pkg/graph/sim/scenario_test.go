package sim

import (
	"testing"
	"time"
	_ "time/tzdata" // or the machine may not know the place

	"github.com/google/go-cmp/cmp"
)

// health is what a check looks at first.
type health struct {
	Authority any
	Push      any // nil: none
	Tokens    []any
	VPP       []any
	Blocked   any
}

func look(t *testing.T, s *Server) health {
	t.Helper()
	h := health{Authority: ask(t, s, "GET", "/v1.0/organization?$select=mobileDeviceManagementAuthority", "").items(t)[0]["mobileDeviceManagementAuthority"]}
	if r := ask(t, s, "GET", "/v1.0/deviceManagement/applePushNotificationCertificate", ""); r.status == 200 {
		h.Push = r.body["expirationDateTime"]
	}
	for _, o := range ask(t, s, "GET", tokens, "").items(t) {
		if o["tokenType"] != "none" {
			h.Tokens = append(h.Tokens, o["tokenName"], o["tokenExpirationDateTime"], o["lastSuccessfulSyncDateTime"], o["lastSyncErrorCode"])
		}
	}
	for _, o := range ask(t, s, "GET", "/beta/deviceAppManagement/vppTokens", "").items(t) {
		h.VPP = append(h.VPP, o["displayName"], o["state"], o["expirationDateTime"])
	}
	for _, o := range ask(t, s, "GET", "/v1.0/deviceManagement/deviceEnrollmentConfigurations", "").items(t) {
		if r, ok := o["iosRestriction"].(object); ok {
			h.Blocked = r["platformBlocked"]
		}
	}
	return h
}

func TestScenarios(t *testing.T) {
	day := func(n int) string { return stamp(now.AddDate(0, 0, n)) }
	const hourAgo = "2026-11-22T11:00:00Z"
	healthy := health{"intune", day(200), []any{"Contoso ABM", day(180), hourAgo, 0.0}, []any{"Contoso VPP", "valid", day(300)}, false}
	tests := map[string]health{
		"empty":   {"intune", nil, nil, nil, false},
		"contoso": healthy,
		"crowded": healthy,
		"large":   healthy,
		"school": {"intune", day(200), []any{"Contoso ABM", day(180), hourAgo, 0.0, "Contoso School", day(200), hourAgo, 0.0},
			[]any{"Contoso VPP", "valid", day(300)}, false},
		"expiring": {"intune", day(20), []any{"Contoso ABM", day(6), hourAgo, 0.0}, []any{"Contoso VPP", "valid", day(25)}, false},
		"neglected": {
			"unknown", day(-10), []any{"Contoso ABM", day(-3), day(-3), 1.0, "Contoso School", day(100), day(-9), 3.0},
			[]any{"Contoso VPP", "assignedToExternalMDM", day(40), "Contoso VPP old", "expired", day(-30)}, true,
		},
	}
	for _, name := range Scenarios() {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tests[name], look(t, start(t, Options{Scenario: name}))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestScenariosAnywhere: days have 24 hours also on a machine where summer time begins or ends between them.
func TestScenariosAnywhere(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	there := look(t, start(t, Options{Now: func() time.Time { return now.In(london) }}))
	if diff := cmp.Diff(look(t, start(t, Options{})), there); diff != "" {
		t.Errorf("-here +there:\n%s", diff)
	}
}

// TestScenariosObeyTheSchema: what scenarios put into a tenant passes the check that bodies pass.
func TestScenariosObeyTheSchema(t *testing.T) {
	for _, name := range Scenarios() {
		s := start(t, Options{Scenario: name})
		for path, items := range s.tenant.sets {
			p, err := parsePath(path)
			if err != nil {
				t.Fatal(err)
			}
			r := s.schema.find(&p)
			if r == nil {
				t.Errorf("%s: %s is not a path of the schema", name, path)
				continue
			}
			for _, it := range items {
				kind := s.schema.types[r.typ]
				if odata := it.text("@odata.type"); odata != "" {
					kind = s.schema.of(odata)
				}
				for member := range it.object {
					if member != "@odata.type" && kind.member(member) == nil {
						t.Errorf("%s: %s has member %s, which %s lacks", name, path, member, kind.name)
					}
				}
			}
			if path == policiesPath {
				for _, it := range items {
					if err := s.catalog.check(it.object["settings"].([]any)); err != nil && it.text("platforms") == "iOS" {
						t.Errorf("%s: policy %s: %v", name, it.text("name"), err)
					}
				}
			}
		}
	}
}
