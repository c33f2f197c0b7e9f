package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// Twenty tokens are looked at side by side: three waves, however many there are.
func TestTwentyTokens(t *testing.T) {
	b := newBench(t, sim.Options{})
	for i := range 19 {
		body, err := json.Marshal(map[string]any{"tokenName": fmt.Sprintf("Contoso %d", i), "appleIdentifier": "abm@contoso.com", "tokenType": "dep", "dataSharingConsentGranted": true})
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.server.GraphURL+"/beta/deviceManagement/depOnboardingSettings", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+b.server.AccessToken(b.server.GraphURL, true))
		r.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusCreated {
			t.Fatalf("token %d: %d", i, answer.StatusCode)
		}
	}
	b.waves(t, 3, func() {
		if code, said := b.run(t.Context(), "check"); code != 2 && code != 1 {
			t.Fatalf("ended with %d: %s", code, said)
		}
	})
}
