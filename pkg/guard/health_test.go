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
	assigned := func(intent string, device bool) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.AppAssignment, Scope: portal(1, 1).Ref.Owner(), Name: "iOS - staff"}, Fields: enroll.Fields{"intent": intent, "deviceLicensing": device}}
	}
	tests := []struct {
		name string
		live enroll.Snapshot
		find []string
	}{
		{"required", snapshot(token(1), portal(9, 1), assigned("required", true)), []string{`ok: it is required with device licences for "iOS - staff"`}},
		{"with user licences", snapshot(token(1), portal(9, 1), assigned("required", false)), []string{"info: it is not a required app with device licences for anybody"}},
		{"available", snapshot(token(1), portal(9, 1), assigned("available", true)), []string{"info: it is not a required app with device licences for anybody"}},
		{"not looked at", snapshot(token(1)), []string{}},
		{"no app", lookedAt(snapshot(token(1))), []string{"info: no volume-purchase token of the tenant has Company Portal: devices can get it from the App Store only, with an Apple account"}},
		{"no token", snapshot(portal(9, 1)), []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.find, online(t, "CPI-12", nil, tt.live)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
