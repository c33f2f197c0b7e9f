package sim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// now is the clock of most tests.
var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func start(t *testing.T, o Options) *Server {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return now }
	}
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// reply is an answer taken apart for tests.
type reply struct {
	status int
	header http.Header
	text   string
	body   object
}

// message is the error's text with Intune's nesting taken off.
func (r reply) message(t *testing.T) string {
	t.Helper()
	e, _ := r.body["error"].(object)
	text, _ := e["message"].(string)
	var nested struct{ Message string }
	if strings.HasPrefix(text, "{") {
		if err := json.Unmarshal([]byte(text), &nested); err != nil {
			t.Fatal(err)
		}
		text, _, _ = strings.Cut(nested.Message, " - Operation ID")
	}
	return text
}

// ask sends one request as the application.
func ask(t *testing.T, s *Server, method, path, body string) reply {
	t.Helper()
	return send(t, s, s.AccessToken(s.GraphURL, false), method, path, body)
}

func asAdmin(t *testing.T, s *Server, method, path, body string) reply {
	t.Helper()
	return send(t, s, s.AccessToken(s.GraphURL, true), method, path, body)
}

func send(t *testing.T, s *Server, token, method, path, body string) reply {
	t.Helper()
	r, err := trySend(t, s, token, method, path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func trySend(t *testing.T, s *Server, token, method, path, body string) (reply, error) {
	t.Helper()
	url := path
	if !strings.HasPrefix(path, "http") {
		url = s.GraphURL + path
	}
	req, err := http.NewRequestWithContext(t.Context(), method, strings.ReplaceAll(url, " ", "%20"), bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if strings.HasSuffix(path, "/$count") {
		req.Header.Set("ConsistencyLevel", "eventual")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{}, err
	}
	out := reply{status: res.StatusCode, header: res.Header, text: string(raw)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(raw, &out.body); err != nil {
			t.Fatal(err)
		}
	}
	return out, nil
}

// want fails unless the answer has the status, and returns it.
func (r reply) want(t *testing.T, status int) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.text)
	}
	return r
}

// items returns "value" of an answer.
func (r reply) items(t *testing.T) []object {
	t.Helper()
	values, isList := r.body["value"].([]any)
	if !isList {
		t.Fatalf("no value: %s", r.text)
	}
	var out []object
	for _, v := range values {
		out = append(out, v.(object))
	}
	return out
}

func (r reply) id(t *testing.T) string {
	t.Helper()
	id, _ := r.body["id"].(string)
	if id == "" {
		t.Fatalf("no id: %s", r.text)
	}
	return id
}

// named returns the id of the item of a list with a display name.
func named(t *testing.T, s *Server, path, name string) string {
	t.Helper()
	for url := path; url != ""; {
		r := ask(t, s, "GET", url, "").want(t, 200)
		for _, o := range r.items(t) {
			if o["displayName"] == name || o["tokenName"] == name || o["name"] == name {
				return o["id"].(string)
			}
		}
		url, _ = r.body["@odata.nextLink"].(string)
	}
	t.Fatalf("no %q in %s", name, path)
	return ""
}
