package sim

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// batchItem is one request inside $batch.
type batchItem struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

func readBatch(body []byte) ([]batchItem, error) {
	var b struct {
		Requests []batchItem `json:"requests"`
	}
	err := json.Unmarshal(body, &b)
	return b.Requests, err
}

// batch answers POST /$batch (Microsoft docs: at most 20 items, each with its own status and headers, in any order).
func (c *call) batch(m message) (answer, error) {
	if c.method != http.MethodPost {
		return answer{}, refusePlain(http.StatusMethodNotAllowed, "BadRequest", "Batch requests must be POST.")
	}
	if m.header.Get("Content-Type") == "" || !strings.HasPrefix(m.header.Get("Content-Type"), "application/json") {
		return answer{}, refusePlain(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "Content-Type must be application/json.")
	}
	items, err := readBatch(m.body)
	if err != nil {
		return answer{}, refusePlain(http.StatusBadRequest, "BadRequest", "Invalid batch payload format: %v", err)
	}
	if len(items) == 0 || len(items) > 20 {
		return answer{}, refusePlain(http.StatusBadRequest, "BadRequest", "Invalid batch: it must have 1 to 20 requests, this one has %d.", len(items))
	}
	var responses []any
	seen := map[string]int{}
	for _, it := range items {
		if it.ID == "" || seen[it.ID] != 0 || it.Method == "" || !strings.HasPrefix(it.URL, "/") {
			return answer{}, refusePlain(http.StatusBadRequest, "BadRequest", "Invalid batch item '%s': id must be unique, method and a relative url are needed.", it.ID)
		}
		a := c.batchAnswer(m, it, seen)
		seen[it.ID] = a.status
		responses = append(responses, batchResponse(it.ID, a))
	}
	slices.Reverse(responses) // any order is allowed, so the order is never that of the requests
	return ok(object{"responses": responses})
}

func (c *call) batchAnswer(outer message, it batchItem, seen map[string]int) answer {
	for _, id := range it.DependsOn {
		if status, known := seen[id]; !known || status >= 300 {
			return answer{status: http.StatusFailedDependency}
		}
	}
	path, query, _ := strings.Cut(it.URL, "?")
	m := message{method: it.Method, api: outer.api, path: path, query: query, header: http.Header{}, body: it.Body, base: outer.base, audience: outer.audience,
		requestID: guid(outer.requestID + it.ID)}
	for k, v := range it.Headers {
		m.header.Set(k, v)
	}
	m.header.Set("Authorization", outer.header.Get("Authorization"))
	f := c.s.pick(0, it.Method, unescaped(path), true)
	switch {
	case path == "/$batch":
		return answer{status: http.StatusBadRequest}
	case f != nil && f.answers():
		return f.answer()
	case f != nil:
		kept := c.s.tenant.clone()
		a := c.s.handle(m, c.now)
		c.s.tenant = kept
		return a
	}
	return c.s.handle(m, c.now)
}

func batchResponse(id string, a answer) object {
	out := object{"id": id, "status": a.status, "headers": object{"Content-Type": "application/json"}}
	if after := a.header.Get("Retry-After"); after != "" {
		out["headers"] = object{"Content-Type": "application/json", "Retry-After": after}
	}
	if a.body != nil {
		out["body"] = a.body
	} else if a.text != "" {
		// What is not JSON comes in base64 (Microsoft docs).
		out["headers"] = object{"Content-Type": "text/plain", "Content-Length": strconv.Itoa(len(a.text))}
		out["body"] = base64.StdEncoding.EncodeToString([]byte(a.text))
	}
	return out
}
