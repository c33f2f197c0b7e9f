package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds a request body.
const maxBody = 8 << 20

// call is one request as the handlers see it. It is used under the simulator's mutex.
type call struct {
	s           *Simulator
	t           *tenant
	now         time.Time
	api         string
	method      string
	path        string // canonical, see place
	escapedPath string // as asked, without the version
	place       place
	route       *route
	query       query
	body        object
	eventual    bool
	who         *identity
	base        string // scheme, host and whatever the handler is mounted under
	requestID   string
	clientID    string
}

type handler func(*call) (answer, error)

// directory says whether the path belongs to the directory rather than to Intune.
func (c *call) directory() bool {
	return !strings.HasPrefix(c.path, "/deviceManagement") && !strings.HasPrefix(c.path, "/deviceAppManagement")
}

// key returns the nth key of the path.
func (c *call) key(n int) string { return c.place.keys[n] }

// message is a request taken off the wire, or out of a batch.
type message struct {
	method, api, path, query string // path escaped, without the version
	header                   http.Header
	body                     []byte
	base                     string
	audience                 string
	requestID                string
}

// Graph serves Graph. It takes only tokens the simulator issued for the scheme and host it is asked under.
func (s *Simulator) Graph() http.Handler { return http.HandlerFunc(s.serveGraph) }

func (s *Simulator) serveGraph(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	raw, readErr := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	m := newMessage(r, raw)
	e, f := s.arrive(&m, start)
	if !s.wait(r, f) {
		s.leave(e, 0, "")
		panic(http.ErrAbortHandler) // the client has gone, or is to think so
	}
	var a answer
	s.mu.Lock()
	now := s.options.Now()
	switch {
	case readErr != nil || len(raw) > maxBody:
		a = answer{status: http.StatusRequestEntityTooLarge, text: "the request body is too large"}
	case f != nil && f.answers():
		a = f.answer()
	case f != nil && f.Do == "ignore-write":
		// Seen with several Intune writes (third-party reports, 2026): a success that stored nothing.
		kept := s.tenant.clone()
		a = s.handle(m, now)
		s.tenant = kept
	default:
		a = s.handle(m, now)
	}
	s.mu.Unlock()
	s.write(w, r, m, f, e, a, now)
}

func newMessage(r *http.Request, body []byte) message {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	m := message{method: r.Method, header: r.Header, body: body, query: r.URL.RawQuery, audience: scheme + "://" + r.Host}
	escaped := r.URL.EscapedPath()
	m.base = m.audience
	if full, _, _ := strings.Cut(r.RequestURI, "?"); strings.HasSuffix(full, escaped) {
		m.base += strings.TrimSuffix(full, escaped)
	}
	api, path, _ := strings.Cut(strings.TrimPrefix(escaped, "/"), "/")
	m.api, m.path = api, "/"+path
	return m
}

// handle answers one message against the tenant; the mutex is held.
func (s *Simulator) handle(m message, now time.Time) answer {
	c := &call{
		s: s, t: s.tenant, now: now, api: m.api, method: m.method, path: m.path, escapedPath: m.path, base: m.base,
		eventual: strings.EqualFold(m.header.Get("ConsistencyLevel"), "eventual"), clientID: m.header.Get("client-request-id"), requestID: m.requestID,
	}
	a, err := c.answer(m)
	var f *failure
	if errors.As(err, &f) {
		return c.failed(f)
	}
	if err != nil {
		return c.failed(&failure{status: http.StatusInternalServerError, code: "InternalServerError", message: err.Error()})
	}
	return a
}

func (c *call) answer(m message) (answer, error) {
	var err error
	if c.who, err = c.s.authenticate(m.header.Get("Authorization"), m.audience, c.now); err != nil {
		return answer{}, err
	}
	if c.api != v1 && c.api != beta {
		return answer{}, refusePlain(http.StatusBadRequest, "BadRequest", "Invalid version: %s", c.api)
	}
	if m.path == "/$batch" {
		return c.batch(m)
	}
	if c.place, err = parsePath(m.path); err != nil {
		return answer{}, refusePlain(http.StatusBadRequest, "BadRequest", "Malformed path: %v", err)
	}
	c.path = c.place.path()
	if err := c.dispatch(); err != nil {
		return answer{}, err
	}
	verb := c.route.methods[c.method]
	if verb.handler != "forbidden" && !c.s.schema.granted(c.who.permissions, verb.perms) {
		return answer{}, c.denied(verb.perms)
	}
	if err := c.parseQuery(m.query, verb.handler); err != nil {
		return answer{}, err
	}
	if err := c.readBody(m); err != nil {
		return answer{}, err
	}
	return c.s.handlers[verb.handler](c)
}

// dispatch finds the route, or the answer the service has for a path or method it does not know.
func (c *call) dispatch() error {
	if last := c.place.segments[len(c.place.segments)-1]; strings.HasPrefix(last, "microsoft.management.services.api.") {
		// Peer code: the namespaced form of the enrollment time grouping actions, as SDKs build it, answers 500.
		return refuse(http.StatusInternalServerError, "InternalServerError", "An internal server error has occurred")
	}
	c.route = c.s.schema.find(&c.place)
	switch {
	case c.route == nil:
		return refusePlain(http.StatusNotImplemented, "NotImplemented", "The simulator does not know %s %s.", c.method, c.path)
	case c.place.paren:
		// One report on Microsoft's Intune samples: enrollmentProfiles('{id}') answers 400 where the slash form works.
		return refuse(http.StatusBadRequest, "BadRequest", "No OData route exists that match template ~/singleton/navigation/key/navigation/key with http verb %s", c.method)
	case c.api == v1 && !c.route.v1:
		// Reported on Microsoft's Intune samples, for the wrong version as for a tenant without Intune.
		return refusePlain(http.StatusBadRequest, "BadRequest", "Resource not found for the segment '%s'.", c.s.schema.missingSegment(c.place.segments))
	}
	if _, known := c.route.methods[c.method]; known {
		return nil
	}
	if strings.HasSuffix(c.path, "/retrieveEnrollmentTimeDeviceMembershipTarget") {
		// Live traffic reads it with GET; the documented POST has no route (peer code).
		return refuse(http.StatusBadRequest, "BadRequest", "No OData route exists that match template ~/singleton/navigation/key/action with http verb %s", c.method)
	}
	return refuse(http.StatusMethodNotAllowed, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
}

func (c *call) denied(perms []string) error {
	if c.directory() {
		return refuse(http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
	}
	who := "Application"
	if !c.who.app {
		who = "User"
	}
	return refuse(http.StatusForbidden, "Forbidden", "%s is not authorized to perform this operation. %s must have one of the following scopes: %s",
		who, who, strings.Join(c.s.schema.permissionNames(perms), ", "))
}

// readBody decodes the JSON object of a write.
func (c *call) readBody(m message) error {
	if len(m.body) == 0 {
		return nil
	}
	if c.method == http.MethodGet || c.method == http.MethodDelete {
		return c.badBody("A %s request takes no body.", c.method)
	}
	kind, _, err := mime.ParseMediaType(m.header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return refusePlain(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "Content-Type must be application/json.")
	}
	decoder := json.NewDecoder(bytes.NewReader(m.body))
	decoder.UseNumber()
	if err := decoder.Decode(&c.body); err != nil {
		return c.badBody("Unable to read JSON request payload: %v", err)
	}
	if decoder.More() {
		return c.badBody("Unable to read JSON request payload: there is more than one value.")
	}
	return nil
}

// write sends the answer. The request counts as over just before its first byte leaves: what a client sends after
// reading the answer starts later.
func (s *Simulator) write(w http.ResponseWriter, r *http.Request, m message, f *Fault, e *entry, a answer, now time.Time) {
	body := []byte(a.text)
	h := w.Header()
	if a.body != nil {
		var err error
		if body, err = json.Marshal(a.body); err != nil {
			body, a.status = []byte(fmt.Sprintf("marshal answer: %v", err)), http.StatusInternalServerError
		}
		h.Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
		h.Set("OData-Version", "4.0")
	} else if a.text != "" {
		h.Set("Content-Type", "text/plain")
	}
	for name, value := range a.header {
		h[name] = value
	}
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	h.Set("request-id", m.requestID)
	if id := r.Header.Get("client-request-id"); id != "" && r.Header.Get("return-client-request-id") == "true" {
		h.Set("client-request-id", id)
	}
	if f != nil && f.afterwards(s.options.OnKill) {
		s.leave(e, 0, "")
		panic(http.ErrAbortHandler)
	}
	s.leave(e, a.status, h.Get("Retry-After"))
	if f != nil && f.Do == "cut-body" {
		if len(body) == 0 {
			panic(http.ErrAbortHandler) // nothing to cut
		}
		h.Set("Content-Length", strconv.Itoa(len(body)+1))
		w.WriteHeader(a.status)
		sendCut(w, body)
	}
	w.WriteHeader(a.status)
	if len(body) > 0 && r.Method != http.MethodHead {
		if _, err := w.Write(body); err != nil {
			return // the client has gone; the log has the request
		}
	}
}

// sendCut sends half of the body and closes the connection.
func sendCut(w http.ResponseWriter, body []byte) {
	if _, err := w.Write(body[:len(body)/2]); err == nil {
		_ = http.NewResponseController(w).Flush() // a client that has gone got less
	}
	panic(http.ErrAbortHandler)
}
