package v1_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
	"github.com/intune-enroll/intune-enroll/pkg/graph/v1"
)

type token string

func (k token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: string(k)}, nil
}

func reader(t *testing.T, endpoint string, k token) v1.Reader {
	t.Helper()
	c, err := graph.New(graph.Options{Cloud: graph.Cloud{Name: "custom", GraphEndpoint: endpoint}, Credential: k})
	if err != nil {
		t.Fatal(err)
	}
	return v1.New(c)
}

// serve answers every GET under a non-empty base path; URL stands for the endpoint in bodies.
func serve(t *testing.T, status int, contentType string, bodies ...string) v1.Reader {
	t.Helper()
	var n atomic.Int32
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !strings.HasPrefix(r.URL.Path, "/base/v1.0/") {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		fmt.Fprint(w, strings.ReplaceAll(bodies[min(int(n.Add(1)), len(bodies))-1], "URL", server.URL+"/base"))
	}))
	t.Cleanup(server.Close)
	return reader(t, server.URL+"/base", "x")
}

func TestReaderAtTheSimulator(t *testing.T) {
	s, err := sim.Start(sim.Options{Scenario: "contoso"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	r := reader(t, s.GraphURL, token(s.AccessToken(s.GraphURL, false)))
	p, err := r.PushCertificate(t.Context())
	if err != nil || p.AppleID == "" || !strings.HasPrefix(p.Topic, "com.apple.mgmt.External.") || p.Expires.IsZero() {
		t.Errorf("push certificate %+v, %v", p, err)
	}
	o, err := r.Organization(t.Context())
	if err != nil || o.ID != s.TenantID || o.Name == "" || len(o.Domains) == 0 || o.MDMAuthority != "intune" {
		t.Errorf("organization %+v, %v", o, err)
	}
	k, err := r.SubscribedSKUs(t.Context())
	if err != nil || len(k) == 0 || k[0].PartNumber == "" || len(k[0].Plans) == 0 {
		t.Errorf("subscriptions %+v, %v", k, err)
	}
}

func TestNoPushCertificateAtTheSimulator(t *testing.T) {
	s, err := sim.Start(sim.Options{Scenario: "empty"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := reader(t, s.GraphURL, token(s.AccessToken(s.GraphURL, false))).PushCertificate(t.Context()); !graph.IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

func TestPushCertificate(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       graph.PushCertificate
		fails      bool
	}{
		{"all", `{"id":"1","appleIdentifier":"apple@contoso.com","topicIdentifier":"com.apple.mgmt.External.1","certificateSerialNumber":"7F","expirationDateTime":"2027-01-02T03:04:05Z","lastModifiedDateTime":"2026-01-02T03:04:05+02:00","certificateUploadStatus":"ok","certificateUploadFailureReason":"none","new":1}`,
			graph.PushCertificate{AppleID: "apple@contoso.com", Topic: "com.apple.mgmt.External.1", SerialNumber: "7F", Expires: time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC), Modified: time.Date(2026, 1, 2, 1, 4, 5, 0, time.UTC), UploadStatus: "ok", UploadFailure: "none"}, false},
		{"null", `{"id":null,"appleIdentifier":null,"topicIdentifier":null,"expirationDateTime":null}`, graph.PushCertificate{}, false},
		{"year 1", `{"expirationDateTime":"0001-01-01T00:00:00Z","lastModifiedDateTime":"0001-01-01T00:00:00"}`, graph.PushCertificate{}, false},
		{"year 9999", `{"expirationDateTime":"9999-12-31T23:59:59.9999999Z"}`, graph.PushCertificate{}, false},
		{"a time that is none", `{"expirationDateTime":"soon"}`, graph.PushCertificate{}, true},
		{"nothing", "", graph.PushCertificate{}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := serve(t, 200, "application/json", tt.body).PushCertificate(t.Context())
			if diff := cmp.Diff(tt.want, got); diff != "" || (err != nil) != tt.fails {
				t.Error(err, diff)
			}
		})
	}
}

func TestOrganization(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       graph.Organization
		fails      bool
	}{
		{"known authority", `{"value":[{"id":"1","displayName":"Contoso","verifiedDomains":[{"name":"contoso.com"},{"name":null}],"mobileDeviceManagementAuthority":"intune"}]}`,
			graph.Organization{ID: "1", Name: "Contoso", Domains: []string{"contoso.com"}, MDMAuthority: "intune"}, false},
		{"authority of the future", `{"value":[{"id":"1","mobileDeviceManagementAuthority":"another"}]}`, graph.Organization{ID: "1"}, false},
		{"authority not said", `{"value":[{"id":"1"}]}`, graph.Organization{ID: "1"}, false},
		{"none", `{"value":[]}`, graph.Organization{}, true},
		{"two", `{"value":[{"id":"1"},{"id":"2"}]}`, graph.Organization{}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := serve(t, 200, "application/json", tt.body).Organization(t.Context())
			if diff := cmp.Diff(tt.want, got); diff != "" || (err != nil) != tt.fails {
				t.Error(err, diff)
			}
		})
	}
}

func TestSubscribedSKUs(t *testing.T) {
	first := `{"value":[{"skuPartNumber":"EMS","capabilityStatus":"Enabled","consumedUnits":3,"prepaidUnits":{"enabled":5},"servicePlans":[{"servicePlanName":"INTUNE_A","provisioningStatus":"Success"}]}]`
	ems := graph.SKU{PartNumber: "EMS", Status: "Enabled", Enabled: 5, Consumed: 3, Plans: []graph.ServicePlan{{Name: "INTUNE_A", Status: "Success"}}}
	for _, tt := range []struct {
		name   string
		bodies []string
		want   []graph.SKU
		fails  bool
	}{
		{"one page", []string{first + "}"}, []graph.SKU{ems}, false},
		{"two pages", []string{first + `,"@odata.nextLink":"URL/v1.0/subscribedSkus?$skiptoken=2"}`, `{"value":[{"skuPartNumber":"SPE"}]}`}, []graph.SKU{ems, {PartNumber: "SPE"}}, false},
		{"another host", []string{first + `,"@odata.nextLink":"https://graph.contoso.com/base/v1.0/subscribedSkus?$skiptoken=2"}`}, nil, true},
		{"another path", []string{first + `,"@odata.nextLink":"URL/v1.0/users"}`}, nil, true},
		{"no end", []string{first + `,"@odata.nextLink":"URL/v1.0/subscribedSkus?$skiptoken=2"}`}, nil, true},
		{"none", []string{`{"value":[]}`}, nil, false},
		{"no list", []string{`{}`}, nil, true},
		{"null for the list", []string{`{"value":null}`}, nil, true},
		{"a list alone", []string{`[]`}, nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := serve(t, 200, "application/json", tt.bodies...).SubscribedSKUs(t.Context())
			if diff := cmp.Diff(tt.want, got); diff != "" || (err != nil) != tt.fails {
				t.Error(err, diff)
			}
		})
	}
}

func TestErrorsAreThoseOfTheClient(t *testing.T) {
	denied := serve(t, 403, "application/json", `{"error":{"code":"Forbidden","message":"no"}}`)
	_, push := denied.PushCertificate(t.Context())
	_, org := denied.Organization(t.Context())
	_, skus := denied.SubscribedSKUs(t.Context())
	for name, err := range map[string]error{"push": push, "organization": org, "subscriptions": skus} {
		e, ok := errors.AsType[*graph.Error](err)
		if !ok || !graph.IsDenied(err) || len(e.Needs) == 0 || !strings.HasPrefix(e.Error(), "GET /") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := serve(t, 404, "text/html", "<html><title>Proxy</title>").PushCertificate(t.Context())
	if e, ok := errors.AsType[*graph.Error](err); !ok || !e.HTML || e.Status != 404 || graph.IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}
