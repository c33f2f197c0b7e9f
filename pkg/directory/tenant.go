package directory

import (
	"cmp"
	"context"
	"fmt"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// organization is the kind of the tenant itself: one object, its Facts a
// graph.Organization, its handle the tenant id.
type organization struct{ r Reader }

func (organization) Name() enroll.KindName    { return enroll.Organization }
func (organization) Reads() []enroll.KindName { return nil }
func (organization) After() []enroll.KindName { return nil }

func (k organization) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	o, err := k.r.Organization(ctx)
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.Organization}, fmt.Errorf("read the organization: %w", err))}
	}
	return []enroll.Object{{Ref: enroll.Ref{Kind: enroll.Organization, Name: cmp.Or(o.Name, o.ID)},
		Handles: map[enroll.Handle]string{enroll.ID: o.ID}, Facts: o}}, nil
}

// licences is the kind of the tenant's subscriptions: one object each, its
// Facts a graph.SKU.
type licences struct{ r Reader }

func (licences) Name() enroll.KindName    { return enroll.License }
func (licences) Reads() []enroll.KindName { return nil }
func (licences) After() []enroll.KindName { return nil }

func (k licences) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	skus, err := k.r.SubscribedSKUs(ctx)
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.License}, fmt.Errorf("list the subscriptions: %w", err))}
	}
	var out []enroll.Object
	for _, s := range skus {
		out = append(out, enroll.Object{Ref: enroll.Ref{Kind: enroll.License, Name: s.PartNumber}, Facts: s})
	}
	return out, nil
}
