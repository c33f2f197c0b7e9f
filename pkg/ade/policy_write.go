package ade

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// policyBody is a complete policy, as POST and PUT want it.
type policyBody struct {
	Name         string            `json:"name"`
	Description  string            `json:"description"`
	Platforms    string            `json:"platforms"`
	Technologies string            `json:"technologies"`
	Template     templateReference `json:"templateReference"`
	Source       string            `json:"creationSource"`
	ScopeTags    []string          `json:"roleScopeTagIds,omitempty"`
	Settings     []setting         `json:"settings"`
}

type templateReference struct {
	ID string `json:"templateId"`
}

// newPolicy is the body that makes a policy on a token.
func newPolicy(name, tokenID string, f enroll.Fields) (policyBody, error) {
	made, err := settings(f)
	if err != nil {
		return policyBody{}, err
	}
	return policyBody{
		Name: name, Description: f.Text(pathDescription), Platforms: "iOS", Technologies: "enrollment",
		Template: templateReference{templateID}, Source: creationSource(tokenID), ScopeTags: tagsOf(f), Settings: made,
	}, nil
}

// tagsOf are the ids of the scope tags in fields, nil when they are not there.
func tagsOf(f enroll.Fields) []string {
	refs, _ := f[pathTags].([]enroll.Ref)
	var out []string
	for _, r := range refs {
		out = append(out, r.Name)
	}
	return out
}

func (k profiles) createPolicy(ctx context.Context, tokenID string, c enroll.Change) (map[enroll.Handle]string, error) {
	if err := k.template.confirm(ctx, k.c); err != nil {
		return nil, err
	}
	body, err := newPolicy(c.Ref.Name, tokenID, c.After)
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", c.Ref, err)
	}
	answer, err := k.c.Do(ctx, graph.Call{
		API: graph.Beta, Method: http.MethodPost, Path: "/deviceManagement/configurationPolicies",
		Body: body, Class: graph.Create, Needs: policyWrite(),
	})
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("make %s: %w", c.Ref, err))
	}
	id := answer.ID()
	if id == "" {
		return nil, nil // found by name when it is read back
	}
	return map[enroll.Handle]string{enroll.ID: id, enroll.Default: tokenID + "_" + id}, nil
}

// putTries is how often a policy is read, merged and sent again before the
// engine looks at what came of it.
const putTries = 5

// putPolicy sends the whole policy, merged from a fresh read: there is no PATCH
// of settings. The client does not repeat a PUT, because what was merged may
// be old by then; here every try reads and merges anew.
func (k profiles) putPolicy(ctx context.Context, c enroll.Change, h enroll.Resolver) error {
	if err := k.template.confirm(ctx, k.c); err != nil {
		return err
	}
	id, err := h.Handle(ctx, c.Ref, enroll.ID)
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		p, live, err := k.readPolicy(ctx, id)
		switch {
		case err != nil && try == 1:
			return fmt.Errorf("read %s before changing it: %w", c.Ref, err)
		case err != nil:
			return enroll.Lost(fmt.Errorf("read %s after a failed change: %w", c.Ref, err))
		case try > 1 && stored(c.After, p.fields(live)):
			return nil
		}
		body, err := mergedPolicy(p, live, c.After)
		if err != nil {
			return fmt.Errorf("change %s: %w", c.Ref, err)
		}
		_, err = k.c.Do(ctx, graph.Call{
			API: graph.Beta, Method: http.MethodPut, Path: policyPath(id), Body: body, Class: graph.Merge, Needs: policyWrite(),
		})
		if err == nil {
			return nil
		}
		err = graph.Outcome(fmt.Errorf("change %s: %w", c.Ref, err))
		after, again := mayPass(err, try)
		if !again || try == putTries || k.pause(ctx, after) != nil {
			return err
		}
	}
}

// mergedPolicy is the live policy with the given fields laid over it. Members
// and settings that are not ours go back as they came.
func mergedPolicy(p policy, live []setting, after enroll.Fields) (policyBody, error) {
	f := p.fields(live).With(after)
	ours, err := settings(f)
	if err != nil {
		return policyBody{}, err
	}
	return policyBody{
		Name: p.Name, Description: f.Text(pathDescription), Platforms: p.Platforms, Technologies: p.Technologies,
		Template: templateReference{p.Template.ID}, Source: p.CreationSource, ScopeTags: tagsOf(f), Settings: mergeSettings(live, ours),
	}, nil
}

// stored tells whether the service holds what was asked.
func stored(asked, have enroll.Fields) bool {
	for path, value := range asked {
		if !enroll.Same(value, have[path]) {
			return false
		}
	}
	return true
}

// mayPass tells whether a failed PUT is worth another read and merge, and after how long.
func mayPass(err error, try int) (time.Duration, bool) {
	e, ok := errors.AsType[*graph.Error](err)
	if !ok {
		return 0, false
	}
	wait := min(max(e.RetryAfter, time.Second<<(try-1)), time.Minute)
	switch e.Status {
	case 0, http.StatusConflict, http.StatusPreconditionFailed, http.StatusTooManyRequests:
		return wait, true
	}
	return wait, e.Status >= 500 || e.Status/100 == 2
}
