package sim

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"time"
)

const tokensPath = "/deviceManagement/depOnboardingSettings"

func profilesPath(token string) string { return tokensPath + "/" + token + "/enrollmentProfiles" }

// tokenAt finds the token named by the path. The Configurator pseudo token is one of them.
func (c *call) tokenAt() (*item, error) {
	it := c.t.item(tokensPath, c.key(0))
	if it == nil {
		return nil, notFound(c, c.key(0))
	}
	return it, nil
}

// appleTokenAt is tokenAt where only a token of Apple's makes sense: it refuses the Configurator pseudo token.
func (c *call) appleTokenAt() (*item, error) {
	it, err := c.tokenAt()
	if err == nil && it.text("tokenType") == "none" {
		err = invalid("This operation is not supported for the Apple Configurator account.")
	}
	return it, err
}

// synced lets a sync end after some reads of its token. A token with an error keeps its old times.
func (c *call) synced(it *item) {
	left, running := c.t.syncing[it.id()]
	switch {
	case !running:
	case left > 0:
		c.t.syncing[it.id()] = left - 1
	default:
		delete(c.t.syncing, it.id())
		if it.object["lastSyncErrorCode"] == int64(0) {
			it.object["lastSuccessfulSyncDateTime"] = it.object["lastSyncTriggeredDateTime"]
		}
	}
}

func listTokens(c *call) (answer, error) {
	for _, it := range c.t.sets[tokensPath] {
		c.synced(it)
	}
	return c.page(c.rows(tokensPath))
}

// getToken may expand defaultIosEnrollmentProfile (peer code; seen on the item, so refused on the list).
func getToken(c *call) (answer, error) {
	it, err := c.tokenAt()
	if err != nil {
		return answer{}, err
	}
	c.synced(it)
	a, err := c.one(http.StatusOK, c.route.typ, it.object)
	if err == nil && c.query.expand != "" {
		a.body.(object)["defaultIosEnrollmentProfile"] = nil
		if o := c.defaultProfile(it.id()); o != nil {
			a.body.(object)["defaultIosEnrollmentProfile"] = c.render(c.s.schema.types["depIOSEnrollmentProfile"], o, nil)
		}
	}
	return a, err
}

// createToken makes a token that waits for its first key and upload. Which call the portal makes is not established.
func createToken(c *call) (answer, error) {
	o, err := c.checkBody("depOnboardingSetting", "", true)
	if err != nil {
		return answer{}, err
	}
	if o["tokenType"] != "dep" || o["dataSharingConsentGranted"] != true {
		return answer{}, invalid("A new token needs tokenType dep and dataSharingConsentGranted true.")
	}
	o["lastSyncErrorCode"], o["syncedDeviceCount"], o["tokenExpirationDateTime"] = int64(0), int64(0), "0001-01-01T00:00:00Z"
	a, err := c.store(o)
	if err == nil {
		id, _ := o["id"].(string)
		c.t.fleets[id] = newFleet(id)
	}
	return a, err
}

// patchToken takes tokenName, appleIdentifier and roleScopeTagIds (Microsoft docs; which are really accepted is not established).
func patchToken(c *call) (answer, error) {
	it, err := c.appleTokenAt()
	if err != nil {
		return answer{}, err
	}
	change, err := c.checkBody("depOnboardingSetting", it.id(), false)
	if err != nil {
		return answer{}, err
	}
	for name := range change {
		if !slices.Contains([]string{"tokenName", "appleIdentifier", "roleScopeTagIds"}, name) {
			return answer{}, invalid("The property '%s' cannot be changed.", name)
		}
	}
	maps.Copy(it.object, change)
	return c.one(http.StatusOK, c.route.typ, it.object)
}

// generateKey replaces the key pair: a server token encrypted to the old key can no longer be read (Microsoft docs).
func generateKey(c *call) (answer, error) {
	it, err := c.appleTokenAt()
	if err == nil {
		err = c.noBody()
	}
	if err != nil {
		return answer{}, err
	}
	key, err := publicKey(c.now)
	if err != nil {
		return answer{}, err
	}
	c.t.keys[it.id()] = key
	return ok(object{"value": key})
}

func getKey(c *call) (answer, error) {
	it, err := c.appleTokenAt()
	if err != nil {
		return answer{}, err
	}
	key := c.t.keys[it.id()]
	if key == "" {
		if key, err = publicKey(c.now); err != nil {
			return answer{}, err
		}
		c.t.keys[it.id()] = key
	}
	return ok(object{"value": key})
}

// uploadToken takes the text of the .p7m, or base64 of it; which one the service wants is not established. It has to be
// encrypted to the present key of the token (Microsoft docs: a new key makes tokens for the old one unreadable).
func uploadToken(c *call) (answer, error) {
	it, err := c.appleTokenAt()
	if err != nil {
		return answer{}, err
	}
	o, err := c.checkBody("uploadTokenBody", "", true)
	if err != nil {
		return answer{}, err
	}
	text, _ := o["depToken"].(string)
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
		text = string(raw)
	}
	if !opens(text, c.t.keys[it.id()]) {
		return answer{}, invalid("The enrollment program token could not be read. Download it from Apple Business Manager again.")
	}
	it.object["appleIdentifier"], it.object["lastSyncErrorCode"] = o["appleId"], int64(0)
	it.object["tokenExpirationDateTime"], it.object["lastModifiedDateTime"] = stamp(c.now.AddDate(1, 0, 0)), stamp(c.now)
	return done()
}

// syncToken answers 204 (Microsoft docs). A manual sync is allowed every 15 minutes; how an earlier one is answered is
// not established, 400 is chosen.
func syncToken(c *call) (answer, error) {
	it, err := c.appleTokenAt()
	if err == nil {
		err = c.noBody()
	}
	if err != nil {
		return answer{}, err
	}
	last, err := time.Parse(time.RFC3339, it.text("lastSyncTriggeredDateTime"))
	if err == nil && c.now.Sub(last) < 15*time.Minute {
		return answer{}, invalid("A sync was requested less than 15 minutes ago.")
	}
	it.object["lastSyncTriggeredDateTime"] = stamp(c.now)
	c.t.syncing[it.id()] = c.s.options.Lag
	return done()
}
