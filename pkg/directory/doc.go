// Package directory knows what Intune takes from Microsoft Entra: groups and
// what they hold, the targets that assignments point at, the organization and
// its licences.
//
// Groups are looked up by name, made when the file asks for one, and otherwise
// left alone: their members and rules are never changed and they are never
// deleted. What a group holds (users, devices) is told from its dynamic rule,
// or from counts of its members; where neither can be read the answer is
// [CannotTell], never a guess.
package directory

import (
	"context"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Reader is what this package reads of the tenant itself, over v1.0.
type Reader interface {
	Organization(ctx context.Context) (graph.Organization, error)
	SubscribedSKUs(ctx context.Context) ([]graph.SKU, error)
}

// Kinds are group, group-owner, organization and licence.
func Kinds(c *graph.Client, r Reader) []enroll.Kind {
	return []enroll.Kind{groups{c}, owners{c}, organization{r}, licences{r}}
}
