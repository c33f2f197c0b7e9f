package sim

import (
	"net/http"
	"strconv"
	"strings"
)

// checkPolicy holds a policy's body against the template and its token (recorded portal traffic for the shape).
func (c *call) checkPolicy(o object) error {
	reference, _ := o["templateReference"].(object)
	id, _ := reference["templateId"].(string)
	t, known := c.s.catalog.template(id)
	source, _ := o["creationSource"].(string)
	token := c.t.item(tokensPath, strings.TrimPrefix(source, creationSource))
	switch {
	case !known:
		return invalid("Template '%s' does not exist.", id)
	case t.platform != "iOS":
		return invalid("The simulator knows the settings of the iOS/iPadOS template only.")
	case o["platforms"] != t.platform || o["technologies"] != "enrollment":
		return invalid("A policy of template '%s' needs platforms %s and technologies enrollment.", id, t.platform)
	case token == nil || !strings.HasPrefix(source, creationSource) || token.text("tokenType") == "none":
		return invalid("creationSource '%s' does not name an enrollment program token.", source)
	}
	settings, _ := o["settings"].([]any)
	for i, s := range settings {
		setting, _ := s.(object)
		setting["id"] = strconv.Itoa(i) // recorded portal traffic: "0", "1", …
	}
	return c.s.catalog.check(settings)
}

// createPolicy makes an enrollment policy. Names are not unique. Its mirror among the token's profiles lags.
func createPolicy(c *call) (answer, error) {
	o, err := c.checkBody(c.route.typ, "", true)
	if err != nil {
		return answer{}, err
	}
	if err := c.checkPolicy(o); err != nil {
		return answer{}, err
	}
	if o["roleScopeTagIds"] == nil {
		// Microsoft docs, of tvOS and visionOS: a policy takes over the scope tags of its token when it is made.
		source, _ := o["creationSource"].(string)
		o["roleScopeTagIds"] = copyValue(c.t.item(tokensPath, strings.TrimPrefix(source, creationSource)).object["roleScopeTagIds"])
	}
	c.finishPolicy(o)
	c.complete(o)
	it := c.t.add(policiesPath, o)
	it.abroad = c.s.options.Lag
	return c.one(http.StatusCreated, c.route.typ, o)
}

func (c *call) finishPolicy(o object) {
	settings, _ := o["settings"].([]any)
	o["settingCount"] = int64(len(settings))
	reference, _ := o["templateReference"].(object)
	id, _ := reference["templateId"].(string)
	if t, known := c.s.catalog.template(id); known {
		reference["templateFamily"], reference["templateDisplayName"], reference["templateDisplayVersion"] = "enrollmentConfiguration", t.name, "Version 1"
	}
}

// putPolicy replaces a policy as a whole, the only way to update one; creationSource must come back unchanged (recorded
// portal traffic, peer code). Scope tags, which the recorded body lacks, stay when absent.
func putPolicy(c *call) (answer, error) {
	it, err := c.itemAt()
	if err != nil {
		return answer{}, err
	}
	o, err := c.checkBody(c.route.typ, it.id(), true)
	if err != nil {
		return answer{}, err
	}
	if o["creationSource"] != it.object["creationSource"] {
		return answer{}, invalid("creationSource cannot be changed.")
	}
	if err := c.checkPolicy(o); err != nil {
		return answer{}, err
	}
	for _, name := range []string{"id", "createdDateTime", "isAssigned"} {
		o[name] = it.object[name]
	}
	if o["roleScopeTagIds"] == nil {
		o["roleScopeTagIds"] = it.object["roleScopeTagIds"]
	}
	c.finishPolicy(o)
	c.complete(o)
	it.object = o
	return done() // 200 and 204 have both been seen
}

// deletePolicy refuses while devices or the default hang on the policy (not established: the stricter side).
func deletePolicy(c *call) (answer, error) {
	it, err := c.itemAt()
	if err != nil {
		return answer{}, err
	}
	if err := c.unused(strings.TrimPrefix(it.text("creationSource"), creationSource), it.id()); err != nil {
		return answer{}, err
	}
	delete(c.t.targets, it.id())
	c.t.remove(policiesPath, it.id())
	return done()
}

// listSettings pages at 25 (peer code).
func listSettings(c *call) (answer, error) {
	it, err := c.owner()
	if err != nil {
		return answer{}, err
	}
	settings, _ := it.object["settings"].([]any)
	return c.page(rows{typ: c.route.typ, n: len(settings), size: settingsPage, at: func(i int) object {
		o, _ := settings[i].(object)
		return o
	}})
}

// withSettings adds the first page of a policy's settings for $expand=settings, which pages like the list does.
func (c *call) withSettings(o, out object) error {
	settings, _ := o["settings"].([]any)
	page := []any{}
	for i, s := range settings {
		if i == settingsPage {
			id, _ := o["id"].(string)
			out["settings@odata.nextLink"] = c.base + "/" + c.api + policiesPath + "('" + id + "')/settings?$skiptoken=" + writeSkip(i)
			break
		}
		setting, _ := s.(object)
		page = append(page, c.render(c.s.schema.types["deviceManagementConfigurationSetting"], setting, nil))
	}
	out["settings"] = page
	return nil
}

// provisioningClient is the service principal that must own the group of enrollment time grouping (Microsoft docs).
const provisioningClient = "f1346770-5b25-470b-88bd-d5744ab7952c"

// setMembershipTarget answers 500 to applications (an issue known to peer code since 2026-07). Delegated it answers 200
// whatever comes of it: a group that does not fit is reported, and nothing is stored (third-party report 2026).
func setMembershipTarget(c *call) (answer, error) {
	it, err := c.owner()
	if err != nil {
		return answer{}, err
	}
	if c.who.app {
		return answer{}, refuse(http.StatusInternalServerError, "InternalServerError", "An internal server error has occurred")
	}
	o, err := c.checkBody("membershipTargetBody", "", true)
	if err != nil {
		return answer{}, err
	}
	targets, _ := o["enrollmentTimeDeviceMembershipTargets"].([]any)
	if len(targets) != 1 {
		return answer{}, invalid("A policy takes exactly one static security group.")
	}
	target, _ := targets[0].(object)
	group, _ := target["targetId"].(string)
	problem := c.targetProblem(group)
	if problem == nil {
		c.t.targets[it.id()] = group
	}
	return c.targetResult(group, problem)
}

// targetProblem is the validation error code of a group, nil for none.
func (c *call) targetProblem(group string) any {
	g, err := c.knownGroup(group)
	if err != nil {
		return "securityGroupNotFound"
	}
	types, _ := g.object["groupTypes"].([]any)
	owned := false
	for _, id := range c.t.owners[group] {
		sp := c.t.item("/servicePrincipals", id)
		owned = owned || sp != nil && sp.text("appId") == provisioningClient
	}
	switch {
	case g.object["securityEnabled"] != true:
		return "notSecurityGroup"
	case len(types) > 0:
		return "notStaticSecurityGroup"
	case !owned:
		return "firstPartyAppNotAnOwner"
	}
	return nil
}

func (c *call) targetResult(group string, problem any) (answer, error) {
	statuses := []any{}
	if group != "" {
		statuses = append(statuses, object{"targetId": group, "validationSucceeded": problem == nil, "targetValidationErrorCode": problem})
	}
	return ok(object{"@odata.context": c.context(), "validationSucceeded": problem == nil, "enrollmentTimeDeviceMembershipTargetValidationStatuses": statuses})
}

// retrieveMembershipTarget is a GET, whatever the documents say (live traffic, peer code); an empty list means none.
func retrieveMembershipTarget(c *call) (answer, error) {
	it, err := c.owner()
	if err != nil {
		return answer{}, err
	}
	group := c.t.targets[it.id()]
	if group == "" {
		return c.targetResult("", nil)
	}
	return c.targetResult(group, c.targetProblem(group))
}

func clearMembershipTarget(c *call) (answer, error) {
	it, err := c.owner()
	if err == nil {
		err = c.noBody()
	}
	if err != nil {
		return answer{}, err
	}
	if c.who.app {
		return answer{}, refuse(http.StatusInternalServerError, "InternalServerError", "An internal server error has occurred") // as for set
	}
	delete(c.t.targets, it.id())
	return ok(object{"value": true})
}
