package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

func TestDeliver(t *testing.T) {
	tests := []struct {
		name     string
		answers  []int
		attempts int
		says     string // "": delivered
	}{
		{"taken", []int{200}, 1, ""},
		{"busy at first", []int{503, 429, 202}, 3, ""},
		{"busy", []int{503, 503, 503, 200}, 3, "it answered 503"},
		{"refused", []int{404, 200}, 1, "it answered 404"},
		{"sent elsewhere", []int{307, 200}, 1, "it answered 307"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int32
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "http://127.0.0.1:1/")
				w.WriteHeader(tt.answers[n.Add(1)-1])
			}))
			defer s.Close()
			u, err := url.Parse(s.URL + "/canary")
			if err != nil {
				t.Fatal(err)
			}
			err = (&webhook{url: u, format: "json", pause: time.Millisecond}).deliver(t.Context(), []byte("{}"))
			if (err == nil) != (tt.says == "") || err != nil && err.Error() != tt.says || int(n.Load()) != tt.attempts {
				t.Errorf("%d attempts, %v", n.Load(), err)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		u := &url.URL{Scheme: "http", Host: "127.0.0.1:1", Path: "/canary"}
		err := (&webhook{url: u, format: "json", pause: time.Millisecond}).deliver(t.Context(), nil)
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("got %v", err)
		}
	})
}

// A receiver that does not answer does not keep the program from ending.
func TestDeliverIsInterrupted(t *testing.T) {
	t.Parallel()
	tenant, err := sim.Start(sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer tenant.Close()
	signals := make(chan os.Signal)
	var n atomic.Int32
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		n.Add(1)
		_, _ = io.Copy(io.Discard, r.Body) // or the server does not notice the end
		signals <- os.Interrupt
		<-r.Context().Done()
	}))
	defer receiver.Close()
	if code, out, errs := against(t, tenant, signals, "check", "--webhook", receiver.URL, "--always"); code != exitInterrupted || n.Load() != 1 {
		t.Errorf("ended with %d after %d attempts:\n%s\n%s", code, n.Load(), out, errs)
	}
}

// A note that cannot be read is like no report: the receiver is told again.
func TestUnreadableMemory(t *testing.T) {
	w, o := &webhook{url: &url.URL{Host: "hooks.contoso.com"}}, checkOptions{}
	for _, content := range []string{"{", `{"known":5}`, "null\x00"} {
		s := settings.Settings{Journal: t.TempDir()}
		path := openMemory(s, w, o).path
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := openMemory(s, w, o).Known; got == "" {
			t.Errorf("%q reads as: nothing was wrong", content)
		}
	}
}
