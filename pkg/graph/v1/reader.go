// Package v1 reads what Microsoft Graph v1.0 has complete: the push
// certificate, the organization and its subscriptions, through Microsoft's
// generated builders and models. It only reads, and gives values of package
// graph, so that nobody else compiles the SDK.
package v1

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/microsoftgraph/msgraph-sdk-go/devicemanagement"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/organization"
	"github.com/microsoftgraph/msgraph-sdk-go/subscribedskus"

	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Reader reads one tenant. It is safe for concurrent use.
type Reader struct{ client *graph.Client }

// New makes a reader over a client.
func New(c *graph.Client) Reader { return Reader{client: c} }

// errNothing is a 2xx without a body where an object was asked for.
var errNothing = errors.New("the service gave an empty answer")

// PushCertificate reads the Apple MDM push certificate. Without one the error
// is [graph.IsNotFound] (Microsoft's Intune script samples); a tenant may also
// answer an object whose members are null or of the year 1, which comes as
// empty members.
func (r Reader) PushCertificate(ctx context.Context) (graph.PushCertificate, error) {
	call := get("/deviceManagement/applePushNotificationCertificate", graph.ServiceConfigRead)
	m, err := devicemanagement.NewApplePushNotificationCertificateRequestBuilderInternal(map[string]string{}, r.client.Adapter()).
		Get(graph.WithCall(ctx, call), nil)
	if err != nil {
		return graph.PushCertificate{}, graph.Plain(err)
	}
	if m == nil {
		return graph.PushCertificate{}, fmt.Errorf("read the push certificate: %w", errNothing)
	}
	return graph.PushCertificate{
		AppleID: value(m.GetAppleIdentifier()), Topic: value(m.GetTopicIdentifier()), SerialNumber: value(m.GetCertificateSerialNumber()),
		Expires: graph.Given(value(m.GetExpirationDateTime())).UTC(), Modified: graph.Given(value(m.GetLastModifiedDateTime())).UTC(),
		UploadStatus: value(m.GetCertificateUploadStatus()), UploadFailure: value(m.GetCertificateUploadFailureReason()),
	}, nil
}

// Organization reads the tenant. An MDM authority the SDK does not know comes
// as empty.
func (r Reader) Organization(ctx context.Context) (graph.Organization, error) {
	call := get("/organization", graph.OrganizationRead, "Directory.Read.All")
	page, err := organization.NewOrganizationRequestBuilderInternal(map[string]string{}, r.client.Adapter()).
		Get(graph.WithCall(ctx, call), &organization.OrganizationRequestBuilderGetRequestConfiguration{
			QueryParameters: &organization.OrganizationRequestBuilderGetQueryParameters{
				Select: []string{"id", "displayName", "verifiedDomains", "mobileDeviceManagementAuthority"},
			},
		})
	if err != nil {
		return graph.Organization{}, graph.Plain(err)
	}
	if page == nil || len(page.GetValue()) != 1 || page.GetValue()[0] == nil {
		return graph.Organization{}, errors.New("read the organization: the service did not give exactly one")
	}
	m := page.GetValue()[0]
	o := graph.Organization{ID: value(m.GetId()), Name: value(m.GetDisplayName())}
	for _, d := range m.GetVerifiedDomains() {
		if d != nil && value(d.GetName()) != "" {
			o.Domains = append(o.Domains, value(d.GetName()))
		}
	}
	if a := m.GetMobileDeviceManagementAuthority(); a != nil {
		o.MDMAuthority = a.String()
	}
	return o, nil
}

// pages bounds the list of subscriptions; a tenant has dozens.
const pages = 50

// SubscribedSKUs reads all subscriptions with their services.
func (r Reader) SubscribedSKUs(ctx context.Context) ([]graph.SKU, error) {
	call := get("/subscribedSkus", "LicenseAssignment.Read.All", graph.OrganizationRead, "Directory.Read.All")
	builder := subscribedskus.NewSubscribedSkusRequestBuilderInternal(map[string]string{}, r.client.Adapter())
	var out []graph.SKU
	for range pages {
		page, err := builder.Get(graph.WithCall(ctx, call), nil)
		if err != nil {
			return nil, graph.Plain(err)
		}
		if page == nil || page.GetValue() == nil {
			return nil, fmt.Errorf("read the subscriptions: %w", errNothing)
		}
		for _, m := range page.GetValue() {
			if m != nil {
				out = append(out, sku(m))
			}
		}
		next := value(page.GetOdataNextLink())
		if next == "" {
			return out, nil
		}
		// The client refuses a link to another host or path.
		builder = builder.WithUrl(next)
	}
	return nil, fmt.Errorf("read the subscriptions: the service gave %d pages and links to more: the list has no end", pages)
}

func sku(m models.SubscribedSkuable) graph.SKU {
	s := graph.SKU{PartNumber: value(m.GetSkuPartNumber()), Status: value(m.GetCapabilityStatus()), Consumed: int(value(m.GetConsumedUnits()))}
	if u := m.GetPrepaidUnits(); u != nil {
		s.Enabled = int(value(u.GetEnabled()))
	}
	for _, p := range m.GetServicePlans() {
		if p != nil {
			s.Plans = append(s.Plans, graph.ServicePlan{Name: value(p.GetServicePlanName()), Status: value(p.GetProvisioningStatus())})
		}
	}
	return s
}

func get(path string, needs ...string) graph.Call {
	return graph.Call{API: graph.V1, Method: http.MethodGet, Path: path, Class: graph.Read, Needs: needs}
}

// value gives what a pointer of a model points to, or the zero value.
func value[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}
