package guard

import (
	"strings"
	"testing"

	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// TestPromiseByTimeGroup: a group that devices enter while they enroll keeps
// the promise of Company Portal, one that they do not enter cannot be told.
func TestPromiseByTimeGroup(t *testing.T) {
	const file = "groups: [{name: G, assigned: true}, {name: H, assigned: true}]\n" +
		"ade: [{profiles: [{name: Staff, userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: vpp}, enrollmentTimeGroup: %}]}]\n"
	app := enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalApp, Name: "Company Portal (Contoso VPP)"}, Facts: companyportal.AppFacts{}, Handles: map[enroll.Handle]string{"token-name": "Contoso VPP"}}
	assignment := enroll.Object{Ref: enroll.Ref{Kind: enroll.AppAssignment, Scope: app.Ref.Owner(), Name: "G"},
		Fields: enroll.Fields{"target": enroll.Ref{Kind: enroll.Group, Name: "G"}, "intent": "required", "deviceLicensing": true}}
	for group, severity := range map[string]string{"G": "ok: ", "H": "warning: "} {
		got := online(t, "CPI-04", wanted(t, strings.Replace(file, "%", group, 1)), snapshot(app, assignment))
		if len(got) != 1 || !strings.HasPrefix(got[0], severity) {
			t.Errorf("%s: %v", group, got)
		}
	}
}

// TestOneOwner: profiles that share a group want its owner once.
func TestOneOwner(t *testing.T) {
	owners := 0
	for _, o := range wanted(t, "ade: [{profiles: [{name: A, userAffinity: sharedIPad, enrollmentTimeGroup: G}, {name: B, userAffinity: entraShared, enrollmentTimeGroup: G}]}]\n") {
		if o.Ref.Kind == enroll.GroupOwner {
			owners++
		}
	}
	if owners != 1 {
		t.Errorf("%d owners", owners)
	}
}
