package ade

import (
	"context"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Fleet is the kind of all devices of a token, counted: one object for each
// token, only read.
const Fleet enroll.KindName = "ade-fleet"

// FleetFacts counts the iPhones and iPads of a token that were looked at.
type FleetFacts struct {
	Seen    int  // devices of every platform
	Bare    int  // iPhones and iPads that have no profile and have not enrolled
	Partial bool // there are more than were looked at
}

// fleets counts devices. The service has no filter for those without a profile
// that is established, so they are read, up to a bound.
type fleets struct {
	devices devices
	most    int // how many devices of one token are looked at
}

func newFleets(c *graph.Client) fleets { return fleets{devices{c}, 10_000} }

func (fleets) Name() enroll.KindName    { return Fleet }
func (fleets) Reads() []enroll.KindName { return []enroll.KindName{enroll.ADEToken} }
func (fleets) After() []enroll.KindName { return nil }

func (k fleets) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	return graph.SideBySide(q.Owners(known.Objects[enroll.ADEToken]), func(token enroll.Object) ([]enroll.Object, []enroll.Gap) {
		ref := enroll.Ref{Kind: Fleet, Scope: token.Ref.Owner(), Name: devicesName}
		var facts FleetFacts
		for d, err := range k.devices.list(ctx, token.Handles[enroll.ID], "") {
			if err != nil {
				return nil, []enroll.Gap{graph.Gap(ref, err)}
			}
			if facts.Seen == k.most {
				facts.Partial = true
				break
			}
			facts.Seen++
			ios := d.Platform == "" || strings.EqualFold(d.Platform, "ios") || strings.EqualFold(d.Platform, "unknown")
			if ios && d.ProfileID == "" && !d.Gone && !strings.EqualFold(d.State, "enrolled") {
				facts.Bare++
			}
		}
		return []enroll.Object{{Ref: ref, Facts: facts}}, nil
	})
}
