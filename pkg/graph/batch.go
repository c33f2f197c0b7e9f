package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// batchSize is how many requests one $batch takes (Microsoft docs page on JSON
// batching).
const batchSize = 20

type batchRequest struct {
	ID      string            `json:"id"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
}

type batchResponse struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

// Batch sends reads of one API together, 20 a request, the requests side by
// side. Answers and errors stand at the place of their call; exactly one of
// the two counts. An item that fails in a way that may pass, or has no answer,
// is asked again alone.
func (c *Client) Batch(ctx context.Context, api API, calls []Call) ([]Answer, []error) {
	answers, errs := make([]Answer, len(calls)), make([]error, len(calls))
	var side enroll.Together
	for from := 0; from < len(calls); from += batchSize {
		to := min(from+batchSize, len(calls))
		side.Go(func() { c.batch(ctx, api, calls[from:to], answers[from:to], errs[from:to]) })
	}
	side.Wait()
	return answers, errs
}

// batch sends one $batch.
func (c *Client) batch(ctx context.Context, api API, calls []Call, answers []Answer, errs []error) {
	var requests []batchRequest
	var sent []int // places of the calls that are in it
	for i, call := range calls {
		if call.API != api || call.Method != http.MethodGet || call.Class != Read || call.Body != nil {
			errs[i] = fmt.Errorf("call %s %s: a batch of %s takes reads of %s only", call.Method, call.Path, api, api)
			continue
		}
		if errs[i] = call.check(); errs[i] != nil {
			continue
		}
		r := batchRequest{ID: strconv.Itoa(i), Method: call.Method, URL: call.Path}
		if len(call.Query) > 0 {
			r.URL += "?" + call.query()
		}
		if call.Eventual {
			r.Headers = map[string]string{"ConsistencyLevel": "eventual"}
		}
		requests, sent = append(requests, r), append(sent, i)
	}
	if len(requests) == 0 {
		return
	}
	type body struct {
		Requests []batchRequest `json:"requests"`
	}
	answer, err := Get[struct{ Responses []batchResponse }](ctx, c, Call{
		API: api, Method: http.MethodPost, Path: "/$batch", Class: Read, Body: body{requests},
		Needs: calls[sent[0]].Needs,
	})
	if err != nil {
		for _, i := range sent {
			errs[i] = err
		}
		return
	}
	responses := map[string]batchResponse{}
	for _, r := range answer.Responses {
		responses[r.ID] = r
	}
	var side enroll.Together
	for _, i := range sent {
		r, ok := responses[strconv.Itoa(i)]
		if ok {
			var again bool
			if answers[i], again, errs[i] = c.item(calls[i], r); !again {
				continue
			}
		}
		side.Go(func() { answers[i], errs[i] = c.Do(ctx, calls[i]) })
	}
	side.Wait()
}

// item settles one answer of a batch as the chain settles a request's, and
// says whether the call is worth asking again.
func (c *Client) item(call Call, r batchResponse) (_ Answer, again bool, _ error) {
	header := http.Header{}
	for k, v := range r.Headers {
		header.Set(k, v)
	}
	if r.Status/100 == 2 && !isHTML(header, r.Body) {
		body := r.Body
		if string(body) == "null" {
			body = nil
		}
		return Answer{Status: r.Status, Header: header, Body: body}, false, nil
	}
	e := &Error{Method: call.Method, Path: call.Path, API: call.API, Class: call.Class, Needs: call.Needs, Status: r.Status}
	body := []byte(r.Body)
	if s := text(r.Body); s != "" && s[0] == '<' {
		body = []byte(s)
	}
	e.read(header, body, c.now())
	if e.Status == 0 {
		e.Err = errors.New("the batch gave no status for this request")
		return Answer{}, true, e
	}
	if e.RetryAfter > 0 && e.RetryAfter <= c.maxWait {
		c.gate.hold(c.now().Add(e.RetryAfter))
	}
	return Answer{}, repeatable(e), e
}
