package ade

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// The simulator's scenario large: 200,000 devices, 500 on a page.
const (
	largeDevices = 200_000
	largePages   = largeDevices / 500
)

// heap is how many bytes are in use after a collection.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkListDevices lists all devices: one request for each page and one for
// the names of profiles, in memory that does not grow with them.
func BenchmarkListDevices(b *testing.B) {
	x := newTenant(b, sim.Options{Scenario: "large"})
	token := x.e.Look(b.Context(), nil, enroll.ADEToken).Objects[enroll.ADEToken][0]
	for b.Loop() {
		x.ResetLog()
		before, most, n, requests := heap(), int64(0), 0, 0
		for _, err := range Devices(b.Context(), x.c, token) {
			if err != nil {
				b.Fatal(err)
			}
			if n++; n%(largeDevices/8) == 0 {
				requests += len(x.Requests())
				x.ResetLog() // it is in this process, and grows with the requests
				most = max(most, heap()-before)
			}
		}
		if requests += len(x.Requests()); n != largeDevices || most > 16<<20 || requests > largePages+2 {
			b.Fatalf("%d devices in %d requests with up to %d bytes of memory", n, requests, most)
		}
		b.ReportMetric(float64(most), "heap-bytes")
	}
}

// BenchmarkPlanDevices plans 100,000 serial numbers for one profile: each page
// is read once, and each batch is a full one.
func BenchmarkPlanDevices(b *testing.B) {
	x := newTenant(b, sim.Options{Scenario: "large"})
	want, _ := Objects(tokenEntry(nil), []enroll.Entry{profileEntry("Kiosk", kiosk().With(enroll.Fields{pathSerials: fleet(100_000)}))})
	for b.Loop() {
		x.ResetLog()
		p := x.e.Plan(want, x.e.Look(b.Context(), want), time.Now())
		n := len(x.Requests())
		if n > largePages+8 || len(p.Writes()) != 1+100_000/batch {
			b.Fatalf("%d requests, %d writes", n, len(p.Writes()))
		}
		b.ReportMetric(float64(n), "requests")
	}
}

// BenchmarkAssignDevices gives 100,000 devices a profile, at the service's limit
// of 100 writes in 20 seconds: it takes minutes, all of them that limit. All
// batches are read back in one pass, and memory does not grow with the requests.
func BenchmarkAssignDevices(b *testing.B) {
	const devices = 100_000
	for b.Loop() {
		x := newTenant(b, sim.Options{Scenario: "large", Lag: -1})
		want, _ := Objects(tokenEntry(nil), []enroll.Entry{profileEntry("Kiosk", kiosk().With(enroll.Fields{pathSerials: fleet(devices)}))})
		p := x.e.Plan(want, x.e.Look(b.Context(), want), time.Now())
		x.ResetLog()
		r := x.e.Apply(b.Context(), p, nil, nil)
		if len(r.Done) != 1+devices/batch {
			b.Fatalf("%d done, %d failed", len(r.Done), len(r.Failed))
		}
		n := len(x.Requests())
		if n > devices/batch+largePages+20 {
			b.Fatalf("%d requests", n)
		}
		b.ReportMetric(float64(n), "requests")
		x.closeNow(b)
	}
}

// fleet are the first n serial numbers of the token.
func fleet(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("F2LX%08d", i+1)
	}
	return out
}
