package graph

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// Do says what to do next, with a command to paste where there is one; empty
// when there is nothing sensible to say.
func (e *Error) Do() string {
	switch {
	case e.Status == 0:
		return connectionAdvice(e.Err)
	case e.HTML:
		return "something between here and Graph answered, such as a proxy or a sign-in page of the network: check HTTPS_PROXY and NO_PROXY, or try from another network"
	case e.segmentMissing():
		return fmt.Sprintf("the tenant has no Intune, or the address is not in %s: check the licence with: intune-enroll check", e.API)
	}
	switch e.Status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return "the service will not take it as it is: correct what its message names"
	case http.StatusUnauthorized:
		return "see who is signed in, and how: intune-enroll auth status -v"
	case http.StatusForbidden:
		if len(e.Needs) == 0 {
			return "see which permissions the sign-in has: intune-enroll auth status -v"
		}
		return fmt.Sprintf("grant %s and let an administrator consent, then look at: intune-enroll auth status -v; with the permission present, the account's Intune role or licence is what is missing", strings.Join(e.Needs, " or "))
	case http.StatusNotFound:
		return "it is not there, or not any more: look again with: intune-enroll plan -f FILE"
	case http.StatusConflict, http.StatusPreconditionFailed:
		return "somebody else changed it, or it exists already: look again with: intune-enroll plan -f FILE"
	case http.StatusTooManyRequests:
		if e.RetryAfter > 0 {
			return fmt.Sprintf("wait %s, then run the same command again", e.RetryAfter.Round(time.Second))
		}
		return "wait a few minutes, then run the same command again"
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if IsLost(e) {
			return "it may have been done nevertheless: run the same command again, which looks first"
		}
		return "run the same command again later; outages are listed in the Microsoft 365 admin center under Health, Service health"
	}
	switch e.Status / 100 {
	case 2:
		if IsLost(e) {
			return "it was probably done: run the same command again, which looks first"
		}
		return "run the same command again"
	case 3:
		return "Graph does not redirect: check HTTPS_PROXY and, with --cloud custom, --graph-endpoint"
	}
	return ""
}

// connectionAdvice goes by the type of what went wrong on the way.
func connectionAdvice(err error) string {
	if errors.Is(err, context.Canceled) {
		return ""
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "give the run more time: --timeout 30m"
	}
	if o, ok := errors.AsType[*net.OpError](err); ok && o.Op == "proxyconnect" {
		return "the proxy did not answer: check HTTPS_PROXY and NO_PROXY"
	}
	if d, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Sprintf("the name %s was not found: check the network, DNS and --cloud", clean(d.Name))
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "the other side does not speak TLS: check HTTPS_PROXY and the address"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the certificate is signed by nobody this machine trusts, as behind a proxy that opens TLS: add that proxy's CA to the machine's store (on Linux: SSL_CERT_FILE)"
	}
	if i, ok := errors.AsType[x509.CertificateInvalidError](err); ok && i.Reason == x509.Expired {
		return "the certificate is out of date, or this machine's clock is: check the date"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the certificate does not belong to the address: check HTTPS_PROXY, DNS and --cloud"
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return "nothing listens there: check the network, HTTPS_PROXY and --cloud"
	}
	return "check the network, then run the same command again"
}
