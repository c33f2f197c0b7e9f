package ade

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestClassicPatch(t *testing.T) {
	portal := made(enroll.Fields{pathType: ClassicProfile, pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallVPP, pathTemplate: "{{SERIAL}}", pathHide: []string{"siri"}})
	shared := made(enroll.Fields{pathType: ClassicProfile, pathAffinity: AffinityShared, pathGrace: int64(60)})
	for _, tc := range []struct {
		name          string
		before, after enroll.Fields
		vpp           string // after
		want          map[string]any
	}{
		{"nothing", portal, nil, "vpp-id", map[string]any{}},
		{"clear a text", portal, enroll.Fields{pathTemplate: ""}, "vpp-id", map[string]any{"deviceNameTemplate": nil}},
		{"screens go with their keys and those of others", portal, enroll.Fields{pathHide: []string{"termsOfAddress", "zoom"}}, "vpp-id", map[string]any{
			"siriDisabled": false, "zoomDisabled": true, "enabledSkipKeys": []string{"TermsOfAddress", "Zoom", "Tips"}}},
		{"other sign-in", portal, enroll.Fields{pathAuth: AuthModern}, "vpp-id", map[string]any{
			"requiresUserAuthentication": true, "enableAuthenticationViaCompanyPortal": false, "configurationWebUrl": true, "requireCompanyPortalOnSetupAssistantEnrolledDevices": true}},
		{"without VPP", portal, enroll.Fields{pathInstall: InstallAppleID, pathVPPToken: nil}, "", map[string]any{"companyPortalVppTokenId": nil}},
		{"no more certificates", portal.With(enroll.Fields{pathSync: pairingByCertificate}), enroll.Fields{pathSync: "allow"}, "vpp-id", map[string]any{
			"iTunesPairingMode": "allow", "managementCertificates": []certificate{}}},
		{"clear a number", shared, enroll.Fields{pathGrace: nil}, "vpp-id", map[string]any{"passcodeLockGracePeriodInSeconds": nil}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			others := []string{"Tips"}
			got := classicPatch(classicBody("P", tc.before, beside{vppID: "vpp-id", otherKeys: others}), classicBody("P", tc.before.With(tc.after), beside{vppID: tc.vpp, otherKeys: others}))
			tc.want["@odata.type"] = typeClassic
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadForeignClassicProfiles(t *testing.T) {
	for _, tc := range []struct {
		name, raw string
		want      enroll.Fields // a part
		other     []string
	}{
		{"portal sign-in as Configurator profiles have it", `{"enableAuthenticationViaCompanyPortal":true}`, enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallAppleID}, nil},
		{"modern sign-in with both switches", `{"requiresUserAuthentication":true,"enableAuthenticationViaCompanyPortal":true,"configurationWebUrl":true}`, enroll.Fields{pathAuth: AuthModern, pathInstall: InstallNone}, nil},
		{"legacy with the app", `{"requiresUserAuthentication":true,"requireCompanyPortalOnSetupAssistantEnrolledDevices":true,"companyPortalVppTokenId":"gone"}`,
			enroll.Fields{pathAuth: AuthLegacy, pathInstall: InstallVPP, pathVPPToken: enroll.Ref{Kind: enroll.VPPToken, Name: "gone"}}, nil},
		{"certificates and unknown keys", `{"iTunesPairingMode":"requiresCertificate","enabledSkipKeys":["Siri","TermsOfAddress","Intelligence"],"siriDisabled":true}`,
			enroll.Fields{pathAffinity: AffinityNone, pathSync: "certificates", pathHide: []string{"siri", "termsOfAddress"}, pathInstall: InstallNone}, []string{"Intelligence"}},
		{"nulls", `{"description":null,"enabledSkipKeys":null,"deviceNameTemplate":null,"userSessionTimeoutInSeconds":null}`, enroll.Fields{pathDescription: "", pathTemplate: "", pathHide: []string{}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w, err := decodeClassic(json.RawMessage(tc.raw))
			if err != nil {
				t.Fatal(err)
			}
			got := w.fields(enroll.Snapshot{})
			part := enroll.Fields{}
			for path := range tc.want {
				part[path] = got[path]
			}
			if d := cmp.Diff(tc.want, part); d != "" {
				t.Error(d)
			}
			if len(tc.other)+len(w.otherKeys) > 0 {
				if d := cmp.Diff(tc.other, w.otherKeys); d != "" {
					t.Error(d)
				}
			}
		})
	}
}
