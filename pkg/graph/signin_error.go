package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// SignInError is a credential that gave no token. It never holds a secret.
type SignInError struct {
	Method      string // of [Methods]; empty for a credential made elsewhere
	What        string // what happened and why
	Next        string // what to do
	Codes       []int  // AADSTS codes, where the token service gave any
	Unreachable bool   // the token service gave no answer
	Err         error  // the network's error when Unreachable; nil otherwise, since azidentity's own text quotes whole answers
}

// Error says what happened and why, in one line.
func (s *SignInError) Error() string {
	out := "sign in"
	if s.Method != "" {
		out += " by " + s.Method
	}
	out += ": " + clean(s.What)
	if s.Err != nil {
		out += ": " + clean(s.Err.Error())
	}
	return out
}

// Do says what to do next.
func (s *SignInError) Do() string { return s.Next }

// Unwrap gives the network's error.
func (s *SignInError) Unwrap() error { return s.Err }

// credential asks azidentity and says in our words what went wrong.
type credential struct {
	inner   azcore.TokenCredential
	method  string
	secrets []string
	// secretVariable is how a client secret is given.
	secretVariable string
}

func (c *credential) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	seen := &sighting{}
	token, err := c.inner.GetToken(context.WithValue(ctx, sightingKey{}, seen), o)
	if err == nil {
		return token, nil
	}
	if ctx.Err() != nil {
		return azcore.AccessToken{}, fmt.Errorf("sign in by %s: %w", c.method, ctx.Err())
	}
	return azcore.AccessToken{}, c.explain(err, seen.last())
}

// nameTheMethod is what to do when no sign-in of the default chain works.
const nameTheMethod = "name the method: --auth azure-cli, client-secret, client-certificate, …; what each needs: intune-enroll help environment"

// explain rephrases an error of azidentity by what the token service answered.
func (c *credential) explain(err, seen error) *SignInError {
	s := &SignInError{Method: c.method, Next: "look at the settings in use: intune-enroll auth status -v"}
	failed, refused := errors.AsType[*azidentity.AuthenticationFailedError](err)
	if refused && failed.RawResponse != nil {
		c.read(s, failed.RawResponse)
		return s
	}
	if own, ok := errors.AsType[*SignInError](seen); ok {
		own.Method = c.method
		return own
	}
	if seen != nil {
		s.What, s.Err, s.Unreachable = "the token service gave no answer", seen, true
		s.Next = connectionAdvice(seen)
		return s
	}
	if _, ok := errors.AsType[*azidentity.AuthenticationRequiredError](err); ok {
		s.What, s.Next = "what the login left is no longer taken, and "+needsPerson, withoutPerson
		return s
	}
	s.What = c.redact(err.Error())
	switch c.method {
	case "azure-cli":
		s.Next = "sign in with: az login"
		s.missing("az", "the Azure CLI")
	case "azd":
		s.Next = "sign in with: azd auth login"
		s.missing("azd", "the Azure Developer CLI")
	case "browser":
		s.Next = "where no browser can be opened, take --auth device-code"
	case "default":
		s.Next = nameTheMethod
	}
	return s
}

// missing says that a program is not there, where it is not.
func (s *SignInError) missing(program, name string) {
	if _, err := exec.LookPath(program); err != nil {
		s.What = fmt.Sprintf("%s (%s) is not on this machine, or not on PATH", name, program)
		s.Next = "name another method with --auth, or install it and " + s.Next
	}
}

// read takes the codes out of a token service's answer:
// {"error","error_description","error_codes"} (Microsoft docs page on Entra
// error codes). The description is used where we have no words of our own.
func (c *credential) read(s *SignInError, resp *http.Response) {
	var answer struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Codes       []int  `json:"error_codes"`
	}
	var body []byte
	if resp.Body != nil {
		// azidentity has read and kept it; what cannot be read has no codes.
		body, _ = io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
	}
	if isHTML(resp.Header, body) || json.Unmarshal(body, &answer) != nil || answer.Error == "" {
		who := "the token service"
		if resp.Request != nil {
			who = resp.Request.URL.Host
		}
		s.What = fmt.Sprintf("%s answered %d, and not as a token service does", who, resp.StatusCode)
		s.Next = "check HTTPS_PROXY, NO_PROXY and --cloud"
		switch c.method {
		case "azure-pipelines":
			s.Next = "check SYSTEM_ACCESSTOKEN, and that the service connection is authorized for this pipeline"
		case "default":
			s.Next = nameTheMethod
		}
		return
	}
	s.Codes = answer.Codes
	sentence, _, _ := strings.Cut(answer.Description, " Trace ID:")
	for _, code := range answer.Codes {
		if what, next, ok := c.aadsts(code); ok {
			s.What, s.Next = fmt.Sprintf("%s (AADSTS%d)", what, code), next
			if what == noFederation { // which subject was presented, only the service says
				s.What += ": " + c.redact(sentence)
			}
			return
		}
	}
	s.What = strings.TrimSpace(c.redact(fmt.Sprintf("the token service refused: %s %s", answer.Error, sentence)))
}

// redact takes the settings that are secret out of foreign text.
func (c *credential) redact(text string) string {
	for _, secret := range c.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, hidden)
		}
	}
	return clean(text)
}

// noFederation is said where an assertion is not one that the application trusts.
const noFederation = "no federated credential of the application matches issuer, subject and audience of this assertion"

// aadsts explains the codes of Microsoft Entra an operator meets (Microsoft
// docs page on Entra authentication and authorization error codes).
func (c *credential) aadsts(code int) (what, next string, ok bool) {
	switch code {
	case 7000215:
		return "the client secret is wrong", "give the secret's value, not its id, in " + c.secretVariable, true
	case 7000222:
		return "the client secret has expired", "make a new one, or better a federated credential: intune-enroll auth setup", true
	case 7000216, 7000218:
		return "the token service wants a secret, a certificate or an assertion", "give the credential of the method, or allow public client flows for device-code and browser in the app registration", true
	case 700016:
		return "the tenant has no application with this client id", "check --client-id and --tenant, or have an administrator consent to the application: intune-enroll auth setup", true
	case 90002, 900023:
		return "there is no such tenant in this cloud", "check --tenant and --cloud", true
	case 53003, 53000, 53001:
		return "a conditional access policy blocks this sign-in", "ask who runs conditional access; the sign-in log of Microsoft Entra names the policy", true
	case 50076, 50079, 50158:
		return "the tenant asks for multifactor authentication", "sign in again with: az login, or use --auth device-code or browser", true
	case 700027, 700024:
		return "the certificate or assertion was not accepted", "check that the certificate is the one of the app registration and that this machine's clock is right", true
	case 700211, 700212, 700213, 70021:
		return noFederation, "compare them in the app registration under Federated credentials: intune-enroll auth setup", true
	case 65001:
		return "nobody has consented to the application's permissions", "have an administrator consent: intune-enroll auth setup", true
	case 7000112, 7000229:
		return "the application is switched off, or has no service principal in this tenant", "enable it in Microsoft Entra under Enterprise applications", true
	case 500011, 50001:
		return "the tenant does not know Microsoft Graph at this address", "check --cloud and --graph-endpoint", true
	}
	return "", "", false
}

// signInError passes what a credential of ours said, and wraps what another's said.
func signInError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("sign in: %w", ctx.Err())
	}
	if s, ok := errors.AsType[*SignInError](err); ok {
		return s
	}
	return &SignInError{What: "the credential gave no token", Err: err}
}

// sighting keeps the last network error of one GetToken, or what kept it from
// an assertion: azidentity turns both into text.
type sighting struct {
	mu  sync.Mutex
	err error
}

type sightingKey struct{}

func (s *sighting) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *sighting) last() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// watched notes network errors, and their end, for the GetToken they belong
// to. A metadata endpoint (a link-local address) that is not there only means
// that this machine has no managed identity.
func watched(next http.RoundTripper) http.RoundTripper {
	return step(func(r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		ip := net.ParseIP(r.URL.Hostname())
		if s, ok := r.Context().Value(sightingKey{}).(*sighting); ok && (ip == nil || !ip.IsLinkLocalUnicast()) {
			s.note(err)
		}
		return resp, err
	})
}
