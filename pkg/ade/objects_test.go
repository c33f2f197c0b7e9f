package ade

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestObjects(t *testing.T) {
	const owner = "ade-token:Contoso ABM"
	profile := func(name string) enroll.Ref { return enroll.Ref{Kind: enroll.ADEProfile, Scope: owner, Name: name} }
	staff := profileEntry("Staff iPhones", modern().With(enroll.Fields{
		pathVPPToken: "Contoso VPP", pathHide: []string{"siri", "applePay"}, pathDepartment: nil, pathTags: []string{"Helsinki"},
		pathSerials: []string{"F2LX00000002", "F2LX00000001"}, pathJIT: false,
	}))
	staff.At = map[string]enroll.Origin{pathSerials: {File: "contoso.yaml", Line: 9, Col: 20}, pathName: {File: "contoso.yaml", Line: 5, Col: 15}}
	locked := profileEntry("Locked", classicPortal().With(enroll.Fields{pathPin: "0c3d_1111", pathAwait: nil, pathSync: "allow", pathSerials: []string{"F2LX00000003"}}))
	token := tokenEntry(enroll.Fields{pathToken: "Contoso ABM", pathDefault: "Locked"})

	got, findings := Objects(token, []enroll.Entry{staff, locked})
	want := []enroll.Object{
		{
			Ref: profile("Staff iPhones"), Origin: staff.Origin, At: staff.At, Facts: staff,
			Fields: enroll.Fields{
				pathType: nil, pathAffinity: AffinityUser, pathAuth: AuthModern, pathHide: []string{"applePay", "siri"}, pathDepartment: nil,
				pathTags: []enroll.Ref{{Kind: enroll.ScopeTag, Name: "Helsinki"}},
			},
			Default: enroll.Fields{
				pathType: EnrollmentPolicy, pathDescription: "", pathLocked: true, pathTemplate: "", pathCarrier: "",
				pathDepartment: "", pathPhone: "", pathHide: []string{}, pathAwait: true,
			},
		},
		{
			Ref: enroll.Ref{Kind: enroll.ADEDevices, Scope: owner, Name: "Staff iPhones"}, Origin: staff.At[pathSerials], NamedBy: fieldProfile,
			Fields: enroll.Fields{fieldProfile: profile("Staff iPhones")}, At: map[string]enroll.Origin{fieldProfile: staff.At[pathName]},
			Items: []string{"F2LX00000001", "F2LX00000002"}, Facts: staff,
		},
		{
			Ref: profile("Locked"), Origin: locked.Origin, Pinned: "0c3d_1111", At: locked.At, Facts: locked,
			Fields: enroll.Fields{
				pathType: ClassicProfile, pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallVPP,
				pathVPPToken: enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}, pathLock: true, pathSync: "allow",
			},
			Default: enroll.Fields{
				pathType: EnrollmentPolicy, pathDescription: "", pathLocked: true, pathTemplate: "", pathCarrier: "",
				pathDepartment: "", pathPhone: "", pathHide: []string{}, pathLock: false, pathSync: "deny",
			},
		},
		{
			Ref: enroll.Ref{Kind: enroll.ADEDevices, Scope: owner, Name: "Locked"}, Origin: locked.Origin, NamedBy: fieldProfile,
			Fields: enroll.Fields{fieldProfile: profile("0c3d_1111")}, At: map[string]enroll.Origin{fieldProfile: locked.Origin},
			Items: []string{"F2LX00000003"}, Facts: locked,
		},
		{
			Ref: enroll.Ref{Kind: enroll.ADEDefault, Scope: owner, Name: defaultName}, Origin: token.Origin,
			Fields: enroll.Fields{fieldProfile: profile("Locked")}, At: map[string]enroll.Origin{fieldProfile: token.Origin}, Facts: token,
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(findings) > 0 {
		t.Errorf("findings: %+v", findings)
	}
}

func TestObjectsOfSetups(t *testing.T) {
	tests := []struct {
		name   string
		values enroll.Fields
		fields enroll.Fields // beside type and affinity
		absent []string      // from the defaults
	}{
		{"VPP token left out", classicPortal().With(enroll.Fields{pathVPPToken: nil}), enroll.Fields{
			pathAuth: AuthPortal, pathInstall: InstallVPP, pathVPPToken: enroll.Ref{Kind: enroll.VPPToken}, pathLock: true}, []string{pathAwait, pathTags}},
		{"classic by Apple Account clears the token", enroll.Fields{pathType: ClassicProfile, pathAffinity: AffinityUser, pathAuth: AuthModern, pathInstall: InstallAppleID},
			enroll.Fields{pathAuth: AuthModern, pathInstall: InstallAppleID, pathVPPToken: nil}, []string{pathTemporary}},
		{"install is not a field of a policy", modern(), enroll.Fields{pathAuth: AuthModern}, []string{pathSync, pathLock, pathInstall}},
		{"await off where there is none", enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallVPP, pathAwait: false},
			enroll.Fields{pathAuth: AuthPortal}, []string{pathAwait}},
		{"guests only", enroll.Fields{pathAffinity: AffinityShared, pathTemporary: true, pathGuestTimeout: int64(60)},
			enroll.Fields{pathTemporary: true, pathGuestTimeout: int64(60)}, []string{pathCachedUsers, pathUserTimeout, pathAwait}},
		{"null scope tags are the built-in one", kiosk().With(enroll.Fields{pathTags: nil}), enroll.Fields{pathTags: []enroll.Ref{{Kind: enroll.ScopeTag, Name: "0"}}}, nil},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got, _ := Objects(tokenEntry(nil), []enroll.Entry{profileEntry("P", tc.values)})
			want := tc.fields.With(enroll.Fields{pathType: tc.values[pathType], pathAffinity: tc.values[pathAffinity]})
			if d := cmp.Diff(want, got[0].Fields); d != "" {
				t.Error(d)
			}
			for _, path := range tc.absent {
				if v, ok := got[0].Default[path]; ok {
					t.Errorf("default of %s is %v, want none", path, v)
				}
			}
		})
	}
}

func TestDefaultProfileCannotBeTakenAway(t *testing.T) {
	got, findings := Objects(tokenEntry(enroll.Fields{pathDefault: nil}), nil)
	if len(got) > 0 {
		t.Errorf("objects: %+v", got)
	}
	if d := cmp.Diff([]string{"error X-34 defaultProfile: a token's default profile cannot be taken away, only given to another profile"}, lines(findings)); d != "" {
		t.Error(d)
	}
}

// TestKeysAndFields holds the table of keys against what objects are made of.
func TestKeysAndFields(t *testing.T) {
	paths := map[string]bool{}
	for _, k := range ProfileKeys() {
		if paths[k.Path] || k.Doc == "" || k.Type == "" {
			t.Errorf("key %q is there twice, or lacks type or doc", k.Path)
		}
		paths[k.Path] = true
	}
	for _, backEnd := range []string{EnrollmentPolicy, ClassicProfile} {
		for _, affinity := range []string{AffinityUser, AffinityNone, AffinityShared, AffinityEntra} {
			s := setup{backEnd: backEnd, affinity: affinity, auth: AuthModern}
			for path := range s.defaults() {
				if !paths[path] {
					t.Errorf("default of %s, which is no key", path)
				}
			}
		}
	}
}
