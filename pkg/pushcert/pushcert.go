// Package pushcert watches the Apple MDM push certificate. Without one nothing
// enrolls; when it runs out Intune loses contact with every device; and when
// it is replaced instead of renewed, every device must enroll again.
package pushcert

import (
	"context"
	"errors"
	"fmt"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Reader is what this package reads, over v1.0.
type Reader interface {
	// PushCertificate is the certificate in use; graph.IsNotFound tells of its
	// error when there is none.
	PushCertificate(ctx context.Context) (graph.PushCertificate, error)
}

// Kinds is the kind push-certificate.
func Kinds(r Reader) []enroll.Kind { return []enroll.Kind{certificate{r}} }

// Ref is the one certificate that a tenant has.
func Ref() enroll.Ref {
	return enroll.Ref{Kind: enroll.PushCertificate, Name: "Apple MDM push certificate"}
}

// certificate is the kind: no object or one, its Facts a graph.PushCertificate.
// It has no handle: the service gives another id with every answer (recorded
// portal traffic).
type certificate struct{ r Reader }

func (certificate) Name() enroll.KindName    { return enroll.PushCertificate }
func (certificate) Reads() []enroll.KindName { return nil }
func (certificate) After() []enroll.KindName { return nil }

// Read takes 404 for "none" (a sample script of Microsoft does), and an answer
// in which nothing is said as well; the latter is not established and costs
// nothing to expect. A certificate whose end is not told is there all the same:
// taking it for none would let another topic take its place.
func (k certificate) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	c, err := k.r.PushCertificate(ctx)
	switch {
	case graph.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.PushCertificate}, fmt.Errorf("read the push certificate: %w", err))}
	case c.Expires.Year() <= 1 && c.Topic+c.AppleID+c.SerialNumber == "":
		return nil, nil
	case c.Expires.Year() <= 1:
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.PushCertificate}, errors.New("the service does not say when the push certificate expires"))}
	}
	return []enroll.Object{{Ref: Ref(), Facts: c}}, nil
}
