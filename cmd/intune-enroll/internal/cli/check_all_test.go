package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// A hundred tenants wait for the service, not for one another.
func TestHundredTenants(t *testing.T) {
	b := newBench(t, sim.Options{Latency: 2 * latency})
	var file strings.Builder
	file.WriteString("auth: client-secret\ncontexts:\n")
	for i := range 100 {
		fmt.Fprintf(&file, "  - {name: tenant %d, tenant: %s, clientId: %s}\n", i, b.server.TenantID, b.server.ClientID)
	}
	path := filepath.Join(b.dir, "settings.yaml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := run(t.Context(), Process{
		Args: []string{"check", "--all", "--settings", path, "--cloud", "custom", "--graph-endpoint", b.server.GraphURL,
			"--authority-host", b.server.AuthorityURL, "--authority-ca", filepath.Join(b.dir, "ca.pem")},
		In: strings.NewReader(""), Out: &out, Err: &errs, Env: environment("INTUNE_ENROLL_CLIENT_SECRET=" + b.server.Secret),
	})
	if code != 0 || !strings.Contains(out.String(), "100 tenants: 100 well") {
		t.Fatalf("ended with %d: %s", code, errs.String())
	}
	// Four rounds of at most 32 tenants, three waves each, and twice that on a
	// busy machine; one after another it would be 300.
	if got := b.server.Waves(); got > 2*4*3 {
		t.Errorf("%d waves of requests", got)
	}
}

func TestWorst(t *testing.T) {
	found, refusal, denied, other := errFound, fail(codeTenant, "", "another tenant"), fail(codePermission, "", "403"), errors.New("500")
	tests := []struct {
		name string
		errs []error
		want int
	}{
		{"all well", []error{nil, nil}, 0},
		{"found over all", []error{other, denied, refusal, found}, 2},
		{"refusal", []error{other, denied, refusal, nil}, 3},
		{"denied", []error{nil, other, denied}, 4},
		{"anything else", []error{nil, other}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := exitCode(worst([]string{"a", "b", "c", "d"}, tt.errs)); got != tt.want {
				t.Errorf("exit code %d, want %d", got, tt.want)
			}
		})
	}
}
