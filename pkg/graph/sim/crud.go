package sim

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// handlers is the catalogue of what the paths of the schema name.
func handlers() map[string]handler {
	return map[string]handler{
		"list": list, "get": get, "create": create, "patch": patch, "remove": remove, "count": count, "forbidden": forbidden,
		"setAuthority": setAuthority,
		"listGroups":   listGroups, "createGroup": createGroup, "getGroup": getGroup, "patchGroup": patchGroup, "listOwners": listOwners, "addOwner": addOwner,
		"countMembers": countMembers, "countUsers": countUsers, "countDevices": countDevices, "getByIds": getByIds,
		"createServicePrincipal": createServicePrincipal, "createApplication": createApplication, "createCredential": createCredential,
		"getRoot": getRoot, "getPush": getPush, "patchPush": patchPush, "downloadRequest": signingRequest, "generateRequest": signingRequest, "consent": consent,
		"listTokens": listTokens, "createToken": createToken, "getToken": getToken, "patchToken": patchToken, "generateKey": generateKey, "getKey": getKey,
		"uploadToken": uploadToken, "syncToken": syncToken, "getDefaultProfile": getDefaultProfile,
		"listProfiles": listProfiles, "createProfile": createProfile, "getProfile": getProfile, "patchProfile": patchProfile, "deleteProfile": deleteProfile,
		"setDefaultProfile": setDefaultProfile, "assignDevices": assignDevices, "exportMobileConfig": exportMobileConfig,
		"listIdentities": listIdentities, "countIdentities": countIdentities, "importIdentities": importIdentities, "getIdentity": getIdentity, "deleteIdentity": deleteIdentity,
		"createPolicy": createPolicy, "putPolicy": putPolicy, "deletePolicy": deletePolicy, "listSettings": listSettings,
		"setMembershipTarget": setMembershipTarget, "retrieveMembershipTarget": retrieveMembershipTarget, "clearMembershipTarget": clearMembershipTarget,
		"listTemplates": listTemplates, "getTemplate": getTemplate, "listSettingTemplates": listSettingTemplates, "getDefinition": getDefinition,
		"createUserProfile": createUserProfile, "patchUserProfile": patchUserProfile, "deleteUserProfile": deleteUserProfile, "setPriority": setPriority,
		"createUserAssignment": createUserAssignment, "deleteAssignment": deleteAssignment,
		"listManaged": listManaged, "getOverview": getOverview, "getManaged": getManaged, "syncLicenses": syncLicenses, "getLicenses": getLicenses,
		"createApp": createApp, "listVppApps": listVppApps, "listStoreApps": listStoreApps, "patchApp": patchApp, "deleteApp": deleteApp,
		"assignApp": assignApp, "createAppAssignment": createAppAssignment, "patchAppAssignment": patchAppAssignment, "deleteAppAssignment": deleteAppAssignment,
		"createAppConfig": createAppConfig, "patchAppConfig": patchAppConfig, "assignAppConfig": assignAppConfig, "createConfigAssignment": createConfigAssignment,
	}
}

// seen counts a read of an object that may not be visible yet.
func seen(it *item) bool {
	if it.unseen > 0 {
		it.unseen--
		return false
	}
	return true
}

// owner makes sure the object a collection belongs to exists: the item named by the path's first key.
func (c *call) owner() (*item, error) {
	var path []string
	for i, s := range c.route.segments {
		if s == "{id}" {
			path = c.place.segments[:i]
			break
		}
	}
	it := c.t.item("/"+strings.Join(path, "/"), c.key(0))
	if it == nil {
		return nil, notFound(c, c.key(0))
	}
	return it, nil
}

// itemAt finds the object at the request's path.
func (c *call) itemAt() (*item, error) {
	id := c.place.segments[len(c.place.segments)-1]
	it := c.t.item(c.place.parent(), id)
	if it == nil || !seen(it) {
		return nil, notFound(c, id)
	}
	return it, nil
}

// rows reads a collection of the tenant.
func (c *call) rows(path string) rows {
	items := c.t.sets[path]
	return rows{typ: c.route.typ, n: len(items), at: func(i int) object { return items[i].object }, shown: func(i int) bool { return seen(items[i]) }}
}

func list(c *call) (answer, error) {
	if len(c.place.keys) > 0 {
		if _, err := c.owner(); err != nil {
			return answer{}, err
		}
	}
	r := c.rows(c.path)
	r.extra = c.withSettings
	return c.page(r)
}

func count(c *call) (answer, error) {
	if c.directory() && !c.eventual {
		return answer{}, needsEventual()
	}
	return c.total(c.rows(c.place.parent()))
}

func get(c *call) (answer, error) {
	it, err := c.itemAt()
	if err != nil {
		return answer{}, err
	}
	a, err := c.one(http.StatusOK, c.route.typ, it.object)
	if err == nil && c.query.expand != "" {
		err = c.withSettings(it.object, a.body.(object))
	}
	return a, err
}

func create(c *call) (answer, error) {
	if len(c.place.keys) > 0 {
		if _, err := c.owner(); err != nil {
			return answer{}, err
		}
	}
	o, err := c.checkBody(c.route.typ, "", true)
	if err != nil {
		return answer{}, err
	}
	return c.store(o)
}

// store adds a checked object to the collection asked for and answers it.
func (c *call) store(o object) (answer, error) {
	c.complete(o)
	it := c.t.add(c.path, o)
	return c.one(http.StatusCreated, c.route.typ, it.object)
}

// complete gives a new object what the service fills in.
func (c *call) complete(o object) { c.s.complete(c.route.typ, o, c.now) }

// complete fills in false, empty lists, times, and the default scope tag ("0", Microsoft docs).
func (s *Simulator) complete(typeName string, o object, now time.Time) {
	t := s.schema.types[typeName]
	if name, ok := o["@odata.type"].(string); ok {
		t = s.schema.of(name)
	}
	for _, m := range t.members() {
		switch {
		case o[m.name] != nil:
		case m.name == "createdDateTime" || m.name == "lastModifiedDateTime":
			o[m.name] = stamp(now)
		case m.name == "roleScopeTagIds" || m.name == "roleScopeTags":
			o[m.name] = []any{"0"}
		case m.many:
			o[m.name] = []any{}
		case m.typ == "Boolean" && !t.derives("directoryObject"):
			o[m.name] = false
		case m.typ == "Int32" && m.is('!'):
			o[m.name] = int64(0)
		}
	}
}

// changeAt finds the object at the request's path, and checks the body that is to change it.
func (c *call) changeAt() (it *item, change object, err error) {
	if it, err = c.itemAt(); err != nil {
		return nil, nil, err
	}
	change, err = c.checkBody(c.route.typ, it.id(), false)
	return it, change, err
}

func patch(c *call) (answer, error) {
	it, change, err := c.changeAt()
	if err != nil {
		return answer{}, err
	}
	c.merge(it, change)
	return c.one(http.StatusOK, c.route.typ, it.object)
}

// merge applies a PATCH: what is absent stays, null clears.
func (c *call) merge(it *item, change object) {
	maps.Copy(it.object, change)
	if _, has := it.object["lastModifiedDateTime"]; has {
		it.object["lastModifiedDateTime"] = stamp(c.now)
	}
}

func remove(c *call) (answer, error) {
	it, err := c.itemAt()
	if err != nil {
		return answer{}, err
	}
	c.t.remove(c.place.parent(), it.id())
	return done()
}

// forbidden answers what must never be sent, and remembers it.
func forbidden(c *call) (answer, error) {
	c.s.violations = append(c.s.violations, c.method+" "+c.path)
	return answer{}, refusePlain(http.StatusNotImplemented, "NotImplemented", "The simulator does not do %s %s: it cannot be taken back.", c.method, c.path)
}
