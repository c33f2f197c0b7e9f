package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// A sync that the service answered with an error, or forgot: what it answered
// is told, and a sync that may be under way is not called failed.
func TestSyncNotShown(t *testing.T) {
	t.Parallel()
	const post = "POST /deviceManagement/depOnboardingSettings/*/syncWithAppleDeviceEnrollmentProgram"
	for _, tt := range []struct {
		name  string
		fault sim.Fault
		says  string
	}{
		{"answered with an error", sim.Fault{Match: post, Do: "status", Status: 500}, "cannot be told: POST /deviceManagement/depOnboardingSettings/"},
		{"forgotten", sim.Fault{Match: post, Do: "ignore-write"}, "whether Intune syncs it cannot be told\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sim.Options{Faults: []sim.Fault{tt.fault}})
			b.settle = 20 * time.Millisecond
			if code, said := b.run(t.Context(), "ade", "token", "sync"); code != exitFailed || !strings.Contains(said, tt.says) {
				t.Errorf("%d: %s", code, said)
			}
		})
	}
}
