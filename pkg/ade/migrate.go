package ade

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Migration is a classic profile as an enrollment policy: the values of an
// entry of the file, by path, and what the policy cannot have, in sentences.
type Migration struct {
	Values enroll.Fields
	Lost   []string
}

// ErrPolicy says that a profile is an enrollment policy already.
var ErrPolicy = errors.New("it is an enrollment policy already")

// ErrSignIn says that the sign-in method of a classic profile does not exist in
// enrollment policies, so that another has to be chosen.
var ErrSignIn = errors.New("enrollment policies have no setupAssistantLegacy: choose setupAssistantModern or companyPortal")

// Migrate says what a live classic profile is as a policy of the given name.
// authentication replaces its sign-in method; "" keeps it.
func Migrate(live enroll.Object, name, authentication string) (Migration, error) {
	w, err := decodeClassic(live.Raw)
	switch f := live.Fields; {
	case f.Text(pathType) == EnrollmentPolicy:
		return Migration{}, ErrPolicy
	case f.Text(pathType) != ClassicProfile:
		return Migration{}, fmt.Errorf("%s could not be read", live.Ref)
	case err != nil:
		return Migration{}, fmt.Errorf("read %s: %w", live.Ref, err)
	}
	f := live.Fields
	m := Migration{Values: enroll.Fields{pathName: name, pathType: EnrollmentPolicy, pathAffinity: f.Text(pathAffinity)}}
	if f.Text(pathAffinity) == AffinityUser {
		auth := f.Text(pathAuth)
		if authentication != "" {
			auth = authentication
		}
		if auth == AuthLegacy {
			return Migration{}, ErrSignIn
		}
		if auth != f.Text(pathAuth) {
			m.lose("users sign in by %s in place of %s", auth, f.Text(pathAuth))
		}
		m.Values[pathAuth] = auth
		m.portal(f)
	}
	s := setupOf(m.Values.With(enroll.Fields{pathTemporary: f[pathTemporary]}))
	for _, path := range f.Paths() {
		if _, done := m.Values[path]; !done && s.has(path) && path != pathHide && !emptyText(f[path]) {
			m.Values[path] = f[path]
		}
	}
	m.screens(f.List(pathHide), w.otherKeys)
	if locked, _ := f.Flag(pathLock); locked {
		m.lose("the device is not locked to Company Portal until sign-in: only classic profiles do that")
	}
	switch sync := f.Text(pathSync); sync {
	case "deny", pairingByCertificate:
		m.lose("pairing with computers (syncWithComputers: %s) is no setting of a policy: a restriction policy can forbid it (Allow pairing with non-Configurator hosts)", sync)
	}
	if f.Text(pathAffinity) == AffinityUser && f.Text(pathAuth) == AuthLegacy && s.awaits() {
		m.Values[pathAwait] = true
	}
	return m, nil
}

func emptyText(v any) bool { return v == nil || v == "" }

func (m *Migration) lose(format string, args ...any) {
	m.Lost = append(m.Lost, fmt.Sprintf(format, args...))
}

// portal carries over how Company Portal gets onto the device, which a policy
// does not do itself.
func (m *Migration) portal(f enroll.Fields) {
	install := f.Text(pathInstall)
	m.Values[pathInstall] = install
	switch token, _ := f[pathVPPToken].(enroll.Ref); install {
	case InstallVPP:
		m.Values[pathVPPToken] = token.Name
		m.lose("a policy does not install Company Portal with a volume-purchase licence: make the app required, device-licensed, for the devices of the policy")
	case InstallAppleID:
		m.lose("a policy does not install Company Portal: make the store app required for the devices of the policy")
	default:
		m.Values[pathUnregistered] = true
	}
}

// screens carries over those that the policy has.
func (m *Migration) screens(hide, otherKeys []string) {
	gone := missingScreens(hide, EnrollmentPolicy)
	kept := slices.DeleteFunc(slices.Clone(hide), func(s string) bool { return slices.Contains(gone, s) })
	m.Values[pathHide] = enroll.Set(kept...)
	if len(gone) > 0 {
		m.lose("these screens are no setting of a policy, because Apple has dropped them: %s", strings.Join(gone, ", "))
	}
	if len(otherKeys) > 0 {
		m.lose("these skip keys are not carried over: %s", strings.Join(otherKeys, ", "))
	}
}

// Entry is the migration as a decoded entry of the file, with the devices.
func (m Migration) Entry(serials []string) enroll.Entry {
	values := m.Values
	if len(serials) > 0 {
		values = values.With(enroll.Fields{pathSerials: enroll.Set(serials...)})
	}
	return enroll.Entry{Values: values, At: map[string]enroll.Origin{}}
}

// IsDefault tells whether the profile is the default of its token.
func IsDefault(profile enroll.Object, live enroll.Snapshot) bool {
	for _, o := range live.Objects[enroll.ADEDefault] {
		facts, _ := o.Facts.(DefaultFacts)
		if o.Ref.Scope == profile.Ref.Scope && facts.ProfileID != "" && facts.ProfileID == lastSegment(profile.Handles[enroll.ID]) {
			return true
		}
	}
	return false
}

// Has tells whether the device has the profile.
func (d Device) Has(profile enroll.Object) bool {
	return d.ProfileID != "" && d.ProfileID == lastSegment(profile.Handles[enroll.ID])
}
