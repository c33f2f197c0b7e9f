package graph

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	abstractions "github.com/microsoft/kiota-abstractions-go"
)

func TestPath(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []string
		want string
	}{
		{"plain", []string{"deviceManagement", "depOnboardingSettings"}, "/deviceManagement/depOnboardingSettings"},
		{"escapes", []string{"groups", "a/b c?d#e%f"}, "/groups/a%2Fb%20c%3Fd%23e%25f"},
		{"underscore and dollar", []string{"ECV2_1_2", "$batch"}, "/ECV2_1_2/$batch"},
		{"nothing", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Path(tt.in...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDoRefusesACallThatWouldGoAstray(t *testing.T) {
	b := newBench(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for _, tt := range []struct {
		name string
		call Call
		want string
	}{
		{"empty id", Call{API: Beta, Method: http.MethodDelete, Path: Path("groups", "")}, "empty or malformed path segment"},
		{"empty id in between", Call{API: Beta, Method: http.MethodGet, Path: Path("groups", "", "members")}, "empty or malformed path segment"},
		{"up", Call{API: Beta, Method: http.MethodGet, Path: Path("groups", "..")}, "empty or malformed path segment"},
		{"escaped up", Call{API: Beta, Method: http.MethodGet, Path: "/groups/%2e%2e"}, "empty or malformed path segment"},
		{"bad escape", Call{API: Beta, Method: http.MethodGet, Path: "/groups/%zz"}, "empty or malformed path segment"},
		{"query in the path", Call{API: Beta, Method: http.MethodGet, Path: "/groups?$top=1"}, "neither query nor fragment"},
		{"no slash", Call{API: Beta, Method: http.MethodGet, Path: "groups"}, "begins with /"},
		{"no version", Call{Method: http.MethodGet, Path: "/groups"}, "unknown API"},
		{"no method", Call{API: V1, Path: "/groups"}, "unknown method"},
		{"body not JSON", Call{API: V1, Method: http.MethodPost, Path: "/groups", Class: Create, Body: json.RawMessage("{")}, "the body is not JSON"},
		{"body not encodable", Call{API: V1, Method: http.MethodPost, Path: "/groups", Class: Create, Body: func() {}}, "encode the body"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := b.Do(t.Context(), tt.call)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestDoSendsWhatTheCallSays(t *testing.T) {
	type sent struct{ Method, URI, Body, ContentType, Accept, Consistency, Token, Agent, Return string }
	var got sent
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		h := r.Header
		if len(h.Get("client-request-id")) != 36 || r.ContentLength != int64(len(body)) {
			t.Errorf("client-request-id %q, content length %d", h.Get("client-request-id"), r.ContentLength)
		}
		got = sent{r.Method, r.RequestURI, string(body), h.Get("Content-Type"), h.Get("Accept"), h.Get("ConsistencyLevel"), h.Get("Authorization"), h.Get("User-Agent"), h.Get("return-client-request-id")}
		answer(201, `{"id":"1"}`, "X-Kept", "yes")(w, r)
	}, func(o *Options) { o.UserAgent = "intune-enroll/1.2" })
	a, err := b.Do(t.Context(), Call{
		API: Beta, Method: http.MethodPost, Path: Path("groups", "a/b"), Class: Create, Eventual: true,
		Query: url.Values{"$filter": {"displayName eq 'a b+c'"}}, Body: json.RawMessage(`{ "displayName": null }`),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := sent{
		"POST", "/tenant/base/beta/groups/a%2Fb?%24filter=displayName%20eq%20%27a%20b%2Bc%27", `{ "displayName": null }`,
		"application/json", "application/json", "eventual", "Bearer " + canary, "intune-enroll/1.2", "true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if a.Status != 201 || a.Header.Get("X-Kept") != "yes" || string(a.Body) != `{"id":"1"}` {
		t.Errorf("got %d, X-Kept %q, %s", a.Status, a.Header.Get("X-Kept"), a.Body)
	}
}

func TestAdapterRefusesRequestsWithoutTheirCall(t *testing.T) {
	b := newBench(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for _, tt := range []struct {
		name string
		ctx  context.Context
		want string
	}{
		{"none", t.Context(), "carries no call"},
		{"another path", WithCall(t.Context(), Call{API: V1, Method: http.MethodGet, Path: "/organization"}), "its call is GET /organization"},
		{"another method", WithCall(t.Context(), Call{API: V1, Method: http.MethodDelete, Path: "/groups"}), "its call is DELETE /groups"},
		{"another version", WithCall(t.Context(), Call{API: Beta, Method: http.MethodGet, Path: "/groups"}), "its call is GET /groups"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(abstractions.GET, "{+baseurl}/groups", map[string]string{})
			_, err := b.Adapter().SendPrimitive(tt.ctx, r, "[]byte", nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestAdapterSendsBuildersToV1(t *testing.T) {
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) { answer(200, `"`+r.URL.Path+`"`)(w, r) })
	r := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(abstractions.GET, "{+baseurl}/groups", map[string]string{})
	out, err := b.Adapter().SendPrimitive(WithCall(t.Context(), Call{API: V1, Method: http.MethodGet, Path: "/groups"}), r, "[]byte", nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]byte(`"/v1.0/groups"`), out); diff != "" {
		t.Error(diff)
	}
}

func TestGetAndList(t *testing.T) {
	type item struct{ ID string }
	b := newBench(t, script(answer(200, `{"value":[{"id":"a"},{"id":"b"}]}`), answer(200, `{"id":"c"}`), answer(200, `{"id":1}`), answer(200, `{"value":[{"id":1}]}`), answer(204, "")))
	list, err := List[item](t.Context(), b.Client, read())
	if diff := cmp.Diff([]item{{"a"}, {"b"}}, list); diff != "" || err != nil {
		t.Error(err, diff)
	}
	one, err := Get[item](t.Context(), b.Client, read())
	if diff := cmp.Diff(item{"c"}, one); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if _, err := Get[item](t.Context(), b.Client, read()); err == nil {
		t.Error("an item of another type was accepted")
	}
	if list, err := List[item](t.Context(), b.Client, read()); err == nil || list != nil {
		t.Errorf("an item of another type was accepted: %v", list)
	}
	if _, err := Get[item](t.Context(), b.Client, read()); err == nil {
		t.Error("an answer without a body was accepted")
	}
}

// What was answered with success was done: an answer in another form than was
// looked for leaves a write to be looked at, and says nothing of a read.
func TestAnswerOfAnotherForm(t *testing.T) {
	type item struct{ ID string }
	for class, lost := range map[Class]bool{Read: false, Put: true, Create: true, Once: true} {
		b := newBench(t, script(answer(200, `{"id":1}`)))
		_, err := Get[item](t.Context(), b.Client, Call{API: Beta, Method: http.MethodPost, Path: "/things", Class: class})
		if err == nil || IsLost(err) != lost || !strings.Contains(err.Error(), "POST /things: ") || !strings.Contains(err.Error(), "the answer is not as expected") {
			t.Errorf("class %d: %v", class, err)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    Options
	}{
		{"no credential", Options{Cloud: Cloud{GraphEndpoint: "https://graph.microsoft.com"}}},
		{"no endpoint", Options{Credential: &tokens{}}},
		{"http elsewhere", Options{Cloud: Cloud{GraphEndpoint: "http://graph.contoso.com"}, Credential: &tokens{}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := New(tt.o); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestAnswerID(t *testing.T) {
	for body, want := range map[string]string{`{"id":"1","displayName":"Web"}`: "1", `{"displayName":"Web"}`: "", `{"id":7}`: "", `[]`: "", "": ""} {
		if got := (Answer{Body: []byte(body)}).ID(); got != want {
			t.Errorf("id of %q is %q", body, got)
		}
	}
}
