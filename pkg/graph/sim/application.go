package sim

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const applicationsPath = "/applications"

func createApplication(c *call) (answer, error) {
	o, err := c.checkBody("application", "", true)
	if err != nil {
		return answer{}, err
	}
	o["appId"] = c.t.newID()
	return c.store(o)
}

// createServicePrincipal takes an application of the tenant or one of Microsoft's, each once.
func createServicePrincipal(c *call) (answer, error) {
	o, err := c.checkBody("servicePrincipal", "", true)
	if err != nil {
		return answer{}, err
	}
	of := func(it *item) bool { return it.text("appId") == o["appId"] }
	known := slices.Contains([]any{graphApp, provisioningClient}, o["appId"]) || slices.ContainsFunc(c.t.sets[applicationsPath], of)
	if !known || slices.ContainsFunc(c.t.sets[c.path], of) {
		return answer{}, c.badBody("The service principal cannot be created: the appId '%v' references no application, or is in use.", o["appId"])
	}
	o["servicePrincipalType"] = "Application"
	return c.store(o)
}

// createCredential wants a name that fits into an address, one audience, and neither name nor issuer with subject twice
// (Microsoft docs page on federatedIdentityCredential).
func createCredential(c *call) (answer, error) {
	if _, err := c.owner(); err != nil {
		return answer{}, err
	}
	o, err := c.checkBody(c.route.typ, "", true)
	if err != nil {
		return answer{}, err
	}
	name, _ := o["name"].(string)
	issuer, _ := o["issuer"].(string)
	audiences, _ := o["audiences"].([]any)
	switch {
	case len(name) > 120 || url.PathEscape(name) != name:
		return answer{}, c.badBody("The name '%s' is too long or does not fit into an address.", name)
	case !strings.HasPrefix(issuer, "https://"):
		return answer{}, c.badBody("The issuer '%s' is no address.", issuer)
	case len(audiences) != 1:
		return answer{}, c.badBody("A federated credential has one audience.")
	case slices.ContainsFunc(c.t.sets[c.path], func(it *item) bool {
		return it.text("name") == name || it.text("issuer") == issuer && it.text("subject") == o["subject"]
	}):
		return answer{}, refuse(http.StatusConflict, "Request_MultipleObjectsWithSameKeyValue", "A federated credential of this name, or with this issuer and subject, exists.")
	}
	return c.store(o)
}
