package graph

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// intune wraps a sentence the way Intune does.
func intune(sentence, retryAfter string) string {
	inner, err := json.Marshal(map[string]any{
		"_version": 3, "RetryAfter": json.RawMessage(retryAfter), "CustomApiErrorPhrase": "", "HttpHeaders": "{}",
		"Message": sentence + " - Operation ID (for customer support): 0b7e - Activity ID: 5f4e2f2c-0001 - Url: https://fef.contoso.com/x?y",
	})
	if err != nil {
		panic(err)
	}
	outer, err := json.Marshal(map[string]any{"error": map[string]any{"code": "BadRequest", "message": string(inner), "innerError": map[string]any{"request-id": "r-inner"}}})
	if err != nil {
		panic(err)
	}
	return string(outer)
}

func TestErrorDecoding(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		header http.Header
		body   string
		want   Error
	}{
		{"plain", http.Header{"Request-Id": {"r"}}, `{"error":{"code":"Request_BadRequest","message":"Invalid filter.","innerError":{"request-id":"x"}}}`,
			Error{Code: "Request_BadRequest", Message: "Invalid filter.", RequestID: "r"}},
		{"nested", nil, intune("Profile not found", "null"), Error{Code: "BadRequest", Message: "Profile not found", ActivityID: "5f4e2f2c-0001", RequestID: "r-inner"}},
		{"nested with a wait", nil, intune("slow down", `"17"`), Error{Code: "BadRequest", Message: "slow down", ActivityID: "5f4e2f2c-0001", RequestID: "r-inner", RetryAfter: 17 * time.Second}},
		{"header before nested", http.Header{"Retry-After": {"3"}}, intune("slow down", `17`), Error{Code: "BadRequest", Message: "slow down", ActivityID: "5f4e2f2c-0001", RequestID: "r-inner", RetryAfter: 3 * time.Second}},
		{"nested twice", nil, `{"error":{"code":"c","message":"{\"Message\":\"{\\\"Message\\\":\\\"deep\\\"}\"}"}}`, Error{Code: "c", Message: "deep"}},
		{"a message that only looks like JSON", nil, `{"error":{"code":"c","message":"{not json"}}`, Error{Code: "c", Message: "{not json"}},
		{"a message that is JSON of another kind", nil, `{"error":{"code":"c","message":"{\"a\":1}"}}`, Error{Code: "c", Message: `{"a":1}`}},
		{"message an object", nil, `{"error":{"code":"c","message":{"value":"v"}}}`, Error{Code: "c", Message: `{"value":"v"}`}},
		{"message null", nil, `{"error":{"code":"c","message":null}}`, Error{Code: "c"}},
		{"a token service's form", nil, `{"error":"invalid_grant","error_description":"no"}`, Error{Code: "invalid_grant", Message: "no"}},
		{"text", nil, "upstream connect error", Error{Message: "upstream connect error"}},
		{"nothing", nil, "", Error{}},
		{"terminal escapes", nil, `{"error":{"code":"c\u001b[31m","message":"a\u001b]0;x\u0007b\u202ec\u200bd\ne\u009bf"}}`, Error{Code: "c[31m", Message: "a]0;xbcd ef"}},
		{"HTML by content type", http.Header{"Content-Type": {"text/html"}}, "oops", Error{HTML: true}},
		{"HTML by content", nil, "\n <!DOCTYPE html><HTML><HEAD><TITLE lang=en>Our Proxy</TITLE>", Error{HTML: true, Message: "Our Proxy"}},
		{"HTML title not closed", nil, "<html><title>Our Proxy", Error{HTML: true, Message: "Our Proxy"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got Error
			got.read(tt.header, []byte(tt.body), now)
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateErrors()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzError(f *testing.F) {
	f.Add("application/json", intune("Profile not found", "5"))
	f.Add("text/html", "<html><title>x</title>")
	f.Add("", `{"error":{"message":"{\"Message\":\"{\\\"Message\\\":1,\\\"RetryAfter\\\":\\\"Sun, 06 Nov 1994 08:49:37 GMT\\\"}\"}"}}`)
	f.Add("", "\u0130<title>\u0130")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		e := Error{Method: "GET", Path: "/x", Status: 400}
		e.read(http.Header{"Content-Type": {contentType}}, []byte(body), time.Now())
		if e.RetryAfter < 0 || e.RetryAfter > maxRetryAfter {
			t.Errorf("retry after %s", e.RetryAfter)
		}
		line := e.Error()
		if i := strings.IndexFunc(line, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }); i >= 0 {
			t.Errorf("control character in %q", line)
		}
		if len([]rune(e.Message)) > longest+1 {
			t.Errorf("a message of %d", len(e.Message))
		}
	})
}
