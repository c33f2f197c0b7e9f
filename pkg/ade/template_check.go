package ade

import (
	"context"
	"fmt"
	"net/http"

	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// templateCheck compares the ids of the template with the tenant's, once.
type templateCheck struct {
	once chan struct{} // holds one token while nobody looks
	done bool
}

func newTemplateCheck() *templateCheck {
	t := &templateCheck{once: make(chan struct{}, 1)}
	t.once <- struct{}{}
	return t
}

// liveTemplate is one setting template of the tenant.
type liveTemplate struct {
	Instance struct {
		ID           string    `json:"settingInstanceTemplateId"`
		DefinitionID string    `json:"settingDefinitionId"`
		Choice       *valueRef `json:"choiceSettingValueTemplate"`
		Simple       *valueRef `json:"simpleSettingValueTemplate"`
	} `json:"settingInstanceTemplate"`
}

// confirm reads the template the first time it is called; a template that
// fits is not read again.
func (t *templateCheck) confirm(ctx context.Context, c *graph.Client) error {
	select {
	case <-t.once:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { t.once <- struct{}{} }()
	if t.done {
		return nil
	}
	live, err := graph.List[liveTemplate](ctx, c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: graph.Path("deviceManagement", "configurationPolicyTemplates", templateID, "settingTemplates"), Needs: policyRead(),
	})
	if err != nil {
		return fmt.Errorf("read the template of enrollment policies: %w", err)
	}
	if err := compareTemplate(live); err != nil {
		return err
	}
	t.done = true
	return nil
}

// compareTemplate names the first setting whose ids differ.
func compareTemplate(live []liveTemplate) error {
	found := map[string]liveTemplate{}
	for _, l := range live {
		found[l.Instance.DefinitionID] = l
	}
	for _, want := range templateSettings() {
		l, ok := found[want.id]
		if !ok {
			return fmt.Errorf("the tenant's template %s has no setting %s: this version of intune-enroll does not fit it; look for a newer version", templateID, want.id)
		}
		value := want.value
		if l.Instance.Choice != nil {
			value = l.Instance.Choice.ID
		} else if l.Instance.Simple != nil {
			value = l.Instance.Simple.ID
		}
		if l.Instance.ID != want.instance || value != want.value {
			return fmt.Errorf("setting %s of the tenant's template %s has other ids (%s, %s) than this version of intune-enroll knows; look for a newer version",
				want.id, templateID, l.Instance.ID, value)
		}
	}
	return nil
}
