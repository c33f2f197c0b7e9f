package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

const (
	// attemptTimeout bounds one attempt, the body included.
	attemptTimeout = 100 * time.Second
	// maxBody and maxErrorBody bound what is read of an answer, in bytes.
	maxBody      = 32 << 20
	maxErrorBody = 64 << 10
)

// wireError is an attempt that brought no answer. sent is false only when it
// is certain that no byte left.
type wireError struct {
	sent bool
	err  error
}

func (w *wireError) Error() string { return w.err.Error() }
func (w *wireError) Unwrap() error { return w.err }

var (
	errTimeout  = errors.New("no complete answer in time")
	errTooLarge = errors.New("the body is larger than accepted")
)

// payload is a body that has been read: its bytes, and then the error that cut
// it short, if any.
type payload struct {
	io.Reader
	data []byte
}

func (*payload) Close() error { return nil }

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// bound sends one attempt, reads its body within the limits and notes whether
// a byte may have been sent.
func bound(base http.RoundTripper, timeout time.Duration) http.RoundTripper {
	return step(func(r *http.Request) (*http.Response, error) {
		ctx, cancel := context.WithTimeoutCause(r.Context(), timeout, fmt.Errorf("%w (%s)", errTimeout, timeout))
		defer cancel()
		// The transport tells when it looks for a connection and when it has
		// one; one that tells nothing may have sent anything.
		var looked, connected atomic.Bool
		out := r.Clone(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GetConn: func(string) { looked.Store(true) },
			GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
		}))
		if r.GetBody != nil {
			body, err := r.GetBody()
			if err != nil {
				return nil, err
			}
			out.Body = body
		}
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		resp, err := base.RoundTrip(out)
		if err != nil {
			return nil, &wireError{sent: connected.Load() || !looked.Load(), err: cause(ctx, r.Context(), err)}
		}
		most := int64(maxBody)
		if resp.StatusCode/100 != 2 {
			most = maxErrorBody
		}
		data, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
		if cerr := resp.Body.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			err = fmt.Errorf("the answer was cut: %w", cause(ctx, r.Context(), err))
		}
		if int64(len(data)) > most {
			data = data[:most]
			err = fmt.Errorf("%w (%d MiB)", errTooLarge, most>>20)
		}
		p := &payload{Reader: bytes.NewReader(data), data: data}
		if err != nil {
			p.Reader = io.MultiReader(bytes.NewReader(data), failing{err})
		}
		resp.Body = p
		return resp, nil
	})
}

// cause names our own time limit where that, and not the run's context, ended
// the attempt.
func cause(attempt, run context.Context, err error) error {
	if run.Err() != nil {
		return run.Err()
	}
	if attempt.Err() != nil {
		return context.Cause(attempt)
	}
	return err
}
