package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// builder puts a scenario's tenant together.
type builder struct {
	s   *Simulator
	t   *tenant
	now time.Time
}

func (b *builder) days(n int) string { return stamp(b.now.AddDate(0, 0, n)) }

// add stores an object of a type, completed as the service would.
func (b *builder) add(path, typeName string, o object) *item {
	b.s.complete(typeName, o, b.now.AddDate(0, -6, 0))
	return b.t.add(path, o)
}

// graphApp is the application id of Microsoft Graph, the same in every tenant (Microsoft docs).
const graphApp = "00000003-0000-0000-c000-000000000000"

// appRoles are the application permissions of Microsoft Graph that the product knows, with ids of the simulator's own.
func appRoles() []any {
	var out []any
	for _, name := range allPermissions() {
		for _, n := range []string{name, strings.Replace(name, ".ReadWrite.", ".Read.", 1)} {
			role := object{"id": guid("role/" + n), "value": n, "allowedMemberTypes": []any{"Application"}, "isEnabled": true}
			if !slices.ContainsFunc(out, func(x any) bool { return x.(object)["value"] == n }) {
				out = append(out, role)
			}
		}
	}
	return out
}

// organization is Contoso with a licence, its scope tags, default restrictions and the account of Apple Configurator.
func (b *builder) organization() {
	b.add("/organization", "organization", object{
		"id": b.t.id, "displayName": "Contoso", "countryLetterCode": "FI", "tenantType": "AAD", "mobileDeviceManagementAuthority": "intune",
		"verifiedDomains": []any{
			object{"name": "contoso.com", "isDefault": true, "isInitial": false, "type": "Managed", "capabilities": "Email, OfficeCommunicationsOnline"},
			object{"name": "contoso.onmicrosoft.com", "isDefault": false, "isInitial": true, "type": "Managed", "capabilities": "Email"},
		},
	})
	b.licence("Success", "active")
	b.add("/servicePrincipals", "servicePrincipal", object{"appId": graphApp, "displayName": "Microsoft Graph", "servicePrincipalType": "Application", "appRoles": appRoles()})
	b.add("/servicePrincipals", "servicePrincipal", object{"appId": provisioningClient, "displayName": "Intune Provisioning Client", "servicePrincipalType": "Application"})
	b.add("/deviceManagement/dataSharingConsents", "dataSharingConsent", object{
		"id": "appleMDMPushCertificate", "serviceDisplayName": "Apple MDM push certificate", "termsUrl": "https://contoso.com/terms", "granted": false,
	})
	b.add("/deviceManagement/roleScopeTags", "roleScopeTag", object{"id": "0", "displayName": "Default", "isBuiltIn": true})
	b.restriction(false)
	b.add("/deviceManagement/deviceEnrollmentConfigurations", "deviceEnrollmentConfiguration", object{
		"@odata.type": "#microsoft.graph.deviceEnrollmentLimitConfiguration", "id": b.t.account + "_DefaultLimit", "displayName": "All users and all devices",
		"deviceEnrollmentConfigurationType": "limit", "limit": int64(15), "priority": int64(0),
	})
	b.add(tokensPath, "depOnboardingSetting", object{
		// The list contains the pseudo token of Apple Configurator (recorded portal traffic).
		"id": b.t.account, "tokenName": "", "tokenType": "none", "tokenExpirationDateTime": "0001-01-01T00:00:00Z", "lastSyncErrorCode": int64(0), "syncedDeviceCount": int64(0),
	})
	b.t.fleets[b.t.account] = newFleet(b.t.account)
}

// licence is the one subscription, with the state of its service plan of Intune and that of Intune itself.
func (b *builder) licence(status, intune string) {
	b.t.root["subscriptionState"] = intune
	b.t.sets["/subscribedSkus"] = nil
	b.add("/subscribedSkus", "subscribedSku", object{
		"id": b.t.id + "_" + guid("sku"), "skuId": guid("sku"), "skuPartNumber": "EMS", "capabilityStatus": "Enabled", "appliesTo": "User",
		"consumedUnits": int64(120), "prepaidUnits": object{"enabled": int64(200), "suspended": int64(0), "warning": int64(0), "lockedOut": int64(0)},
		"servicePlans": []any{
			object{"servicePlanId": guid("plan/intune"), "servicePlanName": "INTUNE_A", "provisioningStatus": status, "appliesTo": "User"},
			object{"servicePlanId": guid("plan/entra"), "servicePlanName": "AAD_PREMIUM", "provisioningStatus": "Success", "appliesTo": "User"},
		},
	})
}

func (b *builder) restriction(iosBlocked bool) {
	path := "/deviceManagement/deviceEnrollmentConfigurations"
	id := b.t.account + "_DefaultPlatformRestrictions"
	b.t.remove(path, id)
	open := func(blocked bool) object {
		return object{"platformBlocked": blocked, "personalDeviceEnrollmentBlocked": false, "osMinimumVersion": "", "osMaximumVersion": "", "blockedManufacturers": []any{}, "blockedSkus": []any{}}
	}
	b.add(path, "deviceEnrollmentConfiguration", object{
		"@odata.type": "#microsoft.graph.deviceEnrollmentPlatformRestrictionsConfiguration", "id": id, "displayName": "All users and all devices",
		"deviceEnrollmentConfigurationType": "platformRestrictions", "priority": int64(0), "iosRestriction": open(iosBlocked), "macOSRestriction": open(false),
	})
}

func (b *builder) push(days int) {
	b.t.push = object{
		"id": b.t.newID(), "appleIdentifier": "apple@contoso.com", "topicIdentifier": "com.apple.mgmt.External." + guid("topic"), "certificateSerialNumber": "5A3C1F0099B1E2D4",
		"expirationDateTime": b.days(days), "lastModifiedDateTime": b.days(days - 365), "certificateUploadStatus": nil, "certificateUploadFailureReason": nil,
	}
	b.t.requests = 1
	b.t.item("/deviceManagement/dataSharingConsents", "appleMDMPushCertificate").object["granted"] = true
}

// token is an enrollment program token with n devices, synced an hour ago.
func (b *builder) token(name string, expires, n int, prefix string) *item {
	it := b.add(tokensPath, "depOnboardingSetting", object{
		"tokenName": name, "tokenType": "dep", "appleIdentifier": "abm@contoso.com", "tokenExpirationDateTime": b.days(expires), "lastModifiedDateTime": b.days(expires - 365),
		"lastSuccessfulSyncDateTime": stamp(b.now.Add(-time.Hour)), "lastSyncTriggeredDateTime": stamp(b.now.Add(-time.Hour)), "lastSyncErrorCode": int64(0),
		"syncedDeviceCount": int64(n), "dataSharingConsentGranted": true, "roleScopeTagIds": []any{"0"},
	})
	f := newFleet(it.id())
	f.n, f.prefix, f.since = n, prefix, b.now.AddDate(0, -6, 0)
	b.t.fleets[it.id()] = f
	return it
}

// classic is an iOS profile of the older kind that signs in with Company Portal, or has no user.
func (b *builder) classic(token *item, name string, user bool) *item {
	return b.add(profilesPath(token.id()), "enrollmentProfile", object{
		"@odata.type": "#microsoft.graph.depIOSEnrollmentProfile", "id": token.id() + "_" + b.t.newID(), "displayName": name, "description": "Made in the admin center",
		"requiresUserAuthentication": user, "enableAuthenticationViaCompanyPortal": user, "isMandatory": true, "supervisedModeEnabled": true,
		"profileRemovalDisabled": true, "supportDepartment": "IT", "supportPhoneNumber": "", "deviceNameTemplate": "", "iTunesPairingMode": "disallow",
		"companyPortalVppTokenId": "", "sharedIPadMaximumUserCount": int64(0), "temporarySessionTimeoutInSeconds": int64(0), "userSessionTimeoutInSeconds": int64(0),
		"carrierActivationUrl": "", "siriDisabled": true, "enabledSkipKeys": []any{"Siri"},
	})
}

// policy is an enrollment policy with the template's presets.
func (b *builder) policy(token *item, name, affinity string) *item {
	o := object{
		"name": name, "description": "Made in the admin center", "platforms": "iOS", "technologies": "enrollment", "creationSource": creationSource + token.id(),
		"templateReference": object{"templateId": b.s.catalog.templates[0].id, "templateFamily": "enrollmentConfiguration", "templateDisplayName": b.s.catalog.templates[0].name, "templateDisplayVersion": "Version 1"},
		"roleScopeTagIds":   copyValue(token.object["roleScopeTagIds"]),
	}
	settings := []any{}
	for _, s := range b.s.catalog.top() {
		if s.kind != "choice" {
			continue
		}
		pick := s.preset
		if s.id == "ade_useraffinity" {
			pick = affinity
		}
		settings = append(settings, object{"id": fmt.Sprint(len(settings)), "settingInstance": b.choice(s, pick)})
	}
	o["settings"], o["settingCount"] = settings, int64(len(settings))
	return b.add(policiesPath, "deviceManagementConfigurationPolicy", o)
}

func (b *builder) choice(s *setting, pick string) object {
	children := []any{}
	for _, o := range s.options {
		for _, below := range o.children {
			if o.id != pick || !below.required {
				continue
			}
			inner := b.s.catalog.setting(below.id)
			if inner.kind == "choice" {
				children = append(children, b.choice(inner, inner.preset))
			} else {
				children = append(children, object{
					"@odata.type": "#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance", "settingDefinitionId": inner.id,
					"simpleSettingValue": object{"@odata.type": "#microsoft.graph.deviceManagementConfigurationIntegerSettingValue", "value": inner.min},
				})
			}
		}
	}
	instance := object{
		"@odata.type": "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance", "settingDefinitionId": s.id,
		"choiceSettingValue": object{"value": pick, "children": children},
	}
	if s.instance != "" {
		instance["settingInstanceTemplateReference"] = object{"settingInstanceTemplateId": s.instance}
		instance["choiceSettingValue"].(object)["settingValueTemplateReference"] = object{"settingValueTemplateId": s.value, "useTemplateDefault": false}
	}
	return instance
}

// vpp is a location token.
func (b *builder) vpp(name, state string, expires int) *item {
	return b.add(vppPath, "vppToken", object{
		"displayName": name, "locationName": "Contoso HQ", "organizationName": "Contoso", "appleId": "vpp@contoso.com", "countryOrRegion": "fi", "vppTokenAccountType": "business",
		"state": state, "expirationDateTime": b.days(expires), "lastSyncDateTime": stamp(b.now.Add(-2 * time.Hour)), "lastSyncStatus": "completed",
		"automaticallyUpdateApps": false, "dataSharingConsentGranted": true,
	})
}

// app is an app of a VPP token.
func (b *builder) app(token *item, name, bundle, store string, total, used int64) {
	b.add(appsPath, "mobileApp", object{
		"@odata.type": "#microsoft.graph.iosVppApp", "displayName": name, "publisher": "Microsoft Corporation", "publishingState": "published", "bundleId": bundle,
		"appStoreUrl": "https://apps.apple.com/app/" + store, "totalLicenseCount": total, "usedLicenseCount": used, "vppTokenId": token.id(),
		"vppTokenDisplayName": token.object["displayName"], "vppTokenOrganizationName": token.object["organizationName"], "vppTokenAppleId": token.object["appleId"],
		"vppTokenAccountType":  "business",
		"licensingType":        object{"supportUserLicensing": true, "supportDeviceLicensing": true, "supportsUserLicensing": true, "supportsDeviceLicensing": true},
		"applicableDeviceType": object{"iPad": true, "iPhoneAndIPod": true},
	})
}

func (b *builder) group(name string, users, devices int) *item {
	it := b.add(groupsPath, "group", object{"displayName": name, "description": "", "mailEnabled": false, "mailNickname": guid(name)[:8], "securityEnabled": true})
	b.t.members[it.id()] = headcount{users: users, devices: devices}
	return it
}

func (b *builder) dynamicGroup(name, rule string, users, devices int) {
	it := b.group(name, users, devices)
	it.object["groupTypes"], it.object["membershipRule"], it.object["membershipRuleProcessingState"] = []any{"DynamicMembership"}, rule, "On"
}
