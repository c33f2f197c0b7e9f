package sim

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// clientOptions trust the simulator's authority and nothing else.
func clientOptions(t *testing.T, s *Server) azcore.ClientOptions {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.CA) {
		t.Fatal("the CA is not a certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: s.AuthorityURL},
		Transport: &http.Client{Transport: transport},
		Retry:     policy.RetryOptions{MaxRetries: -1},
	}
}

func TestClientSecretCredential(t *testing.T) {
	tests := []struct {
		name, tenant, client, secret, wantError string
	}{
		{name: "right"},
		{name: "tenant by domain", tenant: "contoso.com"},
		{name: "wrong secret", secret: "wrong", wantError: "AADSTS7000215"},
		{name: "wrong tenant", tenant: "00000000-0000-0000-0000-000000000001", wantError: "AADSTS90002"},
		{name: "wrong client", client: "00000000-0000-0000-0000-000000000002", wantError: "AADSTS700016"},
	}
	s := start(t, Options{Now: time.Now})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pick := func(given, standard string) string {
				if given != "" {
					return given
				}
				return standard
			}
			credential, err := azidentity.NewClientSecretCredential(pick(test.tenant, s.TenantID), pick(test.client, s.ClientID), pick(test.secret, s.Secret),
				&azidentity.ClientSecretCredentialOptions{ClientOptions: clientOptions(t, s), DisableInstanceDiscovery: true})
			if err != nil {
				t.Fatal(err)
			}
			token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{s.GraphURL + "/.default"}})
			if test.wantError != "" {
				if err == nil || !strings.Contains(err.Error(), test.wantError) {
					t.Fatalf("error %v, want %s", err, test.wantError)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			send(t, s, token.Token, "GET", "/v1.0/organization", "").want(t, 200)
		})
	}
}

func TestDeviceCodeCredential(t *testing.T) {
	s := start(t, Options{Now: time.Now})
	asked := ""
	credential, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: clientOptions(t, s), DisableInstanceDiscovery: true, TenantID: s.TenantID, ClientID: s.ClientID,
		UserPrompt: func(_ context.Context, m azidentity.DeviceCodeMessage) error {
			asked = m.UserCode
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{s.GraphURL + "/.default"}})
	if err != nil {
		t.Fatal(err)
	}
	if asked == "" {
		t.Error("nobody was asked to enter the code")
	}
	who, err := s.authenticate("Bearer "+token.Token, s.GraphURL, time.Now())
	if err != nil || who.app {
		t.Fatalf("identity %+v, error %v: want a delegated one", who, err)
	}
	send(t, s, token.Token, "GET", "/beta/deviceManagement", "").want(t, 200)
}
