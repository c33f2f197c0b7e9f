package sim

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

const configsPath = "/deviceAppManagement/mobileAppConfigurations"

// checkAppConfig: XML or key list but not both, and XML that is well formed. Intune checks the form only (Microsoft docs).
func (c *call) checkAppConfig(o object) error {
	text, _ := o["encodedSettingXml"].(string)
	list, _ := o["settings"].([]any)
	apps, _ := o["targetedMobileApps"].([]any)
	switch {
	case o["@odata.type"] != "#microsoft.graph.iosMobileAppConfiguration":
		return invalid("The simulator knows app configuration of iOS only.")
	case (text == "") == (len(list) == 0):
		return invalid("Either encodedSettingXml or settings must be given.")
	case len(apps) == 0:
		return invalid("targetedMobileApps must name an app.")
	}
	if text == "" {
		return nil
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err == nil {
		err = wellFormed(string(raw))
	}
	if err != nil {
		return invalid("encodedSettingXml is not well-formed XML: %v", err)
	}
	return nil
}

// wellFormed reads a property list without its header: one dict of the elements Microsoft's documents allow.
func wellFormed(text string) error {
	allowed := []string{"integer", "real", "string", "array", "dict", "true", "false", "key"}
	decoder := xml.NewDecoder(strings.NewReader(text))
	depth, roots := 0, 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			if depth++; !slices.Contains(allowed, t.Name.Local) && t.Name.Local != "plist" {
				return errors.New("element " + t.Name.Local + " is not supported")
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(t)) != "" {
				return errors.New("text outside the root element")
			}
		}
	}
	if roots != 1 {
		return errors.New("there must be one root element")
	}
	return nil
}

// checkTargets makes sure the targeted apps exist. Ids of apps deleted later stay (Microsoft docs of the portal).
func (c *call) checkTargets(o object) error {
	apps, _ := o["targetedMobileApps"].([]any)
	for _, a := range apps {
		id, _ := a.(string)
		if c.t.item(appsPath, id) == nil {
			return invalid("App '%s' was not found.", id)
		}
	}
	return nil
}

func createAppConfig(c *call) (answer, error) {
	o, err := c.checkBody(c.route.typ, "", true)
	if err == nil {
		err = c.checkAppConfig(o)
	}
	if err == nil {
		err = c.checkTargets(o)
	}
	if err != nil {
		return answer{}, err
	}
	return c.store(o)
}

func patchAppConfig(c *call) (answer, error) {
	it, change, err := c.changeAt()
	if err != nil {
		return answer{}, err
	}
	merged := copyObject(it.object)
	maps.Copy(merged, change)
	if err := c.checkAppConfig(merged); err != nil {
		return answer{}, err
	}
	if err := c.checkTargets(change); err != nil {
		return answer{}, err
	}
	c.merge(it, change)
	if v, isNumber := it.object["version"].(int64); isNumber {
		it.object["version"] = v + 1
	}
	return c.one(http.StatusOK, c.route.typ, it.object)
}

// assignAppConfig replaces all assignments of a policy; treated so although the documents do not say it.
func assignAppConfig(c *call) (answer, error) {
	it, err := c.owner()
	if err != nil {
		return answer{}, err
	}
	o, err := c.checkBody("assignAppConfigBody", "", true)
	if err != nil {
		return answer{}, err
	}
	given, _ := o["assignments"].([]any)
	if err := c.replaceAssignments(it, configsPath+"/"+it.id()+"/assignments", given, func(object) error { return nil }); err != nil {
		return answer{}, err
	}
	return done()
}

func createConfigAssignment(c *call) (answer, error) {
	return c.addAssignment(func(*item, object) error { return nil })
}
