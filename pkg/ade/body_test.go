package ade

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/intune-enroll/intune-enroll/internal/golden"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// setups are one profile of every affinity and sign-in that a back end has.
func setups() map[string]enroll.Fields {
	portal := enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallVPP}
	legacy := portal.With(enroll.Fields{pathAuth: AuthLegacy})
	entra := enroll.Fields{pathAffinity: AffinityEntra}
	shared := enroll.Fields{pathAffinity: AffinityShared, pathCachedUsers: int64(8), pathUserTimeout: int64(600), pathGrace: int64(300)}
	guests := enroll.Fields{pathAffinity: AffinityShared, pathTemporary: true, pathGuestTimeout: int64(60)}
	onClassic := func(f enroll.Fields) enroll.Fields { return f.With(enroll.Fields{pathType: ClassicProfile}) }
	return map[string]enroll.Fields{
		"policy-modern":  modern(),
		"policy-portal":  portal.With(enroll.Fields{pathTemplate: "{{DEVICETYPE}}-{{SERIAL}}", pathCarrier: "https://esim.contoso.com", pathDepartment: "IT", pathPhone: "+358 9 1234"}),
		"policy-none":    kiosk().With(enroll.Fields{pathAwait: false, pathLocked: false, pathHide: []string{"intelligence", "siri"}, pathDescription: "Counter"}),
		"policy-entra":   entra,
		"policy-shared":  shared,
		"policy-guests":  guests,
		"classic-modern": onClassic(modern()).With(enroll.Fields{pathAwait: false}),
		"classic-portal": onClassic(portal).With(enroll.Fields{pathLock: true, pathSync: "allow", pathTemplate: "{{SERIAL}}", pathCarrier: "https://esim.contoso.com", pathDepartment: "IT", pathPhone: "+358 9 1234"}),
		"classic-legacy": onClassic(legacy).With(enroll.Fields{pathInstall: InstallAppleID}),
		"classic-alone":  onClassic(legacy).With(enroll.Fields{pathInstall: InstallNone, pathHide: []string{"zoom", "termsOfAddress", "appleId"}}),
		"classic-none":   onClassic(kiosk()).With(enroll.Fields{pathLocked: false}),
		"classic-entra":  onClassic(entra),
		"classic-shared": onClassic(shared),
		"classic-guests": onClassic(guests),
	}
}

// made are the fields that a profile of these values is made with.
func made(values enroll.Fields) enroll.Fields {
	want, _ := Objects(tokenEntry(nil), []enroll.Entry{profileEntry("P", values)})
	return enroll.Make(want[0]).After
}

// TestBodies compares every body as a whole with its golden file.
func TestBodies(t *testing.T) {
	for name, values := range setups() {
		t.Run(name, func(t *testing.T) {
			f := made(values)
			var body any = classicBody("Contoso profile", f, beside{vppID: "vpp-id"})
			if f.Text(pathType) == EnrollmentPolicy {
				p, err := newPolicy("Contoso profile", "token-id", f)
				if err != nil {
					t.Fatal(err)
				}
				body = p
			}
			golden.Check(t, filepath.Join("testdata", name+".json"), indented(t, body))
		})
	}
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readBack is what the service gives back of a body, as fields.
func readBack(t *testing.T, f enroll.Fields, vppToken enroll.Object) enroll.Fields {
	t.Helper()
	if f.Text(pathType) == ClassicProfile {
		id := ""
		if f[pathVPPToken] != nil {
			id = vppToken.Handles[enroll.ID]
		}
		raw, err := json.Marshal(classicBody("P", f, beside{vppID: id}))
		if err != nil {
			t.Fatal(err)
		}
		w, err := decodeClassic(raw)
		if err != nil {
			t.Fatal(err)
		}
		return w.fields(enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.VPPToken: {vppToken}}})
	}
	body, err := newPolicy("P", "token-id", f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	p, err := decodePolicy(raw)
	if err != nil {
		t.Fatal(err)
	}
	var sent struct{ Settings []setting }
	if err := json.Unmarshal(raw, &sent); err != nil {
		t.Fatal(err)
	}
	return p.fields(sent.Settings)
}

// same compares fields; a member that is absent and one that is nothing are the same.
func same(t *testing.T, want, got enroll.Fields) {
	t.Helper()
	for path := range want.With(got) {
		if want[path] == nil && got[path] == nil {
			continue
		}
		if !enroll.Same(want[path], got[path]) {
			t.Errorf("%s: built from %v, read back as %v", path, want[path], got[path])
		}
	}
}

func contosoVPP() enroll.Object {
	return enroll.Object{Ref: enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}, Handles: map[enroll.Handle]string{enroll.ID: "vpp-id"}}
}

func TestReadBackWhatIsBuilt(t *testing.T) {
	for name, values := range setups() {
		t.Run(name, func(t *testing.T) {
			if values.Text(pathInstall) == InstallVPP {
				values = values.With(enroll.Fields{pathVPPToken: "Contoso VPP"})
			}
			f := made(values)
			same(t, f, readBack(t, f, contosoVPP()))
		})
	}
}

// FuzzReadBack builds profiles of any values and reads them back.
func FuzzReadBack(f *testing.F) {
	f.Add(uint8(0), uint8(0), uint8(0), uint64(5), true, true, false, "{{SERIAL}}", "https://esim.contoso.com", "IT", "1", int64(7))
	f.Add(uint8(1), uint8(1), uint8(1), uint64(1<<35), false, true, true, "", "", "", "", int64(60))
	f.Add(uint8(1), uint8(2), uint8(2), uint64(0), true, false, true, "a\x00b", "ä", "\"", "<", int64(0))
	f.Add(uint8(0), uint8(3), uint8(0), uint64(1<<40-1), true, true, true, "x", "y", "z", " ", int64(14400))
	f.Fuzz(func(t *testing.T, backEnd, affinity, auth uint8, hidden uint64, await, locked, lock bool, template, carrier, department, phone string, number int64) {
		types := []string{EnrollmentPolicy, ClassicProfile}
		values := enroll.Fields{
			pathType: types[int(backEnd)%2], pathAffinity: []string{AffinityUser, AffinityNone, AffinityShared, AffinityEntra}[affinity%4],
			pathAwait: await, pathLocked: locked, pathLock: lock, pathTemporary: lock,
			pathCachedUsers: number % 1000, pathUserTimeout: number % 999, pathGuestTimeout: number % 998, pathGrace: number % 997,
			pathTemplate: valid(template), pathCarrier: valid(carrier), pathDepartment: valid(department), pathPhone: valid(phone),
		}
		if values[pathAffinity] == AffinityUser {
			values[pathAuth] = []string{AuthModern, AuthPortal, AuthLegacy}[auth%3]
			values[pathInstall] = []string{InstallVPP, InstallAppleID, InstallNone}[hidden%3]
			values[pathVPPToken] = "Contoso VPP"
			if values[pathType] == EnrollmentPolicy && values[pathAuth] == AuthLegacy || values[pathAuth] == AuthPortal && values[pathInstall] == InstallNone {
				return // refused by rules
			}
		}
		var hide []string
		for i, name := range screenNames() {
			if hidden&(1<<i) != 0 {
				hide = append(hide, name)
			}
		}
		gone := map[string]bool{}
		for _, name := range missingScreens(hide, values.Text(pathType)) {
			gone[name] = true
		}
		kept := []string{}
		for _, name := range hide {
			if !gone[name] {
				kept = append(kept, name)
			}
		}
		values[pathHide] = enroll.Set(kept...)
		built := made(values)
		same(t, built, readBack(t, built, contosoVPP()))
	})
}

// valid is s as JSON carries it.
func valid(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	var out string
	if json.Unmarshal(raw, &out) != nil {
		return ""
	}
	return out
}

// FuzzDecode reads what the service might answer: no panic, and what is read
// can be written again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id":"a_b","displayName":"P","companyPortalVppTokenId":null,"enabledSkipKeys":["Siri","Tips"],"siriDisabled":true,"passcodeLockGracePeriodInSeconds":60}`))
	f.Add([]byte(`{"settings":[{"settingInstance":{"settingDefinitionId":"ade_useraffinity","choiceSettingValue":{"value":"ade_useraffinity_9","children":[{"settingDefinitionId":"ade_new"}]}}}]}`))
	f.Add([]byte(`{"settings":[{"settingInstance":null},{"settingInstance":{"settingDefinitionId":"ade_lockedenrollment","simpleSettingValue":{"value":1e300}}}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if w, err := decodeClassic(raw); err == nil {
			f := w.fields(enroll.Snapshot{})
			if _, err := json.Marshal(classicBody("P", f, beside{w.VPPTokenID, w.otherKeys, w.Certificates})); err != nil {
				t.Error(err)
			}
		}
		var live struct{ Settings []setting }
		if json.Unmarshal(raw, &live) != nil {
			return
		}
		fields, _ := parseSettings(live.Settings)
		if ours, err := settings(fields); err == nil {
			if _, err := json.Marshal(mergeSettings(live.Settings, ours)); err != nil {
				t.Error(err)
			}
		}
		if _, err := decodeDevice(raw); err != nil {
			return
		}
	})
}
