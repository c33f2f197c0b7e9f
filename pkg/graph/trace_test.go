package graph

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// times are what differs from run to run.
var times = regexp.MustCompile(` after [0-9.]+\S*| client-request-id \S+|\d+ bytes`)

func TestTrace(t *testing.T) {
	const guid = "8f14e45f-ceea-467f-a9b1-3c6a1d2b4e5f"
	for _, tt := range []struct {
		name string
		call Call
		give http.HandlerFunc
		want string
	}{
		{
			"a list", Call{API: Beta, Method: "GET", Path: "/groups", Query: url.Values{"$filter": {"displayName eq '" + canary + "'"}, "$select": {"id,displayName"}, "$top": {"5"}, canary + "!": {"x"}}},
			answer(200, `{"value":[{"id":"1","displayName":"`+canary+`","`+canary+`":"x","mail":"a@contoso.com"}]}`, "request-id", guid),
			"GET /beta/groups?$filter=***&$select=id,displayName&$top=5&***=*** -> 200_ got _ {value: [1 × {displayName: string, id: string, 2 more}]} request-id " + guid + "_",
		},
		{
			"ids", Call{API: Beta, Method: "GET", Path: Path("deviceManagement", "depOnboardingSettings", guid, "enrollmentProfiles", "ECV2_"+guid+"_"+guid)},
			answer(204, ""), "GET /beta/deviceManagement/depOnboardingSettings/" + guid + "/enrollmentProfiles/ECV2_" + guid + "_" + guid + " -> 204_ got __",
		},
		{
			"a serial and a user", Call{API: V1, Method: "GET", Path: Path("users", "someone", "x", "F2LXK0000001", "a@contoso.com", "f(serial='F2LXK0000001')")},
			answer(204, ""), "GET /v1.0/users/***/x/***/***/f(***) -> 204_ got __",
		},
		{
			"secrets in a body", Call{API: Beta, Method: "POST", Path: "/upload", Class: Once, Body: map[string]any{
				"depToken": canary, "certificate": canary, "token": canary, "assertion": canary, "displayName": canary, "deviceIds": []string{canary, canary}, canary: 1,
			}},
			answer(400, `{"error":{"code":"`+canary+`","message":"`+canary+`"}}`, "Retry-After", canary, "request-id", "not an id "+canary),
			"POST /beta/upload sent _ {deviceIds: [2 × string], displayName: string, 5 more} -> 400_ got _ {error: {code: string, message: string}} retry-after given_",
		},
		{"no answer", Call{API: Beta, Method: "POST", Path: "/upload", Class: Once}, drop, "POST /beta/upload -> no answer__"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var lines []string
			b := newBench(t, tt.give, func(o *Options) { o.Trace = func(s string) { lines = append(lines, s) } })
			if _, err := b.Do(t.Context(), tt.call); err != nil && len(lines) == 0 {
				t.Fatal(err)
			}
			got := times.ReplaceAllString(strings.Join(lines, "\n"), "_")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(got, canary) || strings.Contains(got, "contoso") {
				t.Errorf("the trace tells too much: %s", got)
			}
		})
	}
}

func TestTraceHasALineForEachAttempt(t *testing.T) {
	n := 0
	b := newBench(t, script(answer(503, ""), answer(200, "{}")), func(o *Options) { o.Trace = func(string) { n++ } })
	if _, err := b.Do(t.Context(), read()); err != nil || n != 2 {
		t.Errorf("%d lines, %v", n, err)
	}
}
