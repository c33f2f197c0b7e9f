package graph

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestErrorText(t *testing.T) {
	for _, tt := range []struct {
		name string
		e    Error
		want string
	}{
		{"all of it", Error{Method: "POST", Path: "/groups", Status: 403, Code: "Forbidden", Message: "Insufficient privileges", ActivityID: "a", RequestID: "r", ClientRequestID: "c"},
			"POST /groups: 403 Forbidden: Insufficient privileges (code Forbidden, activity-id a, request-id r, client-request-id c)"},
		{"a refusal names the permission", Error{Method: "GET", Path: "/groups", Status: 403, Message: "no", Needs: []string{"Group.Read.All", "Directory.Read.All"}},
			"GET /groups: 403 Forbidden: no: this needs Group.Read.All or Directory.Read.All"},
		{"unknown status", Error{Method: "GET", Path: "/x", Status: 599}, "GET /x: 599"},
		{"no answer", Error{Method: "GET", Path: "/x", Err: errors.New("dial tcp: no route"), GaveUp: "gave up after 5 attempts"}, "GET /x: no answer: dial tcp: no route: gave up after 5 attempts"},
		{"escapes", Error{Method: "GET", Path: "/x\x1b[2J", Status: 404, Message: "a\x1b[31m\r\nb\u202e"}, "GET /x[2J: 404 Not Found: a[31m b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.e.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// kinds is what the predicates say of one error.
type kinds struct{ NotFound, Denied, SignIn, Lost, Unreachable bool }

func TestKindsOfErrors(t *testing.T) {
	missing := "Resource not found for the segment 'depOnboardingSettings'."
	for _, tt := range []struct {
		name string
		err  error
		want kinds
	}{
		{"nil", nil, kinds{}},
		{"foreign", errors.New("x"), kinds{}},
		{"404", &Error{Status: 404}, kinds{NotFound: true}},
		{"wrapped 404", fmt.Errorf("read: %w", &Error{Status: 404}), kinds{NotFound: true}},
		{"404 of a proxy", &Error{Status: 404, HTML: true}, kinds{}},
		{"400 for a missing segment", &Error{Status: 400, Message: missing}, kinds{}},
		{"404 for a missing segment", &Error{Status: 404, Message: missing}, kinds{}},
		{"403", &Error{Status: 403}, kinds{Denied: true}},
		{"403 of a proxy", &Error{Status: 403, HTML: true}, kinds{}},
		{"401", &Error{Status: 401}, kinds{SignIn: true}},
		{"credential refused", &SignInError{}, kinds{SignIn: true}},
		{"token service not reached", &SignInError{Unreachable: true}, kinds{Unreachable: true}},
		{"read without an answer", &Error{Sent: true}, kinds{Unreachable: true}},
		{"create without an answer, sent", &Error{Class: Create, Sent: true}, kinds{Unreachable: true, Lost: true}},
		{"create without an answer, not sent", &Error{Class: Create}, kinds{Unreachable: true}},
		{"create interrupted", &Error{Class: Create, Sent: true, Err: context.Canceled}, kinds{Lost: true}},
		{"read out of time", &Error{Err: context.DeadlineExceeded}, kinds{}},
		{"read 503", &Error{Status: 503}, kinds{}},
		{"merge 503", &Error{Class: Merge, Status: 503}, kinds{Lost: true}},
		{"merge 429", &Error{Class: Merge, Status: 429}, kinds{}},
		{"create 501", &Error{Class: Create, Status: 501}, kinds{}},
		{"create 201 cut", &Error{Class: Create, Status: 201, Err: errors.New("cut")}, kinds{Lost: true}},
		{"create redirected", &Error{Class: Create, Status: 302}, kinds{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := kinds{IsNotFound(tt.err), IsDenied(tt.err), IsSignIn(tt.err), IsLost(tt.err), Unreachable(tt.err)}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAdvice(t *testing.T) {
	for _, tt := range []struct {
		name string
		e    Error
		want string
	}{
		{"401", Error{Status: 401}, "auth status"},
		{"403 naming permissions", Error{Status: 403, Needs: []string{"Group.Read.All", "Directory.Read.All"}}, "grant Group.Read.All or Directory.Read.All"},
		{"403", Error{Status: 403}, "auth status"},
		{"404", Error{Status: 404}, "intune-enroll plan -f FILE"},
		{"no Intune", Error{Status: 400, API: Beta, Message: "Resource not found for the segment 'x'."}, "the tenant has no Intune, or the address is not in beta"},
		{"409", Error{Status: 409}, "plan -f FILE"},
		{"412", Error{Status: 412}, "plan -f FILE"},
		{"429", Error{Status: 429, RetryAfter: 90 * time.Second}, "wait 1m30s"},
		{"429 without a time", Error{Status: 429}, "wait a few minutes"},
		{"503 on a read", Error{Status: 503}, "Service health"},
		{"503 on a create", Error{Status: 503, Class: Create}, "it may have been done nevertheless: run the same command again, which looks first"},
		{"a write cut short", Error{Status: 201, Class: Create}, "it was probably done: run the same command again, which looks first"},
		{"a read cut short", Error{Status: 200}, "same command again"},
		{"a redirect", Error{Status: 307}, "does not redirect"},
		{"a page", Error{Status: 502, HTML: true}, "HTTPS_PROXY"},
		{"400", Error{Status: 400, Message: "wrong"}, "correct what its message names"},
		{"no name", Error{Err: &net.DNSError{Name: "graph.contoso.com"}}, "the name graph.contoso.com was not found"},
		{"proxy", Error{Err: &net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED}}, "the proxy did not answer"},
		{"refused", Error{Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}, "nothing listens there"},
		{"unknown authority", Error{Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}, "SSL_CERT_FILE"},
		{"expired certificate", Error{Err: &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}}, "check the date"},
		{"another's certificate", Error{Err: &tls.CertificateVerificationError{Err: x509.HostnameError{}}}, "does not belong to the address"},
		{"no TLS", Error{Err: tls.RecordHeaderError{}}, "does not speak TLS"},
		{"end of time", Error{Err: context.DeadlineExceeded}, "--timeout"},
		{"interrupted", Error{Err: context.Canceled}, ""},
		{"something else", Error{Err: errors.New("x")}, "check the network"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.e.Do()
			if !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	own, signIn, other := &Error{Status: 404}, &SignInError{}, errors.New("x")
	for _, tt := range []struct{ in, want error }{
		{fmt.Errorf("Get %q: %w", "https://x", own), own},
		{fmt.Errorf("Get %q: %w", "https://x", signIn), signIn},
		{other, other},
		{nil, nil},
	} {
		if got := Plain(tt.in); !errors.Is(got, tt.want) {
			t.Errorf("got %v, want %v", got, tt.want)
		}
	}
}
