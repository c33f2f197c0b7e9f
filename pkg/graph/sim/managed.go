package sim

import (
	"fmt"
	"net/http"
	"time"
)

// managed is the enrolled devices: n of them, made lazily from their number.
type managed struct {
	n       int
	prefix  string // of the serials, as in fleet
	profile string // enrollmentProfileName
	since   time.Time
}

func (m managed) object(i int) object {
	return object{
		"id": guid(fmt.Sprintf("managed/%s/%d", m.prefix, i)), "deviceName": fmt.Sprintf("iPhone-%s%08d", m.prefix, i+1), "serialNumber": fmt.Sprintf("%s%08d", m.prefix, i+1),
		"operatingSystem": "iOS", "osVersion": "26.1", "model": "iPhone 16", "manufacturer": "Apple", "isSupervised": true, "isEncrypted": true,
		"deviceEnrollmentType": "appleBulkWithUser", "enrollmentProfileName": m.profile, "managedDeviceOwnerType": "company", "ownerType": "company",
		"enrolledDateTime": stamp(m.since), "lastSyncDateTime": stamp(m.since.AddDate(0, 1, 0)), "complianceState": "compliant", "managementState": "managed",
		"managementAgent": "mdm", "deviceRegistrationState": "registered", "joinType": "azureADRegistered",
		"userPrincipalName": fmt.Sprintf("user%d@contoso.com", i+1), "userDisplayName": fmt.Sprintf("User %d", i+1),
	}
}

func listManaged(c *call) (answer, error) {
	m := c.t.managed
	return c.page(rows{typ: c.route.typ, n: m.n, at: m.object})
}

// getOverview counts them by operating system (Microsoft docs page on managedDeviceOverview).
func getOverview(c *call) (answer, error) {
	n := int64(c.t.managed.n)
	return c.one(http.StatusOK, c.route.typ, object{
		"id": guid("overview"), "enrolledDeviceCount": n, "mdmEnrolledCount": n, "deviceOperatingSystemSummary": object{"iosCount": n, "macOSCount": int64(0)},
	})
}

func getManaged(c *call) (answer, error) {
	for i := range c.t.managed.n {
		if o := c.t.managed.object(i); o["id"] == c.key(0) {
			return c.one(http.StatusOK, c.route.typ, o)
		}
	}
	return answer{}, notFound(c, c.key(0))
}
