package ade

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// grouped is a Shared iPad whose devices enter a group while they enroll.
func grouped(group any) enroll.Entry {
	return profileEntry("Classroom", enroll.Fields{pathAffinity: AffinityShared, pathGroup: group})
}

func TestTimeGroup(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso", Lag: 2}).asPerson(t)
	token := tokenEntry(enroll.Fields{pathToken: "Contoso ABM"})
	p := x.apply(t, token, grouped("iOS - pilots"))
	var got []string
	for _, c := range p.Writes() {
		got = append(got, string(c.Verb)+" "+c.Ref.String())
	}
	want := []string{"create ade-profile/Classroom (Contoso ABM)", "create group-owner/Intune Provisioning Client (iOS - pilots)", "update ade-membership-target/Classroom (Contoso ABM)"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("changes (-want +got):\n%s", d)
	}
	x.settled(t, token, grouped("iOS - pilots"))
	body := x.body(t, http.MethodPost, "/setEnrollmentTimeDeviceMembershipTarget")
	targets, _ := body["enrollmentTimeDeviceMembershipTargets"].([]any)
	if target, _ := targets[0].(map[string]any); len(targets) != 1 || target["targetType"] != "staticSecurityGroup" || len(body) != 1 {
		t.Errorf("body: %v", body)
	}
	// Left out it stays, null takes it away.
	x.settled(t, token, profileEntry("Classroom", enroll.Fields{pathAffinity: AffinityShared}))
	x.apply(t, token, grouped(nil))
	x.settled(t, token, grouped(nil))
	if v := x.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}

// TestTimeGroupOfAnApplication: everything else is done, and the message says
// what to do.
func TestTimeGroupOfAnApplication(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso", Lag: -1})
	profile := grouped("iOS - pilots")
	profile.Values[pathSerials] = []string{"F2LX00000001"}
	p := x.plan(t, tokenEntry(nil), profile)
	warned := false
	for _, f := range p.Findings {
		warned = warned || f.Rule == "X-55" && f.Severity == enroll.Warning && strings.Contains(f.Message, "answers 500")
	}
	if !warned {
		t.Errorf("findings: %+v", p.Findings)
	}
	r := x.e.Apply(t.Context(), p, nil, nil)
	if len(r.Done) != 3 || len(r.Failed) != 1 || len(r.Unknown)+len(r.NotTried) > 0 {
		t.Fatalf("result: %+v", r)
	}
	got, ok := errors.AsType[needsPerson](r.Failed[0].Err)
	if !ok || !strings.Contains(got.Error(), "lets no application set") || got.Do() != "sign in as a person: --auth device-code, browser or azure-cli" {
		t.Error(r.Failed[0].Err)
	}
}

func TestTimeGroupProblems(t *testing.T) {
	for _, tc := range []struct {
		name, match string
		permissions []string
		want        string
	}{
		{"the principal may not be read", "", []string{"DeviceManagementServiceConfig.ReadWrite.All", "DeviceManagementConfiguration.ReadWrite.All", "Group.Read.All"},
			"cannot tell whether Intune Provisioning Client owns group"},
		{"owners cannot be listed", "GET /groups/*/owners", nil, "gap group-owner (iOS - pilots)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := sim.Options{Scenario: "contoso", Permissions: tc.permissions}
			if tc.match != "" {
				o.Faults = []sim.Fault{{Match: tc.match, Do: "status", Status: 400, Times: 9}}
			}
			x := newTenant(t, o).asPerson(t)
			p := x.plan(t, tokenEntry(nil), grouped("iOS - pilots"))
			said := ""
			for _, f := range p.Findings {
				said += f.Message + "\n"
			}
			for _, g := range p.Gaps {
				owner, _ := g.Scope.ScopeRef()
				said += "gap " + string(g.Scope.Kind) + " (" + owner.Name + ")\n"
			}
			if !strings.Contains(said, tc.want) {
				t.Errorf("said: %s", said)
			}
			for _, c := range p.Writes() {
				if c.Ref.Kind == enroll.GroupOwner {
					t.Errorf("planned: %+v", c)
				}
			}
		})
	}
}

// TestTimeGroupRefused: the service accepts the request and stores nothing.
func TestTimeGroupRefused(t *testing.T) {
	for _, tc := range []struct{ name, code, want string }{
		{"out of scope", "securityGroupNotInCallerScope", "not among the scope groups of the Intune role"},
		{"unknown code", "somethingNew", "the service says somethingNew"},
		{"silent", "", "written, but not as asked"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := newTenant(t, sim.Options{Scenario: "contoso", Lag: -1}).asPerson(t)
			x.e.Settle = 60 * time.Millisecond
			x.apply(t, tokenEntry(nil), profileEntry("Classroom", enroll.Fields{pathAffinity: AffinityShared}))
			code := `null`
			if tc.code != "" {
				code = `"` + tc.code + `"`
			}
			x.SetFaults([]sim.Fault{{Match: "POST /deviceManagement/configurationPolicies/*/setEnrollmentTimeDeviceMembershipTarget", Do: "status", Status: 200, Times: 9,
				Body: `{"validationSucceeded":true,"enrollmentTimeDeviceMembershipTargetValidationStatuses":[{"targetId":"x","targetValidationErrorCode":` + code + `}]}`}})
			p := x.plan(t, tokenEntry(nil), grouped("iOS - pilots"))
			r := x.e.Apply(t.Context(), p, nil, nil)
			if len(r.Failed) != 1 || !strings.Contains(r.Failed[0].Err.Error(), tc.want) {
				t.Errorf("result: %+v", r)
			}
		})
	}
}

func TestTimeGroupRules(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso", Lag: -1}).asPerson(t)
	for _, tc := range []struct {
		name    string
		profile enroll.Entry
		want    []string
	}{
		{"static devices", grouped("iOS - pilots"), nil},
		{"dynamic", grouped("iOS - kiosks"), []string{`error: group "iOS - kiosks" is dynamic, and an enrollment time group is a static security group`}},
		{"users", grouped("All staff"), []string{`warning: group "All staff" holds users; devices are put into it`}},
		{"kiosk", profileEntry("K", kiosk().With(enroll.Fields{pathGroup: "iOS - pilots"})), []string{"error: enrollmentTimeGroup does not exist with userAffinity: none"}},
		{"classic", profileEntry("C", classicPortal().With(enroll.Fields{pathGroup: "iOS - pilots"})), []string{"error: enrollmentTimeGroup needs type: enrollmentPolicy"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, f := range x.plan(t, tokenEntry(nil), tc.profile).Findings {
				if f.Rule == "X-55" {
					got = append(got, string(f.Severity)+": "+f.Message)
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
