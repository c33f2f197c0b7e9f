package ade

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// classicAs is a live classic profile with the given fields.
func classicAs(t *testing.T, f enroll.Fields, otherKeys ...string) enroll.Object {
	t.Helper()
	f = f.With(enroll.Fields{pathType: ClassicProfile})
	vppID := ""
	if f.Text(pathInstall) == InstallVPP {
		vppID = "vpp-1"
	}
	raw, err := json.Marshal(classicBody("Old", made(f), beside{vppID: vppID, otherKeys: otherKeys}))
	if err != nil {
		t.Fatal(err)
	}
	known := snapshot(enroll.Object{Ref: enroll.Ref{Kind: enroll.VPPToken, Name: "Contoso VPP"}, Handles: map[enroll.Handle]string{enroll.ID: "vpp-1"}})
	o, err := classicObject(contosoOwner, listed{ID: "token_old", Name: "Old", raw: raw}, known)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestMigrate(t *testing.T) {
	const (
		app     = "a policy does not install Company Portal with a volume-purchase licence: make the app required, device-licensed, for the devices of the policy"
		pairing = "pairing with computers (syncWithComputers: deny) is no setting of a policy: a restriction policy can forbid it (Allow pairing with non-Configurator hosts)"
	)
	base := enroll.Fields{pathName: "New", pathType: EnrollmentPolicy, pathLocked: true, pathHide: []string{}}
	for _, tc := range []struct {
		name   string
		live   enroll.Object
		auth   string
		values enroll.Fields
		lost   []string
		err    error
	}{
		{"kiosk", classicAs(t, kiosk().With(enroll.Fields{pathPhone: "+358 9 1234", pathSync: "allow"})), "",
			base.With(enroll.Fields{pathAffinity: AffinityNone, pathAwait: true, pathPhone: "+358 9 1234"}), nil, nil},
		{"locked to Company Portal", classicAs(t, classicPortal()), "",
			base.With(enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallVPP, pathVPPToken: "Contoso VPP"}),
			[]string{app, "the device is not locked to Company Portal until sign-in: only classic profiles do that", pairing}, nil},
		{"screens that are gone, keys of others", classicAs(t, kiosk().With(enroll.Fields{pathHide: []string{"siri", "zoom"}, pathSync: "allow"}), "Tips"), "",
			base.With(enroll.Fields{pathAffinity: AffinityNone, pathAwait: true, pathHide: []string{"siri"}}),
			[]string{"these screens are no setting of a policy, because Apple has dropped them: zoom", "these skip keys are not carried over: Tips"}, nil},
		{"Shared iPad", classicAs(t, enroll.Fields{pathAffinity: AffinityShared, pathCachedUsers: int64(8), pathSync: "allow"}), "",
			base.With(enroll.Fields{pathAffinity: AffinityShared, pathCachedUsers: int64(8), pathUserTimeout: int64(0), pathTemporary: false}), nil, nil},
		{"legacy", classicAs(t, enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthLegacy, pathInstall: InstallVPP}), "", nil, nil, ErrSignIn},
		{"legacy, decided", classicAs(t, enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthLegacy, pathInstall: InstallNone, pathSync: "allow"}), AuthModern,
			base.With(enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthModern, pathInstall: InstallNone, pathUnregistered: true, pathAwait: true}),
			[]string{"users sign in by setupAssistantModern in place of setupAssistantLegacy"}, nil},
		{"a policy", liveProfile("P", "1", made(kiosk())), "", nil, nil, ErrPolicy},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.live.Raw == nil {
				tc.live.Raw = json.RawMessage(`{}`)
			}
			got, err := Migrate(tc.live, "New", tc.auth)
			if !errors.Is(err, tc.err) {
				t.Fatalf("error %v, want %v", err, tc.err)
			}
			if d := cmp.Diff(Migration{tc.values, tc.lost}, got); d != "" && err == nil {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
