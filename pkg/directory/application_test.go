package directory

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func TestRegister(t *testing.T) {
	federation := &Federation{Name: "github", Issuer: "https://token.actions.githubusercontent.com", Subject: "repo:contoso/intune:ref:refs/heads/main", Audiences: []string{"api://AzureADTokenExchange"}}
	whole := App{Name: "intune-enroll", Permissions: []string{"DeviceManagementApps.Read.All", "Organization.Read.All"}, Federation: federation, Pause: time.Millisecond}
	tests := []struct {
		name   string
		app    App
		faults []sim.Fault
		writes int    // that reached the service; 0: as many as without faults
		says   string // "": all is made
	}{
		{"all", whole, nil, 3, ""},
		{"without a pipeline", App{Name: "intune-enroll", Permissions: []string{"Organization.Read.All"}, Pause: time.Millisecond}, nil, 2, ""},
		{"first answer lost", whole, []sim.Fault{{Match: "POST /applications", Do: "drop-after"}}, 3, ""},
		{"second answer lost", whole, []sim.Fault{{Match: "POST /servicePrincipals", Do: "drop-after"}}, 3, ""},
		{"third answer lost", whole, []sim.Fault{{Match: "POST /applications/*/federatedIdentityCredentials", Do: "drop-after"}}, 3, ""},
		{"the directory lags", whole, []sim.Fault{{Match: "POST /servicePrincipals", Do: "status", Status: 404, Times: 2}}, 5, ""},
		{"refused", whole, []sim.Fault{{Match: "POST /applications", Do: "status", Status: 400}}, 1, "make the app registration"},
		{"no such permission", App{Name: "x", Permissions: []string{"Contoso.Read.All"}}, nil, 0, "no permission Contoso.Read.All"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := start(t, sim.Options{})
			n.SetFaults(tt.faults)
			made, err := Register(t.Context(), n.Client, tt.app)
			writes := 0
			for _, r := range n.Requests() {
				if r.Write {
					writes++
				}
			}
			if writes != tt.writes {
				t.Errorf("%d writes, want %d", writes, tt.writes)
			}
			if tt.says != "" {
				if err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil || made.ClientID == "" || made.PrincipalID == "" || (made.FederationID == "") != (tt.app.Federation == nil) {
				t.Fatalf("%+v %v", made, err)
			}
			n.SetFaults(nil)
			n.ResetLog()
			if _, err := Register(t.Context(), n.Client, tt.app); !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), made.ClientID) {
				t.Errorf("a second time: %v", err)
			}
		})
	}
}
