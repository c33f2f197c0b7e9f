package sim

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const tokens = "/beta/deviceManagement/depOnboardingSettings"

func TestTokensIncludeThePseudoToken(t *testing.T) {
	s := start(t, Options{Scenario: "empty"})
	got := ask(t, s, "GET", tokens+"?$select=id,tokenType", "").want(t, 200).items(t)
	account := ask(t, s, "GET", "/beta/deviceManagement", "").want(t, 200).body["intuneAccountId"]
	if diff := cmp.Diff([]object{{"id": account, "tokenType": "none"}}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	ask(t, s, "POST", tokens+"/"+account.(string)+"/syncWithAppleDeviceEnrollmentProgram", "").want(t, 400)
}

func TestSync(t *testing.T) {
	at := now
	s := start(t, Options{Now: func() time.Time { return at }})
	path := tokens + "/" + tokenID(t, s)
	ask(t, s, "POST", path+"/syncWithAppleDeviceEnrollmentProgram", "").want(t, 204)
	ask(t, s, "POST", path+"/syncWithAppleDeviceEnrollmentProgram", "").want(t, 400)
	running, over := ask(t, s, "GET", path, "").body, ask(t, s, "GET", path, "").body
	if running["lastSuccessfulSyncDateTime"] == stamp(at) || over["lastSuccessfulSyncDateTime"] != stamp(at) {
		t.Errorf("sync ended %v, then %v", running["lastSuccessfulSyncDateTime"], over["lastSuccessfulSyncDateTime"])
	}
	at = at.Add(15 * time.Minute)
	ask(t, s, "POST", path+"/syncWithAppleDeviceEnrollmentProgram", "").want(t, 204)
}

func TestUploadToken(t *testing.T) {
	s := start(t, Options{Scenario: "neglected"})
	path := tokens + "/" + tokenID(t, s)
	key := ask(t, s, "GET", path+"/getEncryptionPublicKey()", "").want(t, 200).body["value"].(string)
	if again := ask(t, s, "GET", path+"/getEncryptionPublicKey", "").body["value"]; again != key || !strings.HasPrefix(key, "-----BEGIN CERTIFICATE-----") {
		t.Errorf("keys %v and %v", key, again)
	}
	if other := ask(t, s, "POST", path+"/generateEncryptionPublicKey", "").want(t, 200).body["value"]; other == key {
		t.Error("generate did not change the key")
	}
	old, _ := ServerToken([]byte(key))
	if key, _ = ask(t, s, "GET", path+"/getEncryptionPublicKey", "").body["value"].(string); key == "" {
		t.Fatal("no key")
	}
	token, err := ServerToken([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	p7m := strings.ReplaceAll(strings.ReplaceAll(string(token), `"`, `\"`), "\r\n", `\r\n`)
	ask(t, s, "POST", path+"/uploadDepToken", `{"appleId":"abm@contoso.com","depToken":"`+base64.StdEncoding.EncodeToString(old)+`"}`).want(t, 400)
	ask(t, s, "POST", path+"/uploadDepToken", `{"appleId":"abm@contoso.com","depToken":"<html>sign in</html>"}`).want(t, 400)
	ask(t, s, "POST", path+"/uploadDepToken", `{"depToken":"`+p7m+`"}`).want(t, 400)
	ask(t, s, "POST", path+"/uploadDepToken", `{"appleId":"abm@contoso.com","depToken":"`+p7m+`"}`).want(t, 204)
	got := ask(t, s, "GET", path, "").body
	if got["tokenExpirationDateTime"] != stamp(now.AddDate(1, 0, 0)) || got["lastSyncErrorCode"] != float64(0) {
		t.Errorf("after the upload: %v", got)
	}
	raw := base64.StdEncoding.EncodeToString(token)
	ask(t, s, "POST", path+"/uploadDepToken", `{"appleId":"abm@contoso.com","depToken":"`+raw+`"}`).want(t, 204)
}

func TestNewToken(t *testing.T) {
	s := start(t, Options{Scenario: "empty"})
	ask(t, s, "POST", tokens, `{"tokenName":"x","tokenType":"dep"}`).want(t, 400)
	id := ask(t, s, "POST", tokens, `{"tokenName":"x","tokenType":"dep","appleIdentifier":"a@contoso.com","dataSharingConsentGranted":true}`).want(t, 201).id(t)
	ask(t, s, "PATCH", tokens+"/"+id, `{"tokenName":"y"}`).want(t, 200)
	ask(t, s, "PATCH", tokens+"/"+id, `{"tokenType":"dep"}`).want(t, 400)
	if n := ask(t, s, "GET", tokens+"/"+id+"/importedAppleDeviceIdentities/$count", "").want(t, 200).text; n != "0" {
		t.Errorf("%s devices", n)
	}
	ask(t, s, "GET", tokens+"/"+id+"/defaultIosEnrollmentProfile", "").want(t, 404)
}

func TestClassicProfile(t *testing.T) {
	s := start(t, Options{})
	token := tokenID(t, s)
	profiles := tokens + "/" + token + "/enrollmentProfiles"
	// The empty id and endpoint are in the bodies the portal sends; the null grace period too.
	body := `{"@odata.type":"#microsoft.graph.depIOSEnrollmentProfile","id":"","displayName":"Classic","requiresUserAuthentication":true,"enableAuthenticationViaCompanyPortal":true,
		"isMandatory":true,"configurationEndpointUrl":"","passcodeLockGracePeriodInSeconds":null,"enabledSkipKeys":["Siri"],"siriDisabled":true,"companyPortalVppTokenId":""}`
	created := ask(t, s, "POST", profiles, body).want(t, 201)
	id := created.id(t)
	if !strings.HasPrefix(id, token+"_") || created.body["zoomDisabled"] != false || created.body["isDefault"] != nil && created.body["isDefault"] != false {
		t.Errorf("created %v", created.body)
	}
	ask(t, s, "PATCH", profiles+"/"+id, `{"@odata.type":"#microsoft.graph.depIOSEnrollmentProfile","id":"`+id+`","description":"new"}`).want(t, 200)
	ask(t, s, "PATCH", profiles+"/"+id, `{"@odata.type":"#microsoft.graph.depIOSEnrollmentProfile","requiresUserAuthentication":false}`).want(t, 400)
	ask(t, s, "PATCH", profiles+"/"+id, `{"@odata.type":"#microsoft.graph.depIOSEnrollmentProfile","requireCompanyPortalOnSetupAssistantEnrolledDevices":true}`).want(t, 400)
	ask(t, s, "PATCH", profiles+"/"+id, `{"@odata.type":"#microsoft.graph.depIOSEnrollmentProfile","companyPortalVppTokenId":"x"}`).want(t, 400)
	ask(t, s, "POST", profiles+"/"+id+"/setDefaultProfile", "").want(t, 204)
	if got := ask(t, s, "GET", profiles+"/"+id, "").want(t, 200).body; got["isDefault"] != true || got["description"] != "new" {
		t.Errorf("default profile %v", got)
	}
	ask(t, s, "DELETE", profiles+"/"+id, "").want(t, 400)
	ask(t, s, "POST", profiles+"/"+named(t, s, profiles, "Kiosk iPads")+"/setDefaultProfile", "").want(t, 204)
	ask(t, s, "DELETE", profiles+"/"+id, "").want(t, 204)
	ask(t, s, "GET", profiles+"/"+id, "").want(t, 404)
	ask(t, s, "POST", profiles, `{"@odata.type":"#microsoft.graph.depIOSEnrollmentProfile","displayName":"x"}`).want(t, 400) // not mandatory
}

func TestDevices(t *testing.T) {
	s := start(t, Options{Scenario: "crowded", Lag: -1, Page: 100})
	token := tokenID(t, s)
	base := tokens + "/" + token
	devices := base + "/importedAppleDeviceIdentities"
	kiosk := named(t, s, base+"/enrollmentProfiles", "Kiosk iPads")
	all := ask(t, s, "GET", devices+"?$count=true", "").want(t, 200)
	if n := len(all.items(t)); n != 40 || all.body["@odata.count"] != float64(40) {
		t.Errorf("%d devices, count %v", n, all.body["@odata.count"])
	}
	forms := map[string]bool{}
	for _, d := range all.items(t) {
		form := fmt.Sprint(d["requestedEnrollmentProfileId"])
		form = strings.ReplaceAll(form, token, "token")
		if form != zeroGUID && len(form) >= 36 {
			form = form[:len(form)-36] + "guid"
		}
		forms[form] = true
	}
	if diff := cmp.Diff(map[string]bool{"<nil>": true, "": true, zeroGUID: true, "guid": true, "token_guid": true}, forms); diff != "" {
		t.Errorf("forms of requestedEnrollmentProfileId -want +got:\n%s", diff)
	}
	assign := base + "/enrollmentProfiles/" + kiosk + "/updateDeviceProfileAssignment"
	ask(t, s, "POST", assign, `{"deviceIds":["F2LX00000001","NOBODY"]}`).want(t, 400)
	ask(t, s, "POST", assign, `{"deviceIds":[]}`).want(t, 400)
	ask(t, s, "POST", assign, `{"deviceIds":["F2LX00000001","F2LX00000003"]}`).want(t, 204)
	of := func(profile string) int {
		t.Helper()
		return len(ask(t, s, "GET", devices+"?$filter=discoverySource eq 'DeviceEnrollmentProgram' and requestedEnrollmentProfileId eq '"+lastPart(profile)+"'", "").want(t, 200).items(t))
	}
	if n := of(kiosk); n != 10 {
		t.Errorf("%d devices with the profile, want 10", n)
	}
	found := ask(t, s, "GET", devices+"?$filter=discoverySource eq 'deviceEnrollmentProgram' and contains(serialNumber,'000003')", "").want(t, 200).items(t)
	if len(found) != 11 {
		t.Errorf("%d serials contain 000003, want 11", len(found))
	}
	ask(t, s, "GET", devices+"?$filter=serialNumber eq 'F2LX00000001'", "").want(t, 400)
	ask(t, s, "GET", devices+"/"+found[0]["id"].(string), "").want(t, 200)
	ask(t, s, "DELETE", devices+"/"+found[0]["id"].(string), "").want(t, 400)
}

func TestConfigurator(t *testing.T) {
	s := start(t, Options{Scenario: "empty"})
	account := ask(t, s, "GET", "/beta/deviceManagement?$select=intuneAccountId", "").want(t, 200).body["intuneAccountId"].(string)
	base := tokens + "/" + account
	profiles, devices := base+"/enrollmentProfiles", base+"/importedAppleDeviceIdentities"
	const common = `"@odata.type":"#microsoft.graph.enrollmentProfile","description":"","enableAuthenticationViaCompanyPortal":false,"requireCompanyPortalOnSetupAssistantEnrolledDevices":false`
	direct := ask(t, s, "POST", profiles, `{`+common+`,"displayName":"Direct","requiresUserAuthentication":false}`).want(t, 201)
	users := ask(t, s, "POST", profiles, `{`+common+`,"displayName":"Users","requiresUserAuthentication":true}`).want(t, 201).id(t)
	id := direct.id(t)
	wantURL := "https://appleconfigurator2.manage.microsoft.com/EnrollmentServer/MDMServiceConfig?id=" + account + "&AADTenantId=" + s.TenantID
	if direct.body["configurationEndpointUrl"] != wantURL || !strings.HasPrefix(id, account+"_") {
		t.Errorf("created %v", direct.body)
	}
	ask(t, s, "POST", profiles, `{"@odata.type":"#microsoft.graph.depIOSEnrollmentProfile","displayName":"x","isMandatory":true}`).want(t, 400)
	ask(t, s, "PATCH", profiles+"/"+id, `{"id":"`+id+`",`+common+`,"displayName":"Direct","requiresUserAuthentication":false}`).want(t, 200)
	if text := ask(t, s, "GET", profiles+"/"+id+"/exportMobileConfig()", "").want(t, 200).body["value"].(string); !strings.Contains(text, "<plist") {
		t.Errorf("exported %q", text)
	}
	ask(t, s, "GET", profiles+"/"+users+"/exportMobileConfig", "").want(t, 400)

	row := func(serial, profile string) string {
		return `{"@odata.type":"#microsoft.graph.importedAppleDeviceIdentity","serialNumber":"` + serial + `","requestedEnrollmentProfileId":"` + profile + `","discoverySource":"adminImport","platform":"ios"}`
	}
	upload := func(overwrite bool, rows ...string) reply {
		return ask(t, s, "POST", devices+"/importAppleDeviceIdentityList", fmt.Sprintf(`{"importedAppleDeviceIdentities":[%s],"overwriteImportedDeviceIdentities":%v}`, strings.Join(rows, ","), overwrite))
	}
	upload(false, row("DMPX00000001", "nothing")).want(t, 400)
	upload(false, strings.Replace(row("DMPX00000001", id), `"adminImport"`, `"deviceEnrollmentProgram"`, 1)).want(t, 400)
	upload(false, strings.Replace(row("DMPX00000001", id), `"platform"`, `"description":"`+strings.Repeat("x", 129)+`","platform"`, 1)).want(t, 400)
	status := func(r reply) []any {
		t.Helper()
		var all []any
		for _, o := range r.want(t, 200).items(t) {
			all = append(all, o["status"])
		}
		return all
	}
	if diff := cmp.Diff([]any{true, true}, status(upload(false, row("DMPX00000001", lastPart(id)), row("DMPX00000002", id)))); diff != "" {
		t.Errorf("first import -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]any{false, true}, status(upload(false, row("DMPX00000001", users), row("DMPX00000003", users)))); diff != "" {
		t.Errorf("second import -want +got:\n%s", diff)
	}
	ask(t, s, "POST", profiles+"/"+users+"/updateDeviceProfileAssignment", `{"deviceIds":["DMPX00000002"]}`).want(t, 204)
	found := ask(t, s, "GET", devices+"?$filter=discoverySource eq 'AdminImport' and requestedEnrollmentProfileId eq '"+lastPart(users)+"'&$count=true", "").want(t, 200)
	if found.body["@odata.count"] != float64(2) {
		t.Errorf("found %s", found.text)
	}
	ask(t, s, "DELETE", devices+"/"+found.items(t)[0]["id"].(string), "").want(t, 204)
	if n := ask(t, s, "GET", devices+"/$count", "").text; n != "2" {
		t.Errorf("%s devices after the delete", n)
	}
}

// TestLargeIsLazy: a page costs a page, wherever it is.
func TestLargeIsLazy(t *testing.T) {
	s := start(t, Options{Scenario: "large"})
	devices := tokens + "/" + tokenID(t, s) + "/importedAppleDeviceIdentities"
	if n := ask(t, s, "GET", devices+"/$count", "").want(t, 200).text; n != "200000" {
		t.Errorf("%s devices", n)
	}
	first := ask(t, s, "GET", devices+"?$select=serialNumber", "").want(t, 200)
	last := ask(t, s, "GET", devices+"?$select=serialNumber&$skiptoken="+writeSkip(199_500), "").want(t, 200)
	got := []any{len(first.items(t)), first.body["@odata.nextLink"], len(last.items(t)), last.items(t)[499]["serialNumber"], last.body["@odata.nextLink"]}
	want := []any{500, s.GraphURL + devices + "?%24select=serialNumber&%24skiptoken=" + writeSkip(500), 500, "F2LX00200000", nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	ask(t, s, "POST", tokens+"/"+tokenID(t, s)+"/enrollmentProfiles/"+named(t, s, tokens+"/"+tokenID(t, s)+"/enrollmentProfiles", "Kiosk iPads")+"/updateDeviceProfileAssignment", `{"deviceIds":["F2LX00200000"]}`).want(t, 204)
	if n := len(s.tenant.fleets[tokenID(t, s)].moved); n != 1 {
		t.Errorf("%d devices are kept, want 1", n)
	}
}
