package ade

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// decodeSettings reads settings as the service gives them.
func decodeSettings(t *testing.T, raw string) []setting {
	t.Helper()
	var out []setting
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

const foreignSetting = `{"@odata.type":"#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance","settingDefinitionId":"ade_new","choiceSettingValue":{"value":"ade_new_1","x":[1,2.50]},"more":{"y":null}}`
const foreignChild = `{"settingDefinitionId":"ade_useraffinity_new","choiceSettingValue":{"value":"ade_useraffinity_new_1"},"z":1}`

func livePolicy(t *testing.T) []setting {
	return decodeSettings(t, `[
		{"id":"0","settingInstance":`+foreignSetting+`},
		{"id":"1","settingInstance":{"settingDefinitionId":"ade_useraffinity","choiceSettingValue":{"value":"ade_useraffinity_0","children":[
			`+foreignChild+`,
			{"settingDefinitionId":"ade_useraffinity_awaitfinalconfiguration","choiceSettingValue":{"value":"ade_useraffinity_awaitfinalconfiguration_1","children":[]}}]}}},
		{"id":"2","settingInstance":{"settingDefinitionId":"ade_setupassistant_department","simpleSettingValue":{"value":"IT"}}},
		{"id":"3","settingInstance":{"settingDefinitionId":"ade_setupassistant_siri","choiceSettingValue":{"value":"ade_setupassistant_siri_0","children":[]}}}]`)
}

func TestMergeKeepsWhatIsNotOurs(t *testing.T) {
	live := livePolicy(t)
	p := policy{Name: "Kiosk", Platforms: "iOS", Technologies: "enrollment", CreationSource: "DepTokenId_token", ScopeTags: []string{"0", "7"}}
	p.Template.ID = templateID
	body, err := mergedPolicy(p, live, enroll.Fields{pathDepartment: "", pathHide: []string{}, pathAwait: false})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Settings []struct {
			ID       string
			Instance json.RawMessage `json:"settingInstance"`
		}
	}
	if err := json.Unmarshal(raw, &sent); err != nil {
		t.Fatal(err)
	}
	// 36 choices and the foreign setting; the department, now empty, is gone.
	if len(sent.Settings) != 37 || string(sent.Settings[0].Instance) != foreignSetting {
		t.Errorf("%d settings, the first is %s", len(sent.Settings), sent.Settings[0].Instance)
	}
	var affinity struct {
		Value struct {
			Value    string
			Children []json.RawMessage
		} `json:"choiceSettingValue"`
	}
	if err := json.Unmarshal(sent.Settings[1].Instance, &affinity); err != nil {
		t.Fatal(err)
	}
	if len(affinity.Value.Children) != 2 || string(affinity.Value.Children[1]) != foreignChild {
		t.Errorf("children of the affinity: %s", affinity.Value.Children)
	}
	got := p.fields(decodeSettings(t, mustJSON(t, body.Settings)))
	want := p.fields(live).With(enroll.Fields{pathDepartment: "", pathHide: []string{}, pathAwait: false, pathLocked: false})
	same(t, want, got)
	if d := cmp.Diff([]string{"0", "7"}, body.ScopeTags); d != "" {
		t.Error(d)
	}
	if a, b := p.rest(live), p.rest(decodeSettings(t, mustJSON(t, body.Settings))); a != b || a == "" {
		t.Errorf("rest before and after: %s, %s", a, b)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestAnUnknownOptionIsNeverOurs(t *testing.T) {
	live := decodeSettings(t, `[{"settingInstance":{"settingDefinitionId":"ade_useraffinity","choiceSettingValue":{"value":"ade_useraffinity_9"}}}]`)
	f := policy{}.fields(live)
	if got := f.Text(pathAffinity); got != "ade_useraffinity_9" {
		t.Errorf("affinity %q", got)
	}
	if _, err := settings(f); err == nil {
		t.Error("settings are built from an affinity that is not known")
	}
	if _, err := settings(enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthLegacy}); err == nil {
		t.Error("a policy is built with legacy sign-in")
	}
}

func TestCompareTemplate(t *testing.T) {
	build := func(change func(*liveTemplate)) []liveTemplate {
		var out []liveTemplate
		for _, s := range templateSettings() {
			var l liveTemplate
			l.Instance.ID, l.Instance.DefinitionID, l.Instance.Choice = s.instance, s.id, &valueRef{ID: s.value}
			if l.Instance.DefinitionID == setLocked {
				change(&l)
			}
			out = append(out, l)
		}
		return out
	}
	for _, tc := range []struct {
		name, want string
		change     func(*liveTemplate)
	}{
		{"fits", "", func(*liveTemplate) {}},
		{"setting gone", "the tenant's template 27d20e9c-50c1-48f8-a44c-f37de4510051_1 has no setting ade_lockedenrollment: this version of intune-enroll does not fit it; look for a newer version",
			func(l *liveTemplate) { l.Instance.DefinitionID = "ade_other" }},
		{"other instance id", "setting ade_lockedenrollment of the tenant's template 27d20e9c-50c1-48f8-a44c-f37de4510051_1 has other ids (x, 49085612-4cce-4305-822d-6a6c793285be) than this version of intune-enroll knows; look for a newer version",
			func(l *liveTemplate) { l.Instance.ID = "x" }},
		{"other value id", "setting ade_lockedenrollment of the tenant's template 27d20e9c-50c1-48f8-a44c-f37de4510051_1 has other ids (e105d3a4-7318-454a-a231-0d1510ebf1e3, y) than this version of intune-enroll knows; look for a newer version",
			func(l *liveTemplate) { l.Instance.Choice.ID = "y" }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ""
			if err := compareTemplate(build(tc.change)); err != nil {
				got = err.Error()
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
