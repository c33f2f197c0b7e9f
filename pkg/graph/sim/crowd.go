package sim

import "fmt"

// crowded is contoso full of what others made: three enrollment policies (one for macOS), classic profiles for iOS and
// macOS, two profiles and two groups of the same name, names with terminal escapes and markup, 103 assignments on
// Company Portal with filters, settings and exclusions, one of them a policy set's, two enrollment type profiles with
// assignments, an Apple Configurator profile with devices, and an app configuration policy.
func crowded(s *Simulator) *tenant {
	b := buildContoso(s)
	token := b.t.sets[tokensPath][1]
	b.policy(token, "Field iPhones", "ade_useraffinity_1")
	b.policy(token, "Shared carts", "ade_useraffinity_3")
	b.add(policiesPath, "deviceManagementConfigurationPolicy", object{
		"name": "Mac laptops", "platforms": "macOS", "technologies": "enrollment", "creationSource": creationSource + token.id(), "settings": []any{}, "settingCount": int64(0),
		"templateReference": object{"templateId": s.catalog.templates[1].id, "templateFamily": "enrollmentConfiguration"},
	})
	b.classic(token, "Kiosk iPads", false)
	b.classic(token, "Warehouse \x1b[31mred\x1b[0m \u202etxt.exe <b>&|`", true)
	b.add(profilesPath(token.id()), "enrollmentProfile", object{
		"@odata.type": "#microsoft.graph.depMacOSEnrollmentProfile", "id": token.id() + "_" + b.t.newID(), "displayName": "Contoso Macs", "requiresUserAuthentication": true, "isMandatory": true,
	})
	staff := b.group("All staff", 3, 0)
	b.crowdApp()
	b.crowdUserProfiles(staff)
	counter := b.add(profilesPath(b.t.account), "enrollmentProfile", object{
		"id": b.t.account + "_" + b.t.newID(), "displayName": "Counter iPads", "description": "", "requiresUserAuthentication": false,
		"configurationEndpointUrl": b.t.configuratorURL(),
	})
	b.t.fleets[b.t.account].imported = []*identityRow{{serial: "DMPX00000001", description: "counter 1", profile: lastPart(counter.id())}, {serial: "DMPX00000002"}}
	return b.t
}

// crowdApp puts 103 assignments on Company Portal: device groups required with device licences, every tenth with a
// filter, every twentieth an exclusion, the last made by a policy set.
func (b *builder) crowdApp() {
	portal := b.t.sets[appsPath][0]
	filter := b.t.sets[filtersPath][0].id()
	for i := range 103 {
		g := b.group(fmt.Sprintf("Site %03d devices", i+1), 0, 4)
		target := object{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": g.id(), "deviceAndAppManagementAssignmentFilterType": "none"}
		o := object{"intent": "required", "source": "direct", "target": target, "settings": object{
			"@odata.type": "#microsoft.graph.iosVppAppAssignmentSettings", "useDeviceLicensing": true, "uninstallOnDeviceRemoval": i%2 == 0, "isRemovable": i%3 == 0,
			"preventManagedAppBackup": true, "preventAutoAppUpdate": false,
		}}
		switch {
		case i == 102:
			o["source"], o["sourceId"] = "policySets", guid("policyset")
		case i%20 == 19:
			target["@odata.type"] = "#microsoft.graph.exclusionGroupAssignmentTarget"
			o["settings"] = nil
		case i%10 == 9:
			target["deviceAndAppManagementAssignmentFilterId"], target["deviceAndAppManagementAssignmentFilterType"] = filter, "include"
		}
		o["id"] = guid(portal.id() + g.id() + "required")
		b.add(appAssignmentsPath(portal.id()), "mobileAppAssignment", o)
	}
	portal.object["isAssigned"] = true
	config := b.add(configsPath, "managedDeviceMobileAppConfiguration", object{
		"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "displayName": "Authenticator defaults", "targetedMobileApps": []any{b.t.sets[appsPath][1].id()},
		"settings": []any{object{"appConfigKey": "sharedDevice", "appConfigKeyType": "booleanType", "appConfigKeyValue": "true"}}, "version": int64(3),
	})
	b.add(configsPath+"/"+config.id()+"/assignments", "managedDeviceMobileAppConfigurationAssignment", object{
		"target": object{"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget", "deviceAndAppManagementAssignmentFilterType": "none"},
	})
}

func (b *builder) crowdUserProfiles(staff *item) {
	for i, kind := range []string{"device", "accountDrivenUserEnrollment"} {
		p := b.add(userProfilesPath, "appleUserInitiatedEnrollmentProfile", object{
			"displayName": "Personal " + kind, "description": "", "platform": "iOS", "priority": int64(i + 1), "defaultEnrollmentType": kind,
			"availableEnrollmentTypeOptions": []any{object{"ownerType": "personal", "enrollmentType": kind}},
		})
		b.add(userProfilesPath+"/"+p.id()+"/assignments", "appleEnrollmentProfileAssignment", object{"target": object{
			"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": staff.id(),
			"deviceAndAppManagementAssignmentFilterId": zeroGUID, "deviceAndAppManagementAssignmentFilterType": "none",
		}})
	}
}
