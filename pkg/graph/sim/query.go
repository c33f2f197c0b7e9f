package sim

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// settingsPage is the one page size that is known: the settings of a policy come 25 at a time (peer code).
const settingsPage = 25

// query is what the OData options of a request ask for.
type query struct {
	raw    url.Values
	filter *test
	fields []string
	expand string
	top    int
	skip   int
	count  bool
}

// parseQuery reads the options and refuses what is not known to work, $orderby, $search and $skip among it.
func (c *call) parseQuery(raw string, handler string) error {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return refusePlain(http.StatusBadRequest, "BadRequest", "The query string is malformed: %v", err)
	}
	c.query.raw = values
	list := c.method == http.MethodGet && strings.HasPrefix(handler, "list")
	allowed := []string{}
	switch {
	case list:
		allowed = []string{"$filter", "$select", "$expand", "$top", "$count", "$skiptoken"}
	case strings.HasPrefix(handler, "count"):
		allowed = []string{"$filter"}
	case c.method == http.MethodGet:
		allowed = []string{"$select", "$expand"}
	}
	t := c.s.schema.types[c.route.typ].in(c.api)
	for name, v := range values {
		if !slices.Contains(allowed, name) {
			return refusePlain(http.StatusBadRequest, "BadRequest", "Query option '%s' is not allowed or not supported here.", name)
		}
		if len(v) != 1 || v[0] == "" {
			return refusePlain(http.StatusBadRequest, "BadRequest", "Query option '%s' must have one value.", name)
		}
		if err := c.option(name, v[0], t); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) option(name, value string, t *typ) error {
	bad := func() error {
		return refusePlain(http.StatusBadRequest, "BadRequest", "Invalid value '%s' for query option '%s'.", value, name)
	}
	if t == nil && name != "$filter" {
		return bad()
	}
	var err error
	switch name {
	case "$filter":
		if t == nil {
			return bad()
		}
		c.query.filter, err = c.parseFilter(value, t)
	case "$select":
		for field := range strings.SplitSeq(value, ",") {
			field = strings.TrimSpace(field)
			m := t.member(field)
			if m == nil || c.api == v1 && !m.is('1') {
				return noProperty(field, t)
			}
			c.query.fields = append(c.query.fields, field)
		}
	case "$expand":
		if value != c.route.expand {
			return noProperty(value, t)
		}
		c.query.expand = value
	case "$top":
		// $top=999 is peer code's; more than that is refused by the directory (Microsoft docs).
		if c.query.top, err = strconv.Atoi(value); err != nil || c.query.top < 1 || c.query.top > 999 {
			return bad()
		}
	case "$count":
		if value != "true" && value != "false" {
			return bad()
		}
		if c.query.count = value == "true"; c.query.count && c.directory() && !c.eventual {
			return needsEventual()
		}
	case "$skiptoken":
		if c.query.skip, err = readSkip(value); err != nil {
			return bad()
		}
	}
	return err
}

// needsEventual is the answer to an advanced directory query without its header (Microsoft docs).
func needsEventual() error {
	return refusePlain(http.StatusBadRequest, "Request_UnsupportedQuery", "$count is not currently supported without the header ConsistencyLevel: eventual.")
}

func writeSkip(n int) string {
	return base64.RawURLEncoding.EncodeToString([]byte("next:" + strconv.Itoa(n)))
}

func readSkip(token string) (int, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(string(raw), "next:"), 10, 31)
	return int(n), err
}

// rows is what a list reads from. What no page needs is never made.
type rows struct {
	typ   string
	n     int
	at    func(i int) object
	shown func(i int) bool          // counts a read of an object that lags; nil: all are shown
	extra func(o, out object) error // adds what $expand asked for
	size  int                       // 0: the simulator's own page size
}

// pick returns the ith object if it passes the filter and is visible. Only what would be shown counts as read.
func (c *call) pick(r rows, i int) (object, bool) {
	o := r.at(i)
	if c.query.filter != nil && !c.query.filter.holds(c.s.schema, o) {
		return nil, false
	}
	return o, r.shown == nil || r.shown(i)
}

// page answers one page of a list. Options.Page is used unless the page size is the service's own; $top sets it.
func (c *call) page(r rows) (answer, error) {
	size := c.s.options.Page
	if c.query.top > 0 {
		size = c.query.top
	}
	if r.size > 0 {
		size = r.size
	}
	value := []any{}
	body := object{"@odata.context": c.context()}
	t := c.s.schema.types[r.typ]
	i := c.query.skip
	for ; i < r.n && len(value) < size; i++ {
		o, shown := c.pick(r, i)
		if !shown {
			continue
		}
		out := c.render(t, o, c.query.fields)
		if r.extra != nil && c.query.expand != "" {
			if err := r.extra(o, out); err != nil {
				return answer{}, err
			}
		}
		value = append(value, out)
	}
	more := 0
	next := -1
	for j := i; j < r.n && (next < 0 || c.counts()); j++ {
		if _, shown := c.pick(r, j); shown {
			more++
			if next < 0 {
				next = j
			}
		}
	}
	if next >= 0 {
		body["@odata.nextLink"] = c.nextLink(next)
	}
	if c.counts() {
		body["@odata.count"] = len(value) + more
	}
	body["value"] = value
	return ok(body)
}

// counts: the count comes with the first page only (Microsoft docs say so of the directory; assumed of Intune).
func (c *call) counts() bool { return c.query.count && c.query.skip == 0 }

func (c *call) context() string {
	return c.base + "/" + c.api + "/$metadata#" + strings.TrimPrefix(c.path, "/")
}

func (c *call) nextLink(skip int) string {
	q := url.Values{}
	for k, v := range c.query.raw {
		if k != "$count" {
			q[k] = v
		}
	}
	q.Set("$skiptoken", writeSkip(skip))
	return c.base + "/" + c.api + c.escapedPath + "?" + q.Encode()
}

// total answers a $count segment: text/plain.
func (c *call) total(r rows) (answer, error) {
	if c.query.filter == nil && r.shown == nil {
		return answer{status: http.StatusOK, text: strconv.Itoa(r.n)}, nil
	}
	n := 0
	for i := range r.n {
		if _, shown := c.pick(r, i); shown {
			n++
		}
	}
	return answer{status: http.StatusOK, text: strconv.Itoa(n)}, nil
}
