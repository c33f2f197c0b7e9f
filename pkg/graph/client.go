// Package graph is the client of Microsoft Graph: sign-in, clouds, calls,
// repetition by class, throttling, paging, errors and a redacted trace.
//
// Every request is a [Call], which says what may be repeated and which
// permission it needs, and goes through kiota's request adapter over a chain
// of our own. Nothing of the SDK's middleware, retry or redirects is in use.
package graph

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	msgraphcore "github.com/microsoftgraph/msgraph-sdk-go-core"
	"golang.org/x/time/rate"
)

// Options make a [Client].
type Options struct {
	Cloud      Cloud
	Credential azcore.TokenCredential
	UserAgent  string            // product/version; empty: intune-enroll
	Trace      func(line string) // nil: off; called from several goroutines
	// Concurrency is how many requests are on the wire at one time; default 64: the
	// reads of a large plan go side by side, far below the service's limits.
	Concurrency int
	Base        http.RoundTripper // what sends; nil: a transport of our own
	// MaxWait is the longest single wait before a request is sent again; default 60 s.
	MaxWait time.Duration
}

// Client asks one cloud's Graph in the name of one credential. It is safe for
// concurrent use.
type Client struct {
	cloud      Cloud
	endpoint   *url.URL
	credential azcore.TokenCredential
	adapter    abstractions.RequestAdapter
	clock      clock
	gate       gate
	bucket     *rate.Limiter
	maxWait    time.Duration
	maxPages   int
	now        func() time.Time
	sleep      func(context.Context, time.Duration) error
	jitter     func(most time.Duration) time.Duration
	wrote      atomic.Bool
}

// Wrote tells whether a call that is no [Read] may have left this machine.
func (c *Client) Wrote() bool { return c.wrote.Load() }

// New makes a client. It sends nothing.
func New(o Options) (*Client, error) {
	endpoint, err := url.Parse(o.Cloud.GraphEndpoint)
	if err != nil || endpoint.Host == "" {
		return nil, fmt.Errorf("graph endpoint %q of cloud %s is not an address", o.Cloud.GraphEndpoint, o.Cloud.Name)
	}
	if endpoint.Scheme != "https" && !loopback(endpoint) {
		return nil, fmt.Errorf("graph endpoint %s: use https", endpoint)
	}
	if o.Credential == nil {
		return nil, errors.New("no credential to sign in to Graph with")
	}
	c := &Client{
		cloud: o.Cloud, endpoint: endpoint, credential: o.Credential,
		bucket: newBucket(), maxWait: o.MaxWait, maxPages: maxPages,
		now: time.Now, sleep: Sleep, jitter: fullJitter,
	}
	if c.maxWait <= 0 {
		c.maxWait = time.Minute
	}
	concurrency := o.Concurrency
	if concurrency <= 0 {
		concurrency = 64
	}
	base := o.Base
	if base == nil {
		if base, err = o.Cloud.transport(endpoint); err != nil {
			return nil, err
		}
	}
	c.adapter, err = newAdapter(c.chain(o.Credential, base, cmp.Or(o.UserAgent, "intune-enroll"), concurrency, o.Trace), endpoint)
	return c, err
}

// newAdapter makes kiota's adapter over our chain. It knows JSON and nothing
// else, and adds no token: the chain does, and only there.
func newAdapter(rt http.RoundTripper, endpoint *url.URL) (abstractions.RequestAdapter, error) {
	const contentType = "application/json"
	parse := serialization.NewParseNodeFactoryRegistry()
	parse.ContentTypeAssociatedFactories[contentType] = jsonserialization.NewJsonParseNodeFactory()
	write := serialization.NewSerializationWriterFactoryRegistry()
	write.ContentTypeAssociatedFactories[contentType] = jsonserialization.NewJsonSerializationWriterFactory()
	client := &http.Client{
		Transport:     rt,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	a, err := msgraphcore.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{}, msgraphcore.GraphClientOptions{}, parse, write, client)
	if err != nil {
		return nil, fmt.Errorf("make the request adapter: %w", err)
	}
	a.SetBaseUrl(endpoint.JoinPath(string(V1)).String())
	return a, nil
}

// Adapter is for generated builders of v1.0 (pkg/graph/v1). Requests through
// it need [WithCall].
func (c *Client) Adapter() abstractions.RequestAdapter { return c.adapter }

// Cloud is the cloud this client asks.
func (c *Client) Cloud() Cloud { return c.cloud }

// Do sends a call and gives its complete answer. Its errors are *[Error],
// *[SignInError], or say that the call itself is wrong.
func (c *Client) Do(ctx context.Context, call Call) (Answer, error) { return c.send(ctx, call, nil) }

func (c *Client) send(ctx context.Context, call Call, link *url.URL) (Answer, error) {
	if err := call.check(); err != nil {
		return Answer{}, err
	}
	body, err := call.body()
	if err != nil {
		return Answer{}, err
	}
	target := link
	if target == nil {
		if target, err = call.url(c.endpoint); err != nil {
			return Answer{}, fmt.Errorf("%s %s: build the address: %w", call.Method, call.Path, err)
		}
	}
	r := abstractions.NewRequestInformation()
	r.Method = method(call.Method)
	r.SetUri(*target)
	r.Headers.Add("Accept", "application/json")
	if call.Eventual {
		r.Headers.Add("ConsistencyLevel", "eventual")
	}
	if body != nil {
		r.SetStreamContentAndContentType(body, "application/json")
	}
	f := &flight{call: call, link: link}
	out, err := c.adapter.SendPrimitive(context.WithValue(ctx, flightKey{}, f), r, "[]byte", nil)
	if err != nil {
		return Answer{}, Plain(err)
	}
	raw, _ := out.([]byte) // nil: an answer without a body
	return Answer{Status: f.status, Header: f.header, Body: raw}, nil
}

// method gives kiota's name of a method that [Call.check] let through.
func method(m string) abstractions.HttpMethod {
	switch m {
	case http.MethodPost:
		return abstractions.POST
	case http.MethodPatch:
		return abstractions.PATCH
	case http.MethodPut:
		return abstractions.PUT
	case http.MethodDelete:
		return abstractions.DELETE
	}
	return abstractions.GET
}

// Get sends a call and decodes its answer. What cannot be decoded is an *[Error]
// too: of a write it says that the service may have acted, see [IsLost].
func Get[T any](ctx context.Context, c *Client, call Call) (T, error) {
	var v T
	a, err := c.Do(ctx, call)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(a.Body, &v); err != nil {
		return v, &Error{Method: call.Method, Path: call.Path, API: call.API, Class: call.Class, Needs: call.Needs, Status: a.Status,
			Err: fmt.Errorf("the answer is not as expected: %w", err)}
	}
	return v, nil
}

// List reads all pages of a collection and decodes its items. On an error it
// gives none: a part of a list is not the list.
func List[T any](ctx context.Context, c *Client, call Call) ([]T, error) {
	var out []T
	for raw, err := range c.Pages(ctx, call) {
		if err != nil {
			return nil, err
		}
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, fmt.Errorf("%s %s: item %d is not as expected: %w", call.Method, call.Path, len(out)+1, err)
		}
		out = append(out, v)
	}
	return out, nil
}
