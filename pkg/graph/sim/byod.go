package sim

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
)

const userProfilesPath = "/deviceManagement/appleUserInitiatedEnrollmentProfiles"

// ranked sorts the profiles by priority and numbers them 1, 2, 3: 1 is the highest rank (the documents say 0 is; the
// portal shows an order). Where a given rank goes is not established beyond that: the profile is put in that place.
func (c *call) ranked(first *item, place int64) {
	items := slices.DeleteFunc(slices.Clone(c.t.sets[userProfilesPath]), func(it *item) bool { return it == first })
	slices.SortStableFunc(items, func(a, b *item) int { return cmp.Compare(priority(a), priority(b)) })
	if first != nil {
		at := min(max(int(place)-1, 0), len(items))
		items = slices.Insert(items, at, first)
	}
	for i, it := range items {
		it.object["priority"] = int64(i + 1)
	}
}

func priority(it *item) int64 {
	p, _ := it.object["priority"].(int64)
	return p
}

func checkEnrollmentTypes(o object) error {
	options, given := o["availableEnrollmentTypeOptions"].([]any)
	offered := []any{}
	for _, v := range options {
		option, _ := v.(object)
		if option["ownerType"] == nil || option["enrollmentType"] == nil {
			return invalid("An enrollment type option needs ownerType and enrollmentType.")
		}
		offered = append(offered, option["enrollmentType"])
	}
	preset, presetGiven := o["defaultEnrollmentType"]
	switch {
	case given && len(options) == 0:
		return invalid("availableEnrollmentTypeOptions must not be empty.")
	case slices.Contains(append(offered, preset), any("user")):
		// Microsoft docs: user enrollment with Company Portal is no longer supported for new enrollments. That the
		// service refuses it is not established.
		return invalid("The enrollment type 'user' is not supported any more.")
	case given && presetGiven && !slices.Contains(offered, preset):
		return invalid("defaultEnrollmentType '%v' is not among availableEnrollmentTypeOptions.", preset)
	}
	return nil
}

// createUserProfile makes an enrollment type profile; the priority counts at creation (peer code).
func createUserProfile(c *call) (answer, error) {
	o, err := c.checkBody(c.route.typ, "", true)
	if err == nil {
		err = checkEnrollmentTypes(o)
	}
	if err != nil {
		return answer{}, err
	}
	place, given := o["priority"].(int64)
	switch {
	case o["platform"] != "iOS":
		return answer{}, invalid("The platform of an Apple enrollment profile must be iOS.") // what peer code sends
	case given && place < 0:
		return answer{}, invalid("priority must not be negative.")
	case !given:
		place = int64(len(c.t.sets[userProfilesPath]) + 1)
	}
	c.complete(o)
	it := c.t.add(userProfilesPath, o)
	c.ranked(it, place)
	return c.one(http.StatusCreated, c.route.typ, it.object)
}

// patchUserProfile takes name, description and types (peer code sends the latter two); rank goes through setPriority.
func patchUserProfile(c *call) (answer, error) {
	it, change, err := c.changeAt()
	if err != nil {
		return answer{}, err
	}
	for _, name := range []string{"platform", "priority"} {
		if v, given := change[name]; given && v != it.object[name] {
			return answer{}, invalid("The property '%s' cannot be changed here.", name)
		}
	}
	merged := copyObject(it.object)
	maps.Copy(merged, change)
	if err := checkEnrollmentTypes(merged); err != nil {
		return answer{}, err
	}
	c.merge(it, change)
	return c.one(http.StatusOK, c.route.typ, it.object)
}

func deleteUserProfile(c *call) (answer, error) {
	a, err := remove(c)
	if err == nil {
		c.ranked(nil, 0)
	}
	return a, err
}

func setPriority(c *call) (answer, error) {
	it, err := c.owner()
	if err != nil {
		return answer{}, err
	}
	o, err := c.checkBody("setPriorityBody", "", true)
	if err != nil {
		return answer{}, err
	}
	place, _ := o["priority"].(int64)
	if place < 1 || place > int64(len(c.t.sets[userProfilesPath])) {
		return answer{}, invalid("priority must be between 1 and %d.", len(c.t.sets[userProfilesPath]))
	}
	c.ranked(it, place)
	return done()
}

// createUserAssignment assigns to users: a group or all licensed users (peer code). Devices cannot be targeted
// (Microsoft docs); whether a group holds devices the service does not ask.
func createUserAssignment(c *call) (answer, error) {
	return c.addAssignment(func(_ *item, o object) error {
		target, _ := o["target"].(object)
		if target["@odata.type"] == "#microsoft.graph.allDevicesAssignmentTarget" {
			return invalid("Devices cannot be targeted by an enrollment type profile.")
		}
		if target["deviceAndAppManagementAssignmentFilterId"] == nil {
			// Recorded portal traffic: an all-zero filter id stands for no filter.
			target["deviceAndAppManagementAssignmentFilterId"], target["deviceAndAppManagementAssignmentFilterType"] = zeroGUID, "none"
		}
		return nil
	})
}

func deleteAssignment(c *call) (answer, error) { return remove(c) }
