// Package companyportal is about the Company Portal app on devices that the
// organization enrolls: which of the apps in Intune it is, whom it is required
// for, and the app configuration policies that finish the enrollment of
// devices which enrolled before they had it.
//
// Policies go to groups of devices. Their text is one of two that Microsoft
// documents, exact to the letter; any other text is somebody else's and is
// never overwritten. Everything goes over beta: v1.0 does not show filters,
// most settings of an assignment, nor the token of an app, and writing back
// what it shows would strip them.
package companyportal

import (
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Kinds are portal-app, app-assignment, token-autoupdate, portal-policy,
// policy-assignment and filter.
func Kinds(c *graph.Client) []enroll.Kind {
	return []enroll.Kind{apps{c}, appAssignments{c}, autoUpdates{c}, policies{c}, policyAssignments{c}, filters{c}}
}
