package ade

import (
	"testing"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func TestApplyEveryKind(t *testing.T) {
	x := newTenant(t, sim.Options{Scenario: "contoso", Lag: 3})
	token := tokenEntry(enroll.Fields{pathToken: "Contoso ABM", pathDefault: "Staff iPhones"})
	entries := []enroll.Entry{
		profileEntry("Staff iPhones", modern().With(enroll.Fields{pathSerials: []string{"F2LX00000001", "F2LX00000002", "F2LX00000003"}, pathTemplate: "{{DEVICETYPE}}-{{SERIAL}}", pathHide: []string{"applePay", "siri"}, pathDepartment: "IT"})),
		profileEntry("Kiosk", kiosk()),
		profileEntry("Locked", classicPortal()),
	}
	x.apply(t, token, entries...)
	x.ResetLog()
	x.settled(t, token, entries...)
	if n := len(x.writes()); n != 0 {
		t.Errorf("%d writes by planning", n)
	}
	entries[0] = profileEntry("Staff iPhones", modern().With(enroll.Fields{pathAwait: false, pathHide: []string{}, pathDepartment: "", pathPhone: "+358 9 1234", pathTags: []string{"Helsinki"}}))
	entries[2] = profileEntry("Locked", classicPortal().With(enroll.Fields{pathLock: false, pathHide: []string{"zoom", "termsOfAddress"}}))
	x.apply(t, token, entries...)
	x.settled(t, token, entries...)
}
