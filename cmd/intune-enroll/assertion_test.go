package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// issuer gives the identity of a pipeline's job, another one each time, and
// after most of them none.
type issuer struct {
	*httptest.Server
	most int

	mu    sync.Mutex
	given []string
}

func newIssuer(t *testing.T, member string, most int) *issuer {
	t.Helper()
	is := &issuer{most: most}
	is.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		is.mu.Lock()
		defer is.mu.Unlock()
		if len(is.given) == is.most {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		claims := fmt.Sprintf(`{"aud":"api://AzureADTokenExchange","sub":"repo:contoso/intune","jti":"%d","exp":%d}`, len(is.given), time.Now().Add(time.Minute).Unix())
		is.given = append(is.given, "e30."+base64.RawURLEncoding.EncodeToString([]byte(claims))+".signed")
		fmt.Fprintf(w, `{%q:%q}`, member, is.given[len(is.given)-1])
	}))
	t.Cleanup(is.Close)
	return is
}

// asJob applies the file in a job of a pipeline whose identity can be asked for
// most times, with tokens that must be renewed for each request.
func asJob(t *testing.T, file, method, member string, most int, env func(address string) []string) (out string, code, given int, log []sim.Request) {
	t.Helper()
	s, err := sim.Start(sim.Options{TokenLife: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	is, dir := newIssuer(t, member, most), t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, s.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "intune-enroll", "apply", "-f", file, "--yes", "--journal", dir, "--cloud", "custom",
		"--graph-endpoint", s.GraphURL, "--authority-host", s.AuthorityURL, "--authority-ca", ca,
		"--auth", method, "--tenant", s.TenantID, "--client-id", s.ClientID)
	cmd.Env = append(env(is.URL), "PATH="+os.Getenv("PATH"), "HOME="+dir)
	shown, err := cmd.CombinedOutput()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		code = failed.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	for _, secret := range append(is.given, "canary") {
		if strings.Contains(string(shown), secret) {
			t.Errorf("a secret in:\n%s", shown)
		}
	}
	return string(shown), code, len(is.given), s.Requests()
}

// TestAssertions signs in as a job of a pipeline does: each renewal of the
// token takes a fresh assertion, and an apply whose identity runs out before
// the first write has sent nothing, ends with 4 and says why.
func TestAssertions(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "group.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: intune-enroll/v1\ngroups:\n  - {name: iOS - new, assigned: true}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		method, member, do string
		env                func(address string) []string
	}{
		{"github-oidc", "value", "id-token: write", func(a string) []string {
			return []string{"GITHUB_ACTIONS=true", "ACTIONS_ID_TOKEN_REQUEST_URL=" + a, "ACTIONS_ID_TOKEN_REQUEST_TOKEN=canary"}
		}},
		{"azure-pipelines", "oidcToken", "the service connection is authorized for this pipeline", func(a string) []string {
			return []string{"TF_BUILD=True", "SYSTEM_OIDCREQUESTURI=" + a, "SYSTEM_ACCESSTOKEN=canary", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID=connection"}
		}},
	} {
		t.Run(tt.method, func(t *testing.T) {
			t.Parallel()
			out, code, given, log := asJob(t, file, tt.method, tt.member, -1, tt.env)
			first := slices.IndexFunc(log, func(r sim.Request) bool { return r.Write })
			if code != 0 || first < 1 || given != len(log)+1 { // one more to see who is signed in
				t.Fatalf("%d assertions for %d requests, the first write is %d, ended with %d:\n%s", given, len(log), first, code, out)
			}
			for most := range first + 2 {
				out, code, _, log := asJob(t, file, tt.method, tt.member, most, tt.env)
				if code != 4 || slices.ContainsFunc(log, func(r sim.Request) bool { return r.Write }) || !strings.Contains(out, "answered 403") {
					t.Errorf("%d assertions: ended with %d after %d requests:\n%s", most, code, len(log), out)
				}
				if most == first+1 && (!strings.Contains(out, "nothing was changed: 0 done, 1 failed") || !strings.Contains(out, tt.do)) {
					t.Errorf("before the first write:\n%s", out)
				}
			}
		})
	}
}
