package byod

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Discoverer asks web servers where personal devices enroll, as a device does.
// Its zero value asks the internet.
type Discoverer struct {
	transport http.RoundTripper // of tests: servers on loopback; nil: the machine's
}

// Limits of one question.
const (
	mostDiscovery    = 64 << 10
	mostRedirects    = 5
	discoveryTimeout = 20 * time.Second
)

var errPlainRedirect = errors.New("it redirects to an address that is not https")

// Verify asks the domain, over https and with the query that a device sends,
// and judges status, type and body of the answer. An error says that nobody
// answered. An empty tenant id is not compared.
func (d Discoverer) Verify(ctx context.Context, domain, cloud, tenant string) ([]enroll.Finding, error) {
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	u := url.URL{Scheme: "https", Host: domain, Path: DiscoveryPath,
		RawQuery: url.Values{"user-identifier": {"someone@" + domain}, "model-family": {"iPhone"}}.Encode()}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", domain, err)
	}
	client := http.Client{Transport: d.transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		switch {
		case next.URL.Scheme != "https":
			return errPlainRedirect
		case len(via) > mostRedirects:
			return fmt.Errorf("it redirects more than %d times", mostRedirects)
		}
		return nil
	}}
	answer, err := client.Do(req)
	if errors.Is(err, errPlainRedirect) {
		return []enroll.Finding{{Rule: discoveryRule, Severity: enroll.Error, Message: domain + ": " + errPlainRedirect.Error(), Fix: "answer " + DiscoveryPath + " itself, over https"}}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", domain, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostDiscovery+1))
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", domain, err)
	}
	return judge(answer, body, domain, cloud, tenant), nil
}

// judge looks at the answer of a domain.
func judge(answer *http.Response, body []byte, domain, cloud, tenant string) []enroll.Finding {
	bad := func(format string, args ...any) enroll.Finding {
		return enroll.Finding{Rule: discoveryRule, Severity: enroll.Error, Message: domain + ": " + fmt.Sprintf(format, args...),
			Fix: "serve what byod discovery generate prints at https://" + domain + DiscoveryPath + " as " + DiscoveryType}
	}
	if answer.StatusCode != http.StatusOK {
		return []enroll.Finding{bad("the answer is %s; a device then says that the account does not support the expected services", answer.Status)}
	}
	if len(body) > mostDiscovery {
		return []enroll.Finding{bad("the answer is longer than %d KiB", mostDiscovery>>10)}
	}
	var out []enroll.Finding
	if to := answer.Request.URL; !strings.EqualFold(to.Host, domain) {
		out = append(out, enroll.Finding{Rule: discoveryRule, Severity: enroll.Warning, Message: fmt.Sprintf("%s: it redirects to %s; whether every device follows is not established", domain, to.Host),
			Fix: "answer " + DiscoveryPath + " itself"})
	}
	if kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type")); err != nil || kind != DiscoveryType {
		out = append(out, bad("the type of the answer is %q, not %s", answer.Header.Get("Content-Type"), DiscoveryType))
	}
	for _, f := range checkDiscovery(body, cloud, tenant) {
		f.Message = domain + ": " + f.Message
		out = append(out, f)
	}
	return out
}
