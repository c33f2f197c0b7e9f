package sim

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestGroupsLag(t *testing.T) {
	s := start(t, Options{Lag: 2})
	body := `{"displayName":"O'Brien's iPads","description":"","mailEnabled":false,"mailNickname":"obrien","securityEnabled":true,"groupTypes":["DynamicMembership"],
		"membershipRule":"(device.enrollmentProfileName -eq \"x\")","membershipRuleProcessingState":"On"}`
	id := ask(t, s, "POST", "/v1.0/groups", body).want(t, 201).id(t)
	lookup := "/v1.0/groups?$filter=displayName eq 'o''brien''s ipads'&$select=id,displayName,groupTypes"
	ask(t, s, "GET", "/v1.0/groups?$filter=displayName eq 'All staff'", "") // asks for another: does not count
	var counts []int
	for range 3 {
		counts = append(counts, len(ask(t, s, "GET", lookup, "").want(t, 200).items(t)))
	}
	if diff := cmp.Diff([]int{0, 0, 1}, counts); diff != "" {
		t.Errorf("found -want +got:\n%s", diff)
	}
	assign := apps + "/" + named(t, s, apps, "Intune Company Portal") + "/assignments"
	one := `{"intent":"required","target":` + groupTarget(id) + `}`
	for range 2 {
		if got := ask(t, s, "POST", assign, one).want(t, 404).message(t); !strings.Contains(got, id) {
			t.Errorf("message %q", got)
		}
	}
	ask(t, s, "POST", assign, one).want(t, 201)
	ask(t, s, "PATCH", "/v1.0/groups/"+id, `{"description":"x"}`).want(t, 204)
}

func TestDirectoryReads(t *testing.T) {
	s := start(t, Options{Scenario: "crowded", Page: 10})
	staff := ask(t, s, "GET", "/v1.0/groups?$filter=displayName eq 'All staff'", "").want(t, 200).items(t)
	if len(staff) != 2 {
		t.Fatalf("%d groups named All staff, want 2", len(staff))
	}
	id := staff[0]["id"].(string)
	tests := []struct{ path, want string }{
		{"/v1.0/groups/" + id + "/transitiveMembers/$count", "120"},
		{"/v1.0/groups/" + id + "/transitiveMembers/microsoft.graph.user/$count", "120"},
		{"/v1.0/groups/" + id + "/transitiveMembers/graph.device/$count", "0"},
		{"/v1.0/groups/$count", "109"},
	}
	for _, test := range tests {
		if r := ask(t, s, "GET", test.path, "").want(t, 200); r.text != test.want || r.header.Get("Content-Type") != "text/plain" {
			t.Errorf("GET %s: %q %s, want %s", test.path, r.text, r.header.Get("Content-Type"), test.want)
		}
	}
	byID := ask(t, s, "POST", "/v1.0/directoryObjects/getByIds", `{"ids":["`+id+`","nothing"],"types":["group"]}`).want(t, 200).items(t)
	if len(byID) != 1 || byID[0]["@odata.type"] != "#microsoft.graph.group" {
		t.Errorf("getByIds %v", byID)
	}
	n, pages := 0, 0
	for url := "/v1.0/groups?$select=id&$filter=startswith(displayName,'Site')"; url != ""; pages++ {
		r := ask(t, s, "GET", url, "").want(t, 200)
		n += len(r.items(t))
		url, _ = r.body["@odata.nextLink"].(string)
	}
	if n != 103 || pages != 11 {
		t.Errorf("%d groups on %d pages", n, pages)
	}
	org := ask(t, s, "GET", "/v1.0/organization?$select=id,displayName,mobileDeviceManagementAuthority", "").want(t, 200).items(t)
	if diff := cmp.Diff([]object{{"id": s.TenantID, "displayName": "Contoso", "mobileDeviceManagementAuthority": "intune"}}, org); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, shown := ask(t, s, "GET", "/v1.0/organization", "").items(t)[0]["mobileDeviceManagementAuthority"]; shown {
		t.Error("the authority is shown without $select")
	}
	if _, shown := ask(t, s, "GET", "/beta/deviceManagement", "").body["subscriptionState"]; shown {
		t.Error("subscriptionState is shown without $select")
	}
	ask(t, s, "POST", "/v1.0/organization/"+s.TenantID+"/setMobileDeviceManagementAuthority", "").want(t, 403)
	asAdmin(t, s, "POST", "/v1.0/organization/"+s.TenantID+"/setMobileDeviceManagementAuthority", "").want(t, 200)
}

func TestAppRegistration(t *testing.T) {
	s := start(t, Options{})
	app := ask(t, s, "POST", "/v1.0/applications", `{"displayName":"pipeline","signInAudience":"AzureADMyOrg"}`).want(t, 201)
	appID := app.body["appId"].(string)
	ask(t, s, "POST", "/v1.0/servicePrincipals", `{"appId":"`+appID+`"}`).want(t, 201)
	ask(t, s, "POST", "/v1.0/servicePrincipals", `{"appId":"`+appID+`"}`).want(t, 400)
	credential := `{"name":"github","issuer":"https://token.actions.githubusercontent.com","subject":"repo:contoso/mdm:ref:refs/heads/main","audiences":["api://AzureADTokenExchange"]}`
	ask(t, s, "POST", "/v1.0/applications/"+app.id(t)+"/federatedIdentityCredentials", credential).want(t, 201)
	for name, body := range map[string]string{
		"two audiences":            `{"name":"b","issuer":"https://contoso.com","subject":"b","audiences":["api://AzureADTokenExchange","api://other"]}`,
		"no address":               `{"name":"b","issuer":"contoso.com","subject":"b","audiences":["api://AzureADTokenExchange"]}`,
		"name for no address":      `{"name":"a b","issuer":"https://contoso.com","subject":"b","audiences":["api://AzureADTokenExchange"]}`,
		"name of another":          strings.Replace(credential, `"subject":"`, `"subject":"another/`, 1),
		"trusts what another does": strings.Replace(credential, `"name":"`, `"name":"another-`, 1),
	} {
		if r := ask(t, s, "POST", "/v1.0/applications/"+app.id(t)+"/federatedIdentityCredentials", body); r.status/100 != 4 {
			t.Errorf("%s: status %d", name, r.status)
		}
	}
	ask(t, s, "POST", "/v1.0/applications", `{"displayName":"x","signInAudience":"MyOrg"}`).want(t, 400)
	ask(t, s, "POST", "/v1.0/applications", `{"displayName":"x","requiredResourceAccess":[{"resourceAppId":"`+graphApp+`","resourceAccess":[{"id":"`+appID+`","type":"Application"}]}]}`).want(t, 400)
	ask(t, s, "POST", "/v1.0/servicePrincipals", `{"appId":"00000000-0000-0000-0000-000000000009"}`).want(t, 400)
	if n := len(ask(t, s, "GET", "/v1.0/applications/"+app.id(t)+"/federatedIdentityCredentials", "").items(t)); n != 1 {
		t.Errorf("%d credentials", n)
	}
}

// pushCertificate makes a PEM certificate with a topic as Apple's have it.
func pushCertificate(t *testing.T, topic string, expires time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	uid := pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}, Value: topic}
	c := &x509.Certificate{SerialNumber: big.NewInt(0xABCDEF), Subject: pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{uid}}, NotBefore: expires.AddDate(-1, 0, 0), NotAfter: expires}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestPushCertificate(t *testing.T) {
	s := start(t, Options{Scenario: "empty"})
	const path = "/v1.0/deviceManagement/applePushNotificationCertificate"
	upload := func(certificate string) reply {
		t.Helper()
		body, err := json.Marshal(object{"appleIdentifier": "apple@contoso.com", "certificate": certificate})
		if err != nil {
			t.Fatal(err)
		}
		return ask(t, s, "PATCH", path, string(body))
	}
	good := pushCertificate(t, "com.apple.mgmt.External.1234", now.AddDate(1, 0, 0))
	ask(t, s, "GET", path, "").want(t, 404)
	upload(good).want(t, 400) // no signing request yet
	if csr := ask(t, s, "GET", path+"/downloadApplePushNotificationCertificateSigningRequest()", "").want(t, 200).body["value"].(string); !strings.Contains(csr, "BEGIN CERTIFICATE REQUEST") {
		t.Errorf("signing request %q", csr)
	}
	ask(t, s, "GET", "/v1.0/deviceManagement/dataSharingConsents/appleMDMPushCertificate", "").want(t, 400)
	if got := ask(t, s, "POST", "/beta/deviceManagement/dataSharingConsents/appleMDMPushCertificate/consentToDataSharing", "").want(t, 200); got.body["granted"] != true {
		t.Errorf("consent %v", got.body)
	}
	for name, bad := range map[string]string{
		"text": "x", "not a push certificate": pushCertificate(t, "contoso", now.AddDate(1, 0, 0)), "expired": pushCertificate(t, "com.apple.mgmt.External.1", now.AddDate(0, 0, -1)),
		"empty": "", "not a certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	} {
		if r := upload(bad); r.status != 400 {
			t.Errorf("%s: status %d", name, r.status)
		}
	}
	answered := upload(good).want(t, 200)
	read := ask(t, s, "GET", path, "").want(t, 200)
	if answered.id(t) == read.id(t) {
		t.Error("the ids of PATCH and GET agree")
	}
	delete(read.body, "id")
	delete(read.body, "@odata.context")
	want := object{
		"appleIdentifier": "apple@contoso.com", "certificate": nil, "topicIdentifier": "com.apple.mgmt.External.1234", "certificateSerialNumber": "ABCDEF",
		"expirationDateTime": stamp(now.AddDate(1, 0, 0)), "lastModifiedDateTime": stamp(now), "certificateUploadStatus": nil, "certificateUploadFailureReason": nil,
	}
	if diff := cmp.Diff(want, read.body); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBatch(t *testing.T) {
	s := start(t, Options{Faults: []Fault{
		{Match: "GET /organization", Do: "status", Status: 429, RetryAfter: "7"},
		{Match: "GET /deviceManagement/roleScopeTags", Do: "html"},
	}})
	body := `{"requests":[
		{"id":"a","method":"GET","url":"/organization"},
		{"id":"b","method":"GET","url":"/groups?$filter=displayName%20eq%20'All%20staff'&$select=displayName"},
		{"id":"c","method":"GET","url":"/groups/nothing"},
		{"id":"d","method":"GET","url":"/groups/$count","headers":{"ConsistencyLevel":"eventual"}},
		{"id":"e","method":"GET","url":"/deviceManagement/roleScopeTags"},
		{"id":"f","method":"GET","url":"/organization","dependsOn":["c"]}]}`
	responses := ask(t, s, "POST", "/beta/$batch", body).want(t, 200).body["responses"].([]any)
	got := map[string]any{}
	for _, r := range responses {
		o := r.(object)
		got[o["id"].(string)] = o["status"]
		switch o["id"] {
		case "a":
			if o["headers"].(object)["Retry-After"] != "7" {
				t.Errorf("headers %v", o["headers"])
			}
		case "b":
			if diff := cmp.Diff([]any{object{"displayName": "All staff"}}, o["body"].(object)["value"]); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		case "d":
			if o["body"] != "NQ==" { // "5" in base64
				t.Errorf("count %v", o["body"])
			}
		}
	}
	if diff := cmp.Diff(map[string]any{"a": 429.0, "b": 200.0, "c": 404.0, "d": 200.0, "e": 502.0, "f": 424.0}, got); diff != "" {
		t.Errorf("statuses -want +got:\n%s", diff)
	}
	for name, bad := range map[string]string{
		"none": `{"requests":[]}`, "21": `{"requests":[` + strings.Repeat(`{"id":"a","method":"GET","url":"/x"},`, 20) + `{"id":"z","method":"GET","url":"/x"}]}`,
		"same id": `{"requests":[{"id":"a","method":"GET","url":"/x"},{"id":"a","method":"GET","url":"/x"}]}`, "absolute": `{"requests":[{"id":"a","method":"GET","url":"https://contoso.com"}]}`, "garbage": `{`,
	} {
		if r := ask(t, s, "POST", "/beta/$batch", bad); r.status != 400 {
			t.Errorf("%s: status %d", name, r.status)
		}
	}
	ask(t, s, "POST", "/beta/$batch", "{").want(t, 400)
	log := s.Requests()
	if log[0].Write || !log[len(log)-1].Write {
		t.Error("a batch of GETs counts as a write, or one that cannot be read does not")
	}
}

func TestMountedUnderAPath(t *testing.T) {
	s := start(t, Options{Page: 2})
	mux := http.NewServeMux()
	mux.Handle("/tenant/", http.StripPrefix("/tenant", s.Graph()))
	front := httptest.NewServer(mux)
	defer front.Close()
	token := s.AccessToken(front.URL, false)
	r := send(t, s, token, "GET", front.URL+"/tenant/v1.0/groups?$select=id", "").want(t, 200)
	next := r.body["@odata.nextLink"].(string)
	if !strings.HasPrefix(next, front.URL+"/tenant/v1.0/groups?") {
		t.Errorf("next page %s", next)
	}
	send(t, s, token, "GET", next, "").want(t, 200)
}

func TestFilters(t *testing.T) {
	s := start(t, Options{Scenario: "crowded", Lag: -1, Page: 200})
	tests := []struct {
		name, path string
		n          int // -1: refused
	}{
		{"eq ignores case in the directory", "/v1.0/groups?$filter=displayName eq 'ALL STAFF'", 2},
		{"and", "/v1.0/groups?$filter=displayName eq 'All staff' and securityEnabled eq true", 2},
		{"or in parentheses", "/v1.0/groups?$filter=(displayName eq 'All staff' or (displayName eq 'Sales'))", 3},
		{"audit any", "/v1.0/deviceManagement/auditEvents?$filter=resources/any(s:s/auditResourceType eq 'Microsoft.Management.Services.Api.DepProfile')", 1},
		{"audit any, none", "/v1.0/deviceManagement/auditEvents?$filter=resources/any(s:s/auditResourceType eq 'x')", 0},
		{"audit time and component", "/v1.0/deviceManagement/auditEvents?$filter=activityDateTime ge 2026-10-01T00:00:00Z and componentName eq 'Enrollment'", 1},
		{"audit later", "/v1.0/deviceManagement/auditEvents?$filter=activityDateTime gt 2026-11-21T00:00:00Z", 0},
		{"policy by name", policies + "?$filter=name eq 'Field iPhones'", 1},
		{"has", policies + "?$filter=technologies has 'enrollment'", 3},
		{"ne", "/v1.0/groups?$filter=displayName ne 'x'", -1},
		{"not", "/v1.0/groups?$filter=not (displayName eq 'x')", -1},
		{"endswith", "/v1.0/groups?$filter=endswith(displayName,'x')", -1},
		{"contains on groups", "/v1.0/groups?$filter=contains(displayName,'x')", -1},
		{"unknown member", "/v1.0/groups?$filter=colour eq 'x'", -1},
		{"unfinished", "/v1.0/groups?$filter=displayName eq", -1},
		{"rest", "/v1.0/groups?$filter=displayName eq 'x' 'y'", -1},
		{"isof of nothing", apps + "?$filter=isof('microsoft.graph.nothing')", -1},
		{"any elsewhere", "/v1.0/groups?$filter=groupTypes/any(c:c eq 'Unified')", -1},
		{"bundleId of a derived type", apps + "?$filter=bundleId eq 'x'", -1},
		{"beta member on v1.0", "/v1.0/deviceAppManagement/vppTokens?$filter=displayName eq 'x'", -1},
		{"too long", "/v1.0/groups?$filter=" + strings.Repeat("(", maxFilter+1), -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := ask(t, s, "GET", test.path, "")
			if test.n < 0 {
				r.want(t, 400)
			} else if n := len(r.want(t, 200).items(t)); n != test.n {
				t.Errorf("%d items, want %d", n, test.n)
			}
		})
	}
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{"displayName eq 'x'", "(a or b", "isof('microsoft.graph.group')", "resources/any(s:s/auditResourceType eq 'x')", "startswith(displayName,'a') and x has 1"} {
		f.Add(seed)
	}
	sc, err := parseSchema(schemaText)
	if err != nil {
		f.Fatal(err)
	}
	c := &call{s: &Simulator{schema: sc}, api: beta, path: "/groups"}
	f.Fuzz(func(_ *testing.T, text string) {
		for _, name := range []string{"group", "auditEvent", "mobileApp"} {
			if e, err := c.parseFilter(text, sc.types[name]); err == nil {
				e.holds(sc, object{"displayName": "x", "resources": []any{object{}}})
			}
		}
	})
}

func FuzzBody(f *testing.F) {
	f.Add([]byte(`{"@odata.type":"#microsoft.graph.iosMobileAppConfiguration","displayName":"x","targetedMobileApps":["y"],"encodedSettingXml":"PGRpY3QvPg=="}`), "mobileAppConfigurations")
	f.Add([]byte(`{"requests":[{"id":"1","method":"GET","url":"/groups"}]}`), "$batch")
	s, err := New(Options{Now: func() time.Time { return now }})
	if err != nil {
		f.Fatal(err)
	}
	header := http.Header{"Authorization": {"Bearer " + s.AccessToken("http://x", false)}, "Content-Type": {"application/json"}}
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		for _, front := range []string{"/", "/deviceManagement/", "/deviceAppManagement/"} {
			a := s.handle(message{method: "POST", api: beta, path: front + path, header: header, body: bytes.Clone(body), audience: "http://x"}, now)
			if a.status < 200 || a.status == 500 {
				t.Errorf("status %d for %s%s", a.status, front, path)
			}
		}
	})
}
