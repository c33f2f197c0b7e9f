package graph

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"time"
)

const (
	// attempts bounds how often one call is sent.
	attempts = 5
	// backoff is the first and shortest ceiling of a wait nobody asked for.
	backoff = 500 * time.Millisecond
)

// retried sends a call again as its class allows. A wait the service asked for
// holds every request of this client; one it did not ask for grows with full
// jitter, for this call alone.
func (c *Client) retried(next http.RoundTripper) http.RoundTripper {
	return step(func(r *http.Request) (*http.Response, error) {
		var lost bool // an earlier attempt may have been acted on
		for n := 1; ; n++ {
			resp, err := next.RoundTrip(r)
			e, ok := errors.AsType[*Error](err)
			if !ok {
				return resp, err
			}
			e.Sent = e.Sent || lost
			lost = lost || IsLost(e)
			wait := e.RetryAfter
			if wait > 0 && wait <= c.maxWait {
				c.gate.hold(c.now().Add(wait))
			}
			if !repeatable(e) {
				return nil, e
			}
			if n == attempts {
				e.GaveUp = fmt.Sprintf("gave up after %d attempts", attempts)
				return nil, e
			}
			if wait == 0 {
				wait = c.jitter(min(backoff<<(n-1), c.maxWait))
			}
			if why := c.tooLong(r.Context(), wait); why != "" {
				e.GaveUp = why
				return nil, e
			}
			if err := c.sleep(r.Context(), wait); err != nil {
				e.GaveUp, e.Err = "interrupted while waiting to try again", errors.Join(e.Err, err)
				return nil, e
			}
		}
	})
}

// tooLong says why a wait is not worth beginning.
func (c *Client) tooLong(ctx context.Context, wait time.Duration) string {
	if wait > c.maxWait {
		return fmt.Sprintf("the service asks to wait %s, more than the %s this run waits", wait.Round(time.Second), c.maxWait)
	}
	if end, ok := ctx.Deadline(); ok && c.now().Add(wait).After(end) {
		return fmt.Sprintf("the next attempt would begin in %s, after the end of this run's time", wait.Round(time.Second))
	}
	return ""
}

// repeatable decides by class and outcome whether the same request may be sent
// again.
func repeatable(e *Error) bool {
	busy := e.Status == http.StatusTooManyRequests
	switch e.Class {
	case Read, Put:
		outage := []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
		cut := e.Status/100 == 2 && e.Err != nil && !errors.Is(e.Err, errTooLarge) && !interrupted(e.Err)
		return busy || slices.Contains(outage, e.Status) || cut || broken(e)
	case Create, Once:
		return busy || broken(e) && !e.Sent
	}
	return false
}

// interrupted says that the run itself ended the attempt.
func interrupted(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// broken says that a connection failed in a way that may work the next time:
// not a certificate that is not trusted, nor a name that does not exist.
func broken(e *Error) bool {
	if _, wire := errors.AsType[*wireError](e.Err); !wire || e.Status != 0 || interrupted(e.Err) {
		return false
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](e.Err); ok {
		return false
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](e.Err); ok {
		return false
	}
	d, ok := errors.AsType[*net.DNSError](e.Err)
	return !ok || !d.IsNotFound
}

// fullJitter spreads waits evenly from nothing to their ceiling, so that
// clients that failed together do not come back together.
func fullJitter(most time.Duration) time.Duration {
	return time.Duration(rand.Int64N(int64(most) + 1))
}
