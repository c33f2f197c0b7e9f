package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// API is a version of Microsoft Graph, the first path segment of every request.
type API string

// The two versions. Enrollment tokens, enrollment profiles and policies,
// filters and complete assignments exist in beta only (Microsoft's published
// schemas of both versions, 2026).
const (
	V1   API = "v1.0"
	Beta API = "beta"
)

// Class says what the client may repeat by itself. It is declared by the
// caller, because the same method can be harmless on one path and make a
// second object on another.
type Class int

const (
	// Read changes nothing: repeated on 429, 500, 502, 503, 504, connection
	// errors and answers cut short.
	Read Class = iota
	// Put leaves the same state however often it is sent (PATCH, DELETE,
	// setDefaultProfile, updateDeviceProfileAssignment, setPriority):
	// repeated as Read is.
	Put
	// Merge writes what was merged from a fresh read (assign, PUT of a
	// policy): never repeated here, 429 included, since what was merged may
	// be old. The writer reads, merges and sends again.
	Merge
	// Create makes something: repeated only on 429 and when the connection
	// failed before a byte was sent.
	Create
	// Once starts something (sync, uploads): repeated as Create is.
	Once
)

// Call is one request to Microsoft Graph and what the client must know about it.
type Call struct {
	API    API
	Method string
	// Path is escaped, begins with "/" and has no version: see [Path].
	Path  string
	Query url.Values
	// Body is marshalled as JSON; json.RawMessage goes as it is; nil is no body.
	Body  any
	Class Class
	// Needs are permissions any one of which suffices, least privileged first.
	Needs []string
	// Eventual asks for the advanced queries of directory objects
	// (ConsistencyLevel: eventual; Microsoft docs page on advanced queries).
	Eventual bool
}

// Path joins segments to an escaped path with a leading slash.
func Path(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

// Answer is a complete answer with a status of 2xx. Body is valid JSON, or
// empty when the service said nothing.
type Answer struct {
	Status int
	Header http.Header
	Body   json.RawMessage
}

// ID is the id of the object in the answer, as a create gives it; "" when it
// names none.
func (a Answer) ID() string {
	var made struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(a.Body, &made) != nil {
		return ""
	}
	return made.ID
}

// check refuses a call that would reach another place than its author meant:
// an empty id turns the path of one object into the path of all of them.
func (c Call) check() error {
	if c.API != V1 && c.API != Beta {
		return fmt.Errorf("call %s %s: unknown API %q: use %q or %q", c.Method, c.Path, c.API, V1, Beta)
	}
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}
	if !slices.Contains(methods, c.Method) {
		return fmt.Errorf("call %q %s: unknown method", c.Method, c.Path)
	}
	rest, ok := strings.CutPrefix(c.Path, "/")
	if !ok || strings.ContainsAny(rest, "?#") {
		return fmt.Errorf("call %s %q: the path begins with / and has neither query nor fragment", c.Method, c.Path)
	}
	for s := range strings.SplitSeq(rest, "/") {
		plain, err := url.PathUnescape(s)
		if err != nil || plain == "" || plain == "." || plain == ".." {
			return fmt.Errorf("call %s %q: empty or malformed path segment %q", c.Method, c.Path, s)
		}
	}
	return nil
}

// url gives the address of the call under a Graph endpoint.
func (c Call) url(endpoint *url.URL) (*url.URL, error) {
	s := strings.TrimSuffix(endpoint.String(), "/") + "/" + string(c.API) + c.Path
	if len(c.Query) > 0 {
		s += "?" + c.query()
	}
	return url.Parse(s)
}

// query encodes spaces as %20: a plus means a space in forms only.
func (c Call) query() string { return strings.ReplaceAll(c.Query.Encode(), "+", "%20") }

func (c Call) body() ([]byte, error) {
	switch b := c.Body.(type) {
	case nil:
		return nil, nil
	case json.RawMessage:
		if !json.Valid(b) {
			return nil, fmt.Errorf("call %s %s: the body is not JSON", c.Method, c.Path)
		}
		return bytes.Clone(b), nil
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return nil, fmt.Errorf("call %s %s: encode the body: %w", c.Method, c.Path, err)
		}
		return raw, nil
	}
}

// flight is a call on its way. It travels in the context, because kiota's
// adapter keeps status and headers to itself.
type flight struct {
	call   Call
	link   *url.URL // a nextLink, sent as the service wrote it
	status int
	header http.Header
}

type flightKey struct{}

// WithCall puts a call into the context of a request made by generated
// builders. The client refuses a request without one, or with another's.
func WithCall(ctx context.Context, call Call) context.Context {
	return context.WithValue(ctx, flightKey{}, &flight{call: call})
}

func flightOf(ctx context.Context) (*flight, bool) {
	f, ok := ctx.Value(flightKey{}).(*flight)
	return f, ok
}
