package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Error is the one error of answers that are not a complete 2xx, and of
// requests that got no answer.
type Error struct {
	Method, Path string
	API          API
	Class        Class
	Status       int // 0: no answer
	// Code and Message are Graph's; Message is already taken out of Intune's
	// JSON in a string and cut before its operation id.
	Code, Message                          string
	ActivityID, RequestID, ClientRequestID string
	Needs                                  []string
	RetryAfter                             time.Duration // 0: the service did not say
	HTML                                   bool          // a page for people came instead of JSON: proxy, captive portal, outage
	Sent                                   bool          // no answer, yet a byte of this or an earlier attempt may have reached the service
	GaveUp                                 string        // why the client did not try again although the class allows it
	Err                                    error         // the cause when there is no answer, or a 2xx that could not be read
}

// Error gives one line: method, path, status, what the service said, and the
// ids its support asks for.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Method, clean(e.Path))
	switch {
	case e.Status == 0:
		b.WriteString("no answer")
	case e.Status < 300:
		fmt.Fprintf(&b, "unusable answer %d", e.Status)
	default:
		b.WriteString(strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	if e.HTML {
		b.WriteString(": an HTML page instead of JSON")
	}
	if m := clean(e.Message); m != "" {
		b.WriteString(": " + m)
	}
	if IsDenied(e) && len(e.Needs) > 0 {
		b.WriteString(": this needs " + strings.Join(e.Needs, " or "))
	}
	if e.Err != nil {
		b.WriteString(": " + clean(e.Err.Error()))
	}
	if e.GaveUp != "" {
		b.WriteString(": " + e.GaveUp)
	}
	if ids := e.ids(); ids != "" {
		b.WriteString(" (" + ids + ")")
	}
	return b.String()
}

func (e *Error) ids() string {
	var out []string
	for _, id := range []struct{ name, value string }{
		{"code", e.Code},
		{"activity-id", e.ActivityID},
		{"request-id", e.RequestID},
		{"client-request-id", e.ClientRequestID},
	} {
		if v := clean(id.value); v != "" {
			out = append(out, id.name+" "+v)
		}
	}
	return strings.Join(out, ", ")
}

// Unwrap gives the cause, so that errors.Is finds an interrupt or a deadline.
func (e *Error) Unwrap() error { return e.Err }

// segmentMissing tells an address this tenant does not have (no Intune, or the
// other API version) from an object that does not exist. Graph has no code of
// its own for it, only this sentence (an issue of Microsoft's Intune script
// samples; recorded answers).
func (e *Error) segmentMissing() bool {
	return (e.Status == http.StatusBadRequest || e.Status == http.StatusNotFound) &&
		strings.Contains(e.Message, "Resource not found for the segment")
}

// IsNotFound says that the service answered that the object does not exist. A
// missing address and a page of some proxy are not that answer.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound && !e.HTML && !e.segmentMissing()
}

// IsDenied says that the service refused for want of permission (403).
func IsDenied(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusForbidden && !e.HTML
}

// IsSignIn says that there is no valid sign-in: 401, or the credential was
// refused. A sign-in that could not be reached is [Unreachable] instead.
func IsSignIn(err error) bool {
	if s, ok := errors.AsType[*SignInError](err); ok {
		return !s.Unreachable
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusUnauthorized
}

// IsLost says that a write may have been acted on although no good answer
// came: the writer must look before it sends anything again.
func IsLost(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Class == Read {
		return false
	}
	switch e.Status {
	case 0:
		return e.Sent
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return e.Status/100 == 2
}

// Unreachable says that the service, or its sign-in, gave no answer: no
// network, DNS, TLS, refused. An interrupt or the end of the run's time is not
// that.
func Unreachable(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if s, ok := errors.AsType[*SignInError](err); ok {
		return s.Unreachable
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == 0
}

// Plain takes off what net/http and kiota put round an error of this client.
// Generated builders need it; Do and Pages have done it.
func Plain(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if s, ok := errors.AsType[*SignInError](err); ok {
		return s
	}
	return err
}
