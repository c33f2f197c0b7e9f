package ade

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// lines shows findings as severity, id, path and message.
func lines(findings []enroll.Finding) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s: %s", f.Severity, f.Rule, f.Path, f.Message)))
	}
	return out
}

func TestRulesAboutTheFile(t *testing.T) {
	with := func(base enroll.Fields, more enroll.Fields) enroll.Fields { return base.With(more) }
	legacy := func(install string) enroll.Fields {
		return enroll.Fields{pathType: ClassicProfile, pathAffinity: AffinityUser, pathAuth: AuthLegacy, pathInstall: install}
	}
	shared := enroll.Fields{pathAffinity: AffinityShared}
	const (
		noMFA         = "info AUT-09 authentication: users cannot answer multifactor authentication with authentication: setupAssistantLegacy"
		legacyWarning = "warning AUT-21 authentication: authentication: setupAssistantLegacy is no longer recommended by Microsoft"
	)
	for _, tc := range []struct {
		name   string
		values enroll.Fields
		want   []string
	}{
		{"modern with VPP", modern(), []string{}},
		{"kiosk", kiosk(), []string{}},
		{"portal with VPP", enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallVPP}, []string{}},
		{"Shared iPad", with(shared, enroll.Fields{pathCachedUsers: int64(10), pathUserTimeout: int64(600), pathGrace: int64(300)}), []string{}},
		{"guests only", with(shared, enroll.Fields{pathTemporary: true, pathGuestTimeout: int64(30)}), []string{}},
		{"sign-in not decided", enroll.Fields{pathAffinity: AffinityUser}, []string{
			"error GEN-09 authentication: authentication is not decided: it has no default",
			"error GEN-09 companyPortal.install: companyPortal.install is not decided: it has no default",
		}},
		{"sign-in null", with(modern(), enroll.Fields{pathAuth: nil}), []string{"error GEN-09 authentication: authentication is not decided: it has no default"}},
		{"sign-in without a user", with(kiosk(), enroll.Fields{pathAuth: AuthModern}), []string{"error ADE-19 authentication: authentication: setupAssistantModern has no meaning with userAffinity: none"}},
		{"Company Portal without a user", with(kiosk(), enroll.Fields{pathInstall: InstallVPP}), []string{"error EUA-06 companyPortal.install: companyPortal.install: vpp cannot go with userAffinity: none"}},
		{"no Company Portal without a user", with(kiosk(), enroll.Fields{pathInstall: InstallNone}), []string{}},
		{"portal sign-in without the app", enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallNone}, []string{"error M04 companyPortal.install: authentication: companyPortal cannot go with companyPortal.install: none"}},
		{"portal sign-in by Apple Account", enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallAppleID}, []string{"warning CPI-02 companyPortal.install: companyPortal.install: appleId makes users wait for the App Store before they can sign in"}},
		{"modern by Apple Account, its screen hidden", with(modern(), enroll.Fields{pathInstall: InstallAppleID, pathHide: []string{"appleId", "siri"}}), []string{
			"error CPI-08 setupAssistant.hide: setupAssistant.hide has appleId, and companyPortal.install: appleId needs that screen",
			"warning EUA-07 companyPortal.install: companyPortal.install: appleId leaves devices unregistered until users sign in to the App Store",
		}},
		{"modern without the app", with(modern(), enroll.Fields{pathInstall: InstallNone}), []string{"error M12 companyPortal.install: with companyPortal.install: none devices would stay unregistered in Microsoft Entra"}},
		{"modern without the app, knowingly", with(modern(), enroll.Fields{pathInstall: InstallNone, pathUnregistered: true}), []string{"info M12 companyPortal.acceptUnregistered: devices stay unregistered in Microsoft Entra: nothing behind Conditional Access opens on them"}},
		{"just in time", with(modern(), enroll.Fields{pathInstall: InstallNone, pathJIT: true}), []string{"info X-24 justInTime: justInTime needs an SSO app extension policy that is made by hand and assigned to the users first"}},
		{"just in time with portal sign-in", enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallVPP, pathJIT: true}, []string{"error X-24 justInTime: justInTime works with userAffinity: user and authentication: setupAssistantModern only"}},
		{"token without VPP", with(modern(), enroll.Fields{pathInstall: InstallNone, pathUnregistered: true, pathVPPToken: "Contoso VPP"}), []string{
			"error CPI-01 companyPortal.vppToken: companyPortal.vppToken has no meaning with companyPortal.install: none",
			"info M12 companyPortal.acceptUnregistered: devices stay unregistered in Microsoft Entra: nothing behind Conditional Access opens on them",
		}},
		{"legacy", legacy(InstallVPP), []string{legacyWarning, noMFA}},
		{"legacy alone", legacy(InstallNone), []string{"error AUT-10 companyPortal.install: with companyPortal.install: none devices would stay unregistered in Microsoft Entra", legacyWarning, noMFA}},
		{"legacy alone, knowingly", legacy(InstallNone).With(enroll.Fields{pathUnregistered: true}), []string{"warning AUT-13 companyPortal.install: Company Portal is not installed: devices stay unregistered in Microsoft Entra", legacyWarning, noMFA}},
		{"legacy on a policy", with(legacy(InstallVPP), enroll.Fields{pathType: EnrollmentPolicy}), []string{"error X-20 authentication: authentication: setupAssistantLegacy needs type: classicProfile"}},
		{"await with portal sign-in", enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallVPP, pathAwait: true}, []string{"error X-25 awaitFinalConfiguration: awaitFinalConfiguration: true does not exist with authentication: companyPortal"}},
		{"await on a Shared iPad", with(shared, enroll.Fields{pathAwait: true}), []string{"error X-25 awaitFinalConfiguration: awaitFinalConfiguration: true does not exist with userAffinity: sharedIPad"}},
		{"await off with portal sign-in", enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallVPP, pathAwait: false}, []string{}},
		{"Entra shared mode", enroll.Fields{pathAffinity: AffinityEntra, pathLocked: false}, []string{
			"warning X-51 lockedEnrollment: userAffinity: entraShared is meant for locked enrollment",
			"info X-51 userAffinity: Microsoft Entra shared mode needs Authenticator and an SSO app extension policy, made by hand",
		}},
		{"lock on a policy", with(modern(), enroll.Fields{pathLock: true}), []string{"error X-43 companyPortal.lockUntilInstalled: lockUntilInstalled needs type: classicProfile; enrollment policies have no single app mode"}},
		{"no lock on a policy", with(modern(), enroll.Fields{pathLock: false}), []string{}},
		{"lock", classicPortal(), []string{"info X-43 companyPortal.lockUntilInstalled: while the device is locked users need another device for their second factor"}},
		{"lock without VPP", classicPortal().With(enroll.Fields{pathInstall: InstallAppleID, pathVPPToken: nil}), []string{
			"error X-43 companyPortal.lockUntilInstalled: lockUntilInstalled needs companyPortal.install: vpp, not appleId",
			"warning CPI-02 companyPortal.install: companyPortal.install: appleId makes users wait for the App Store before they can sign in",
		}},
		{"lock with modern sign-in", classicPortal().With(enroll.Fields{pathAuth: AuthModern}), []string{"error X-43 companyPortal.lockUntilInstalled: lockUntilInstalled needs userAffinity: user with authentication: companyPortal or setupAssistantLegacy"}},
		{"sync on a policy", with(kiosk(), enroll.Fields{pathSync: "deny"}), []string{"error X-37 syncWithComputers: syncWithComputers needs type: classicProfile"}},
		{"scope tags on a classic profile", with(kiosk(), enroll.Fields{pathType: ClassicProfile, pathTags: []string{"Default"}}), []string{"error ade-scope-tags scopeTags: scopeTags needs type: enrollmentPolicy"}},
		{"old screens on a policy", with(kiosk(), enroll.Fields{pathHide: []string{"siri", "zoom", "onBoarding"}}), []string{"error X-39 setupAssistant.hide: setupAssistant.hide: zoom, onBoarding needs type: classicProfile"}},
		{"new screens on a classic profile", with(kiosk(), enroll.Fields{pathType: ClassicProfile, pathHide: []string{"termsOfAddress", "intelligence"}}), []string{"error X-39 setupAssistant.hide: setupAssistant.hide: intelligence needs type: enrollmentPolicy"}},
		{"name of 126 characters", enroll.Fields{pathName: strings.Repeat("ä", 126), pathAffinity: AffinityNone}, []string{"error ADE-17 name: the name has 126 characters, Apple takes 125"}},
		{"name template", with(kiosk(), enroll.Fields{pathTemplate: "K-{{DEVICETYPE}}_{{SERIAL}}.x"}), []string{}},
		{"name template too long", with(kiosk(), enroll.Fields{pathTemplate: strings.Repeat("a", 53) + "{{SERIAL}}x"}), []string{"error X-36 deviceNameTemplate: deviceNameTemplate is longer than 63 characters"}},
		{"name template of 63", with(kiosk(), enroll.Fields{pathTemplate: strings.Repeat("a", 53) + "{{SERIAL}}"}), []string{}},
		{"unknown variable", with(kiosk(), enroll.Fields{pathTemplate: "{{serial}}"}), []string{"error X-36 deviceNameTemplate: deviceNameTemplate has a variable that Intune does not know: there are {{SERIAL}} and {{DEVICETYPE}}"}},
		{"space in the template", with(kiosk(), enroll.Fields{pathTemplate: "Kiosk {{SERIAL}}"}), []string{"error X-36 deviceNameTemplate: deviceNameTemplate has other characters than letters, digits, hyphen, full stop and underscore"}},
		{"carrier", with(kiosk(), enroll.Fields{pathCarrier: "https://esim.contoso.com/activate"}), []string{}},
		{"carrier without scheme", with(kiosk(), enroll.Fields{pathCarrier: "esim.contoso.com"}), []string{"error X-38 cellularActivationUrl: cellularActivationUrl is not an https:// or http:// address"}},
		{"Shared iPad values on a kiosk", with(kiosk(), enroll.Fields{pathCachedUsers: int64(10)}), []string{"error X-50 sharedIPad.maxCachedUsers: sharedIPad.maxCachedUsers has no meaning with userAffinity: none"}},
		{"Shared iPad values", with(shared, enroll.Fields{pathCachedUsers: int64(25), pathUserTimeout: int64(29), pathGrace: int64(61), pathGuestTimeout: int64(60)}), []string{
			"error X-50 sharedIPad.passcodeGraceSeconds: sharedIPad.passcodeGraceSeconds is 61: Intune takes 0, 60, 300, 900, 3600 and 14400",
			"error X-50 sharedIPad.temporarySessionTimeoutSeconds: sharedIPad.temporarySessionTimeoutSeconds has no meaning without sharedIPad.temporarySessionsOnly: true",
			"error X-50 sharedIPad.userSessionTimeoutSeconds: sharedIPad.userSessionTimeoutSeconds is 29: Intune takes 0 (never) or at least 30",
			"warning X-50 sharedIPad.maxCachedUsers: sharedIPad.maxCachedUsers is 25: iPads with 32 or 64 GB keep at most 24",
		}},
		{"users with guests only", with(shared, enroll.Fields{pathTemporary: true, pathCachedUsers: int64(5), pathGuestTimeout: int64(7)}), []string{
			"error X-50 sharedIPad.maxCachedUsers: sharedIPad.maxCachedUsers has no meaning with sharedIPad.temporarySessionsOnly: true",
			"error X-50 sharedIPad.temporarySessionTimeoutSeconds: sharedIPad.temporarySessionTimeoutSeconds is 7: Intune takes 0 (never) or at least 30",
		}},
		{"screens of a Shared iPad", with(shared, enroll.Fields{pathHide: []string{"siri"}}), []string{"info ADE-21 setupAssistant.hide: setupAssistant.hide makes no difference with userAffinity: sharedIPad"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want, _ := Objects(tokenEntry(nil), []enroll.Entry{profileEntry("P", tc.values)})
			got := enroll.Evaluate(Rules(), want, enroll.Snapshot{}, time.Time{}, false)
			if d := cmp.Diff(tc.want, lines(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSerialInTwoProfiles(t *testing.T) {
	a := profileEntry("A", kiosk().With(enroll.Fields{pathSerials: []string{"F2LX00000001", "F2LX00000002", "F2LX00000003", "F2LX00000004", "F2LX00000005", "F2LX00000006"}}))
	b := profileEntry("B", kiosk().With(enroll.Fields{pathSerials: []string{"F2LX00000006", "F2LX00000007"}}))
	c := profileEntry("C", kiosk().With(enroll.Fields{pathSerials: a.Values.List(pathSerials)}))
	b.At[pathSerials] = enroll.Origin{File: "contoso.yaml", Line: 20, Col: 13}
	want, _ := Objects(tokenEntry(nil), []enroll.Entry{a, b, c})
	got := enroll.Evaluate(Rules(), want, enroll.Snapshot{}, time.Time{}, false)
	owner := want[0].Ref.Scope
	f := enroll.Finding{Rule: "ADE-06", Severity: enroll.Error, Path: pathSerials}
	first, second := f, f
	first.On, first.Origin = enroll.Ref{Kind: enroll.ADEDevices, Scope: owner, Name: "C"}, c.Origin
	first.Message = `serial numbers F2LX00000001, F2LX00000002, F2LX00000003, F2LX00000004, F2LX00000005 and 1 more are in "C" and in "A" (contoso.yaml:5:9)`
	second.On, second.Origin = enroll.Ref{Kind: enroll.ADEDevices, Scope: owner, Name: "B"}, b.At[pathSerials]
	second.Message = `serial number F2LX00000006 is in "B" and in "A" (contoso.yaml:5:9)`
	if d := cmp.Diff([]enroll.Finding{first, second}, got); d != "" {
		t.Error(d)
	}
}

func TestFixedParts(t *testing.T) {
	want, _ := Objects(tokenEntry(nil), []enroll.Entry{profileEntry("P", modern()), profileEntry("Q", kiosk()), profileEntry("R", kiosk())})
	live := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.ADEProfile: {
		{Ref: want[0].Ref, Fields: enroll.Fields{pathType: ClassicProfile, pathAffinity: AffinityNone}},
		{Ref: want[1].Ref, Fields: enroll.Fields{pathType: EnrollmentPolicy, pathAffinity: AffinityNone}},
		{Ref: want[2].Ref}, // settings could not be read
	}}}
	got := enroll.Evaluate(Rules(), want, live, time.Time{}, true)
	if d := cmp.Diff([]string{
		"error X-34 type: type of the existing profile is classicProfile and cannot become enrollmentPolicy",
		"error X-34 userAffinity: userAffinity of the existing profile is none and cannot become user",
	}, lines(got)); d != "" {
		t.Error(d)
	}
}

func TestRulesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range append(Rules(), TokenRules(enroll.Limits{})...) {
		key := fmt.Sprint(r.ID, len(r.Needs) > 0)
		if r.ID == "" || r.Title == "" || r.Why == "" || r.Fix == "" || r.Link == "" || r.Check == nil || r.Severity == "" || seen[key] {
			t.Errorf("rule %q lacks something, or is there twice", r.ID)
		}
		seen[key] = true
	}
}
