package sim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault makes requests go wrong. Two that tenants show by themselves: where classic profiles are retired, creating one
// answers a bare 500 (third-party report, 2026), and a service without single assignments answers 405:
//
//	Fault{Match: "POST /deviceManagement/depOnboardingSettings/*/enrollmentProfiles$", Times: 100, Do: "status", Status: 500}
//	Fault{Match: "POST /deviceAppManagement/mobileApps/*/assignments", Times: 100, Do: "status", Status: 405}
type Fault struct {
	At    int    // the nth Graph request since the start (1-based); 0: any
	Match string // "" or a prefix of "METHOD /path", without the version; * stands for one segment, a $ at the end for the end
	Times int    // how often; 0: once
	// Do is one of
	//	drop-before   close the connection without acting
	//	drop-after    act, then close the connection
	//	status        answer Status with RetryAfter and Body instead of acting
	//	delay         wait Delay before acting; a client that leaves earlier has had nothing done
	//	ignore-write  answer as if it had been done, and forget it
	//	html          answer an HTML page (Status, default 502) instead of acting, as proxies do
	//	cut-body      act, then send half of the answer
	//	kill          call Options.OnKill, then as drop-before
	//	kill-after    act, call Options.OnKill, then as drop-after
	// Inside $batch, status, html and ignore-write apply to a single item that Match names while At is 0.
	Do         string
	Status     int
	RetryAfter string // value of the header; "": none
	Body       string // with status; "": an error of Graph's
	Delay      time.Duration
}

// SetFaults replaces the schedule. At counts on: it is the nth request since the simulator started.
func (s *Simulator) SetFaults(faults []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = slices.Clone(faults)
	for i := range s.faults {
		s.faults[i].Times = max(s.faults[i].Times, 1)
	}
}

// FaultsLeft is how many times faults of the schedule can still happen: a test that waits for one sees that it came.
func (s *Simulator) FaultsLeft() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := 0
	for _, f := range s.faults {
		left += f.Times
	}
	return left
}

// pick takes the first fault that fits and counts it; the mutex is held.
func (s *Simulator) pick(n int, method, path string, item bool) *Fault {
	for i := range s.faults {
		f := &s.faults[i]
		fits := f.Times > 0 && (f.At == 0 || f.At == n) && f.matches(method, path)
		if item && (f.At != 0 || f.Match == "" || f.Do != "status" && f.Do != "html" && f.Do != "ignore-write") {
			fits = false
		}
		if fits {
			f.Times--
			copied := *f
			return &copied
		}
	}
	return nil
}

func (f *Fault) matches(method, path string) bool {
	if f.Match == "" {
		return true
	}
	verb, pattern, _ := strings.Cut(f.Match, " ")
	pattern, whole := strings.CutSuffix(pattern, "$")
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if verb != method || len(have) < len(want) || whole && len(have) > len(want) {
		return false
	}
	for i, w := range want {
		last := i == len(want)-1 && !whole
		if w != "*" && w != have[i] && (!last || !strings.HasPrefix(have[i], w)) {
			return false
		}
	}
	return true
}

// wait sleeps for the latency and a fault's delay, outside the mutex so that requests overlap. It says false when the
// connection is to be closed without acting.
func (s *Simulator) wait(r *http.Request, f *Fault) bool {
	pause := s.options.Latency
	if f != nil {
		switch f.Do {
		case "drop-before":
			return false
		case "kill":
			if s.options.OnKill != nil {
				s.options.OnKill()
			}
			return false
		case "delay":
			pause += f.Delay
		}
	}
	if pause > 0 {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return false
		}
	}
	return true
}

// answers says whether the fault has an answer of its own.
func (f *Fault) answers() bool {
	return !slices.Contains([]string{"drop-after", "delay", "ignore-write", "cut-body", "kill-after"}, f.Do)
}

func (f *Fault) answer() answer {
	a := answer{status: f.Status, header: http.Header{}}
	if f.RetryAfter != "" {
		a.header.Set("Retry-After", f.RetryAfter)
	}
	switch {
	case f.Do == "html":
		if a.status == 0 {
			a.status = http.StatusBadGateway
		}
		a.text = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
		a.header.Set("Content-Type", "text/html")
	case f.Do == "status" && f.Body != "":
		a.text = f.Body
		a.header.Set("Content-Type", "application/json")
	case f.Do == "status" && f.Status >= 200:
		a.body = object{"error": object{"code": strings.ReplaceAll(http.StatusText(f.Status), " ", ""), "message": "A fault was scheduled for this request.",
			"innerError": object{"date": "", "request-id": zeroGUID, "client-request-id": zeroGUID}}}
	default:
		a.status = http.StatusNotImplemented
		a.text = "the fault " + f.Do + " is unknown or has no status"
	}
	return a
}

// afterwards says whether the connection is to be closed although the request was carried out.
func (f *Fault) afterwards(onKill func()) bool {
	if f.Do == "kill-after" && onKill != nil {
		onKill()
	}
	return f.Do == "drop-after" || f.Do == "kill-after"
}
