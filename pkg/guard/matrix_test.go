package guard

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
	"github.com/intune-enroll/intune-enroll/pkg/tenant"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// Parts of files that several combinations share.
const (
	adePart      = "ade: [{token: Contoso ABM, profiles: [{name: P, "
	adeEnd       = ", devices: {serials: [F2LX00000001, F2LX00000003]}}]}]\n"
	userPart     = adePart + "userAffinity: user, authentication: "
	portalPolicy = "companyPortal: {app: {source: vpp}, configPolicies: [{name: C, variant: userAffinity, assignTo: {groups: [G]}}]}\n"
	groupOfP     = "groups: [{name: G, devicesOfProfile: P}]\n"
	portalApp    = "companyPortal: {app: {source: vpp, requiredFor: [G]}}\n"
	enrolled     = "companyPortal: {app: {source: vpp, requiredFor: [iOS - enrolled before Company Portal]}, configPolicies: [{name: C, variant: userAffinity, assignTo: {groups: [iOS - enrolled before Company Portal]}}]}\n"
	macPart      = "configurator: {profiles: [{name: P, "
	macEnd       = ", devices: {serials: [DMPX00000001]}}]}\n"
	byodPart     = "byod: {profiles: [{name: P, "
)

// combination is one row of the enrollment guide's validity table.
type combination struct {
	name, file string
	refused    string // the rule that refuses it; "": it is valid
}

// combinations are all rows, of both back ends where both have it.
func combinations() []combination {
	return []combination{
		{"M01", groupOfP + userPart + "companyPortal, companyPortal: {install: vpp, vppToken: Contoso VPP}" + adeEnd + "companyPortal: {app: {source: vpp, requiredFor: [G], autoUpdate: true}}\n", ""},
		{"M01 classic, locked", userPart + "companyPortal, type: classicProfile, companyPortal: {install: vpp, lockUntilInstalled: true}" + adeEnd, ""},
		{"M02", userPart + "companyPortal, companyPortal: {install: appleId}" + adeEnd, ""},
		{"M02 classic", userPart + "companyPortal, type: classicProfile, companyPortal: {install: appleId}" + adeEnd, ""},
		{"M02 locked", userPart + "companyPortal, type: classicProfile, companyPortal: {install: appleId, lockUntilInstalled: true}" + adeEnd, "X-43"},
		{"M03", groupOfP + userPart + "companyPortal, companyPortal: {install: vpp}" + adeEnd + portalPolicy, "X-41"},
		{"M04", userPart + "companyPortal, companyPortal: {install: none}" + adeEnd, "M04"},
		{"M05", userPart + "setupAssistantLegacy, type: classicProfile, companyPortal: {install: vpp, lockUntilInstalled: true}" + adeEnd, ""},
		{"M05 as a policy", userPart + "setupAssistantLegacy, companyPortal: {install: vpp}" + adeEnd, "X-20"},
		{"M06", userPart + "setupAssistantLegacy, type: classicProfile, companyPortal: {install: appleId}" + adeEnd, ""},
		{"M06 without the screen it needs", userPart + "setupAssistantLegacy, type: classicProfile, companyPortal: {install: appleId}, setupAssistant: {hide: [appleId]}" + adeEnd, "CPI-08"},
		{"M07", enrolled, ""},
		{"M08", userPart + "setupAssistantLegacy, type: classicProfile, companyPortal: {install: none, acceptUnregistered: true}" + adeEnd, ""},
		{"M08 unaware", userPart + "setupAssistantLegacy, type: classicProfile, companyPortal: {install: none}" + adeEnd, "AUT-10"},
		{"M09", userPart + "setupAssistantModern, companyPortal: {install: vpp}, awaitFinalConfiguration: true" + adeEnd, ""},
		{"M09 classic", userPart + "setupAssistantModern, type: classicProfile, companyPortal: {install: vpp}, awaitFinalConfiguration: false" + adeEnd, ""},
		{"M10", userPart + "setupAssistantModern, companyPortal: {install: appleId}" + adeEnd, ""},
		{"M10 classic", userPart + "setupAssistantModern, type: classicProfile, companyPortal: {install: appleId}" + adeEnd, ""},
		{"M11", groupOfP + userPart + "setupAssistantModern, companyPortal: {install: vpp}" + adeEnd + portalPolicy, "X-41"},
		{"M12", userPart + "setupAssistantModern, companyPortal: {install: none, acceptUnregistered: true}" + adeEnd, ""},
		{"M12 unaware", userPart + "setupAssistantModern, companyPortal: {install: none}" + adeEnd, "M12"},
		{"M13", userPart + "setupAssistantModern, justInTime: true, companyPortal: {install: vpp}" + adeEnd, ""},
		{"M13 by Apple Account", userPart + "setupAssistantModern, justInTime: true, companyPortal: {install: appleId}" + adeEnd, ""},
		{"M13 with another sign-in", userPart + "companyPortal, justInTime: true, companyPortal: {install: vpp}" + adeEnd, "X-24"},
		{"M14", adePart + "userAffinity: none, awaitFinalConfiguration: true" + adeEnd, ""},
		{"M14 classic", adePart + "userAffinity: none, type: classicProfile" + adeEnd, ""},
		{"M15 vpp", adePart + "userAffinity: none, companyPortal: {install: vpp}" + adeEnd, "EUA-06"},
		{"M15 appleId", adePart + "userAffinity: none, companyPortal: {install: appleId}" + adeEnd, "EUA-06"},
		{"M15 as a required app", groupOfP + adePart + "userAffinity: none" + adeEnd + portalApp, "CFP-05"},
		{"M16", groupOfP + adePart + "userAffinity: none" + adeEnd +
			"companyPortal: {app: {source: vpp, requiredFor: [G]}, configPolicies: [{name: C, variant: deviceStaging, assignTo: {groups: [G]}}]}\n", ""},
		{"M16 from the App Store", groupOfP + adePart + "userAffinity: none" + adeEnd +
			"companyPortal: {app: {source: store, requiredFor: [G]}, configPolicies: [{name: C, variant: deviceStaging, assignTo: {groups: [G]}}]}\n", "CFP-05"},
		{"M17", adePart + "userAffinity: sharedIPad, sharedIPad: {maxCachedUsers: 8, userSessionTimeoutSeconds: 300, passcodeGraceSeconds: 60}" + adeEnd, ""},
		{"M17 guests only", adePart + "userAffinity: sharedIPad, sharedIPad: {temporarySessionsOnly: true, temporarySessionTimeoutSeconds: 60}" + adeEnd, ""},
		{"M17 classic", adePart + "userAffinity: sharedIPad, type: classicProfile, sharedIPad: {maxCachedUsers: 8, userSessionTimeoutSeconds: 300}" + adeEnd, ""},
		{"M17 with the app", groupOfP + adePart + "userAffinity: sharedIPad" + adeEnd + portalApp, "CFP-05"},
		{"M17 that awaits", adePart + "userAffinity: sharedIPad, awaitFinalConfiguration: true" + adeEnd, "X-25"},
		{"M18", adePart + "userAffinity: entraShared, lockedEnrollment: true" + adeEnd, ""},
		{"M18 classic", adePart + "userAffinity: entraShared, type: classicProfile, lockedEnrollment: true" + adeEnd, ""},
		{"M18 with the app", groupOfP + adePart + "userAffinity: entraShared, lockedEnrollment: true" + adeEnd + portalApp, "CFP-05"},
		{"M19", macPart + "userAffinity: user, authentication: companyPortal, companyPortal: {install: appleId}" + macEnd, ""},
		{"M20", macPart + "userAffinity: user, authentication: companyPortal, companyPortal: {install: vpp}" + macEnd, "C-10"},
		{"M21", macPart + "userAffinity: user, authentication: companyPortal, companyPortal: {install: appleId}" + macEnd + enrolled, ""},
		{"M22", macPart + "userAffinity: user, authentication: setupAssistant, companyPortal: {install: appleId}" + macEnd, ""},
		{"M23", macPart + "userAffinity: user, authentication: setupAssistant, companyPortal: {install: none, acceptUnregistered: true}" + macEnd + enrolled, ""},
		{"M24", macPart + "userAffinity: user, authentication: setupAssistant, companyPortal: {install: none, acceptUnregistered: true}" + macEnd, ""},
		{"M25", macPart + "userAffinity: none}]}\n", ""},
		{"M26", macPart + "userAffinity: none, companyPortal: {install: appleId}}]}\n", "CFP-05"},
		{"M26 as a required app", groupOfP + macPart + "userAffinity: none}]}\n" + portalApp, "CFP-05"},
		{"M27", macPart + "userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: appleId}" + macEnd, "CAU-01"},
		{"M28", byodPart + "enrollment: deviceCompanyPortal, assignTo: {groups: [All staff]}}]}\n", ""},
		{"M29", byodPart + "enrollment: deviceWeb, justInTime: true, assignTo: {allUsers: true}}]}\n", ""},
		{"M30", byodPart + "enrollment: deviceWeb, assignTo: {groups: [All staff]}}]}\n", ""},
		{"M31", byodPart + "enrollment: accountDriven, justInTime: true, assignTo: {groups: [All staff]}}]}\n", ""},
		{"M32", byodPart + "enrollment: userChoice, priority: 1, assignTo: {groups: [All staff]}}]}\n", ""},
		{"M33", byodPart + "enrollment: user, assignTo: {groups: [All staff]}}]}\n", "X-88"},
		{"M34", byodPart + "enrollment: deviceWeb, justInTime: true, assignTo: {groups: [iOS - pilots]}}]}\n", "BYO-08"},
		{"M35", "companyPortal: {app: {source: vpp}, configPolicies: [{name: C, variant: userAffinity, assignTo: {groups: [All staff]}}]}\n", "CPI-14"},
		{"M36 automated", userPart + "setupAssistantModern, deviceEnrollmentManager: true, companyPortal: {install: vpp}" + adeEnd, "FILE"},
		{"M36 Apple Configurator", macPart + "userAffinity: user, authentication: companyPortal, deviceEnrollmentManager: true, companyPortal: {install: appleId}" + macEnd, "FILE"},
	}
}

// TestCombinations walks the validity table: what is valid can be said, is
// planned, applied, read back, and is then as it should be; what is not valid
// is refused by the rule that says so, before anything is sent.
func TestCombinations(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, tc := range combinations() {
		seen[tc.name[:3]] = true
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			x := graphtest.Start(t, sim.Options{Scenario: "contoso"})
			x.Knows(WorkRules(Limits{}), directory.Kinds(x.Client, overV1{}), vpp.Kinds(x.Client), ade.Kinds(x.Client),
				configurator.Kinds(x.Client), byod.Kinds(x.Client), companyportal.Kinds(x.Client), tenant.Kinds(x.Client))
			x.Engine.Settle, x.Engine.Poll, x.Engine.Normalize = 5*time.Second, time.Millisecond, document.Normalize
			p := planOf(t, x, tc.file)
			if tc.refused != "" {
				if rules := errorsIn(p); !slices.Contains(rules, tc.refused) {
					t.Errorf("refused by %v, want %s", rules, tc.refused)
				}
				return
			}
			if rules := errorsIn(p); len(rules) > 0 || len(p.Gaps) > 0 || len(p.Writes()) == 0 {
				t.Fatalf("%d writes, gaps %v, errors: %v", len(p.Writes()), p.Gaps, lines(p.Findings))
			}
			r := x.Engine.Apply(t.Context(), p, nil, nil)
			for _, o := range slices.Concat(r.Failed, r.Unknown, r.NotTried) {
				t.Errorf("%s %s: %v", o.Change.Verb, o.Change.Ref, o.Err)
			}
			for _, c := range planOf(t, x, tc.file).Writes() {
				t.Errorf("planned again: %s %s %+v", c.Verb, c.Ref, c.Fields)
			}
			if v := x.Violations(); len(v) > 0 {
				t.Errorf("violations: %v", v)
			}
		})
	}
	if d := cmp.Diff(36, len(seen)); d != "" {
		t.Errorf("rows of the table: %s", d)
	}
}

// overV1 stands for what is read over v1.0: a tenant with a licence.
type overV1 struct{}

func (overV1) Organization(context.Context) (graph.Organization, error) {
	return graph.Organization{}, nil
}

func (overV1) SubscribedSKUs(context.Context) ([]graph.SKU, error) {
	return []graph.SKU{{PartNumber: "EMS", Status: "Enabled", Enabled: 200, Plans: []graph.ServicePlan{{Name: "INTUNE_A", Status: "Success"}}}}, nil
}

// planOf plans a file; what is wrong with the file itself is among the findings.
func planOf(t *testing.T, x *graphtest.Tenant, text string) enroll.Plan {
	t.Helper()
	doc, findings := document.Decode([]document.Source{{Name: "f.yaml", Data: []byte("apiVersion: intune-enroll/v1\n" + text)}})
	if len(findings) > 0 {
		return enroll.Plan{Findings: findings}
	}
	want, said := doc.Objects()
	p := x.Plan(t, want, Also(want)...)
	p.Findings = append(said, p.Findings...)
	return p
}

// errorsIn are the rules that the plan breaks, each once.
func errorsIn(p enroll.Plan) []string {
	var out []string
	for _, f := range p.Findings {
		if f.Severity == enroll.Error && !slices.Contains(out, f.Rule) {
			out = append(out, f.Rule)
		}
	}
	return out
}
