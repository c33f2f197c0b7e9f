package ade

import (
	"encoding/json"
	"slices"
)

// Type names of the settings catalog (recorded portal traffic, 2026).
const (
	typeSetting = "#microsoft.graph.deviceManagementConfigurationSetting"
	typeChoice  = "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance"
	typeSimple  = "#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance"
	typeChosen  = "#microsoft.graph.deviceManagementConfigurationChoiceSettingValue"
	typeString  = "#microsoft.graph.deviceManagementConfigurationStringSettingValue"
	typeInteger = "#microsoft.graph.deviceManagementConfigurationIntegerSettingValue"
)

// setting is one top-level setting of a policy.
type setting struct {
	Type     string   `json:"@odata.type,omitempty"`
	ID       string   `json:"id,omitempty"` // its position, sent with PUT
	Instance instance `json:"settingInstance"`
}

// instance is a choice or a simple value. One read from the service that is
// not ours to interpret keeps its raw form and is written as it came.
type instance struct {
	Type         string       `json:"@odata.type"`
	DefinitionID string       `json:"settingDefinitionId"`
	Template     *instanceRef `json:"settingInstanceTemplateReference,omitempty"`
	Choice       *choiceValue `json:"choiceSettingValue,omitempty"`
	Simple       *simpleValue `json:"simpleSettingValue,omitempty"`
	raw          json.RawMessage
}

type instanceRef struct {
	ID string `json:"settingInstanceTemplateId"`
}

type valueRef struct {
	ID         string `json:"settingValueTemplateId"`
	UseDefault bool   `json:"useTemplateDefault"`
}

type choiceValue struct {
	Type     string     `json:"@odata.type"`
	Value    string     `json:"value"`
	Children []instance `json:"children"`
	Template *valueRef  `json:"settingValueTemplateReference,omitempty"`
}

type simpleValue struct {
	Type     string    `json:"@odata.type"`
	Value    any       `json:"value"` // string or int64
	Template *valueRef `json:"settingValueTemplateReference,omitempty"`
}

// MarshalJSON writes a foreign instance as it was read.
func (i instance) MarshalJSON() ([]byte, error) {
	if i.raw != nil {
		return i.raw, nil
	}
	type plain instance
	return json.Marshal(plain(i))
}

// UnmarshalJSON keeps the raw form beside the parts that are used.
func (i *instance) UnmarshalJSON(raw []byte) error {
	type plain instance
	if err := json.Unmarshal(raw, (*plain)(i)); err != nil {
		return err
	}
	i.raw = slices.Clone(raw)
	return nil
}
