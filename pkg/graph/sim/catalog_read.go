package sim

import "strings"

const definitionCategory = "75e27534-3163-45b1-b34e-ca79b077b286" // Intune's published setting definitions

func (c *call) templateObject(t template) object {
	base, version, _ := strings.Cut(t.id, "_")
	n := 0
	if t.platform == "iOS" {
		n = len(c.s.catalog.top())
	}
	return object{
		"id": t.id, "baseId": base, "version": version, "displayName": t.name, "description": "", "displayVersion": "Version " + version,
		"lifecycleState": "active", "platforms": t.platform, "technologies": "enrollment", "templateFamily": "enrollmentConfiguration",
		"allowUnmanagedSettings": false, "settingTemplateCount": n,
	}
}

func listTemplates(c *call) (answer, error) {
	all := c.s.catalog.templates
	return c.page(rows{typ: c.route.typ, n: len(all), at: func(i int) object { return c.templateObject(all[i]) }})
}

func getTemplate(c *call) (answer, error) {
	t, known := c.s.catalog.template(c.key(0))
	if !known {
		return answer{}, notFound(c, c.key(0))
	}
	a, err := c.one(200, c.route.typ, c.templateObject(t))
	if err == nil && c.query.expand != "" {
		all := []any{}
		for _, o := range c.settingTemplates(t) {
			all = append(all, c.render(c.s.schema.types["deviceManagementConfigurationSettingTemplate"], o, nil))
		}
		a.body.(object)["settingTemplates"] = all
	}
	return a, err
}

// settingTemplates describes the settings of a template. Only those of iOS are known.
func (c *call) settingTemplates(t template) []object {
	var all []object
	if t.platform != "iOS" {
		return nil
	}
	for _, s := range c.s.catalog.top() {
		form := "Choice"
		if s.kind != "choice" {
			form = "Simple"
		}
		all = append(all, object{"id": s.instance, "settingInstanceTemplate": object{
			"@odata.type":               "#microsoft.graph.deviceManagementConfiguration" + form + "SettingInstanceTemplate",
			"settingDefinitionId":       s.id,
			"settingInstanceTemplateId": s.instance,
			"isRequired":                s.id == "ade_useraffinity",
			strings.ToLower(form) + "SettingValueTemplate": object{"settingValueTemplateId": s.value},
		}})
	}
	return all
}

func listSettingTemplates(c *call) (answer, error) {
	t, known := c.s.catalog.template(c.key(0))
	if !known {
		return answer{}, notFound(c, c.key(0))
	}
	all := c.settingTemplates(t)
	return c.page(rows{
		typ: c.route.typ, n: len(all), at: func(i int) object { return all[i] },
		extra: func(o, out object) error {
			instance, _ := o["settingInstanceTemplate"].(object)
			id, _ := instance["settingDefinitionId"].(string)
			out["settingDefinitions"] = c.definitions(id)
			return nil
		},
	})
}

// definitions renders a setting's definition and those of everything below it.
func (c *call) definitions(id string) []any {
	s := c.s.catalog.setting(id)
	all := []any{c.render(c.s.schema.types["deviceManagementConfigurationSettingDefinition"], s.definition(), nil)}
	for _, o := range s.options {
		for _, below := range o.children {
			all = append(all, c.definitions(below.id)...)
		}
	}
	return all
}

func (s *setting) definition() object {
	o := object{
		"id": s.id, "name": s.id, "displayName": s.id, "rootDefinitionId": s.id, "categoryId": definitionCategory, "visibility": "template",
		"settingUsage": "configuration", "applicability": object{"platform": "iOS", "technologies": "enrollment", "deviceMode": "none"},
	}
	switch s.kind {
	case "choice":
		options := []any{}
		for _, op := range s.options {
			below := []any{}
			for _, ch := range op.children {
				below = append(below, object{"dependedOnBy": ch.id, "required": ch.required})
			}
			options = append(options, object{"itemId": op.id, "name": op.id, "displayName": op.id, "dependedOnBy": below})
		}
		o["@odata.type"] = "#microsoft.graph.deviceManagementConfigurationChoiceSettingDefinition"
		o["defaultOptionId"], o["options"] = s.preset, options
	case "string":
		o["@odata.type"] = "#microsoft.graph.deviceManagementConfigurationSimpleSettingDefinition"
		o["valueDefinition"] = object{
			"@odata.type":   "#microsoft.graph.deviceManagementConfigurationStringSettingValueDefinition",
			"minimumLength": s.min, "maximumLength": s.max, "inputValidationSchema": s.pattern.String(),
		}
	case "integer":
		o["@odata.type"] = "#microsoft.graph.deviceManagementConfigurationSimpleSettingDefinition"
		o["valueDefinition"] = object{
			"@odata.type":  "#microsoft.graph.deviceManagementConfigurationIntegerSettingValueDefinition",
			"minimumValue": s.min, "maximumValue": s.max,
		}
	}
	return o
}

func getDefinition(c *call) (answer, error) {
	s := c.s.catalog.setting(c.key(0))
	if s == nil {
		return answer{}, notFound(c, c.key(0))
	}
	return c.one(200, c.route.typ, s.definition())
}
