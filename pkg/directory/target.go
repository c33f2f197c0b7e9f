package directory

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// AllUsers is the target, built into Intune, of every user with a licence.
func AllUsers() enroll.Ref { return enroll.Ref{Kind: enroll.Audience, Name: "all users"} }

// AllDevices is the target, built into Intune, of every enrolled device.
func AllDevices() enroll.Ref { return enroll.Ref{Kind: enroll.Audience, Name: "all devices"} }

// Target is what one assignment points at.
type Target struct {
	Ref     enroll.Ref // a group, or an audience
	Exclude bool       // the group is taken out
	Filter  string     // "include <filter id>" or "exclude <filter id>"; empty: none
}

// Types of targets (Microsoft's published schema).
const (
	groupTarget      = "#microsoft.graph.groupAssignmentTarget"
	exclusionTarget  = "#microsoft.graph.exclusionGroupAssignmentTarget"
	allUsersTarget   = "#microsoft.graph.allLicensedUsersAssignmentTarget"
	allDevicesTarget = "#microsoft.graph.allDevicesAssignmentTarget"
	noFilter         = "00000000-0000-0000-0000-000000000000" // stands for no filter in answers (peer code)
)

// ReadTarget understands member "target" of a live assignment. A group that
// known does not hold is named by its id; a target of a type not known here
// becomes an audience of that type's name, so that it is kept and shown.
func ReadTarget(raw json.RawMessage, known enroll.Snapshot) (Target, error) {
	var t struct {
		Type       string `json:"@odata.type"`
		GroupID    string `json:"groupId"`
		Filter     string `json:"deviceAndAppManagementAssignmentFilterId"`
		FilterType string `json:"deviceAndAppManagementAssignmentFilterType"`
	}
	if err := json.Unmarshal(raw, &t); err != nil {
		return Target{}, fmt.Errorf("the target of an assignment is not as expected: %w", err)
	}
	var out Target
	switch t.Type {
	case groupTarget, exclusionTarget:
		if t.GroupID == "" {
			return Target{}, errors.New("the target of an assignment is a group without an id")
		}
		out = Target{Ref: groupOf(t.GroupID, known), Exclude: t.Type == exclusionTarget}
	case allUsersTarget:
		out.Ref = AllUsers()
	case allDevicesTarget:
		out.Ref = AllDevices()
	default:
		out.Ref = enroll.Ref{Kind: enroll.Audience, Name: strings.TrimPrefix(t.Type, "#microsoft.graph.")}
	}
	if t.Filter != "" && t.Filter != noFilter && t.FilterType != "none" {
		out.Filter = t.FilterType + " " + t.Filter
	}
	return out, nil
}

// Label is a target for people: by its name, or as a group by its id where its
// name was not looked up.
func Label(r enroll.Ref) string {
	if r.Kind == enroll.Group && guid(r.Name) {
		return "group " + r.Name
	}
	return strconv.Quote(r.Name)
}

func groupOf(id string, known enroll.Snapshot) enroll.Ref {
	for _, o := range known.Objects[enroll.Group] {
		if strings.EqualFold(o.Handles[enroll.ID], id) {
			return o.Ref
		}
	}
	return enroll.Ref{Kind: enroll.Group, Name: id}
}

// Fields are the fields of an assignment that its target gives: target, and
// exclude: true and filter where they are so.
func (t Target) Fields() enroll.Fields {
	f := enroll.Fields{"target": t.Ref}
	if t.Exclude {
		f["exclude"] = true
	}
	if t.Filter != "" {
		f["filter"] = t.Filter
	}
	return f
}

// TargetBody is what Graph takes as a target.
type TargetBody struct {
	Type       string `json:"@odata.type"`
	GroupID    string `json:"groupId,omitempty"`
	Filter     string `json:"deviceAndAppManagementAssignmentFilterId,omitempty"`
	FilterType string `json:"deviceAndAppManagementAssignmentFilterType,omitempty"` // include or exclude
}

// WriteTarget is the body for a target; groupID is needed for a group.
func WriteTarget(r enroll.Ref, exclude bool, groupID string) (TargetBody, error) {
	switch {
	case r.Kind == enroll.Group && groupID != "" && exclude:
		return TargetBody{Type: exclusionTarget, GroupID: groupID}, nil
	case r.Kind == enroll.Group && groupID != "":
		return TargetBody{Type: groupTarget, GroupID: groupID}, nil
	case r == AllUsers() && !exclude:
		return TargetBody{Type: allUsersTarget}, nil
	case r == AllDevices() && !exclude:
		return TargetBody{Type: allDevicesTarget}, nil
	}
	return TargetBody{}, fmt.Errorf("%s cannot be the target of an assignment", r)
}
