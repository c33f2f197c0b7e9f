package configurator

import (
	"encoding/json"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

const profileType = "#microsoft.graph.enrollmentProfile"

// wireProfile is a profile as the admin center sends and gets it (recorded
// portal traffic, 2025 and 2026).
type wireProfile struct {
	Type        string `json:"@odata.type"`
	ID          string `json:"id,omitempty"`
	Name        string `json:"displayName"`
	Description string `json:"description"`
	signIn
}

// signIn are the three members that say who signs in and where.
type signIn struct {
	User        bool `json:"requiresUserAuthentication"`
	InPortal    bool `json:"enableAuthenticationViaCompanyPortal"`
	WantsPortal bool `json:"requireCompanyPortalOnSetupAssistantEnrolledDevices"`
}

// signInOf is what is sent. Company Portal sign-in and Setup Assistant with
// Company Portal are as recorded; Setup Assistant without it follows from them.
// Company Portal sign-in excludes the third member: the app comes by itself.
func signInOf(f enroll.Fields) signIn {
	user := f.Text(pathAffinity) == AffinityUser
	portal := user && f.Text(pathAuth) == AuthPortal
	return signIn{User: user, InPortal: portal, WantsPortal: user && !portal && f.Text(pathInstall) == InstallAppleID}
}

// fields reads the three members back. A published Terraform provider sends
// Company Portal sign-in without requiresUserAuthentication: it is the same.
func (s signIn) fields() enroll.Fields {
	switch {
	case s.InPortal:
		return enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthPortal, pathInstall: InstallAppleID}
	case s.User && s.WantsPortal:
		return enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthSetup, pathInstall: InstallAppleID}
	case s.User:
		return enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthSetup, pathInstall: InstallNone}
	}
	return enroll.Fields{pathAffinity: AffinityNone}
}

// newBody is the body that creates a profile.
func newBody(name string, after enroll.Fields) wireProfile {
	return wireProfile{Type: profileType, Name: name, Description: after.Text(pathDescription), signIn: signInOf(after)}
}

// patchBody is the body that changes a live profile: all members, as the admin
// center sends them, those that do not change as they are.
func patchBody(live json.RawMessage, before, after enroll.Fields) (wireProfile, error) {
	var w wireProfile
	if err := json.Unmarshal(live, &w); err != nil {
		return w, err
	}
	w.Type = profileType
	now := before.With(after)
	for path := range after {
		switch path {
		case pathDescription:
			w.Description = now.Text(pathDescription)
		default:
			w.signIn = signInOf(now)
		}
	}
	return w, nil
}
