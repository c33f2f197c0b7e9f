package sim

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// mirrorPrefix marks the shadow a policy has in its token's list of profiles (a third-party script filters on it).
const mirrorPrefix = "ECV2_"

const policiesPath = "/deviceManagement/configurationPolicies"

// creationSource ties a policy to its token (recorded portal traffic).
const creationSource = "DepTokenId_"

// mirrors lists the policies of a token as the profiles they are mirrored into. A new one is not there at once; each
// look at it counts.
func (c *call) mirrors(token string) []*item {
	var all []*item
	for _, p := range c.t.sets[policiesPath] {
		if p.text("creationSource") == creationSource+token && p.text("platforms") == "iOS" {
			all = append(all, p)
		}
	}
	return all
}

// mirror shapes a policy as a profile. isDefault is never true on it (peer code); of its other members only the names
// and the user affinity are carried over (not established how much the service mirrors).
func (c *call) mirror(token string, policy *item) object {
	settings, _ := policy.object["settings"].([]any)
	o := object{
		"@odata.type": "#microsoft.graph.depIOSEnrollmentProfile", "id": mirrorPrefix + token + "_" + policy.id(),
		"displayName": policy.object["name"], "description": policy.object["description"],
		"requiresUserAuthentication": chosen(settings, "ade_useraffinity") == "ade_useraffinity_1",
	}
	c.complete(o)
	return o
}

func abroad(it *item) bool {
	if it.abroad > 0 {
		it.abroad--
		return false
	}
	return true
}

func listProfiles(c *call) (answer, error) {
	it, err := c.tokenAt()
	if err != nil {
		return answer{}, err
	}
	classic, mirrors := c.t.sets[c.path], c.mirrors(it.id())
	return c.page(rows{
		typ: c.route.typ, n: len(classic) + len(mirrors),
		at: func(i int) object {
			if i < len(classic) {
				return c.withDefault(it.id(), classic[i].object)
			}
			return c.mirror(it.id(), mirrors[i-len(classic)])
		},
		shown: func(i int) bool { return i < len(classic) || abroad(mirrors[i-len(classic)]) },
	})
}

// withDefault adds isDefault to a classic profile.
func (c *call) withDefault(token string, o object) object {
	if o["@odata.type"] == nil {
		return o
	}
	out := copyObject(o)
	id, _ := o["id"].(string)
	out["isDefault"] = c.t.defaults[token] == lastPart(id)
	return out
}

// profileAt finds a classic profile, or the mirror of a policy by any of the forms its id comes in.
func (c *call) profileAt() (classic, policy *item, err error) {
	token, id := c.key(0), c.key(1)
	if _, err := c.tokenAt(); err != nil {
		return nil, nil, err
	}
	if it := c.t.item(profilesPath(token), id); it != nil {
		return it, nil, nil
	}
	for _, p := range c.mirrors(token) {
		if strings.TrimPrefix(id, mirrorPrefix) == token+"_"+p.id() {
			if !abroad(p) {
				break
			}
			return nil, p, nil
		}
	}
	// Recorded by a peer for new policies; the same text is used for every unknown profile.
	return nil, nil, refuse(http.StatusNotFound, "NotFound", "Profile not found")
}

func getProfile(c *call) (answer, error) {
	classic, policy, err := c.profileAt()
	switch {
	case err != nil:
		return answer{}, err
	case policy != nil:
		return c.one(http.StatusOK, c.route.typ, c.mirror(c.key(0), policy))
	}
	return c.one(http.StatusOK, c.route.typ, c.withDefault(c.key(0), classic.object))
}

// createProfile makes a classic profile under a token, or an Apple Configurator profile under the account.
func createProfile(c *call) (answer, error) {
	it, err := c.tokenAt()
	if err != nil {
		return answer{}, err
	}
	o, err := c.checkBody(c.route.typ, "", true)
	if err != nil {
		return answer{}, err
	}
	if err := c.checkProfile(it, o); err != nil {
		return answer{}, err
	}
	o["id"] = it.id() + "_" + c.t.newID()
	if it.text("tokenType") == "none" {
		o["configurationEndpointUrl"] = c.t.configuratorURL() // recorded portal traffic: it names no profile
	}
	return c.store(o)
}

func (t *tenant) configuratorURL() string {
	return fmt.Sprintf("https://appleconfigurator2.manage.microsoft.com/EnrollmentServer/MDMServiceConfig?id=%s&AADTenantId=%s", t.account, t.id)
}

// checkProfile holds a profile against the rules the service is known to have.
func (c *call) checkProfile(token *item, o object) error {
	kind, _ := o["@odata.type"].(string)
	if configurator := token.text("tokenType") == "none"; configurator != (kind == "") {
		return invalid("A profile of type '%s' cannot be created under this token.", kind)
	}
	name, _ := o["displayName"].(string)
	template, _ := o["deviceNameTemplate"].(string)
	switch {
	case len(name) > 200: // not established; the portal's limit
		return invalid("displayName is too long.")
	case len(template) > 63: // Microsoft docs
		return invalid("deviceNameTemplate must not exceed 63 characters.")
	case o["requiresUserAuthentication"] != true && kind != "" && o["isMandatory"] != true:
		// Peer code met this 400 with macOS profiles; assumed of iOS.
		return invalid("isMandatory must be true when requiresUserAuthentication is false.")
	case o["enableAuthenticationViaCompanyPortal"] == true && o["requireCompanyPortalOnSetupAssistantEnrolledDevices"] == true:
		return invalid("enableAuthenticationViaCompanyPortal and requireCompanyPortalOnSetupAssistantEnrolledDevices exclude each other.") // peer code
	}
	if vpp, _ := o["companyPortalVppTokenId"].(string); vpp != "" && c.t.item(vppPath, vpp) == nil {
		return invalid("companyPortalVppTokenId '%s' is not a VPP token of this tenant.", vpp)
	}
	certificates, _ := o["managementCertificates"].([]any)
	if len(certificates) > 10 || len(certificates) > 0 && o["iTunesPairingMode"] != "requiresCertificate" { // the portal's rule
		return invalid("managementCertificates takes at most 10 certificates and needs iTunesPairingMode requiresCertificate.")
	}
	return checkSkipKeys(kind, o)
}

// iosSkipKeys are Apple's published keys for iOS.
const iosSkipKeys = " ActionButton Android Appearance AppleID AppStore Biometric CameraButton DeviceToDeviceMigration Diagnostics DisplayTone EnableLockdownMode " +
	"HomeButtonSensitivity iMessageAndFaceTime Intelligence Keyboard Location MessagingActivationUsingPhoneNumber Multitasking OnBoarding OSShowcase Passcode Payment " +
	"Privacy Restore RestoreCompleted Safety SafetyAndHandling ScreenTime SIMSetup Siri SoftwareUpdate SpokenLanguage TermsOfAddress TOS UpdateCompleted " +
	"WatchMigration WebContentFiltering Welcome Zoom "

// checkSkipKeys refuses unknown keys on iOS; for macOS the keys Privacy and Registration are refused (peer code).
func checkSkipKeys(kind string, o object) error {
	keys, _ := o["enabledSkipKeys"].([]any)
	for _, k := range keys {
		key, _ := k.(string)
		mac := kind == "#microsoft.graph.depMacOSEnrollmentProfile"
		if mac && slices.Contains([]string{"Privacy", "Registration"}, key) || !mac && (key == "" || !strings.Contains(iosSkipKeys, " "+key+" ")) {
			return invalid("'%s' is not a valid skip key.", key)
		}
	}
	return nil
}

// patchProfile changes a classic profile. User affinity cannot be changed in place (Microsoft docs). How a PATCH of a
// policy's mirror is answered is not established: 400.
func patchProfile(c *call) (answer, error) {
	classic, _, err := c.profileAt()
	if err != nil {
		return answer{}, err
	}
	if classic == nil {
		return answer{}, invalid("This profile belongs to an enrollment policy and is changed there.")
	}
	change, err := c.checkBody(c.route.typ, classic.id(), false)
	if err != nil {
		return answer{}, err
	}
	if kind, given := change["@odata.type"]; given && kind != classic.object["@odata.type"] {
		return answer{}, invalid("The type of a profile cannot be changed.")
	}
	if v, given := change["requiresUserAuthentication"]; given && classic.object["@odata.type"] != nil && v != classic.object["requiresUserAuthentication"] {
		return answer{}, invalid("requiresUserAuthentication cannot be changed in an existing profile.")
	}
	merged := copyObject(classic.object)
	maps.Copy(merged, change)
	token, err := c.tokenAt()
	if err == nil {
		err = c.checkProfile(token, merged)
	}
	if err != nil {
		return answer{}, err
	}
	c.merge(classic, change)
	return c.one(http.StatusOK, c.route.typ, c.withDefault(c.key(0), classic.object))
}

// deleteProfile refuses while devices or the default hang on the profile (not established: the stricter side).
func deleteProfile(c *call) (answer, error) {
	classic, _, err := c.profileAt()
	switch {
	case err != nil:
		return answer{}, err
	case classic == nil:
		return answer{}, invalid("This profile belongs to an enrollment policy and is deleted there.")
	}
	if err := c.unused(c.key(0), lastPart(classic.id())); err != nil {
		return answer{}, err
	}
	c.t.remove(profilesPath(c.key(0)), classic.id())
	return done()
}

func (c *call) unused(token, profile string) error {
	f := c.t.fleets[token]
	if c.t.defaults[token] == profile || f != nil && f.uses(profile) {
		return invalid("The profile is the default of its token or assigned to devices.")
	}
	return nil
}

// defaultProfile is what the token hands to new devices: a classic profile, or the mirror of a policy under its
// prefixed id (peer code).
func (c *call) defaultProfile(token string) object {
	id := c.t.defaults[token]
	if id == "" {
		return nil
	}
	if it := c.t.item(profilesPath(token), token+"_"+id); it != nil {
		return c.withDefault(token, it.object)
	}
	if p := c.t.item(policiesPath, id); p != nil {
		return c.mirror(token, p)
	}
	return nil
}

// getDefaultProfile answers 404 where there is no default (one of the two forms reported; null is the other).
func getDefaultProfile(c *call) (answer, error) {
	it, err := c.tokenAt()
	if err != nil {
		return answer{}, err
	}
	o := c.defaultProfile(it.id())
	if o == nil {
		return answer{}, refuse(http.StatusNotFound, "ResourceNotFound", "No default profile has been set.")
	}
	return c.one(http.StatusOK, c.route.typ, o)
}

// setDefaultProfile takes {token}_{policy} for a policy, without the mirror's prefix (peer code); of the prefixed form
// nothing is established, so it is refused. There is no way to unset a default.
func setDefaultProfile(c *call) (answer, error) {
	if err := c.noBody(); err != nil {
		return answer{}, err
	}
	classic, policy, err := c.profileAt()
	if err != nil {
		return answer{}, err
	}
	switch _, err := c.appleTokenAt(); {
	case err != nil:
		return answer{}, err
	case policy != nil && strings.HasPrefix(c.key(1), mirrorPrefix):
		return answer{}, refuse(http.StatusNotFound, "NotFound", "Profile not found")
	case classic != nil && !classic.is("depIOSEnrollmentProfile"):
		return answer{}, invalid("The simulator keeps a default for iOS only.")
	}
	c.t.defaults[c.key(0)] = lastPart(c.key(1))
	return done()
}

// exportMobileConfig works for Configurator profiles without user affinity (Microsoft docs). The value is XML text;
// whether the service sends text or base64 of it is not established.
func exportMobileConfig(c *call) (answer, error) {
	classic, _, err := c.profileAt()
	if err != nil {
		return answer{}, err
	}
	if classic == nil || c.key(0) != c.t.account || classic.object["requiresUserAuthentication"] == true {
		return answer{}, invalid("The profile cannot be exported: direct enrollment needs an Apple Configurator profile without user affinity.")
	}
	return ok(object{"value": `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>PayloadType</key><string>Profile Service</string><key>PayloadVersion</key><integer>1</integer>` +
		`<key>PayloadIdentifier</key><string>` + classic.id() + `</string><key>PayloadUUID</key><string>` + guid("mobileconfig/"+classic.id()) + `</string>` +
		`<key>PayloadContent</key><dict><key>URL</key><string>https://contoso.com/enroll</string></dict></dict></plist>
`})
}
