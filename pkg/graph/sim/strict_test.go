package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStrict(t *testing.T) {
	s := start(t, Options{Lag: -1})
	token := named(t, s, "/beta/deviceManagement/depOnboardingSettings", "Contoso ABM")
	profiles := "/beta/deviceManagement/depOnboardingSettings/" + token + "/enrollmentProfiles"
	user := "/beta/deviceManagement/appleUserInitiatedEnrollmentProfiles"
	config := "/v1.0/deviceAppManagement/mobileAppConfigurations"
	app := "/deviceAppManagement/mobileApps/" + named(t, s, "/beta/deviceAppManagement/mobileApps", "Intune Company Portal")
	group := named(t, s, "/v1.0/groups", "iOS - pilots")
	const dep = `"@odata.type":"#microsoft.graph.depIOSEnrollmentProfile","displayName":"x","isMandatory":true`
	tests := []struct {
		name, method, path, body string
		status                   int
		message                  string
	}{
		{"unknown path", "GET", "/beta/deviceManagement/windowsAutopilotSettings", "", 501, "does not know"},
		{"unknown version", "GET", "/v2.0/groups", "", 400, "Invalid version: v2.0"},
		{"beta path on v1.0", "GET", "/v1.0/deviceManagement/depOnboardingSettings", "", 400, "Resource not found for the segment 'depOnboardingSettings'."},
		{"beta path below on v1.0", "GET", "/v1.0/deviceManagement/depOnboardingSettings/" + token + "/enrollmentProfiles", "", 400, "segment 'depOnboardingSettings'"},
		{"beta function on v1.0", "GET", "/v1.0/deviceAppManagement/vppTokens/getLicensesForApp(bundleId='x')", "", 400, "segment 'getLicensesForApp(bundleId)'"},
		{"beta member in select on v1.0", "GET", "/v1.0/deviceAppManagement/vppTokens?$select=displayName", "", 400, "Could not find a property named 'displayName' on type 'microsoft.graph.vppToken'."},
		{"derived member in select", "GET", "/beta/deviceAppManagement/mobileApps?$select=bundleId", "", 400, "property named 'bundleId'"},
		{"beta member in body on v1.0", "POST", config, `{"@odata.type":"#microsoft.graph.iosMobileAppConfiguration","displayName":"x","targetedMobileApps":["y"],"roleScopeTagIds":["0"]}`, 400, "'roleScopeTagIds' does not exist"},
		{"beta target member on v1.0", "POST", "/v1.0" + app + "/assignments", `{"intent":"required","target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget","deviceAndAppManagementAssignmentFilterType":"none"}}`, 400, "'deviceAndAppManagementAssignmentFilterType' does not exist"},
		{"unknown member", "POST", profiles, `{` + dep + `,"colour":"red"}`, 400, "'colour' does not exist"},
		{"mistyped member", "POST", profiles, `{` + dep + `,"siriDisabled":"yes"}`, 400, "'siriDisabled'"},
		{"fraction for an integer", "POST", profiles, `{` + dep + `,"sharedIPadMaximumUserCount":1.5}`, 400, "'sharedIPadMaximumUserCount'"},
		{"object for a string", "POST", profiles, `{` + dep + `,"description":{}}`, 400, "'description'"},
		{"string for a list", "POST", profiles, `{` + dep + `,"enabledSkipKeys":"Siri"}`, 400, "must be an array"},
		{"server-made member", "POST", profiles, `{` + dep + `,"isDefault":true}`, 400, "'isDefault' is read-only"},
		{"id of its own making", "POST", profiles, `{` + dep + `,"id":"mine"}`, 400, "'id' is read-only"},
		{"wrong enum", "POST", profiles, `{` + dep + `,"iTunesPairingMode":"maybe"}`, 400, "disallow, allow, requiresCertificate"},
		{"unknown skip key", "POST", profiles, `{` + dep + `,"enabledSkipKeys":["Dance"]}`, 400, "'Dance' is not a valid skip key"},
		{"wrong type", "POST", profiles, `{"@odata.type":"#microsoft.graph.group","displayName":"x"}`, 400, "does not derive from the expected type 'microsoft.graph.enrollmentProfile'"},
		{"configurator type under a token", "POST", profiles, `{"displayName":"x"}`, 400, "cannot be created under this token"},
		{"abstract type", "POST", "/beta" + app + "/assignments", `{"intent":"required","target":{}}`, 400, "is abstract"},
		{"missing member", "POST", profiles, `{"@odata.type":"#microsoft.graph.depIOSEnrollmentProfile"}`, 400, "'displayName' is missing"},
		{"missing nested member", "POST", "/beta" + app + "/assignments", `{"intent":"required","target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget"}}`, 400, "'groupId' is missing"},
		{"null where none is allowed", "PATCH", "/beta/deviceAppManagement/vppTokens/" + named(t, s, "/beta/deviceAppManagement/vppTokens", "Contoso VPP"), `{"automaticallyUpdateApps":null}`, 400, "null value"},
		{"not base64", "POST", config, `{"@odata.type":"#microsoft.graph.iosMobileAppConfiguration","displayName":"x","targetedMobileApps":["y"],"encodedSettingXml":"<dict/>"}`, 400, "'encodedSettingXml'"},
		{"no body", "POST", user, "", 400, "JSON object was expected"},
		{"not JSON", "POST", user, "{", 400, "Unable to read JSON"},
		{"two values", "POST", user, "{} {}", 400, "more than one value"},
		{"body with GET", "GET", user, "{}", 400, "takes no body"},
		{"unknown id", "GET", user + "/00000000-0000-0000-0000-000000000009", "", 404, "was not found"},
		{"unknown group", "GET", "/v1.0/groups/00000000-0000-0000-0000-000000000009", "", 404, "does not exist"},
		{"method not allowed", "DELETE", "/beta/deviceManagement", "", 405, "not allowed"},
		{"policies have no PATCH", "PATCH", "/beta/deviceManagement/configurationPolicies/x", `{}`, 405, "not allowed"},
		{"parenthesis key of a profile", "GET", "/beta/deviceManagement/depOnboardingSettings/" + token + "/enrollmentProfiles('x')", "", 400, "No OData route"},
		{"namespaced action", "POST", "/beta/deviceManagement/configurationPolicies('x')/microsoft.management.services.api.setEnrollmentTimeDeviceMembershipTarget", `{}`, 500, "internal server error"},
		{"retrieve by POST", "POST", "/beta/deviceManagement/configurationPolicies('x')/retrieveEnrollmentTimeDeviceMembershipTarget", "", 400, "No OData route"},
		{"orderby", "GET", "/v1.0/groups?$orderby=displayName", "", 400, "$orderby"},
		{"search", "GET", "/v1.0/groups?$search=x", "", 400, "$search"},
		{"top too large", "GET", "/v1.0/groups?$top=1000", "", 400, "$top"},
		{"foreign skiptoken", "GET", "/v1.0/groups?$skiptoken=abc", "", 400, "$skiptoken"},
		{"expand on the list of tokens", "GET", "/beta/deviceManagement/depOnboardingSettings?$expand=defaultIosEnrollmentProfile", "", 400, "defaultIosEnrollmentProfile"},
		{"options with an action", "POST", user + "/x/setPriority?$select=id", "{}", 400, "$select"},
		{"directory count without its header", "GET", "/v1.0/groups?$count=true", "", 400, "ConsistencyLevel"},
		{"unknown member of a group", "POST", "/v1.0/groups", `{"displayName":"x","mailEnabled":false,"mailNickname":"x","securityEnabled":true,"owner":"me"}`, 400, "'owner' does not exist"},
		{"group nickname with a space", "POST", "/v1.0/groups", `{"displayName":"x","mailEnabled":false,"mailNickname":"a b","securityEnabled":true}`, 400, "mailNickname"},
		{"dynamic group without a rule", "POST", "/v1.0/groups", `{"displayName":"x","mailEnabled":false,"mailNickname":"x","securityEnabled":true,"groupTypes":["DynamicMembership"]}`, 400, "membershipRule"},
		{"store settings on a VPP app", "POST", "/beta" + app + "/assignments", `{"intent":"required","target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"` + group + `"},"settings":{"@odata.type":"#microsoft.graph.iosStoreAppAssignmentSettings"}}`, 400, "do not fit"},
		{"creating a VPP app", "POST", "/beta/deviceAppManagement/mobileApps", `{"@odata.type":"#microsoft.graph.iosVppApp","displayName":"x","publisher":"y"}`, 400, "cannot be created"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := ask(t, s, test.method, test.path, test.body).want(t, test.status)
			if got := r.message(t); !strings.Contains(got, test.message) {
				t.Errorf("message %q lacks %q", got, test.message)
			}
		})
	}
}

// TestErrorShapes: Intune nests JSON in the message, the directory does not, and neither does what never reaches Intune.
func TestErrorShapes(t *testing.T) {
	s := start(t, Options{})
	tests := []struct {
		name, method, path, body string
		code                     string
		nested                   bool
	}{
		{"Intune", "POST", "/beta/deviceManagement/appleUserInitiatedEnrollmentProfiles", `{"x":1}`, "BadRequest", true},
		{"Intune not found", "GET", "/beta/deviceAppManagement/mobileApps/x", "", "ResourceNotFound", true},
		{"directory", "POST", "/v1.0/groups", `{"x":1}`, "Request_BadRequest", false},
		{"OData of Intune", "GET", "/beta/deviceAppManagement/mobileApps?$select=x", "", "BadRequest", false},
		{"wrong version", "GET", "/v1.0/deviceManagement/roleScopeTags", "", "BadRequest", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := ask(t, s, test.method, test.path, test.body)
			e := r.body["error"].(object)
			text := e["message"].(string)
			inner := e["innerError"].(object)
			got := []any{e["code"], strings.HasPrefix(text, "{"), strings.Contains(text, "Activity ID: "), inner["request-id"]}
			want := []any{test.code, test.nested, test.nested, r.header.Get("request-id")}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s%s", diff, r.text)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	at := now
	s := start(t, Options{Now: func() time.Time { return at }})
	other := start(t, Options{})
	good := s.AccessToken(s.GraphURL, false)
	tests := []struct {
		name, token, message string
		later                time.Duration
	}{
		{name: "none", token: "", message: "empty"},
		{name: "garbage", token: "abc", message: "Signature"},
		{name: "another simulator's", token: other.AccessToken(s.GraphURL, false), message: "Signature"},
		{name: "another audience", token: s.AccessToken("https://graph.contoso.com", false), message: "audience"},
		{name: "altered", token: good[:len(good)-4] + "AAAA", message: "Signature"},
		{name: "expired", token: good, message: "expired", later: time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at = now.Add(test.later)
			r := send(t, s, test.token, "GET", "/v1.0/organization", "").want(t, 401)
			if e := r.body["error"].(object); e["code"] != "InvalidAuthenticationToken" || !strings.Contains(r.message(t), test.message) {
				t.Errorf("%v", e)
			}
		})
	}
}

func TestPermissions(t *testing.T) {
	const csr = "/v1.0/deviceManagement/applePushNotificationCertificate/downloadApplePushNotificationCertificateSigningRequest"
	tests := []struct {
		name, held, method, path, body string
		status                         int
		message                        string
	}{
		{"read", "DeviceManagementServiceConfig.Read.All", "GET", "/beta/deviceManagement/depOnboardingSettings", "", 200, ""},
		{"write covers read", "DeviceManagementServiceConfig.ReadWrite.All", "GET", "/beta/deviceManagement/depOnboardingSettings", "", 200, ""},
		{"alternative", "DeviceManagementConfiguration.Read.All", "GET", "/beta/deviceManagement/depOnboardingSettings", "", 200, ""},
		{"read does not cover write", "DeviceManagementServiceConfig.Read.All", "POST", "/beta/deviceManagement/appleUserInitiatedEnrollmentProfiles", "{}", 403, "DeviceManagementServiceConfig.ReadWrite.All"},
		{"VPP tokens are not an apps permission", "DeviceManagementApps.ReadWrite.All", "GET", "/beta/deviceAppManagement/vppTokens", "", 403, "DeviceManagementServiceConfig.Read.All"},
		{"signing request needs write", "DeviceManagementServiceConfig.Read.All", "GET", csr, "", 403, "DeviceManagementServiceConfig.ReadWrite.All"},
		{"audit is an apps permission", "DeviceManagementApps.Read.All", "GET", "/v1.0/deviceManagement/auditEvents", "", 200, ""},
		{"groups", "Organization.Read.All", "GET", "/v1.0/groups", "", 403, "Insufficient privileges"},
		{"create a group", "Group.Create", "POST", "/v1.0/groups", `{"displayName":"x","mailEnabled":false,"mailNickname":"x","securityEnabled":true}`, 201, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, Options{Permissions: []string{test.held}})
			r := ask(t, s, test.method, test.path, test.body).want(t, test.status)
			if test.status == 403 && !strings.Contains(r.message(t), test.message) {
				t.Errorf("message %q lacks %q", r.message(t), test.message)
			}
		})
	}
}

func TestContentType(t *testing.T) {
	s := start(t, Options{})
	m := message{method: "POST", api: beta, path: "/deviceManagement/appleUserInitiatedEnrollmentProfiles", body: []byte("{}"), audience: s.GraphURL,
		header: map[string][]string{"Authorization": {"Bearer " + s.AccessToken(s.GraphURL, false)}, "Content-Type": {"text/plain"}}}
	if a := s.handle(m, now); a.status != 415 {
		t.Errorf("status %d, want 415", a.status)
	}
	r := ask(t, s, "POST", "/beta/deviceManagement/appleUserInitiatedEnrollmentProfiles", fmt.Sprintf(`{"description":%q}`, strings.Repeat("x", maxBody)))
	r.want(t, 413)
}

func TestViolations(t *testing.T) {
	s := start(t, Options{})
	token := named(t, s, "/beta/deviceManagement/depOnboardingSettings", "Contoso ABM")
	before := s.State()
	calls := []string{
		"POST /deviceManagement/depOnboardingSettings/" + token + "/releaseAppleDevices", "DELETE /deviceManagement/depOnboardingSettings/" + token,
		"DELETE /deviceManagement/applePushNotificationCertificate", "DELETE /groups/x", "POST /groups/x/members/$ref", "PATCH /users/x",
	}
	for _, c := range calls {
		method, path, _ := strings.Cut(c, " ")
		ask(t, s, method, "/beta"+path, "").want(t, 501)
	}
	if diff := cmp.Diff(calls, s.Violations()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(string(before), string(s.State())); diff != "" {
		t.Errorf("the tenant changed:\n%s", diff)
	}
}

// TestSchemaHasNoLooseEnds: every handler is named by a path, and nonsense in the schema or catalog is refused.
func TestSchemaHasNoLooseEnds(t *testing.T) {
	s := start(t, Options{})
	used := map[string]bool{}
	for _, r := range s.schema.routes {
		for _, m := range r.methods {
			used[m.handler] = true
		}
	}
	for name := range handlers() {
		if !used[name] {
			t.Errorf("no path uses handler %s", name)
		}
	}
	for _, text := range []string{"what is this", "type a b", "type a -\n\tm Strange", "path /x nothing", "path /x - v2", "path /x -\n\tGET"} {
		if _, err := parseSchema(text); err == nil {
			t.Errorf("schema %q was accepted", text)
		}
	}
	for _, text := range []string{"what is this", "choice a - -", "integer a - - x 1", "integer a - - 1 x", "choice a - - 1\n\t1 b!", "string a - - 1 2 ("} {
		if _, err := parseCatalog(text); err == nil {
			t.Errorf("catalog %q was accepted", text)
		}
	}
}
