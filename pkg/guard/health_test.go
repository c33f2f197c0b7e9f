package guard

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func token(devices int) enroll.Object {
	return enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEToken, Name: "Contoso ABM"}, Facts: ade.TokenFacts{Devices: devices}}
}

func portal(licences, used int) enroll.Object {
	return enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalApp, Name: "Company Portal (Contoso VPP)"}, Facts: companyportal.AppFacts{Licences: licences, Used: used}}
}

func TestLicences(t *testing.T) {
	file := wanted(t, `ade: [{token: Contoso ABM, profiles: [{name: Staff, userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: vpp, vppToken: Contoso VPP}, devices: {serials: [F2LA00000001, F2LA00000002]}}]}]
`)
	store := enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalApp, Name: "Company Portal (store)"}, Facts: companyportal.AppFacts{Store: true}}
	tests := []struct {
		name string
		want []enroll.Object
		live enroll.Snapshot
		find []string
	}{
		{"enough", nil, snapshot(token(40), portal(100, 12)), []string{"ok: 88 of 100 licences left"}},
		{"none left", nil, snapshot(token(40), portal(10, 10)), []string{"error: none of 10 licences is left: devices that install it at enrollment do not enroll"}},
		{"more devices than licences", nil, snapshot(token(101), portal(100, 12)), []string{"warning: 88 of 100 licences left, and 101 devices may need one"}},
		{"the file needs fewer", file, snapshot(token(101), portal(100, 12)), []string{"ok: 88 of 100 licences left"}},
		{"the file needs more", file, snapshot(portal(1, 0)), []string{"warning: 1 of 1 licence left, and 2 devices may need one"}},
		{"nearly none", nil, snapshot(portal(100, 95)), []string{"warning: 5 of 100 licences left: less than a tenth"}},
		{"devices not counted", nil, snapshot(enroll.Object{Ref: token(0).Ref, Facts: ade.TokenFacts{DevicesUnsaid: true}}, portal(100, 12)), []string{"unknown: 88 of 100 licences left; the service does not say how many devices may need one"}},
		{"the file counts them", file, snapshot(enroll.Object{Ref: token(0).Ref, Facts: ade.TokenFacts{DevicesUnsaid: true}}, portal(100, 12)), []string{"ok: 88 of 100 licences left"}},
		{"of the store", nil, snapshot(token(40), store), []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.find, online(t, "X-44", tt.want, tt.live)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// lookedAt is s where the apps and their assignments were looked at.
func lookedAt(s enroll.Snapshot) enroll.Snapshot {
	for _, kind := range []enroll.KindName{enroll.PortalApp, enroll.AppAssignment} {
		s.Objects[kind] = append([]enroll.Object{}, s.Objects[kind]...)
	}
	return s
}

func TestRequired(t *testing.T) {
	to := func(group, intent string, device bool) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.AppAssignment, Scope: portal(1, 1).Ref.Owner(), Name: group},
			Fields: enroll.Fields{"target": enroll.Ref{Kind: enroll.Group, Name: group}, "intent": intent, "deviceLicensing": device}}
	}
	assigned := func(intent string, device bool) enroll.Object { return to("iOS - staff", intent, device) }
	const unseen = "19907f1f-babf-4215-80f4-26a3108f3bc0"
	excluded := assigned("required", true)
	excluded.Fields["exclude"] = true
	nobody := []string{"info: it is not a required app with device licences for anybody"}
	tests := []struct {
		name string
		live enroll.Snapshot
		want []enroll.Object
		find []string
	}{
		{"required", snapshot(token(1), portal(9, 1), assigned("required", true)), nil, []string{`ok: it is required with device licences for "iOS - staff"`}},
		{"with user licences", snapshot(token(1), portal(9, 1), assigned("required", false)), nil, nobody},
		{"available", snapshot(token(1), portal(9, 1), assigned("available", true)), nil, nobody},
		{"for a group by its id", snapshot(token(1), portal(9, 1), to(unseen, "required", true)), nil, []string{"ok: it is required with device licences for group " + unseen}},
		{"taken out", snapshot(token(1), portal(9, 1), excluded), nil, nobody},
		{"by the file", lookedAt(snapshot(token(1), portal(9, 1))), []enroll.Object{assigned("required", true)}, []string{`ok: the file makes it required with device licences for "iOS - staff"`}},
		{"the file lets users have it", lookedAt(snapshot(token(1), portal(9, 1))), []enroll.Object{assigned("required", false)}, nobody},
		{"not looked at", snapshot(token(1)), nil, []string{}},
		{"no app", lookedAt(snapshot(token(1))), nil, []string{"info: no VPP token of the tenant has Company Portal: devices can get it from the App Store only, with an Apple account"}},
		{"no token", snapshot(portal(9, 1)), nil, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.find, online(t, "CPI-12", tt.want, tt.live)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
