package sim

import (
	"net/http"
	"strings"
)

const (
	appsPath = "/deviceAppManagement/mobileApps"
	vppPath  = "/deviceAppManagement/vppTokens"
)

func appAssignmentsPath(id string) string { return appsPath + "/" + id + "/assignments" }

// createApp makes store apps. VPP apps appear after licenses were bought and synced; they cannot be made (in practice,
// peer code).
func createApp(c *call) (answer, error) {
	o, err := c.checkBody(c.route.typ, "", true)
	if err != nil {
		return answer{}, err
	}
	if o["@odata.type"] != "#microsoft.graph.iosStoreApp" {
		return answer{}, invalid("An app of type '%v' cannot be created.", o["@odata.type"])
	}
	o["publishingState"] = "published"
	return c.store(o)
}

func patchApp(c *call) (answer, error) {
	it, change, err := c.changeAt()
	if err != nil {
		return answer{}, err
	}
	if kind := change["@odata.type"]; kind != it.object["@odata.type"] {
		return answer{}, invalid("'@odata.type' must be '%v'.", it.object["@odata.type"])
	}
	c.merge(it, change)
	return c.one(http.StatusOK, c.route.typ, it.object)
}

func deleteApp(c *call) (answer, error) {
	it, err := c.itemAt()
	if err != nil {
		return answer{}, err
	}
	if it.is("iosVppApp") {
		return answer{}, invalid("An app of a VPP token cannot be deleted.") // inferred: it comes and goes with its licenses
	}
	return remove(c)
}

func listVppApps(c *call) (answer, error)   { return c.appsOf("iosVppApp") }
func listStoreApps(c *call) (answer, error) { return c.appsOf("iosStoreApp") }

func (c *call) appsOf(kind string) (answer, error) {
	r := c.rows(appsPath)
	r.typ = kind
	r.shown = func(i int) bool { return c.t.sets[appsPath][i].is(kind) }
	return c.page(r)
}

// checkAppAssignment holds an assignment's settings against the kind of app (the types of the published schema).
func checkAppAssignment(app *item, o object) error {
	settings, given := o["settings"].(object)
	if !given {
		return nil
	}
	kind, _ := settings["@odata.type"].(string)
	if kind != app.text("@odata.type")+"AssignmentSettings" {
		return invalid("Settings of type '%s' do not fit an app of type '%s'.", kind, app.text("@odata.type"))
	}
	return nil
}

// assignApp replaces all assignments of an app.
func assignApp(c *call) (answer, error) {
	app, err := c.owner()
	if err != nil {
		return answer{}, err
	}
	o, err := c.checkBody("assignAppBody", "", true)
	if err != nil {
		return answer{}, err
	}
	given, _ := o["mobileAppAssignments"].([]any)
	err = c.replaceAssignments(app, appAssignmentsPath(app.id()), given, func(a object) error {
		if a["source"] == nil {
			a["source"] = "direct"
		}
		return checkAppAssignment(app, a)
	})
	if err != nil {
		return answer{}, err
	}
	c.marks(app)
	return done()
}

// marks keeps isAssigned, which the service makes.
func (c *call) marks(app *item) {
	app.object["isAssigned"] = len(c.t.sets[appAssignmentsPath(app.id())]) > 0
}

func createAppAssignment(c *call) (answer, error) {
	return c.addAssignment(func(app *item, o object) error {
		if source := o["source"]; source != nil && source != "direct" || o["sourceId"] != nil {
			return invalid("An assignment of a policy set is made by the policy set.")
		}
		o["source"] = "direct"
		app.object["isAssigned"] = true
		return checkAppAssignment(app, o)
	})
}

func (c *call) directAssignment() (app, assignment *item, err error) {
	if app, err = c.owner(); err != nil {
		return nil, nil, err
	}
	if assignment, err = c.itemAt(); err != nil {
		return nil, nil, err
	}
	if assignment.text("source") == "policySets" {
		// Inferred: it belongs to the policy set.
		return nil, nil, invalid("An assignment of a policy set cannot be changed here.")
	}
	return app, assignment, nil
}

func patchAppAssignment(c *call) (answer, error) {
	app, it, err := c.directAssignment()
	if err != nil {
		return answer{}, err
	}
	change, err := c.checkBody(c.route.typ, it.id(), false)
	if err != nil {
		return answer{}, err
	}
	if err := checkAppAssignment(app, change); err != nil {
		return answer{}, err
	}
	for _, name := range []string{"target", "source", "sourceId"} {
		if _, given := change[name]; given {
			return answer{}, invalid("The property '%s' of an assignment cannot be changed.", name) // not established
		}
	}
	c.merge(it, change)
	return c.one(http.StatusOK, c.route.typ, it.object)
}

func deleteAppAssignment(c *call) (answer, error) {
	app, it, err := c.directAssignment()
	if err != nil {
		return answer{}, err
	}
	c.t.remove(appAssignmentsPath(app.id()), it.id())
	c.marks(app)
	return done()
}

// syncLicenses answers the token (Microsoft docs); the sync is over at once.
func syncLicenses(c *call) (answer, error) {
	it, err := c.owner()
	if err == nil {
		err = c.noBody()
	}
	if err != nil {
		return answer{}, err
	}
	if it.text("state") == "valid" {
		it.object["lastSyncDateTime"], it.object["lastSyncStatus"] = stamp(c.now), "completed"
	} else {
		it.object["lastSyncStatus"] = "failed"
	}
	return c.one(http.StatusOK, "vppToken", it.object)
}

// getLicenses sums up the licenses of an app, per token (published schema). The bundle id matches without case.
func getLicenses(c *call) (answer, error) {
	value := []any{}
	for _, app := range c.t.sets[appsPath] {
		token := c.t.item(vppPath, app.text("vppTokenId"))
		if !app.is("iosVppApp") || token == nil || !strings.EqualFold(app.text("bundleId"), c.place.arg) {
			continue
		}
		total, _ := app.object["totalLicenseCount"].(int64)
		used, _ := app.object["usedLicenseCount"].(int64)
		value = append(value, object{
			"appleId": token.object["appleId"], "organizationName": token.object["organizationName"], "vppTokenId": token.id(),
			"availableLicenseCount": total - used, "usedLicenseCount": used,
		})
	}
	return ok(object{"@odata.context": c.context(), "value": value})
}
