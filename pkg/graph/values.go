package graph

import "time"

// Given is t, or zero where the service fills in the first year there is, as
// Intune does for "never" (recorded answers), or the last one, which nothing
// reaches, in whatever zone it was read.
func Given(t time.Time) time.Time {
	if t.Year() <= 1 || t.Year() >= 9999 {
		return time.Time{}
	}
	return t
}

// PushCertificate is the Apple MDM push certificate as Graph v1.0 gives it. A
// time the service did not give is zero.
type PushCertificate struct {
	AppleID, Topic, SerialNumber string
	Expires, Modified            time.Time
	UploadStatus, UploadFailure  string
}

// Organization is the tenant.
type Organization struct {
	ID, Name string
	Domains  []string // verified ones
	// MDMAuthority is unknown, intune, sccm or office365; empty when the
	// service did not say.
	MDMAuthority string
}

// SKU is one subscription of the tenant. Enabled and Consumed count licences.
type SKU struct {
	PartNumber, Status string
	Enabled, Consumed  int
	Plans              []ServicePlan
}

// ServicePlan is one service within a subscription.
type ServicePlan struct {
	Name, Status string // Status is the provisioning status, such as Success
}
