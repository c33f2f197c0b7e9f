package cli

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// signatureHeader carries the HMAC-SHA256 of the body, in hexadecimal, with the
// secret of the receiver.
const signatureHeader = "X-Intune-Enroll-Signature"

// webhook is where notifications go.
type webhook struct {
	url    *url.URL
	format string
	secret string
	pause  time.Duration // before the second attempt; doubled before the third
}

// webhook reads where notifications go; nil when nowhere.
func (f *factory) webhook() (*webhook, error) {
	s, err := f.settings()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(render.WebhookFormats(), s.WebhookFormat) {
		return nil, fail(codeUsage, "", "webhook format %q from %s is not known: use one of %s", s.WebhookFormat, s.From("webhook-format"), strings.Join(render.WebhookFormats(), ", "))
	}
	if s.Webhook == "" {
		return nil, nil
	}
	u, err := url.Parse(s.Webhook)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !onLoopback(u)) {
		// The address of a webhook is a secret, so it is not repeated.
		return nil, fail(codeUsage, "intune-enroll help environment", "the webhook from %s is not an https address", s.From("webhook"))
	}
	w := &webhook{url: u, format: s.WebhookFormat, secret: s.WebhookSecret, pause: time.Second}
	if w.secret == "" && s.WebhookSecretFile != "" {
		raw, err := readBounded(s.WebhookSecretFile)
		if err != nil {
			return nil, fail(codeUsage, "", "read the secret of the webhook: %w", err)
		}
		w.secret = strings.TrimSpace(string(raw))
	}
	return w, nil
}

func onLoopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// notify sends the report when what is wrong is not what was wrong the last
// time, or always. A report that could not be delivered is a failure, whatever
// else the run found.
func (f *factory) notify(ctx context.Context, o checkOptions, r render.Report, err error) (render.Report, error) {
	// A refusal is for whoever runs the command; that of one tenant among several
	// is no reason to be silent about the others.
	if c := exitCode(err); c == exitRefused && len(r.Contexts) == 0 || c == exitInterrupted || c == exitTerminated {
		return r, err
	}
	w, werr := f.webhook()
	if werr != nil {
		return r, werr
	}
	if w == nil {
		return r, err
	}
	s, serr := f.settings()
	if serr != nil {
		return r, serr
	}
	sent := r
	sent.Command, sent.Tool, sent.Error = "check", f.tool(), asError(err)
	memory := openMemory(s, w, o)
	now := render.Fingerprint(sent)
	if !o.Always && now == memory.Known {
		return r, err
	}
	body, berr := render.Webhook(w.format, sent)
	if berr != nil {
		return r, berr
	}
	// A run that is out of time is told of all the same; a signal ends it here too.
	until, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	go func() {
		select {
		case <-f.interrupts.stop:
			end()
		case <-until.Done():
		}
	}()
	if derr := w.deliver(until, body); derr != nil {
		if why := f.interrupts.came(); why != nil {
			return r, why
		}
		return r, fail(codeNotDelivered, "check the address of the webhook; the next run tries again", "the notification was not delivered to %s: %w", w.url.Host, derr)
	}
	memory.Known = now
	if merr := memory.save(); merr != nil {
		return r, merr
	}
	return r, err
}

// deliver posts the body, three times at most. A receiver that answers with
// anything but 2xx has not got it.
func (w *webhook) deliver(ctx context.Context, body []byte) error {
	client := &http.Client{Timeout: 15 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var err error
	for attempt := range 3 {
		if attempt > 0 {
			if graph.Sleep(ctx, w.pause<<(attempt-1)) != nil {
				return err
			}
		}
		var again bool
		if again, err = w.post(ctx, client, body); err == nil || !again {
			return err
		}
	}
	return err
}

// post tells beside the error whether another attempt may help.
func (w *webhook) post(ctx context.Context, client *http.Client, body []byte) (again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url.String(), bytes.NewReader(body))
	if err != nil {
		return false, errors.New("the address is malformed")
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "intune-enroll")
	if w.secret != "" && w.format == "json" {
		mac := hmac.New(sha256.New, []byte(w.secret))
		mac.Write(body)
		request.Header.Set(signatureHeader, "sha256="+hex.EncodeToString(mac.Sum(nil)))
	}
	answer, err := client.Do(request)
	if e, ok := errors.AsType[*url.Error](err); ok {
		return ctx.Err() == nil, e.Err // without the address
	}
	if err != nil {
		return true, err
	}
	defer func() { _ = answer.Body.Close() }() // it is of no use
	// Nothing is made of the answer; it is read so that the connection ends well.
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	if answer.StatusCode/100 == 2 {
		return false, nil
	}
	return answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500, fmt.Errorf("it answered %d", answer.StatusCode)
}

// memory is what was wrong when the receiver was told last.
type memory struct {
	Known string `json:"known"`
	path  string
}

// openMemory reads what the receiver knows of this check: the same tenants,
// files and selection. Without a folder nothing is known; what cannot be read is
// like no report, so that the receiver is told again.
func openMemory(s settings.Settings, w *webhook, o checkOptions) *memory {
	m := &memory{}
	if s.Journal == "" {
		return m
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s %s %q %q %q %q %v", w.url, s.Tenant, s.Context, o.Files, o.Only, o.Skip, o.All))
	m.path = filepath.Join(s.Journal, "notified-"+hex.EncodeToString(key[:8])+".json")
	raw, err := os.ReadFile(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return m
	}
	if err != nil || json.Unmarshal(raw, m) != nil {
		m.Known = "unreadable"
	}
	return m
}

func (m *memory) save() error {
	if m.path == "" {
		return nil
	}
	raw, err := json.Marshal(m)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(m.path), 0o700)
	}
	if err == nil {
		err = replaceFile(m.path, append(raw, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("remember what was notified: %w", err)
	}
	return nil
}
