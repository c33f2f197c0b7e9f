package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
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
	// All at once they are three waves, and some more on a busy machine; one after
	// another it would be 300.
	if got := b.server.Waves(); got > 4*3 {
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

// A tenant that does not answer costs the others nothing: when the time is over
// what is known of them is there, and decides the exit code.
func TestHangingTenant(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		args []string
		want int
	}{
		{"the other is well", nil, 1},
		{"the other is not", []string{"--critical", "push-certificate=365d"}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sim.Options{})
			path := filepath.Join(b.dir, "settings.yaml")
			file := fmt.Sprintf("auth: client-secret\ncontexts:\n  - {name: a, tenant: %[1]s, clientId: %[2]s}\n  - {name: b, tenant: %[1]s, clientId: %[2]s}\n", b.server.TenantID, b.server.ClientID)
			if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
				t.Fatal(err)
			}
			b.server.SetFaults([]sim.Fault{{Match: "GET /organization", Do: "delay", Delay: time.Hour}})
			var out, errs bytes.Buffer
			code := run(t.Context(), Process{
				Args: append([]string{"check", "--all", "--timeout", "15s", "-o", "json", "--settings", path, "--cloud", "custom", "--graph-endpoint", b.server.GraphURL,
					"--authority-host", b.server.AuthorityURL, "--authority-ca", filepath.Join(b.dir, "ca.pem")}, tt.args...),
				In: strings.NewReader(""), Out: &out, Err: &errs, Env: environment("INTUNE_ENROLL_CLIENT_SECRET=" + b.server.Secret),
			})
			var r render.Report
			if err := json.Unmarshal(out.Bytes(), &r); err != nil || code != tt.want || len(r.Contexts) != 2 {
				t.Fatalf("ended with %d, %v: %s%s", code, err, out.String(), errs.String())
			}
			hung, seen := 0, 0
			for _, p := range r.Contexts {
				switch {
				case p.Error != nil && p.Error.Code == string(codeTimeout):
					hung++
				case len(p.Findings) > 0:
					seen++
				}
			}
			if hung != 1 || seen != 1 {
				t.Errorf("%d hung, %d seen: %s", hung, seen, out.String())
			}
		})
	}
}
