package graph_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// Where the machine has a store for secrets a login outlasts the run; where it
// has none, that is said.
func TestLogin(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir()) // where Linux has the store: one's own is left alone
	s, err := sim.Start(sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	cloud, err := graph.CustomCloud(s.GraphURL, s.AuthorityURL, s.CA)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	in := graph.SignIn{Method: "device-code", Tenant: s.TenantID, ClientID: s.ClientID, Prompt: func(string) { asked++ }}
	record, err := graph.Login(t.Context(), in, cloud)
	if err != nil {
		if !strings.Contains(err.Error(), "no store for secrets that outlasts a run") || asked != 0 {
			t.Errorf("asked %d times: %v", asked, err)
		}
		return
	}
	var who struct{ HomeAccountID, ClientID string }
	if err := json.Unmarshal(record, &who); err != nil || who.HomeAccountID == "" || who.ClientID != s.ClientID {
		t.Fatalf("%s: %v", record, err)
	}
	in.Record = record
	credential, err := graph.NewCredential(in, cloud)
	if err != nil {
		t.Fatal(err)
	}
	token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{cloud.Scope()}, EnableCAE: true})
	if err != nil || token.Token == "" || asked != 1 {
		t.Errorf("asked %d times: %v", asked, err)
	}
	if strings.Contains(string(record), token.Token) {
		t.Error("the record holds the token")
	}
}

func TestLoginRefused(t *testing.T) {
	cloud, err := graph.NamedCloud("global")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graph.Login(t.Context(), graph.SignIn{Method: "client-secret", Tenant: "t", ClientID: "c", Secret: "canary"}, cloud); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
	in := graph.SignIn{Method: "browser", Tenant: "t", ClientID: "c", Record: []byte("{")}
	if _, err := graph.NewCredential(in, cloud); err == nil || !strings.Contains(err.Error(), "auth login") {
		t.Errorf("got %v", err)
	}
}
