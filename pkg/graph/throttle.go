package graph

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Writes allowed in a window (Microsoft docs page on throttling limits, Intune
// device enrollment and applications: 100 writes in 20 s for an app in a
// tenant). The lowest class is used for everything, since enrollment tokens
// are in none of the published ones.
const (
	writes = 100
	window = 20 * time.Second
)

// gate holds every request until the time the service named.
type gate struct {
	mu    sync.Mutex
	until time.Time
}

func (g *gate) hold(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until) {
		g.until = until
	}
}

func (g *gate) left(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until.Sub(now)
}

func newBucket() *rate.Limiter { return rate.NewLimiter(rate.Every(window/writes), writes) }

// throttled keeps to the service's Retry-After and writes to the bucket.
func (c *Client) throttled(next http.RoundTripper) http.RoundTripper {
	return step(func(r *http.Request) (*http.Response, error) {
		ctx := r.Context()
		if f, ok := flightOf(ctx); ok && f.call.Class != Read {
			now := c.now()
			turn := c.bucket.ReserveN(now, 1)
			if err := c.pause(ctx, turn.DelayFrom(now)); err != nil {
				turn.CancelAt(c.now())
				return nil, err
			}
		}
		for {
			left := c.gate.left(c.now())
			if left <= 0 {
				return next.RoundTrip(r)
			}
			if err := c.pause(ctx, left); err != nil {
				return nil, err
			}
		}
	})
}

// pause waits, unless the run would be over before.
func (c *Client) pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	if end, ok := ctx.Deadline(); ok && c.now().Add(d).After(end) {
		return fmt.Errorf("wait %s for the service's request limit: %w", d.Round(time.Second), context.DeadlineExceeded)
	}
	return c.sleep(ctx, d)
}
