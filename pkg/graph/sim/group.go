package sim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const groupsPath = "/groups"

func listGroups(c *call) (answer, error) { return c.page(c.rows(groupsPath)) }

func getGroup(c *call) (answer, error) { return get(c) }

// createGroup makes a static or dynamic group. It is unknown to the directory's reads and to Intune for a while
// (peer code retries for up to a minute).
func createGroup(c *call) (answer, error) {
	o, err := c.checkBody("group", "", true)
	if err != nil {
		return answer{}, err
	}
	types, _ := o["groupTypes"].([]any)
	dynamic := slices.Contains(types, any("DynamicMembership"))
	rule, _ := o["membershipRule"].(string)
	nick, _ := o["mailNickname"].(string)
	switch {
	case o["mailEnabled"] == true || o["securityEnabled"] != true:
		return answer{}, c.badBody("A security group needs mailEnabled false and securityEnabled true.")
	case strings.ContainsAny(nick, " @()\\[]\";:<>,") || len(nick) > 64:
		return answer{}, c.badBody("Invalid value specified for property 'mailNickname' of resource 'Group'.")
	case dynamic && (rule == "" || o["membershipRuleProcessingState"] == nil):
		return answer{}, c.badBody("A dynamic group needs membershipRule and membershipRuleProcessingState.")
	case !dynamic && rule != "":
		return answer{}, c.badBody("A value for property 'membershipRule' needs groupTypes with DynamicMembership.")
	}
	c.complete(o)
	it := c.t.add(groupsPath, o)
	it.unseen, it.abroad = c.s.options.Lag, c.s.options.Lag
	return c.one(http.StatusCreated, "group", o)
}

func patchGroup(c *call) (answer, error) {
	if _, err := patch(c); err != nil {
		return answer{}, err
	}
	return done() // Microsoft docs: 204 without a body
}

func (c *call) groupAt() (*item, error) {
	it := c.t.item(groupsPath, c.key(0))
	if it == nil || !seen(it) {
		return nil, notFound(c, c.key(0))
	}
	return it, nil
}

// listOwners leaves service principals out of v1.0, and shows their id alone to who may not read them (Microsoft docs).
func listOwners(c *call) (answer, error) {
	it, err := c.groupAt()
	if err != nil {
		return answer{}, err
	}
	owners := c.t.owners[it.id()]
	if c.api == v1 {
		owners = slices.DeleteFunc(slices.Clone(owners), func(id string) bool { return c.t.item("/servicePrincipals", id) != nil })
	}
	readable := slices.ContainsFunc(c.who.permissions, func(p string) bool {
		return strings.HasPrefix(p, "Application.Read") || strings.HasPrefix(p, "Directory.Read")
	})
	return c.page(rows{typ: "directoryObject", n: len(owners), at: func(i int) object {
		sp := c.t.item("/servicePrincipals", owners[i])
		if sp == nil || !readable {
			return object{"id": owners[i]}
		}
		o := copyObject(sp.object)
		o["@odata.type"] = "#microsoft.graph.servicePrincipal"
		return o
	}})
}

// addOwner takes a reference to a service principal (Microsoft docs: {"@odata.id": ".../directoryObjects/{id}"}).
func addOwner(c *call) (answer, error) {
	it, err := c.groupAt()
	if err != nil {
		return answer{}, err
	}
	if len(c.body) != 1 {
		return answer{}, c.badBody("A reference has one property, '@odata.id'.")
	}
	ref, _ := c.body["@odata.id"].(string)
	front, id, found := cutLast(ref, "/")
	if !found || !strings.HasSuffix(front, "/directoryObjects") && !strings.HasSuffix(front, "/servicePrincipals") {
		return answer{}, c.badBody("Invalid URL '%s' in property '@odata.id'.", ref)
	}
	if c.t.item("/servicePrincipals", id) == nil {
		return answer{}, notFound(c, id)
	}
	if slices.Contains(c.t.owners[it.id()], id) {
		return answer{}, c.badBody("One or more added object references already exist for the following modified properties: 'owners'.")
	}
	c.t.owners[it.id()] = append(c.t.owners[it.id()], id)
	return done()
}

func countMembers(c *call) (answer, error) {
	return c.heads(func(h headcount) int { return h.users + h.devices })
}

func countUsers(c *call) (answer, error) { return c.heads(func(h headcount) int { return h.users }) }

// countDevices needs Device.Read.All; without it members come back redacted, here a 403 (not established which).
func countDevices(c *call) (answer, error) {
	return c.heads(func(h headcount) int { return h.devices })
}

func (c *call) heads(n func(headcount) int) (answer, error) {
	if !c.eventual {
		return answer{}, needsEventual()
	}
	it, err := c.groupAt()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, text: strconv.Itoa(n(c.t.members[it.id()]))}, nil
}

// getByIds leaves out what does not exist (Microsoft docs: at most 1000 ids).
func getByIds(c *call) (answer, error) {
	o, err := c.checkBody("getByIdsBody", "", true)
	if err != nil {
		return answer{}, err
	}
	ids, _ := o["ids"].([]any)
	if len(ids) > 1000 {
		return answer{}, c.badBody("At most 1000 ids are allowed.")
	}
	value := []any{}
	for _, kind := range []string{"group", "servicePrincipal"} {
		path := "/" + kind + "s"
		if types, _ := o["types"].([]any); len(types) > 0 && !slices.Contains(types, any(kind)) {
			continue
		}
		for _, it := range c.t.sets[path] {
			if slices.Contains(ids, any(it.id())) && seen(it) {
				out := c.render(c.s.schema.types[kind], it.object, nil)
				out["@odata.type"] = "#microsoft.graph." + kind
				value = append(value, out)
			}
		}
	}
	return ok(object{"@odata.context": c.base + "/" + c.api + "/$metadata#directoryObjects", "value": value})
}

// setAuthority works delegated only (Microsoft docs).
func setAuthority(c *call) (answer, error) {
	org := c.t.item("/organization", c.key(0))
	if org == nil {
		return answer{}, notFound(c, c.key(0))
	}
	if c.who.app {
		return answer{}, refuse(http.StatusForbidden, "Forbidden", "Application is not authorized to perform this operation.")
	}
	org.object["mobileDeviceManagementAuthority"] = "intune"
	return ok(object{"value": 0})
}

// knownGroup says how Intune sees a group: one that was just made is unknown to it for a while.
func (c *call) knownGroup(id string) (*item, error) {
	it := c.t.item(groupsPath, id)
	if it != nil && it.abroad > 0 {
		it.abroad--
		it = nil
	}
	if it == nil {
		// Which status the service uses is not established; the message names the group.
		return nil, refuse(http.StatusNotFound, "ResourceNotFound", "Group '%s' was not found", id)
	}
	return it, nil
}
