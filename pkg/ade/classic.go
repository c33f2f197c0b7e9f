package ade

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// wireClassic is a depIOSEnrollmentProfile without its panes.
type wireClassic struct {
	Description   string        `json:"description"`
	RequiresUser  bool          `json:"requiresUserAuthentication"`
	ViaPortal     bool          `json:"enableAuthenticationViaCompanyPortal"`
	WebURL        bool          `json:"configurationWebUrl"`
	RequirePortal bool          `json:"requireCompanyPortalOnSetupAssistantEnrolledDevices"`
	VPPTokenID    string        `json:"companyPortalVppTokenId"`
	SingleApp     bool          `json:"enableSingleAppEnrollmentMode"`
	Await         bool          `json:"awaitDeviceConfiguredConfirmation"`
	Locked        bool          `json:"profileRemovalDisabled"`
	Pairing       string        `json:"iTunesPairingMode"`
	Template      string        `json:"deviceNameTemplate"`
	Carrier       string        `json:"carrierActivationUrl"`
	Department    string        `json:"supportDepartment"`
	Phone         string        `json:"supportPhoneNumber"`
	SharedIPad    bool          `json:"enableSharedIPad"`
	EntraShared   bool          `json:"userlessSharedAadModeEnabled"`
	TemporaryOnly bool          `json:"forceTemporarySession"`
	CachedUsers   int64         `json:"sharedIPadMaximumUserCount"`
	UserTimeout   int64         `json:"userSessionTimeoutInSeconds"`
	GuestTimeout  int64         `json:"temporarySessionTimeoutInSeconds"`
	Grace         *int64        `json:"passcodeLockGracePeriodInSeconds"`
	SkipKeys      []string      `json:"enabledSkipKeys"`
	Certificates  []certificate `json:"managementCertificates"`
	isHidden      map[string]bool
	otherKeys     []string // skip keys that belong to no screen of ours
}

func decodeClassic(raw json.RawMessage) (wireClassic, error) {
	var w wireClassic
	if err := json.Unmarshal(raw, &w); err != nil {
		return wireClassic{}, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return wireClassic{}, err
	}
	w.isHidden = map[string]bool{}
	w.otherKeys = slices.Clone(w.SkipKeys)
	for _, s := range screens() {
		if !s.classic() {
			continue
		}
		w.otherKeys = slices.DeleteFunc(w.otherKeys, func(key string) bool { return key == s.skipKey })
		if s.member == "" {
			w.isHidden[s.name] = slices.Contains(w.SkipKeys, s.skipKey)
		} else {
			w.isHidden[s.name] = string(members[s.member]) == "true"
		}
	}
	return w, nil
}

// affinity and auth read the combination of switches that classicBody writes,
// and the spellings of it that other tools are known to write.
func (w wireClassic) affinity() string {
	switch {
	case w.EntraShared:
		return AffinityEntra
	case w.SharedIPad:
		return AffinityShared
	case w.RequiresUser || w.ViaPortal:
		return AffinityUser
	}
	return AffinityNone
}

func (w wireClassic) auth() string {
	switch {
	case w.WebURL:
		return AuthModern
	case w.ViaPortal:
		return AuthPortal
	}
	return AuthLegacy
}

func (w wireClassic) install() string {
	switch {
	case w.affinity() != AffinityUser:
		return InstallNone
	case w.VPPTokenID != "":
		return InstallVPP
	case w.auth() == AuthPortal || w.RequirePortal:
		return InstallAppleID
	}
	return InstallNone
}

func (w wireClassic) pairing() string {
	switch strings.ToLower(w.Pairing) {
	case "allow":
		return "allow"
	case "requirescertificate":
		return pairingByCertificate
	}
	return "deny"
}

// fields are the compared fields of the profile. VPP tokens that known does
// not have are named by their id.
func (w wireClassic) fields(known enroll.Snapshot) enroll.Fields {
	all := enroll.Fields{
		pathType: ClassicProfile, pathDescription: w.Description, pathAffinity: w.affinity(), pathAuth: w.auth(),
		pathInstall: w.install(), pathVPPToken: nil, pathLock: w.SingleApp, pathAwait: w.Await, pathLocked: w.Locked,
		pathTemplate: w.Template, pathCarrier: w.Carrier, pathDepartment: w.Department, pathPhone: w.Phone, pathSync: w.pairing(),
		pathTemporary: w.TemporaryOnly, pathCachedUsers: w.CachedUsers, pathUserTimeout: w.UserTimeout, pathGuestTimeout: w.GuestTimeout,
	}
	if w.pairing() == pairingByCertificate {
		var prints []string
		for _, c := range w.Certificates {
			prints = append(prints, c.print())
		}
		all[pathCertificates] = enroll.Set(prints...)
	}
	if w.Grace != nil {
		all[pathGrace] = *w.Grace
	}
	if w.VPPTokenID != "" {
		ref := enroll.Ref{Kind: enroll.VPPToken, Name: w.VPPTokenID}
		for _, o := range known.Objects[enroll.VPPToken] {
			if strings.EqualFold(o.Handles[enroll.ID], w.VPPTokenID) {
				ref = o.Ref
			}
		}
		all[pathVPPToken] = ref
	}
	var hide []string
	for name, hidden := range w.isHidden {
		if hidden {
			hide = append(hide, name)
		}
	}
	all[pathHide] = enroll.Set(hide...)
	s := setupOf(all)
	f := enroll.Fields{}
	for path, value := range all {
		if s.has(path) {
			f[path] = value
		}
	}
	return f
}

// classicObject is the live object of a classic profile. Its three handles are
// one id.
func classicObject(owner string, l listed, known enroll.Snapshot) (enroll.Object, error) {
	o := enroll.Object{
		Ref:     enroll.Ref{Kind: enroll.ADEProfile, Scope: owner, Name: l.Name},
		Handles: map[enroll.Handle]string{enroll.ID: l.ID, enroll.Mirror: l.ID, enroll.Default: l.ID},
		Raw:     l.raw,
		Facts:   ProfileFacts{Type: ClassicProfile},
	}
	w, err := decodeClassic(l.raw)
	if err != nil {
		return o, fmt.Errorf("read %s: %w", o.Ref, err)
	}
	o.Fields = w.fields(known)
	var covered []string
	for member := range classicBody("", enroll.Fields{}, beside{}) {
		if member != "@odata.type" && member != "displayName" {
			covered = append(covered, member)
		}
	}
	o.Rest = enroll.Rest(l.raw, append(covered, "isDefault", "@odata.etag")...)
	return o, nil
}
