package sim

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const apps = "/beta/deviceAppManagement/mobileApps"

func groupTarget(id string) string {
	return `{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"` + id + `"}`
}

const vppSettings = `{"@odata.type":"#microsoft.graph.iosVppAppAssignmentSettings","useDeviceLicensing":true,"uninstallOnDeviceRemoval":true,"isRemovable":false,"preventManagedAppBackup":true,"preventAutoAppUpdate":false,"vpnConfigurationId":null}`

func TestAssignReplacesEverything(t *testing.T) {
	s := start(t, Options{Scenario: "crowded", Lag: -1, Page: 200})
	path := apps + "/" + named(t, s, apps, "Intune Company Portal")
	before := ask(t, s, "GET", path+"/assignments", "").want(t, 200).items(t)
	var filtered, sets, excluded int
	for _, a := range before {
		target := a["target"].(object)
		if f, _ := target["deviceAndAppManagementAssignmentFilterType"].(string); f == "include" {
			filtered++
		}
		if a["source"] == "policySets" {
			sets++
		}
		if strings.Contains(target["@odata.type"].(string), "exclusion") {
			excluded++
		}
	}
	if diff := cmp.Diff([]int{103, 5, 1, 5}, []int{len(before), filtered, sets, excluded}); diff != "" {
		t.Errorf("assignments, filtered, of policy sets, excluded -want +got:\n%s", diff)
	}
	group := named(t, s, "/v1.0/groups", "iOS - pilots")
	one := `{"@odata.type":"#microsoft.graph.mobileAppAssignment","intent":"required","target":` + groupTarget(group) + `,"settings":` + vppSettings + `}`

	added := ask(t, s, "POST", path+"/assignments", one).want(t, 201).id(t)
	ask(t, s, "POST", path+"/assignments", one).want(t, 409)
	after := ask(t, s, "GET", path+"/assignments", "").items(t)
	if diff := cmp.Diff(before, after[:103]); diff != "" || len(after) != 104 {
		t.Errorf("a single POST changed others:\n%s", diff)
	}
	ask(t, s, "PATCH", path+"/assignments/"+added, `{"intent":"available"}`).want(t, 200)
	ask(t, s, "DELETE", path+"/assignments/"+added, "").want(t, 204)
	ask(t, s, "DELETE", path+"/assignments/"+before[102]["id"].(string), "").want(t, 400) // the policy set's

	ask(t, s, "POST", path+"/assign", `{"mobileAppAssignments":[`+one+`,`+one+`]}`).want(t, 204)
	if left := ask(t, s, "GET", path+"/assignments", "").items(t); len(left) != 1 {
		t.Errorf("%d assignments after assign, want 1: the same target twice counts once", len(left))
	}
}

// TestV1LosesFilters: what v1.0 shows is not enough to write assignments back.
func TestV1LosesFilters(t *testing.T) {
	s := start(t, Options{Scenario: "crowded", Page: 200})
	path := "/deviceAppManagement/mobileApps/" + named(t, s, apps, "Intune Company Portal") + "/assignments"
	ninth := ask(t, s, "GET", "/v1.0"+path, "").want(t, 200).items(t)[9]
	want := object{
		"id": ninth["id"], "intent": "required", "target": object{"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": ninth["target"].(object)["groupId"]},
		"settings": object{"@odata.type": "#microsoft.graph.iosVppAppAssignmentSettings", "useDeviceLicensing": true, "vpnConfigurationId": nil},
	}
	if diff := cmp.Diff(want, ninth); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestApps(t *testing.T) {
	s := start(t, Options{})
	store := `{"@odata.type":"#microsoft.graph.iosStoreApp","displayName":"Intune Company Portal","publisher":"Microsoft","bundleId":"com.microsoft.CompanyPortal",
		"appStoreUrl":"https://apps.apple.com/app/id719171358","applicableDeviceType":{"iPad":true,"iPhoneAndIPod":true},"minimumSupportedOperatingSystem":{"v15_0":true}}`
	id := ask(t, s, "POST", apps, store).want(t, 201).id(t)
	ask(t, s, "PATCH", apps+"/"+id, `{"@odata.type":"#microsoft.graph.iosStoreApp","notes":"x"}`).want(t, 200)
	ask(t, s, "PATCH", apps+"/"+id, `{"@odata.type":"#microsoft.graph.iosVppApp","notes":"x"}`).want(t, 400)
	tests := []struct {
		path string
		n    int
	}{
		{apps + "?$filter=isof('microsoft.graph.iosVppApp')", 2},
		{apps + "?$filter=(isof('microsoft.graph.iosStoreApp') or isof('microsoft.graph.iosVppApp'))", 3},
		{apps + "/graph.iosStoreApp", 1},
		{apps + "/microsoft.graph.iosVppApp?$select=bundleId,vppTokenId", 2},
		{"/beta/deviceAppManagement/vppTokens/getLicensesForApp(bundleId='com.microsoft.CompanyPortal')", 1},
		{"/v1.0/deviceAppManagement/mobileApps", 3},
	}
	for _, test := range tests {
		if got := ask(t, s, "GET", test.path, "").want(t, 200).items(t); len(got) != test.n {
			t.Errorf("GET %s: %d items, want %d", test.path, len(got), test.n)
		}
	}
	ask(t, s, "DELETE", apps+"/"+named(t, s, apps, "Microsoft Authenticator"), "").want(t, 400)
	ask(t, s, "DELETE", apps+"/"+id, "").want(t, 204)
	vpp := "/beta/deviceAppManagement/vppTokens/" + named(t, s, "/beta/deviceAppManagement/vppTokens", "Contoso VPP")
	if got := ask(t, s, "PATCH", vpp, `{"automaticallyUpdateApps":true}`).want(t, 200).body; got["automaticallyUpdateApps"] != true || got["token"] != nil {
		t.Errorf("patched %v", got)
	}
	ask(t, s, "PATCH", vpp, `{"state":"valid"}`).want(t, 400)
	if got := ask(t, s, "POST", vpp+"/syncLicenses", "").want(t, 200).body; got["lastSyncDateTime"] != stamp(now) {
		t.Errorf("synced %v", got)
	}
}

func TestAppConfig(t *testing.T) {
	s := start(t, Options{Lag: -1})
	const configs = "/beta/deviceAppManagement/mobileAppConfigurations"
	app := named(t, s, apps, "Intune Company Portal")
	body := func(xml, more string) string {
		return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.iosMobileAppConfiguration","displayName":"x","targetedMobileApps":[%q],"encodedSettingXml":%q%s}`, app, base64.StdEncoding.EncodeToString([]byte(xml)), more)
	}
	for _, bad := range []string{"<dict>", "text", "<dict/><dict/>", "<dict><date/></dict>", "<dict/>text"} {
		ask(t, s, "POST", configs, body(bad, "")).want(t, 400)
	}
	ask(t, s, "POST", configs, body("<dict/>", `,"settings":[{"appConfigKey":"a","appConfigKeyType":"stringType","appConfigKeyValue":"b"}]`)).want(t, 400)
	ask(t, s, "POST", configs, strings.Replace(body("<dict/>", ""), app, "x", 1)).want(t, 400)
	id := ask(t, s, "POST", configs, body("<dict><key>IntuneUDAUserlessDevice</key><string>{{SIGNEDDEVICEID}}</string></dict>", "")).want(t, 201).id(t)
	ask(t, s, "PATCH", configs+"/"+id, `{"@odata.type":"#microsoft.graph.iosMobileAppConfiguration","description":"y"}`).want(t, 200)
	group, other := named(t, s, "/v1.0/groups", "iOS - pilots"), named(t, s, "/v1.0/groups", "All staff")
	first := ask(t, s, "POST", configs+"/"+id+"/assignments", `{"target":`+groupTarget(group)+`}`).want(t, 201).id(t)
	ask(t, s, "POST", configs+"/"+id+"/assignments", `{"target":`+groupTarget(group)+`}`).want(t, 409)
	ask(t, s, "POST", configs+"/"+id+"/assign", `{"assignments":[{"target":`+groupTarget(other)+`}]}`).want(t, 204)
	left := ask(t, s, "GET", configs+"/"+id+"/assignments", "").items(t)
	if len(left) != 1 || left[0]["id"] == first {
		t.Errorf("after assign %v", left)
	}
	ask(t, s, "DELETE", configs+"/"+id+"/assignments/"+left[0]["id"].(string), "").want(t, 204)
	ask(t, s, "DELETE", configs+"/"+id, "").want(t, 204)
}

func TestUserProfiles(t *testing.T) {
	s := start(t, Options{Scenario: "crowded", Lag: -1, Page: 200})
	const profiles = "/beta/deviceManagement/appleUserInitiatedEnrollmentProfiles"
	body := func(name, kind string, priority int) string {
		return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.appleUserInitiatedEnrollmentProfile","displayName":%q,"description":"","platform":"iOS","priority":%d,"defaultEnrollmentType":%q,
			"availableEnrollmentTypeOptions":[{"@odata.type":"#microsoft.graph.appleOwnerTypeEnrollmentType","ownerType":"personal","enrollmentType":%q}]}`, name, priority, kind, kind)
	}
	order := func() []string {
		t.Helper()
		names := make([]string, 3)
		for _, o := range ask(t, s, "GET", profiles+"?$top=999", "").want(t, 200).items(t) {
			names[int(o["priority"].(float64))-1] = strings.TrimPrefix(o["displayName"].(string), "Personal ")
		}
		return names
	}
	ask(t, s, "POST", profiles, body("x", "user", 1)).want(t, 400)
	id := ask(t, s, "POST", profiles, body("Web", "webDeviceEnrollment", 2)).want(t, 201).id(t)
	if diff := cmp.Diff([]string{"device", "Web", "accountDrivenUserEnrollment"}, order()); diff != "" {
		t.Errorf("after create -want +got:\n%s", diff)
	}
	ask(t, s, "POST", profiles+"/"+id+"/setPriority", `{"priority":4}`).want(t, 400)
	ask(t, s, "POST", profiles+"/"+id+"/setPriority", `{"priority":1}`).want(t, 204)
	if diff := cmp.Diff([]string{"Web", "device", "accountDrivenUserEnrollment"}, order()); diff != "" {
		t.Errorf("after setPriority -want +got:\n%s", diff)
	}
	ask(t, s, "PATCH", profiles+"/"+id, `{"priority":3}`).want(t, 400)
	ask(t, s, "PATCH", profiles+"/"+id, `{"@odata.type":"#microsoft.graph.appleUserInitiatedEnrollmentProfile","description":"y"}`).want(t, 200)
	ask(t, s, "POST", profiles+"/"+id+"/assign", `{}`).want(t, 501)
	assignments := profiles + "/" + id + "/assignments"
	ask(t, s, "POST", assignments, `{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}`).want(t, 400)
	all := ask(t, s, "POST", assignments, `{"target":{"@odata.type":"#microsoft.graph.allLicensedUsersAssignmentTarget"}}`).want(t, 201)
	if all.body["target"].(object)["deviceAndAppManagementAssignmentFilterId"] != zeroGUID {
		t.Errorf("target %v", all.body["target"])
	}
	ask(t, s, "DELETE", assignments+"/"+all.id(t), "").want(t, 204)
	ask(t, s, "DELETE", profiles+"/"+id, "").want(t, 204)
	ask(t, s, "GET", assignments, "").want(t, 404)
}
