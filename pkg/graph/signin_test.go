package graph

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

const tenant = "8a6b1c2d-0000-4000-8000-00000000c0de"

// testCertificate gives a self-signed certificate and its key in PEM.
func testCertificate(t *testing.T) string {
	t.Helper()
	return certificateFrom(t, time.Now().Add(-time.Hour))
}

// certificateFrom is one that is in force for two hours.
func certificateFrom(t *testing.T, from time.Time) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "contoso"}, NotBefore: from, NotAfter: from.Add(2 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})) + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}

// pipeline clears or sets what tells a pipeline from a desk.
func pipeline(t *testing.T, set map[string]string) {
	t.Helper()
	for _, name := range []string{
		"CI", "GITHUB_ACTIONS", "TF_BUILD", "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN", "SYSTEM_OIDCREQUESTURI",
		"AZURESUBSCRIPTION_TENANT_ID", "AZURESUBSCRIPTION_CLIENT_ID", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
	} {
		t.Setenv(name, set[name])
	}
}

func TestNewCredentialNamesWhatIsMissing(t *testing.T) {
	global, err := NamedCloud("global")
	if err != nil {
		t.Fatal(err)
	}
	junk := filepath.Join(t.TempDir(), "junk.pem")
	if err := os.WriteFile(junk, []byte(canary), 0o600); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(t.TempDir(), "large.pem")
	if err := os.WriteFile(large, make([]byte, maxErrorBody+1), 0o600); err != nil {
		t.Fatal(err)
	}
	ended, early := filepath.Join(t.TempDir(), "ended.pem"), filepath.Join(t.TempDir(), "early.pem")
	for file, from := range map[string]time.Time{ended: time.Now().Add(-3 * time.Hour), early: time.Now().Add(time.Hour)} {
		if err := os.WriteFile(file, []byte(certificateFrom(t, from)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		env  map[string]string
		s    SignIn
		want []string
	}{
		{"unknown method", nil, SignIn{Method: "password"}, []string{`"password"`, "client-secret", "azure-pipelines"}},
		{"default in a pipeline", map[string]string{"CI": "true"}, SignIn{Method: "default"}, []string{"CI is set", "--auth client-secret|client-certificate|workload-identity", "github-oidc"}},
		{"default in GitHub", map[string]string{"GITHUB_ACTIONS": "true"}, SignIn{Method: "default"}, []string{"GITHUB_ACTIONS is set"}},
		{"default in Azure Pipelines", map[string]string{"TF_BUILD": "True"}, SignIn{Method: "default"}, []string{"TF_BUILD is set"}},
		{"client-secret", nil, SignIn{Method: "client-secret"}, []string{"--tenant or AZURE_TENANT_ID", "--client-id or AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"}},
		{"client-certificate", nil, SignIn{Method: "client-certificate", Tenant: tenant, ClientID: "c"}, []string{"AZURE_CLIENT_CERTIFICATE_PATH"}},
		{"no certificate file", nil, SignIn{Method: "client-certificate", Tenant: tenant, ClientID: "c", CertificateFile: "none.pem"}, []string{"read the certificate", "none.pem"}},
		{"not a certificate", nil, SignIn{Method: "client-certificate", Tenant: tenant, ClientID: "c", CertificateFile: junk, CertificatePassword: canary}, []string{"no usable certificate", "PEM whose key has no password", "openssl pkcs12 -in " + enroll.ShellWord(junk) + " -nodes"}},
		{"certificate too large", nil, SignIn{Method: "client-certificate", Tenant: tenant, ClientID: "c", CertificateFile: large}, []string{"larger than 64 KiB"}},
		{"certificate that ended", nil, SignIn{Method: "client-certificate", Tenant: tenant, ClientID: "c", CertificateFile: ended}, []string{"its certificate ended on 20", "upload it to the app registration"}},
		{"certificate that has not begun", nil, SignIn{Method: "client-certificate", Tenant: tenant, ClientID: "c", CertificateFile: early}, []string{"its certificate begins on 20", "this machine's clock"}},
		{"no token file", nil, SignIn{Method: "workload-identity", Tenant: tenant, ClientID: "c", FederatedTokenFile: "none"}, []string{"read the federated token", "none"}},
		{"workload-identity", nil, SignIn{Method: "workload-identity", Tenant: tenant}, []string{"--client-id", "AZURE_FEDERATED_TOKEN_FILE"}},
		{"device-code", nil, SignIn{Method: "device-code", Tenant: tenant}, []string{"of your own tenant", "auth setup"}},
		{"device-code where nobody can be asked", nil, SignIn{Method: "device-code", Tenant: tenant, ClientID: "c"}, []string{"nobody can be asked", "--auth client-certificate", "auth login"}},
		{"browser where nobody can be asked", nil, SignIn{Method: "browser", Tenant: tenant, ClientID: "c"}, []string{"nobody can be asked", "--auth client-certificate", "auth login"}},
		{"browser", nil, SignIn{Method: "browser", ClientID: "c"}, []string{"--tenant"}},
		{"github-oidc", nil, SignIn{Method: "github-oidc", Tenant: tenant, ClientID: "c"}, []string{"ACTIONS_ID_TOKEN_REQUEST_URL", "id-token: write"}},
		{"github-oidc over http", map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": "http://contoso.com/" + canary, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": canary}, SignIn{Method: "github-oidc", Tenant: tenant, ClientID: "c"}, []string{"not an https address"}},
		{"azure-pipelines", map[string]string{"AZURESUBSCRIPTION_TENANT_ID": tenant, "AZURESUBSCRIPTION_CLIENT_ID": "c"}, SignIn{Method: "azure-pipelines"}, []string{"SYSTEM_ACCESSTOKEN", "SYSTEM_OIDCREQUESTURI", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"}},
		{"malformed tenant", nil, SignIn{Method: "client-secret", Tenant: "a/b", ClientID: "c", Secret: canary}, []string{"sign in by client-secret"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pipeline(t, tt.env)
			_, err := NewCredential(tt.s, global)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, w := range tt.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%v\nlacks %q", err, w)
				}
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("a secret in %v", err)
			}
		})
	}
}

func TestNewCredentialOfEveryMethod(t *testing.T) {
	file := filepath.Join(t.TempDir(), "app.pem")
	if err := os.WriteFile(file, []byte(testCertificate(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range clouds() {
		for _, method := range Methods() {
			t.Run(c.Name+" "+method, func(t *testing.T) {
				pipeline(t, map[string]string{
					"ACTIONS_ID_TOKEN_REQUEST_URL": "https://contoso.com/token", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x", "SYSTEM_ACCESSTOKEN": "x",
					"SYSTEM_OIDCREQUESTURI": "https://contoso.com/oidc", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "x",
				})
				_, err := NewCredential(SignIn{
					Method: method, Tenant: tenant, ClientID: "c", Secret: "s", CertificateFile: file, FederatedTokenFile: file, Prompt: func(string) {},
				}, c)
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	if _, err := NewCredential(SignIn{Method: "client-secret", Tenant: tenant, ClientID: "c", Secret: "s"}, Cloud{AuthorityHost: "http://127.0.0.1"}); err == nil {
		t.Error("an authority over http was accepted")
	}
}

// authority is a token service over TLS; refuse, when not nil, answers token requests.
func authority(t *testing.T, refuse http.HandlerFunc) (Cloud, *[]string) {
	t.Helper()
	asked := &[]string{}
	var server *httptest.Server
	server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration"):
			base := server.URL + "/" + tenant
			fmt.Fprintf(w, `{"issuer":"%[1]s/v2.0","authorization_endpoint":"%[1]s/oauth2/v2.0/authorize","token_endpoint":"%[1]s/oauth2/v2.0/token","device_authorization_endpoint":"%[1]s/oauth2/v2.0/devicecode"}`, base)
		case strings.HasSuffix(r.URL.Path, "/oauth2/v2.0/token"):
			if err := r.ParseForm(); err != nil {
				t.Error(err)
			}
			*asked = append(*asked, r.PostForm.Get("scope")+" "+r.PostForm.Get("client_assertion"))
			if refuse != nil {
				refuse(w, r)
				return
			}
			fmt.Fprint(w, `{"token_type":"Bearer","expires_in":3600,"access_token":"given"}`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	c, err := CustomCloud("http://127.0.0.1:1", server.URL, ca)
	if err != nil {
		t.Fatal(err)
	}
	return c, asked
}

func ask(t *testing.T, s SignIn, c Cloud) (string, error) {
	t.Helper()
	credential, err := NewCredential(s, c)
	if err != nil {
		t.Fatal(err)
	}
	token, err := credential.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{c.Scope()}, EnableCAE: true})
	return token.Token, err
}

func withSecret() SignIn {
	return SignIn{Method: "client-secret", Tenant: tenant, ClientID: "c", Secret: canary}
}

func TestSignInByClientSecret(t *testing.T) {
	c, asked := authority(t, nil)
	got, err := ask(t, withSecret(), c)
	if err != nil || got != "given" || len(*asked) != 1 || !strings.HasPrefix((*asked)[0], "http://127.0.0.1:1/.default") {
		t.Errorf("got %q for %q, %v", got, *asked, err)
	}
}

func TestSignInRefused(t *testing.T) {
	refuse := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			if err := json.NewEncoder(w).Encode(map[string]any{
				"error": "invalid_client", "error_codes": []int{code},
				"error_description": fmt.Sprintf("AADSTS%d: something about %s\x1b[2J. Trace ID: t Correlation ID: c", code, canary),
			}); err != nil {
				t.Error(err)
			}
		}
	}
	for _, tt := range []struct {
		name    string
		service http.HandlerFunc
		what    string
		next    string
		codes   []int
	}{
		{"wrong secret", refuse(7000215), "the client secret is wrong (AADSTS7000215)", "AZURE_CLIENT_SECRET", []int{7000215}},
		{"expired secret", refuse(7000222), "has expired", "auth setup", []int{7000222}},
		{"no such application", refuse(700016), "no application with this client id", "--client-id", []int{700016}},
		{"no such tenant", refuse(90002), "no such tenant", "--tenant", []int{90002}},
		{"conditional access", refuse(53003), "conditional access", "sign-in log", []int{53003}},
		{"federated credential", refuse(700213), "no federated credential of the application matches issuer, subject and audience of this assertion (AADSTS700213): AADSTS700213: something about ***[2J.", "Federated credentials", []int{700213}},
		{"another code", refuse(1234), "the token service refused: invalid_client AADSTS1234: something about ***[2J.", "auth status", []int{1234}},
		{"a page", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, "<html>"+canary)
		}, "answered 403, and not as a token service does", "HTTPS_PROXY", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := authority(t, tt.service)
			_, err := ask(t, withSecret(), c)
			s, ok := errors.AsType[*SignInError](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(s.Error(), tt.what) || !strings.Contains(s.Do(), tt.next) || !IsSignIn(err) || Unreachable(err) {
				t.Errorf("got %v; do %s", s, s.Do())
			}
			if diff := cmp.Diff(tt.codes, s.Codes); diff != "" {
				t.Error(diff)
			}
			if text := s.Error() + s.Do(); strings.Contains(text, canary) || strings.Contains(text, "\x1b") {
				t.Errorf("a secret or an escape in %q", text)
			}
		})
	}
}

func TestSignInUnreachable(t *testing.T) {
	c, _ := authority(t, nil)
	c.AuthorityCA = []byte(testCertificate(t)) // not who signed it
	_, err := ask(t, withSecret(), c)
	s, ok := errors.AsType[*SignInError](err)
	if !ok || !Unreachable(err) || IsSignIn(err) || !strings.Contains(s.Do(), "signed by nobody this machine trusts") {
		t.Errorf("got %v", err)
	}
}

func TestSignInInterrupted(t *testing.T) {
	c, _ := authority(t, nil)
	credential, err := NewCredential(withSecret(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.Scope()}}); !errors.Is(err, context.Canceled) || Unreachable(err) || IsSignIn(err) {
		t.Errorf("got %v", err)
	}
}

// A token service that redirects must not be followed: the secret would go along.
func TestSignInFollowsNoRedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the secret went elsewhere") }))
	t.Cleanup(elsewhere.Close)
	c, _ := authority(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	if _, err := ask(t, withSecret(), c); err == nil {
		t.Error("accepted")
	}
}

func TestSignInByGitHub(t *testing.T) {
	for _, tt := range []struct {
		name  string
		give  http.HandlerFunc
		want  string // of the error
		asked int
	}{
		{"assertion", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("audience") != "api://AzureADTokenExchange" || r.URL.Query().Get("api-version") != "2.0" || r.Header.Get("Authorization") != "Bearer "+canary {
				t.Errorf("asked %s with %v", r.URL, r.Header)
			}
			fmt.Fprint(w, `{"value":"the-assertion"}`)
		}, "", 1},
		{"refused", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, canary)
		}, "GitHub answered 403 to the request for an identity token", 0},
		{"empty", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) }, "GitHub's answer holds no identity token", 0},
		{"not JSON", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, canary) }, "GitHub's answer holds no identity token", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			gitHub := httptest.NewServer(tt.give)
			t.Cleanup(gitHub.Close)
			pipeline(t, map[string]string{"CI": "true", "ACTIONS_ID_TOKEN_REQUEST_URL": gitHub.URL + "/token?api-version=2.0", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": canary})
			c, asked := authority(t, nil)
			got, err := ask(t, SignIn{Method: "github-oidc", Tenant: tenant, ClientID: "c"}, c)
			if tt.want == "" {
				if err != nil || got != "given" || len(*asked) != 1 || !strings.HasSuffix((*asked)[0], " the-assertion") {
					t.Errorf("got %q for %q, %v", got, *asked, err)
				}
				return
			}
			const next = "check that the job has: permissions: id-token: write"
			s, ok := errors.AsType[*SignInError](err)
			if !ok || s.Error() != "sign in by github-oidc: "+tt.want || s.Next != next || s.Unreachable || len(*asked) != tt.asked {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAudienceOfEachCloud(t *testing.T) {
	want := map[string]string{
		"global": "api://AzureADTokenExchange", "gcc-high": "api://AzureADTokenExchangeUSGov", "dod": "api://AzureADTokenExchangeUSGov", "china": "api://AzureADTokenExchangeChina",
	}
	got := map[string]string{}
	for _, c := range clouds() {
		got[c.Name] = c.Audience()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSignInWithoutTheTool(t *testing.T) {
	global, err := NamedCloud("global")
	if err != nil {
		t.Fatal(err)
	}
	for method, next := range map[string]string{"azure-cli": "az login", "azd": "azd auth login", "default": "name the method"} {
		t.Run(method, func(t *testing.T) {
			pipeline(t, nil)
			t.Setenv("PATH", t.TempDir())
			t.Setenv("AZURE_TOKEN_CREDENTIALS", "AzureCLICredential") // default asks nothing else
			_, err := ask(t, SignIn{Method: method}, global)
			s, ok := errors.AsType[*SignInError](err)
			if !ok || !IsSignIn(err) || !strings.Contains(s.Do(), next) || strings.Contains(s.Error(), "\n") || method != "default" && !strings.Contains(s.Error(), "is not on this machine") {
				t.Errorf("got %v, %s", err, s.Do())
			}
		})
	}
}

func TestSignInByAzurePipelines(t *testing.T) {
	for _, tt := range []struct {
		name string
		give http.HandlerFunc
		want string // of the error
		do   string
	}{
		{"assertion", func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost || r.URL.Query().Get("serviceConnectionId") != "connection" || r.Header.Get("Authorization") != "Bearer "+canary {
				t.Errorf("asked %s %s with %v", r.Method, r.URL, r.Header)
			}
			fmt.Fprint(w, `{"oidcToken":"the-assertion"}`)
		}, "", ""},
		{"refused", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"message":"`+canary+`"}`)
		}, "answered 403", "service connection is authorized"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, asked := authority(t, nil)
			service := httptest.NewServer(tt.give)
			t.Cleanup(service.Close)
			pipeline(t, map[string]string{
				"TF_BUILD": "True", "SYSTEM_ACCESSTOKEN": canary, "SYSTEM_OIDCREQUESTURI": service.URL,
				"AZURESUBSCRIPTION_TENANT_ID": tenant, "AZURESUBSCRIPTION_CLIENT_ID": "c", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "connection",
			})
			got, err := ask(t, SignIn{Method: "azure-pipelines"}, c)
			if tt.want == "" {
				if err != nil || got != "given" || len(*asked) != 1 || !strings.HasSuffix((*asked)[0], " the-assertion") {
					t.Errorf("got %q for %q, %v", got, *asked, err)
				}
				return
			}
			s, ok := errors.AsType[*SignInError](err)
			if !ok || !strings.Contains(s.Error(), tt.want) || !strings.Contains(s.Do(), tt.do) || strings.Contains(s.Error(), canary) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSignInByFilesOfTheMachine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "app.pem")
	if err := os.WriteFile(file, []byte(testCertificate(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"client-certificate", "workload-identity"} {
		t.Run(method, func(t *testing.T) {
			c, asked := authority(t, nil)
			got, err := ask(t, SignIn{Method: method, Tenant: tenant, ClientID: "c", CertificateFile: file, SendChain: true, FederatedTokenFile: file}, c)
			if err != nil || got != "given" || len(*asked) != 1 || strings.HasSuffix((*asked)[0], " ") {
				t.Errorf("got %q for %q, %v", got, *asked, err)
			}
		})
	}
}

// What a login left may be no longer taken: then nobody is waited for either.
func TestSignInOfNobody(t *testing.T) {
	for _, method := range LoginMethods() {
		t.Run(method, func(t *testing.T) {
			c, asked := authority(t, nil)
			m, err := newMaker(SignIn{Method: method, Tenant: tenant, ClientID: "c", Record: []byte("{}")}, c)
			if err != nil {
				t.Fatal(err)
			}
			inner, err := m.make()
			if err != nil {
				t.Fatal(err)
			}
			_, err = (&credential{inner: inner, method: method}).GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{c.Scope()}, EnableCAE: true})
			want := &SignInError{Method: method, What: "what the login left is no longer taken, and " + needsPerson, Next: withoutPerson}
			got, ok := errors.AsType[*SignInError](err)
			if !ok {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" || len(*asked) != 0 {
				t.Errorf("asked for %v: %s", *asked, diff)
			}
		})
	}
}
