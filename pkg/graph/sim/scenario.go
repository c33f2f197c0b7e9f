package sim

import (
	"maps"
	"slices"
)

// Scenarios lists the names Options.Scenario takes.
func Scenarios() []string { return slices.Sorted(maps.Keys(scenarios())) }

// Scenarios lists the names Options.Scenario takes.
func (s *Simulator) Scenarios() []string { return Scenarios() }

func scenarios() map[string]func(*Simulator) *tenant {
	return map[string]func(*Simulator) *tenant{
		"empty": empty, "contoso": contoso, "expiring": expiring, "neglected": neglected, "crowded": crowded, "large": large, "school": school,
	}
}

func newBuilder(s *Simulator) *builder {
	b := &builder{s: s, t: newTenant(tenantID), now: s.options.Now()}
	b.organization()
	return b
}

// empty is a tenant with Intune licences and nothing else: no push certificate, no token of Apple's, no profile, no
// group. Only what Intune itself makes is there, the pseudo token of Apple Configurator among it.
func empty(s *Simulator) *tenant { return newBuilder(s).t }

// contoso is healthy: tenant Contoso (contoso.com, contoso.onmicrosoft.com), push certificate for 200 days more, one
// enrollment program token "Contoso ABM" with the serials F2LX00000001 to F2LX00000040 (two of five without a profile),
// the classic profiles "Contoso default" (the token's default, Company Portal sign-in) and "Kiosk iPads" (no user), the VPP token
// "Contoso VPP" (location "Contoso HQ") with Company Portal (its bundle id in lower case) and Authenticator, groups of
// users and of devices, static and dynamic, the scope tags Default and Helsinki, and one filter.
func contoso(s *Simulator) *tenant { return buildContoso(s).t }

func buildContoso(s *Simulator) *builder {
	b := newBuilder(s)
	b.push(200)
	b.add("/deviceManagement/roleScopeTags", "roleScopeTag", object{"id": "1", "displayName": "Helsinki"})
	token := b.token("Contoso ABM", 180, 40, "F2LX")
	standard, kiosk := b.classic(token, "Contoso default", true), b.classic(token, "Kiosk iPads", false)
	b.t.defaults[token.id()] = lastPart(standard.id())
	b.t.fleets[token.id()].pattern = []string{"", "", lastPart(standard.id()), lastPart(standard.id()), lastPart(kiosk.id())}
	vpp := b.vpp("Contoso VPP", "valid", 300)
	b.app(vpp, "Intune Company Portal", "com.microsoft.companyportal", "id719171358", 100, 12)
	b.app(vpp, "Microsoft Authenticator", "com.microsoft.azureauthenticator", "id983156458", 100, 40)
	b.group("All staff", 120, 0)
	b.group("iOS - pilots", 0, 5)
	b.group("iOS - enrolled before Company Portal", 0, 18)
	b.dynamicGroup("Sales", `(user.department -eq "Sales")`, 30, 0)
	b.dynamicGroup("iOS - kiosks", `(device.enrollmentProfileName -eq "Kiosk iPads")`, 0, 8)
	b.add(filtersPath, "deviceAndAppManagementAssignmentFilter", object{
		"displayName": "Kiosk iPads", "platform": "iOS", "rule": `(device.enrollmentProfileName -eq "Kiosk iPads")`, "assignmentFilterManagementType": "devices",
	})
	b.add("/deviceAppManagement/iosManagedAppProtections", "iosManagedAppProtection", object{"displayName": "Contoso app protection", "version": "1", "deployedAppCount": int64(5)})
	b.add("/deviceManagement/deviceConfigurations", "deviceConfiguration", object{"@odata.type": "#microsoft.graph.iosGeneralDeviceConfiguration", "displayName": "Contoso restrictions", "version": int64(1)})
	b.t.managed = managed{n: 12, prefix: "F2LX", profile: "Contoso default", since: b.now.AddDate(0, -3, 0)}
	b.events()
	return b
}

func (b *builder) events() {
	b.add("/deviceManagement/auditEvents", "auditEvent", object{
		"displayName": "Create DepProfile", "componentName": "Enrollment", "activity": "Create DepProfile", "activityType": "Create", "activityOperationType": "Create",
		"activityResult": "Success", "activityDateTime": b.days(-20), "correlationId": guid("audit"), "category": "Enrollment",
		"actor":     object{"type": "ItPro", "auditActorType": "ItPro", "userPrincipalName": adminUPN},
		"resources": []any{object{"displayName": "Contoso default", "auditResourceType": "Microsoft.Management.Services.Api.DepProfile", "resourceId": guid("audit/resource")}},
	})
	b.add("/deviceManagement/troubleshootingEvents", "deviceManagementTroubleshootingEvent", object{
		"@odata.type": "#microsoft.graph.enrollmentTroubleshootingEvent", "eventDateTime": b.days(-2), "correlationId": guid("trouble"), "operatingSystem": "iOS", "osVersion": "26.1",
		"enrollmentType": "appleBulkWithUser", "failureCategory": "authentication", "failureReason": "The user could not be authenticated",
	})
}

// school is contoso with a second token, "Contoso School" of Apple School Manager, and the serials C02X00000001 to
// C02X00000020 without a profile.
func school(s *Simulator) *tenant {
	b := buildContoso(s)
	b.token("Contoso School", 200, 20, "C02X").object["tokenType"] = "appleSchoolManager"
	return b.t
}

// expiring is contoso about to run out: push certificate in 20 days, enrollment program token in 6, VPP token in 25.
func expiring(s *Simulator) *tenant {
	b := buildContoso(s)
	b.push(20)
	for _, it := range b.t.sets[tokensPath] {
		if it.text("tokenType") == "dep" {
			it.object["tokenExpirationDateTime"] = b.days(6)
		}
	}
	b.t.sets[vppPath][0].object["expirationDateTime"] = b.days(25)
	return b.t
}

// neglected has everything wrong: no MDM authority, the Intune licence disabled, the push certificate expired 10 days
// ago (within Apple's 30 days of grace), token "Contoso ABM" expired 3 days ago, token "Contoso School" with sync error 3 (terms not
// accepted) and its last sync 9 days ago, no default profile, no device assigned, one VPP token taken by another MDM
// and one expired with no Company Portal licence left, and iOS blocked for everybody.
func neglected(s *Simulator) *tenant {
	b := newBuilder(s)
	b.t.sets["/organization"][0].object["mobileDeviceManagementAuthority"] = "unknown"
	b.licence("Disabled", "disabled")
	b.push(-10)
	b.restriction(true)
	expired := b.token("Contoso ABM", -3, 10, "F2LX")
	expired.object["lastSuccessfulSyncDateTime"], expired.object["lastSyncTriggeredDateTime"] = b.days(-3), b.days(-1)
	expired.object["lastSyncErrorCode"] = int64(1)
	stuck := b.token("Contoso School", 100, 10, "C02X")
	stuck.object["tokenType"], stuck.object["lastSyncErrorCode"] = "appleSchoolManager", int64(3)
	stuck.object["lastSuccessfulSyncDateTime"], stuck.object["lastSyncTriggeredDateTime"] = b.days(-9), b.days(-1)
	b.classic(expired, "Forgotten", true)
	b.vpp("Contoso VPP", "assignedToExternalMDM", 40)
	old := b.vpp("Contoso VPP old", "expired", -30)
	old.object["lastSyncStatus"], old.object["lastSyncDateTime"] = "failed", b.days(-31)
	b.app(old, "Intune Company Portal", "com.microsoft.CompanyPortal", "id719171358", 10, 10)
	b.group("All staff", 120, 0)
	return b.t
}

// large is contoso with 200,000 devices on its token and 200,000 enrolled ones, made from their number when read: the
// simulator's memory does not grow with them. Lists come in pages of 500 unless Options.Page says otherwise.
func large(s *Simulator) *tenant {
	b := buildContoso(s)
	const n = 200_000
	for _, it := range b.t.sets[tokensPath] {
		if it.text("tokenType") == "dep" {
			b.t.fleets[it.id()].n = n
			it.object["syncedDeviceCount"] = int64(n)
		}
	}
	b.t.managed.n = n
	return b.t
}
