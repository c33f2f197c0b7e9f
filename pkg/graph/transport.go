package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// step is one link of the chain every request goes through.
type step func(*http.Request) (*http.Response, error)

// RoundTrip lets a step be what net/http asks for.
func (s step) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

// chain builds the way of a request, outermost first: it is admitted with its
// call, repeated by class, and each attempt is settled into a complete 2xx or
// an *Error. Within an attempt it gets its ids and its token, waits for the
// service's and our own limits, and is traced as it goes over the wire.
func (c *Client) chain(credential azcore.TokenCredential, base http.RoundTripper, userAgent string, concurrency int, trace func(string)) http.RoundTripper {
	rt := bound(base, attemptTimeout)
	rt = c.readDate(rt)
	rt = c.traced(rt, trace)
	rt = limit(rt, concurrency)
	rt = c.throttled(rt)
	rt = c.authorized(rt, credential)
	rt = stamped(rt, userAgent)
	rt = c.settled(rt)
	rt = c.retried(rt)
	return c.admitted(rt)
}

// admitted lets requests through that carry their call and match it, and makes
// their body repeatable.
func (c *Client) admitted(next http.RoundTripper) http.RoundTripper {
	return step(func(r *http.Request) (*http.Response, error) {
		f, ok := flightOf(r.Context())
		if !ok {
			return nil, fmt.Errorf("%s %s: refused: the request carries no call", r.Method, r.URL.Path)
		}
		if err := f.call.check(); err != nil {
			return nil, err
		}
		want := f.link
		if want == nil {
			var err error
			if want, err = f.call.url(c.endpoint); err != nil {
				return nil, fmt.Errorf("%s %s: build the address: %w", f.call.Method, f.call.Path, err)
			}
		}
		if r.Method != f.call.Method || r.URL.EscapedPath() != want.EscapedPath() {
			return nil, fmt.Errorf("%s %s: refused: its call is %s %s", r.Method, r.URL.Path, f.call.Method, f.call.Path)
		}
		out := r.Clone(r.Context())
		if r.Body != nil {
			body, err := io.ReadAll(r.Body)
			if err := errors.Join(err, r.Body.Close()); err != nil {
				return nil, fmt.Errorf("%s %s: read the body: %w", r.Method, f.call.Path, err)
			}
			out.ContentLength = int64(len(body))
			out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		}
		resp, err := next.RoundTrip(out)
		if err != nil {
			return nil, err
		}
		f.status, f.header = resp.StatusCode, resp.Header
		return resp, nil
	})
}

// settled turns whatever an attempt gave into a complete 2xx or an error of
// this package. It works below kiota, which loses the status of a page that is
// not JSON.
func (c *Client) settled(next http.RoundTripper) http.RoundTripper {
	return step(func(r *http.Request) (*http.Response, error) {
		f, ok := flightOf(r.Context())
		if !ok {
			return nil, errors.New("request carries no call")
		}
		e := &Error{
			Method: f.call.Method, Path: f.call.Path, API: f.call.API, Class: f.call.Class, Needs: f.call.Needs,
			ClientRequestID: r.Header.Get(clientRequestID),
		}
		resp, err := next.RoundTrip(r)
		if err != nil {
			if s, ok := errors.AsType[*SignInError](err); ok {
				return nil, s
			}
			if w, ok := errors.AsType[*wireError](err); ok {
				e.Sent = w.sent
				c.note(f.call, w.sent)
			}
			e.Err = err
			return nil, e
		}
		c.note(f.call, true)
		body, err := io.ReadAll(resp.Body)
		if cerr := resp.Body.Close(); err == nil {
			err = cerr
		}
		e.Status = resp.StatusCode
		if resp.StatusCode/100 != 2 {
			e.read(resp.Header, body, c.now())
			return nil, e
		}
		body = bytes.TrimPrefix(body, []byte("\uFEFF")) // $count answers begin with one
		switch {
		case err != nil:
			e.Err = err
		case len(body) > 0 && isHTML(resp.Header, body):
			e.HTML, e.Message = true, title(body)
		case len(body) > 0 && !json.Valid(body):
			e.Err = errors.New("the body is not JSON")
		default:
			resp.Body = io.NopCloser(bytes.NewReader(body))
			resp.ContentLength = int64(len(body))
			if len(body) > 0 {
				resp.Header.Set("Content-Type", "application/json") // kiota parses by it
			}
			return resp, nil
		}
		e.RequestID = resp.Header.Get("request-id")
		return nil, e
	})
}

func (c *Client) note(call Call, sent bool) {
	if sent && call.Class != Read {
		c.wrote.Store(true)
	}
}

// limit bounds the requests on the wire at one time.
func limit(next http.RoundTripper, n int) http.RoundTripper {
	slots := make(chan struct{}, n)
	return step(func(r *http.Request) (*http.Response, error) {
		select {
		case slots <- struct{}{}:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		defer func() { <-slots }()
		return next.RoundTrip(r)
	})
}

// Sleep waits, or ends with the context.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
