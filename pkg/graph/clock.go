package graph

import (
	"net/http"
	"sync"
	"time"
)

// clock is the service's time by the Date header of the first answer, and how
// long ago that was.
type clock struct {
	mu      sync.Mutex
	service time.Time // zero: no answer yet
	machine time.Time // with a monotonic reading
}

func (k *clock) set(service, machine time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.service.IsZero() {
		k.service, k.machine = service, machine
	}
}

// readDate takes the time from the first answer. A page for people comes from
// somebody in between, whose time is not the service's.
func (c *Client) readDate(next http.RoundTripper) http.RoundTripper {
	return step(func(r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		if at, perr := http.ParseTime(resp.Header.Get("Date")); perr == nil && !isHTML(resp.Header, nil) {
			c.clock.set(at, c.now())
		}
		return resp, nil
	})
}

// Now is the service's time: what expiry is counted from. Before any answer it
// is the machine's.
func (c *Client) Now() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	if c.clock.service.IsZero() {
		return c.now()
	}
	return c.clock.service.Add(c.now().Sub(c.clock.machine))
}

// Skew is how far the machine's clock is ahead of the service's, to the
// second; 0 before any answer.
func (c *Client) Skew() time.Duration {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	if c.clock.service.IsZero() {
		return 0
	}
	return c.clock.machine.Sub(c.clock.service).Truncate(time.Second)
}
