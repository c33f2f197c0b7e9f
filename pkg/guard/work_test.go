package guard

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/pushcert"
	"github.com/intune-enroll/intune-enroll/pkg/tenant"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

func TestWorkRules(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	limits := enroll.Limits{Warn: []time.Duration{30 * enroll.Day}, Critical: []time.Duration{7 * enroll.Day}}
	l := Limits{PushCertificate: limits, ADEToken: limits, VPPToken: limits}
	ends := func(left time.Duration) enroll.Object {
		return enroll.Object{Ref: pushcert.Ref(), Facts: graph.PushCertificate{Expires: now.Add(left)}}
	}
	blocked := enroll.Object{Ref: enroll.Ref{Kind: tenant.Restriction, Name: "All users and all devices"}, Facts: tenant.RestrictionFacts{Default: true, Blocked: true}}
	full := enroll.Object{Ref: enroll.Ref{Kind: tenant.Account, Name: "Intune"}, Facts: tenant.AccountFacts{MaxTokens: 1}}
	const promise = "ade: [{profiles: [{name: S, userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: %s}}]}]\n"
	type severities map[string]enroll.Severity
	dead := snapshot(
		enroll.Object{Ref: enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}, Facts: vpp.TokenFacts{State: "expired", SyncStatus: "completed", LastSync: now, AutoUpdate: true}},
		enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalApp, Name: "Company Portal (Contoso VPP)"}, Facts: companyportal.AppFacts{Token: enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}, Licences: 5, Used: 5},
			Handles: map[enroll.Handle]string{"token-name": "Contoso VPP"}})
	engine := enroll.Engine{Kinds: companyportal.Kinds(nil)}
	file := func(text string) []enroll.Object {
		bound, _ := engine.Bind(wanted(t, text), dead)
		return bound
	}
	stops, warns := severities{"X-19": enroll.Error, "X-44": enroll.Error, "CPI-07": enroll.OK}, severities{"X-19": enroll.Warning, "X-44": enroll.Warning, "CPI-07": enroll.OK}
	for _, tc := range []struct {
		name        string
		want        []enroll.Object
		live        enroll.Snapshot
		check, work severities
	}{
		{"about to run out", nil, snapshot(ends(6 * enroll.Day)), severities{"X-11": enroll.Error, "X-13": enroll.Info}, severities{"X-11": enroll.Warning, "X-13": enroll.Info}},
		{"run out", nil, snapshot(ends(-enroll.Day)), severities{"X-11": enroll.Error, "X-13": enroll.Info}, severities{"X-11": enroll.Error, "X-13": enroll.Info}},
		{"blocked", nil, snapshot(blocked), severities{"X-05": enroll.Error}, severities{"X-05": enroll.Warning}},
		{"no room for a token", nil, snapshot(full, enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEToken, Name: "Contoso ABM"}}), severities{"X-31": enroll.Warning}, severities{}},
		{"no VPP in the file", file("byod: {profiles: [{name: P, enrollment: userChoice}]}\n"), dead, stops, warns},
		{"the app of the token", file("companyPortal: {app: {source: vpp, vppToken: Contoso VPP}}\n"), dead, stops, stops},
		{"the app of the App Store", file("companyPortal: {app: {source: store}}\n"), dead, stops, warns},
		{"updates of the token", []enroll.Object{{Ref: enroll.Ref{Kind: enroll.TokenAutoUpdate, Name: "Contoso VPP"}}}, dead, stops, stops},
		{"a classic profile", []enroll.Object{{Ref: enroll.Ref{Kind: enroll.ADEProfile, Name: "P"}, Fields: enroll.Fields{"companyPortal.vppToken": enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}}}}, dead, stops, stops},
		{"a promise", file(fmt.Sprintf(promise, "vpp, vppToken: Contoso VPP")), dead, stops, stops},
		{"a promise by a token that is not there", file(fmt.Sprintf(promise, "vpp, vppToken: Fabrikam VPP")), dead, stops, stops},
		{"a promise of the App Store", file(fmt.Sprintf(promise, "appleId")), dead, stops, warns},
	} {
		t.Run(tc.name, func(t *testing.T) {
			said := map[string]bool{}
			for _, use := range []struct {
				name  string
				rules []enroll.Rule
				want  severities
			}{{"check", Rules(l), tc.check}, {"work", WorkRules(l), tc.work}} {
				got := severities{}
				for _, f := range enroll.Evaluate(use.rules, tc.want, tc.live, now, true) {
					if len(f.Origin.File) == 0 { // about the tenant
						got[f.Rule] = f.Severity
						if said[f.Message] = said[f.Message] || use.name == "check"; !said[f.Message] {
							t.Errorf("%s: check does not say %q", use.name, f.Message)
						}
					}
				}
				if d := cmp.Diff(use.want, got); d != "" {
					t.Errorf("%s: %s", use.name, d)
				}
			}
		})
	}
}
