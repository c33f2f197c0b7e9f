package sim

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Request is one Graph request as it arrived.
type Request struct {
	N      int // counted since the start, also over ResetLog
	Method string
	API    string // v1.0 or beta
	Path   string // escaped, without the version
	Query  string
	Status int       // 0: no answer was sent
	Start  time.Time // machine clock
	End    time.Time // zero while it is under way
	Write  bool      // it could change the tenant
	Body   []byte
}

type entry struct {
	Request
	pushback bool // 429, or an answer with Retry-After
}

// arrive logs a request and finds its fault.
func (s *Simulator) arrive(m *message, start time.Time) (*entry, *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	e := &entry{Request: Request{
		N: s.count, Method: m.method, API: m.api, Path: m.path, Query: m.query, Start: start, Write: writes(*m), Body: m.body,
	}}
	s.log = append(s.log, e)
	m.requestID = guid("request/" + strconv.Itoa(s.count))
	return e, s.pick(s.count, m.method, unescaped(m.path), false)
}

func unescaped(path string) string {
	if plain, err := url.PathUnescape(path); err == nil {
		return plain
	}
	return path
}

// writes says whether a request could change something: a batch of GETs and the directory's read by POST do not.
func writes(m message) bool {
	switch {
	case m.method == http.MethodGet || m.method == http.MethodHead:
		return false
	case m.path == "/$batch":
		requests, err := readBatch(m.body)
		return err != nil || slices.ContainsFunc(requests, func(b batchItem) bool { return b.Method != http.MethodGet })
	}
	return m.path != "/directoryObjects/getByIds"
}

func (s *Simulator) leave(e *entry, status int, retryAfter string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.Status, e.End = status, time.Now()
	e.pushback = status == http.StatusTooManyRequests || retryAfter != ""
}

// Requests returns every Graph request since the start or the last ResetLog, in order of arrival.
func (s *Simulator) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Request, len(s.log))
	for i, e := range s.log {
		out[i] = e.Request
	}
	return out
}

// ResetLog forgets the requests so far. They keep counting for Fault.At.
func (s *Simulator) ResetLog() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}

// Waves is the depth of the requests so far: the longest chain in which each starts after the one before ended. Further
// pages of a list and the repetition of a request that was told to come back later are not counted.
func (s *Simulator) Waves() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var owed []*entry // told to come back, not yet back
	var counted []*entry
	for _, e := range s.log {
		again := slices.IndexFunc(owed, func(o *entry) bool {
			return o.Method == e.Method && o.API == e.API && o.Path == e.Path && o.Query == e.Query && bytes.Equal(o.Body, e.Body)
		})
		if again >= 0 {
			owed = slices.Delete(owed, again, again+1)
		}
		if e.pushback {
			owed = append(owed, e)
		}
		if again < 0 && !e.End.IsZero() && !strings.Contains(e.Query, "skiptoken=") {
			counted = append(counted, e)
		}
	}
	// The longest chain of an interval order takes, each time, the request that ends first.
	slices.SortFunc(counted, func(a, b *entry) int { return a.End.Compare(b.End) })
	waves := 0
	var last time.Time
	for _, e := range counted {
		if waves == 0 || e.Start.After(last) {
			waves++
			last = e.End
		}
	}
	return waves
}
