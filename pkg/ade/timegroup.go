package ade

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// TimeGroupFacts is what is known of a policy's enrollment time group beside
// the group itself.
type TimeGroupFacts struct {
	Problem string // what the service has against the group; "" for nothing
	App     bool   // who looks is an application, not a person
}

// timeGroups reads and sets the static group that devices enter while they
// enroll with a policy (enrollment time grouping). It is written last: where
// it cannot be, for want of a person who signs in, the rest is done.
type timeGroups struct{ c *graph.Client }

func (timeGroups) Name() enroll.KindName { return enroll.ADEGroup }
func (timeGroups) Reads() []enroll.KindName {
	return []enroll.KindName{enroll.ADEToken, enroll.ADEProfile, enroll.Group}
}
func (timeGroups) After() []enroll.KindName {
	return []enroll.KindName{enroll.ADEProfile, enroll.Group, enroll.GroupOwner, enroll.ADEDevices, enroll.ADEDefault}
}

// Read gives one object for each profile that the query is about. A profile
// that is not there yet has no group.
func (k timeGroups) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	var wanted []enroll.Object
	add := func(r enroll.Ref) {
		o := enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEGroup, Scope: r.Scope, Name: r.Name}}
		if r.Kind == enroll.ADEGroup && !slices.ContainsFunc(wanted, func(w enroll.Object) bool { return w.Ref == o.Ref }) {
			wanted = append(wanted, o)
		}
	}
	for _, r := range q.Names {
		add(r)
	}
	for _, o := range q.Want {
		add(o.Ref)
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	var facts TimeGroupFacts
	if who, err := k.c.Identity(ctx); err == nil { // an error shows in the requests that follow
		facts.App = who.App
	}
	return graph.SideBySide(wanted, func(o enroll.Object) ([]enroll.Object, []enroll.Gap) {
		o.Fields, o.Facts = enroll.Fields{fieldGroup: nil}, facts
		profile, ok := known.Get(enroll.Ref{Kind: enroll.ADEProfile, Scope: o.Ref.Scope, Name: o.Ref.Name})
		about, _ := profile.Facts.(ProfileFacts)
		if !ok || about.Type != EnrollmentPolicy {
			return []enroll.Object{o}, nil
		}
		now, err := k.current(ctx, profile.Handles[enroll.ID])
		if err != nil {
			return nil, []enroll.Gap{graph.Gap(o.Ref, err)}
		}
		if now.GroupID != "" {
			o.Fields[fieldGroup] = groupByID(now.GroupID, known)
			o.Facts = TimeGroupFacts{Problem: now.problem(), App: facts.App}
		}
		return []enroll.Object{o}, nil
	})
}

// groupByID names a group; one that the file does not name is named by its id.
func groupByID(id string, known enroll.Snapshot) enroll.Ref {
	for _, o := range known.Objects[enroll.Group] {
		if strings.EqualFold(o.Handles[enroll.ID], id) {
			return o.Ref
		}
	}
	return enroll.Ref{Kind: enroll.Group, Name: id}
}

// timeGroupStatus is what the service says of one group.
type timeGroupStatus struct {
	GroupID   string `json:"targetId"`
	Succeeded *bool  `json:"validationSucceeded"`
	Code      string `json:"targetValidationErrorCode"`
}

func (s timeGroupStatus) problem() string {
	if s.Code != "" {
		return s.Code
	}
	if s.Succeeded != nil && !*s.Succeeded {
		return "validation failed"
	}
	return ""
}

type timeGroupAnswer struct {
	Statuses []timeGroupStatus `json:"enrollmentTimeDeviceMembershipTargetValidationStatuses"`
}

func (a timeGroupAnswer) first() timeGroupStatus {
	if len(a.Statuses) == 0 {
		return timeGroupStatus{}
	}
	return a.Statuses[0]
}

// current is the group of a policy. It is read with GET, although the docs
// page says POST, and an empty list means none (recorded traffic and two
// published scripts, 2026).
func (k timeGroups) current(ctx context.Context, policyID string) (timeGroupStatus, error) {
	a, err := graph.Get[timeGroupAnswer](ctx, k.c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: policyPath(policyID, "retrieveEnrollmentTimeDeviceMembershipTarget"), Needs: policyRead(),
	})
	if err != nil {
		return timeGroupStatus{}, fmt.Errorf("read the enrollment time group: %w", err)
	}
	return a.first(), nil
}

// Plan sets the group where it is another one, and says what stands against it.
func (timeGroups) Plan(want, have []enroll.Object, _ enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	live := enroll.ByRef(have)
	var changes []enroll.Change
	var findings []enroll.Finding
	for _, w := range want {
		h, looked := live[w.Ref]
		if !looked {
			continue // a gap
		}
		facts, _ := h.Facts.(TimeGroupFacts)
		f := enroll.Finding{Rule: "X-55", Severity: enroll.Warning, On: w.Ref, Path: pathGroup, Origin: w.Origin}
		c := enroll.Differ(enroll.Object{Ref: w.Ref, Origin: w.Origin, Fields: enroll.Fields{fieldGroup: w.Fields[fieldGroup]}}, h)
		if len(c.Fields) == 0 {
			if facts.Problem != "" {
				f.Message = "devices do not enter the group that is set: " + problemText(facts.Problem)
				findings = append(findings, f)
			}
			continue
		}
		profile, _ := w.Fields[fieldProfile].(enroll.Ref)
		c.Because, c.Needs = nil, append(c.Needs, profile)
		if c.After[fieldGroup] != nil {
			c.Effects = []enroll.Effect{{On: profile, Text: "only devices that enroll from now on enter the group"}}
		}
		changes = append(changes, c)
		if facts.App {
			f.Message = "who signs in is an application, and the service answers 500 when an application sets an enrollment time group; everything else of the plan is done first"
			f.Fix = "apply once as a person: --auth device-code, browser or azure-cli"
			findings = append(findings, f)
		}
	}
	return changes, findings
}

// problemText explains a validation code (schema of Graph beta, 2025).
func problemText(code string) string {
	texts := map[string]string{
		"securityGroupNotFound":         "the service does not find the group",
		"notSecurityGroup":              "it is not a security group",
		"notStaticSecurityGroup":        "it is a dynamic group, and only a static one can be used",
		"firstPartyAppNotAnOwner":       "Intune Provisioning Client does not own the group",
		"securityGroupNotInCallerScope": "the group is not among the scope groups of the Intune role of who signs in; add it there, or sign in as somebody else",
	}
	if t := texts[code]; t != "" {
		return t
	}
	return "the service says " + code
}

// Permissions are those of enrollment policies.
func (timeGroups) Permissions(enroll.Change) []string { return policyWrite() }

// Write sets or clears the group. The action is called by its plain name: the
// name with its namespace, as SDKs build it, answers 500 (code of another tool).
func (k timeGroups) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	profile := enroll.Ref{Kind: enroll.ADEProfile, Scope: c.Ref.Scope, Name: c.Ref.Name}
	id, err := h.Handle(ctx, profile, enroll.ID)
	if err != nil {
		return nil, err
	}
	group, wanted := c.After[fieldGroup].(enroll.Ref)
	call := graph.Call{API: graph.Beta, Method: http.MethodPost, Path: policyPath(id, "clearEnrollmentTimeDeviceMembershipTarget"), Class: graph.Once, Needs: policyWrite()}
	groupID := ""
	if wanted {
		if groupID, err = h.Handle(ctx, group, enroll.ID); err != nil {
			return nil, err
		}
		call.Path = policyPath(id, "setEnrollmentTimeDeviceMembershipTarget")
		call.Body = map[string]any{"enrollmentTimeDeviceMembershipTargets": []map[string]string{{"targetType": "staticSecurityGroup", "targetId": groupID}}}
	}
	act := fmt.Sprintf("set the enrollment time group of %s", profile)
	answer, err := graph.Get[timeGroupAnswer](ctx, k.c, call)
	if err != nil {
		return nil, k.failed(ctx, id, groupID, fmt.Errorf("%s: %w", act, err))
	}
	switch problem := answer.first().problem(); {
	case !wanted || problem == "":
		return nil, nil
	case problem == "securityGroupNotFound", problem == "firstPartyAppNotAnOwner": // a new group, a new owner: both lag
		return nil, enroll.NotYet(fmt.Errorf("%s: %s", act, problemText(problem)))
	default:
		return nil, fmt.Errorf("%s: %s", act, problemText(problem))
	}
}

// failed explains the 500 that applications get (an issue of another tool,
// July 2026), once the group is seen not to be set.
func (k timeGroups) failed(ctx context.Context, policyID, groupID string, cause error) error {
	e, ok := errors.AsType[*graph.Error](cause)
	if !ok || e.Status != http.StatusInternalServerError {
		return graph.Outcome(cause)
	}
	who, err := k.c.Identity(ctx)
	if err != nil || !who.App {
		return graph.Outcome(cause)
	}
	now, err := k.current(ctx, policyID)
	if err != nil {
		return enroll.Lost(fmt.Errorf("%w; looking at it: %w", cause, err))
	}
	if strings.EqualFold(now.GroupID, groupID) {
		return nil
	}
	return needsPerson{cause}
}

// needsPerson is a refusal of applications. It does not unwrap: what helps
// against the 500 that it came as does not help against it.
type needsPerson struct{ cause error }

func (e needsPerson) Error() string {
	return "the service lets no application set an enrollment time group: " + e.cause.Error()
}

// Do says what to do next.
func (needsPerson) Do() string {
	return "sign in as a person: --auth device-code, browser or azure-cli"
}
