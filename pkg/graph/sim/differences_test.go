package sim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDifferences(t *testing.T) {
	s := start(t, Options{Differences: Differences{
		Remove: []string{
			"/deviceManagement/depOnboardingSettings/Contoso ABM/importedAppleDeviceIdentities",
			"/deviceManagement/depOnboardingSettings/Contoso ABM/defaultIosEnrollmentProfile",
			"/deviceManagement/depOnboardingSettings/Contoso ABM/enrollmentProfiles/Kiosk iPads",
		},
		Add: map[string]map[string]any{
			"/deviceManagement/depOnboardingSettings": {"tokenName": "Contoso School", "tokenType": "appleSchoolManager"},
			"/deviceAppManagement/mobileApps/Intune Company Portal/assignments": {
				"intent": "required", "target": map[string]any{"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"},
			},
		},
		Set: map[string]map[string]any{
			"/deviceManagement": {"maximumDepTokens": 2},
			"/deviceManagement/applePushNotificationCertificate": {"expirationDateTime": "2026-12-12T00:00:00Z"},
			"/deviceAppManagement/vppTokens/Contoso VPP":         {"state": "expired"},
		},
	}})
	abm := tokens + "/" + ask(t, s, "GET", tokens, "").items(t)[1]["id"].(string)
	app := ask(t, s, "GET", "/beta/deviceAppManagement/mobileApps?$filter=displayName eq 'Intune Company Portal'", "").items(t)[0]["id"].(string)
	got := []any{
		len(ask(t, s, "GET", abm+"/importedAppleDeviceIdentities", "").items(t)),
		ask(t, s, "GET", abm+"/defaultIosEnrollmentProfile", "").status,
		len(ask(t, s, "GET", abm+"/enrollmentProfiles", "").items(t)),
		ask(t, s, "GET", tokens, "").items(t)[2]["tokenName"],
		ask(t, s, "GET", "/beta/deviceAppManagement/mobileApps/"+app+"/assignments", "").items(t)[0]["intent"],
		ask(t, s, "GET", "/beta/deviceManagement", "").body["maximumDepTokens"],
		look(t, s).Push, look(t, s).VPP[1],
	}
	if diff := cmp.Diff([]any{0, 404, 1, "Contoso School", "required", 2.0, "2026-12-12T00:00:00Z", "expired"}, got); diff != "" {
		t.Error(diff)
	}
	s = start(t, Options{Differences: Differences{Remove: []string{"/deviceManagement/applePushNotificationCertificate"}}})
	if push := look(t, s).Push; push != nil {
		t.Errorf("still there: %v", push)
	}
}

func TestDifferencesAreStrict(t *testing.T) {
	set := func(path string, members map[string]any) Differences {
		return Differences{Set: map[string]map[string]any{path: members}}
	}
	add := func(path string, members map[string]any) Differences {
		return Differences{Add: map[string]map[string]any{path: members}}
	}
	for _, tc := range []struct {
		name string
		d    Differences
		want string
	}{
		{"no such token", Differences{Remove: []string{"/deviceManagement/depOnboardingSettings/Fabrikam"}}, `remove /deviceManagement/depOnboardingSettings/Fabrikam: nothing is called "Fabrikam"`},
		{"two of a name", set("/deviceManagement/deviceEnrollmentConfigurations/All users and all devices", nil), `2 objects are called "All users and all devices"`},
		{"nothing to remove", Differences{Remove: []string{"/deviceManagement/tokens"}}, "there is no such object"},
		{"nothing to set", set("/deviceManagement/tokens/Contoso ABM", nil), "there is no such object"},
		{"an object is no collection", add("/deviceAppManagement/vppTokens/Contoso VPP", nil), "there is no such collection"},
		{"no such collection", add("/deviceManagement/tokens", nil), "there is no such collection"},
		{"no such member", set("/deviceManagement/applePushNotificationCertificate", map[string]any{"expires": "2026-12-12"}), `applePushNotificationCertificate has no member "expires"`},
		{"no such value", set("/deviceAppManagement/vppTokens/Contoso VPP", map[string]any{"state": "stale"}), "Requested value 'stale' was not found"},
		{"another type", add("/groups", map[string]any{"@odata.type": "#microsoft.graph.vppToken"}), "#microsoft.graph.vppToken is no group"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := New(Options{Differences: tc.d})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
