package cli

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/configs"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// latency of every answer lets the requests of one wave overlap.
const latency = 200 * time.Millisecond

// looks are the commands that only read, and in how many waves of requests.
func (b *bench) looks() map[string]struct {
	most int
	args []string
} {
	return map[string]struct {
		most int
		args []string
	}{
		"check":        {3, []string{"check"}},
		"plan":         {4, []string{"plan", "-f", filepath.Join(b.dir, configs.Contoso)}},
		"plan-largest": {4, []string{"plan", "-f", filepath.Join(b.dir, "large.yaml")}},
	}
}

// TestWaves counts the requests that wait for one another: the longest chain
// in which each begins after the one before ended. In the tenant everything of
// the files is there already, so that plan has most to read.
func TestWaves(t *testing.T) {
	b := newBench(t, sim.Options{Page: 100})
	for _, file := range []string{configs.Contoso, "large.yaml"} {
		if code, said := b.run(t.Context(), "apply", "-f", filepath.Join(b.dir, file), "--yes", "--confirm", b.server.TenantID); code != 0 {
			t.Fatalf("apply %s: %d\n%s", file, code, said)
		}
	}
	for name, look := range b.looks() {
		b.waves(t, look.most, func() {
			if code, said := b.run(t.Context(), look.args...); code != 0 {
				t.Fatalf("%s ended with %d: %s", name, code, said)
			}
		})
	}
}

// waves wants that look takes at most so many waves of requests.
func (b *bench) waves(t *testing.T, most int, look func()) {
	t.Helper()
	if got := graphtest.Waves(b.server, most, look); got > most {
		for _, r := range b.server.Requests() {
			t.Log(r.Start.Format("05.000"), r.End.Format("05.000"), r.Method, r.Path, r.Query)
		}
		t.Errorf("%d waves of requests, at most %d wanted", got, most)
	}
}

func BenchmarkLooks(b *testing.B) {
	x := newBench(b, sim.Options{Page: 100, Latency: latency})
	for name, look := range x.looks() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				x.server.ResetLog()
				x.run(b.Context(), look.args...)
			}
			b.ReportMetric(float64(x.server.Waves()), "waves")
			b.ReportMetric(float64(len(x.server.Requests())), "requests")
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(latency), "latencies/op")
		})
	}
}
