package graph

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// nesting bounds how many times JSON may be wrapped in a string.
const nesting = 4

// read fills the error from an answer that is not a 2xx. Graph answers
// {"error":{"code","message","innerError"}} (Microsoft docs page on errors);
// Intune puts JSON of its own inside message (recorded answers).
func (e *Error) read(header http.Header, body []byte, now time.Time) {
	e.RequestID = header.Get("request-id")
	if d, ok := retryAfter(header.Get("Retry-After"), now); ok {
		e.RetryAfter = d
	}
	if isHTML(header, body) {
		e.HTML = true
		e.Message = title(body)
		return
	}
	var answer struct {
		Error json.RawMessage `json:"error"`
		// The token service's form, should it answer in Graph's place.
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &answer) != nil || len(answer.Error) == 0 {
		e.Message = clean(string(body))
		return
	}
	var inner struct {
		Code       string          `json:"code"`
		Message    json.RawMessage `json:"message"`
		InnerError struct {
			RequestID string `json:"request-id"`
		} `json:"innerError"`
	}
	if json.Unmarshal(answer.Error, &inner) != nil {
		e.Code, e.Message = clean(text(answer.Error)), clean(answer.Description)
		return
	}
	e.Code = clean(inner.Code)
	if e.RequestID == "" {
		e.RequestID = inner.InnerError.RequestID
	}
	e.unwrap(text(inner.Message), now)
}

// unwrap takes the sentence, the activity id and a RetryAfter out of Intune's
// message: {"Message":"<sentence> - Operation ID (…): … - Activity ID: … - Url: …","RetryAfter":…}.
func (e *Error) unwrap(message string, now time.Time) {
	for range nesting {
		var nested struct {
			Message    json.RawMessage `json:"Message"`
			RetryAfter json.RawMessage `json:"RetryAfter"`
		}
		if !strings.HasPrefix(strings.TrimSpace(message), "{") || json.Unmarshal([]byte(message), &nested) != nil || len(nested.Message) == 0 {
			break
		}
		if d, ok := retryAfter(text(nested.RetryAfter), now); ok && e.RetryAfter == 0 {
			e.RetryAfter = d
		}
		message = text(nested.Message)
	}
	if _, rest, ok := strings.Cut(message, "Activity ID: "); ok {
		id, _, _ := strings.Cut(rest, " ")
		e.ActivityID = clean(id)
	}
	sentence, _, _ := strings.Cut(message, " - Operation ID")
	e.Message = clean(sentence)
}

// text gives a JSON string its value, null nothing, and anything else its JSON.
func text(raw json.RawMessage) string {
	var s string
	if len(raw) == 0 || json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// retryAfter reads a number of seconds or an HTTP date. What is not in the
// future means at once, which is still an answer.
func retryAfter(s string, now time.Time) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseFloat(s, 64); err == nil {
		if !(seconds >= 0) {
			return 0, false
		}
		return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second)), true
	}
	at, err := http.ParseTime(s)
	if err != nil {
		return 0, false
	}
	return min(max(at.Sub(now), 0), maxRetryAfter), true
}

// maxRetryAfter keeps absurd values from overflowing a duration; the client
// gives up long before.
const maxRetryAfter = 24 * time.Hour

func isHTML(header http.Header, body []byte) bool {
	if strings.HasPrefix(strings.ToLower(header.Get("Content-Type")), "text/html") {
		return true
	}
	start := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 512)]))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// title gives the title of an HTML page, the one part fit for an error.
func title(page []byte) string {
	lower := bytes.ToLower(page)
	_, after, ok := bytes.Cut(lower, []byte("<title"))
	if !ok {
		return ""
	}
	_, after, ok = bytes.Cut(after, []byte(">"))
	if !ok {
		return ""
	}
	within, _, _ := bytes.Cut(after, []byte("<"))
	// The same bytes before they were folded to lower case, where folding kept the length.
	if len(lower) == len(page) {
		start := len(page) - len(after)
		within = page[start : start+len(within)]
	}
	return clean(string(within))
}
