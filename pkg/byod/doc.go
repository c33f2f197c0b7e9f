// Package byod makes the enrollment profiles for personal iPhones and iPads
// (enrollment types, in the admin center's words) and assigns them to user
// groups: device enrollment with Company Portal, web based device enrollment,
// the user's choice, and account driven user enrollment.
//
// A profile has a rank among all profiles of the tenant; a user whom several
// reach gets the one with the highest rank. Ranks count from 1, by order: the
// numbers the service keeps may have holes.
package byod

import (
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Kinds are byod-profile and byod-assignment.
func Kinds(c *graph.Client) []enroll.Kind { return []enroll.Kind{profiles{c}, assignments{c}} }
