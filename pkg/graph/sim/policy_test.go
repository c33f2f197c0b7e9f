package sim

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const policies = "/beta/deviceManagement/configurationPolicies"

// policyBody is the body of an enrollment policy with the template's presets, changed by edit.
func policyBody(t *testing.T, s *Server, token, name, affinity string, edit func(object)) string {
	t.Helper()
	b := &builder{s: s.Simulator, t: newTenant(tenantID), now: now}
	p := b.policy(&item{object: object{"id": token}}, name, affinity).object
	body := object{"templateReference": object{"templateId": s.catalog.templates[0].id}}
	for _, member := range []string{"name", "description", "platforms", "technologies", "creationSource", "settings"} {
		body[member] = p[member]
	}
	if edit != nil {
		edit(body)
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func tokenID(t *testing.T, s *Server) string {
	t.Helper()
	return named(t, s, "/beta/deviceManagement/depOnboardingSettings", "Contoso ABM")
}

func firstSetting(o object) object {
	return o["settings"].([]any)[0].(object)["settingInstance"].(object)
}

func TestPolicyIsValidated(t *testing.T) {
	s := start(t, Options{})
	token := tokenID(t, s)
	tests := []struct {
		name, affinity string
		edit           func(object)
		message        string // "": accepted
	}{
		{"user affinity", "ade_useraffinity_1", nil, ""},
		{"no user affinity", "ade_useraffinity_0", nil, ""},
		{"shared mode", "ade_useraffinity_2", nil, ""},
		{"shared iPad", "ade_useraffinity_3", nil, ""},
		{"no creationSource", "ade_useraffinity_1", func(o object) { delete(o, "creationSource") }, "'creationSource' is missing"},
		{"creationSource of no token", "ade_useraffinity_1", func(o object) { o["creationSource"] = "DepTokenId_x" }, "does not name an enrollment program token"},
		{"no settings", "ade_useraffinity_1", func(o object) { delete(o, "settings") }, "'settings' is missing"},
		{"settings without affinity", "ade_useraffinity_1", func(o object) { o["settings"] = []any{} }, "'ade_useraffinity' is required"},
		{"another platform", "ade_useraffinity_1", func(o object) { o["platforms"] = "macOS" }, "needs platforms iOS"},
		{"unknown template", "ade_useraffinity_1", func(o object) { o["templateReference"] = object{"templateId": "x_1"} }, "'x_1' does not exist"},
		{"server-made member", "ade_useraffinity_1", func(o object) { o["settingCount"] = 38 }, "'settingCount' is read-only"},
		{"unknown option", "ade_useraffinity_9", nil, "is not an option"},
		{"Setup Assistant legacy", "ade_useraffinity_1", func(o object) {
			child := firstSetting(o)["choiceSettingValue"].(object)["children"].([]any)[0].(object)
			child["choiceSettingValue"] = object{"value": "ade_authenticationmethod_1"}
		}, "'ade_authenticationmethod_1' is not an option"},
		{"required child missing", "ade_useraffinity_0", func(o object) {
			firstSetting(o)["choiceSettingValue"].(object)["children"] = []any{}
		}, "requires the child setting 'ade_useraffinity_awaitfinalconfiguration'"},
		{"child of another option", "ade_useraffinity_0", func(o object) {
			firstSetting(o)["choiceSettingValue"].(object)["value"] = "ade_useraffinity_1"
		}, "is not a child of option 'ade_useraffinity_1'"},
		{"wrong template id", "ade_useraffinity_1", func(o object) {
			firstSetting(o)["settingInstanceTemplateReference"] = object{"settingInstanceTemplateId": "x"}
		}, "setting instance template id 'x'"},
		{"value template id missing", "ade_useraffinity_1", func(o object) {
			delete(firstSetting(o)["choiceSettingValue"].(object), "settingValueTemplateReference")
		}, "setting value template id ''"},
		{"integer out of range", "ade_useraffinity_3", func(o object) {
			mode := firstSetting(o)["choiceSettingValue"].(object)["children"].([]any)[0].(object)
			users := mode["choiceSettingValue"].(object)["children"].([]any)[0].(object)
			users["simpleSettingValue"].(object)["value"] = 101
		}, "from 0 to 100"},
		{"empty department", "ade_useraffinity_1", func(o object) {
			o["settings"] = append(o["settings"].([]any), stringSetting(s, "ade_setupassistant_department", ""))
		}, "'value' is missing"},
		{"department", "ade_useraffinity_1", func(o object) {
			o["settings"] = append(o["settings"].([]any), stringSetting(s, "ade_setupassistant_department", "IT"))
		}, ""},
		{"department too long", "ade_useraffinity_1", func(o object) {
			o["settings"] = append(o["settings"].([]any), stringSetting(s, "ade_setupassistant_department", strings.Repeat("x", 126)))
		}, "1 to 125 characters"},
		{"given twice", "ade_useraffinity_1", func(o object) {
			o["settings"] = append(o["settings"].([]any), o["settings"].([]any)[0])
		}, "more than once"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := ask(t, s, "POST", policies, policyBody(t, s, token, "x", test.affinity, test.edit))
			if test.message == "" {
				r.want(t, 201)
			} else if got := r.want(t, 400).message(t); !strings.Contains(got, test.message) {
				t.Errorf("message %q lacks %q", got, test.message)
			}
		})
	}
}

func stringSetting(s *Server, id, value string) object {
	d := s.catalog.setting(id)
	return object{"settingInstance": object{
		"@odata.type": "#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance", "settingDefinitionId": id,
		"settingInstanceTemplateReference": object{"settingInstanceTemplateId": d.instance},
		"simpleSettingValue": object{
			"@odata.type": "#microsoft.graph.deviceManagementConfigurationStringSettingValue", "value": value,
			"settingValueTemplateReference": object{"settingValueTemplateId": d.value},
		},
	}}
}

// TestPolicyLife: create, lag of the mirror, default, devices, update by PUT alone, delete.
func TestPolicyLife(t *testing.T) {
	s := start(t, Options{Lag: 2})
	token := tokenID(t, s)
	base := "/beta/deviceManagement/depOnboardingSettings/" + token
	body := policyBody(t, s, token, "Staff iPhones", "ade_useraffinity_1", nil)
	id := ask(t, s, "POST", policies, body).want(t, 201).id(t)
	bare, mirror := base+"/enrollmentProfiles/"+token+"_"+id, base+"/enrollmentProfiles/ECV2_"+token+"_"+id

	for range 2 {
		if got := ask(t, s, "POST", bare+"/setDefaultProfile", "").want(t, 404).message(t); got != "Profile not found" {
			t.Errorf("message %q", got)
		}
	}
	ask(t, s, "POST", bare+"/setDefaultProfile", "").want(t, 204)
	ask(t, s, "POST", mirror+"/setDefaultProfile", "").want(t, 404)
	ask(t, s, "POST", bare+"/updateDeviceProfileAssignment", `{"deviceIds":["F2LX00000001"]}`).want(t, 404)
	ask(t, s, "POST", mirror+"/updateDeviceProfileAssignment", `{"deviceIds":["F2LX00000001"]}`).want(t, 204)
	shadow := ask(t, s, "GET", mirror, "").want(t, 200)
	got := []any{shadow.body["displayName"], shadow.body["isDefault"], shadow.body["requiresUserAuthentication"]}
	if diff := cmp.Diff([]any{"Staff iPhones", false, true}, got); diff != "" {
		t.Errorf("mirror -want +got:\n%s", diff)
	}
	if got := ask(t, s, "GET", base+"/defaultIosEnrollmentProfile", "").want(t, 200).id(t); got != "ECV2_"+token+"_"+id {
		t.Errorf("default is %s", got)
	}
	expanded := ask(t, s, "GET", base+"?$expand=defaultIosEnrollmentProfile", "").want(t, 200)
	if got := expanded.body["defaultIosEnrollmentProfile"].(object)["id"]; got != "ECV2_"+token+"_"+id {
		t.Errorf("expanded default is %v", got)
	}

	first := ask(t, s, "GET", policies+"('"+id+"')/settings", "").want(t, 200)
	rest := ask(t, s, "GET", first.body["@odata.nextLink"].(string), "").want(t, 200)
	if a, b := len(first.items(t)), len(rest.items(t)); a != 25 || b != 11 || rest.body["@odata.nextLink"] != nil {
		t.Errorf("pages of %d and %d settings", a, b)
	}
	changed := policyBody(t, s, token, "Staff iPhones", "ade_useraffinity_1", func(o object) { o["description"] = "new" })
	ask(t, s, "PUT", policies+"/"+id, policyBody(t, s, token, "x", "ade_useraffinity_1", func(o object) { delete(o, "creationSource") })).want(t, 400)
	ask(t, s, "PUT", policies+"('"+id+"')", changed).want(t, 204)
	found := ask(t, s, "GET", policies+"?$filter=(technologies has 'enrollment') and (platforms eq 'iOS') and (TemplateReference/templateId eq '27d20e9c-50c1-48f8-a44c-f37de4510051_1') and (creationSource eq 'DepTokenId_"+token+"')", "").want(t, 200).items(t)
	if len(found) != 1 || found[0]["description"] != "new" || found[0]["isAssigned"] != false || found[0]["settings"] != nil {
		t.Errorf("found %v", found)
	}
	ask(t, s, "DELETE", policies+"/"+id, "").want(t, 400) // the default, and a device hang on it
	ask(t, s, "PATCH", mirror, `{"description":"x"}`).want(t, 400)
}

func TestTemplateIsDescribed(t *testing.T) {
	s := start(t, Options{Page: 100})
	const id = "27d20e9c-50c1-48f8-a44c-f37de4510051_1"
	one := ask(t, s, "GET", "/beta/deviceManagement/configurationPolicyTemplates('"+id+"')?$expand=settingTemplates", "").want(t, 200)
	if n := len(one.body["settingTemplates"].([]any)); n != 38 {
		t.Errorf("%d setting templates, want 38", n)
	}
	list := ask(t, s, "GET", "/beta/deviceManagement/configurationPolicyTemplates('"+id+"')/settingTemplates?$expand=settingDefinitions", "").want(t, 200).items(t)
	template := list[0]["settingInstanceTemplate"].(object)
	want := object{
		"@odata.type": "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstanceTemplate", "isRequired": true, "settingDefinitionId": "ade_useraffinity",
		"settingInstanceTemplateId": "f3ddbbae-bb3d-45e8-bb9c-854f674e56ef", "choiceSettingValueTemplate": object{"settingValueTemplateId": "e34ab06d-486a-4cc0-a867-295515ac2dfc"},
	}
	if diff := cmp.Diff(want, template); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var options []any
	for _, o := range ask(t, s, "GET", "/beta/deviceManagement/configurationSettings('ade_authenticationmethod')", "").want(t, 200).body["options"].([]any) {
		options = append(options, o.(object)["itemId"])
	}
	if diff := cmp.Diff([]any{"ade_authenticationmethod_0", "ade_authenticationmethod_2"}, options); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	ask(t, s, "GET", "/beta/deviceManagement/configurationSettings('nothing')", "").want(t, 404)
}

// TestEnrollmentTimeGroup: 500 for applications; delegated 200 whatever happens, so only reading back tells.
func TestEnrollmentTimeGroup(t *testing.T) {
	s := start(t, Options{Lag: -1})
	policy := ask(t, s, "POST", policies, policyBody(t, s, tokenID(t, s), "x", "ade_useraffinity_1", nil)).want(t, 201).id(t)
	set := policies + "('" + policy + "')/setEnrollmentTimeDeviceMembershipTarget"
	get := policies + "('" + policy + "')/retrieveEnrollmentTimeDeviceMembershipTarget"
	static, dynamic := named(t, s, "/v1.0/groups", "iOS - pilots"), named(t, s, "/v1.0/groups", "iOS - kiosks")
	body := func(group string) string {
		return `{"enrollmentTimeDeviceMembershipTargets":[{"targetType":"staticSecurityGroup","targetId":"` + group + `"}]}`
	}
	problem := func(r reply) any {
		t.Helper()
		statuses := r.want(t, 200).body["enrollmentTimeDeviceMembershipTargetValidationStatuses"].([]any)
		if len(statuses) == 0 {
			return "none set"
		}
		return statuses[0].(object)["targetValidationErrorCode"]
	}
	ask(t, s, "POST", set, body(static)).want(t, 500)
	if got := problem(asAdmin(t, s, "POST", set, body("x"))); got != "securityGroupNotFound" {
		t.Errorf("unknown group: %v", got)
	}
	if got := problem(asAdmin(t, s, "POST", set, body(dynamic))); got != "notStaticSecurityGroup" {
		t.Errorf("dynamic group: %v", got)
	}
	if got := problem(asAdmin(t, s, "POST", set, body(static))); got != "firstPartyAppNotAnOwner" {
		t.Errorf("group without owner: %v", got)
	}
	if got := problem(asAdmin(t, s, "GET", get, "")); got != "none set" {
		t.Errorf("stored nevertheless: %v", got)
	}
	client := ask(t, s, "GET", "/v1.0/servicePrincipals?$filter=appId eq '"+provisioningClient+"'", "").want(t, 200).items(t)[0]["id"].(string)
	reference := `{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + client + `"}`
	ask(t, s, "POST", "/v1.0/groups/"+static+"/owners/$ref", reference).want(t, 204)
	ask(t, s, "POST", "/v1.0/groups/"+static+"/owners/$ref", reference).want(t, 400)
	if got := ask(t, s, "GET", "/beta/groups/"+static+"/owners", "").want(t, 200).items(t); len(got) != 1 || got[0]["id"] != client {
		t.Errorf("owners %v", got)
	}
	if got := problem(asAdmin(t, s, "POST", set, body(static))); got != nil {
		t.Errorf("group with owner: %v", got)
	}
	if got := problem(ask(t, s, "GET", get, "")); got != nil {
		t.Errorf("read back: %v", got)
	}
	asAdmin(t, s, "POST", policies+"('"+policy+"')/clearEnrollmentTimeDeviceMembershipTarget", "").want(t, 200)
	if got := problem(ask(t, s, "GET", get, "")); got != "none set" {
		t.Errorf("after clear: %v", got)
	}
}
