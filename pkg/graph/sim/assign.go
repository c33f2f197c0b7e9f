package sim

import (
	"net/http"
	"slices"
)

// The ids Intune uses for its two built-in targets, as seen in the ids of assignments.
const (
	allUsersID   = "acacacac-9df4-4c7d-9d50-4ef0226f57a9"
	allDevicesID = "adadadad-808e-44e2-905a-0b7873a8a531"
)

// assignmentID checks a target and makes the id of its assignment. The id follows from object, target and intent, so the
// same target twice is the same assignment.
func (c *call) assignmentID(owner *item, target object, intent string) (string, error) {
	kind, _ := target["@odata.type"].(string)
	var id, suffix string
	switch kind {
	case "#microsoft.graph.allLicensedUsersAssignmentTarget":
		id = allUsersID
	case "#microsoft.graph.allDevicesAssignmentTarget":
		id = allDevicesID
	default:
		id, _ = target["groupId"].(string)
		if _, err := c.knownGroup(id); err != nil {
			return "", err
		}
		if kind == "#microsoft.graph.exclusionGroupAssignmentTarget" {
			suffix = "_exclude"
		}
	}
	filter, _ := target["deviceAndAppManagementAssignmentFilterId"].(string)
	if filter != "" && filter != zeroGUID && c.t.item(filtersPath, filter) == nil {
		return "", invalid("Assignment filter '%s' was not found.", filter)
	}
	return guid(owner.id()+id+intent) + suffix, nil
}

const filtersPath = "/deviceManagement/assignmentFilters"

// replaceAssignments is what every assign action does: the given set is the whole set from now on, and what is not in
// it is gone (Microsoft's Intune samples and reports of lost assignments). The same target twice counts once.
func (c *call) replaceAssignments(owner *item, path string, given []any, check func(object) error) error {
	set := []*item{}
	for _, v := range given {
		o, _ := v.(object)
		if err := check(o); err != nil {
			return err
		}
		target, _ := o["target"].(object)
		intent, _ := o["intent"].(string)
		id, err := c.assignmentID(owner, target, intent)
		if err != nil {
			return err
		}
		o["id"] = id
		if !slices.ContainsFunc(set, func(it *item) bool { return it.id() == id }) {
			set = append(set, &item{object: o})
		}
	}
	c.t.sets[path] = set
	return nil
}

// addAssignment stores a single assignment. A target that is already there answers 409 (409 and silence have both been
// assumed; the stricter is chosen).
func (c *call) addAssignment(check func(owner *item, o object) error) (answer, error) {
	owner, err := c.owner()
	if err != nil {
		return answer{}, err
	}
	o, err := c.checkBody(c.route.typ, "", true)
	if err != nil {
		return answer{}, err
	}
	if err := check(owner, o); err != nil {
		return answer{}, err
	}
	target, _ := o["target"].(object)
	intent, _ := o["intent"].(string)
	id, err := c.assignmentID(owner, target, intent)
	if err != nil {
		return answer{}, err
	}
	if c.t.item(c.path, id) != nil {
		return answer{}, refuse(http.StatusConflict, "Conflict", "An assignment for this target already exists.")
	}
	o["id"] = id
	return c.store(o)
}
