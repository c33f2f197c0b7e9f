package graph

import (
	"cmp"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// SignIn says how to sign in. Which members a method needs, its error says.
type SignIn struct {
	Method                               string // one of [Methods]
	Tenant, ClientID                     string
	Secret                               string
	SecretVariable                       string // the environment variable that gives Secret, for messages
	CertificateFile, CertificatePassword string // PEM or PKCS #12
	SendChain                            bool   // send the certificate chain, for subject name and issuer registrations
	FederatedTokenFile                   string
	Prompt                               func(message string) // where the message of device-code goes; nil where nobody can be asked: then device-code and browser only use what an earlier [Login] left
	Record                               []byte               // of an earlier [Login], for device-code and browser
}

// Methods are the names of --auth.
func Methods() []string {
	return []string{
		"default", "client-secret", "client-certificate", "workload-identity", "managed-identity",
		"azure-cli", "azd", "device-code", "browser", "github-oidc", "azure-pipelines",
	}
}

// NewCredential makes the credential of a method, without asking for a token.
// Its errors name the missing setting and how to give it; those of its GetToken
// are *[SignInError].
func NewCredential(s SignIn, c Cloud) (azcore.TokenCredential, error) {
	m, err := newMaker(s, c)
	if err != nil {
		return nil, err
	}
	if err := m.remember(); err != nil {
		return nil, err
	}
	inner, err := m.make()
	if err != nil {
		return nil, fmt.Errorf("sign in by %s: %w", s.Method, err)
	}
	return &credential{inner: inner, method: s.Method, secretVariable: s.secretVariable(), secrets: []string{s.Secret, s.CertificatePassword}}, nil
}

// secretVariable is how the secret is given.
func (s SignIn) secretVariable() string {
	return cmp.Or(s.SecretVariable, "INTUNE_ENROLL_CLIENT_SECRET or AZURE_CLIENT_SECRET")
}

// newMaker makes what makes the credential.
func newMaker(s SignIn, c Cloud) (*maker, error) {
	if !slices.Contains(Methods(), s.Method) {
		return nil, fmt.Errorf("unknown sign-in method %q: use one of %s", s.Method, strings.Join(Methods(), ", "))
	}
	authority, err := url.Parse(c.AuthorityHost)
	if err != nil || authority.Scheme != "https" || authority.Host == "" {
		return nil, fmt.Errorf("authority %q of cloud %s is not an https address", c.AuthorityHost, c.Name)
	}
	transport, err := c.transport(authority)
	if err != nil {
		return nil, err
	}
	return &maker{
		SignIn: s,
		// Retrying is the token service's client's own; short, since a run waits for it.
		options: azcore.ClientOptions{
			Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: c.AuthorityHost},
			Transport: &http.Client{Transport: watched(transport), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
			Retry:     policy.RetryOptions{MaxRetries: 2, RetryDelay: 300 * time.Millisecond, MaxRetryDelay: 5 * time.Second},
			Telemetry: policy.TelemetryOptions{Disabled: true},
		},
		offline: c.Name == custom,
		cloud:   c,
	}, nil
}

// maker makes one credential of azidentity.
type maker struct {
	SignIn
	options azcore.ClientOptions
	offline bool // no instance discovery: the authority is the operator's own
	cloud   Cloud
	store   azidentity.Cache                // where tokens of a person are kept; the zero value keeps none
	who     azidentity.AuthenticationRecord // whose tokens are taken from there
}

func (m maker) make() (azcore.TokenCredential, error) {
	switch m.Method {
	case "default":
		return m.byDefault()
	case "client-secret":
		if err := need(m.tenant(), m.client(), setting{"the client secret", m.Secret, m.secretVariable() + " (never a flag)"}); err != nil {
			return nil, err
		}
		return azidentity.NewClientSecretCredential(m.Tenant, m.ClientID, m.Secret,
			&azidentity.ClientSecretCredentialOptions{ClientOptions: m.options, DisableInstanceDiscovery: m.offline})
	case "client-certificate":
		return m.byCertificate()
	case "workload-identity":
		return m.byWorkload()
	case "managed-identity":
		o := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: m.options}
		o.Retry = policy.RetryOptions{} // the metadata endpoint has a schedule of its own
		if m.ClientID != "" {
			o.ID = azidentity.ClientID(m.ClientID)
		}
		return azidentity.NewManagedIdentityCredential(o)
	case "azure-cli":
		return azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: m.Tenant})
	case "azd":
		return azidentity.NewAzureDeveloperCLICredential(&azidentity.AzureDeveloperCLICredentialOptions{TenantID: m.Tenant})
	case "device-code", "browser":
		return m.byPerson()
	case "github-oidc":
		return m.byGitHub()
	case "azure-pipelines":
		return m.byPipelines()
	}
	return nil, fmt.Errorf("unknown sign-in method %q", m.Method)
}

// byDefault tries what azidentity finds. In a pipeline that could be anybody's
// identity, so there the method has to be named.
func (m maker) byDefault() (azcore.TokenCredential, error) {
	for _, name := range []string{"CI", "GITHUB_ACTIONS", "TF_BUILD"} {
		if v := os.Getenv(name); v != "" && !strings.EqualFold(v, "false") && v != "0" {
			return nil, fmt.Errorf("this is a pipeline (%s is set), where the identity must not be guessed: name the method with --auth %s",
				name, strings.Join(Methods()[1:], "|"))
		}
	}
	return azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{
		ClientOptions: m.options, TenantID: m.Tenant, DisableInstanceDiscovery: m.offline,
	})
}

func (m maker) byCertificate() (azcore.TokenCredential, error) {
	if err := need(m.tenant(), m.client(), setting{"the certificate file", m.CertificateFile, "INTUNE_ENROLL_CLIENT_CERTIFICATE_PATH or AZURE_CLIENT_CERTIFICATE_PATH"}); err != nil {
		return nil, err
	}
	raw, err := readSmall(m.CertificateFile)
	if err != nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	var password []byte
	if m.CertificatePassword != "" {
		password = []byte(m.CertificatePassword)
	}
	certs, key, err := azidentity.ParseCertificates(raw, password)
	if err != nil {
		// The parser's own words may quote the file. What it does not read is from
		// its documentation: PEM keys with a password, PKCS #12 sealed with SHA-256.
		return nil, fmt.Errorf("certificate file %s holds no usable certificate with its private key: give PEM whose key has no password, or PKCS #12 with its password in INTUNE_ENROLL_CLIENT_CERTIFICATE_PASSWORD or AZURE_CLIENT_CERTIFICATE_PASSWORD; where the password is right, the PKCS #12 is of a newer kind, as OpenSSL 3 and Windows make it, and becomes PEM with: (umask 077; openssl pkcs12 -in %s -nodes -out app.pem)", m.CertificateFile, enroll.ShellWord(m.CertificateFile))
	}
	if err := inForce(certs, key, time.Now()); err != nil {
		return nil, fmt.Errorf("certificate file %s: %w", m.CertificateFile, err)
	}
	return azidentity.NewClientCertificateCredential(m.Tenant, m.ClientID, certs, key, &azidentity.ClientCertificateCredentialOptions{
		ClientOptions: m.options, SendCertificateChain: m.SendChain, DisableInstanceDiscovery: m.offline,
	})
}

// readSmall reads a file no larger than a certificate may be.
func readSmall(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	raw, err := io.ReadAll(io.LimitReader(f, maxErrorBody+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxErrorBody {
		return nil, fmt.Errorf("%s is larger than %d KiB: not a certificate or token", name, maxErrorBody>>10)
	}
	return raw, nil
}

// inForce refuses a certificate out of its time, which the token service calls
// an invalid assertion without saying why.
func inForce(certs []*x509.Certificate, key any, now time.Time) error {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil // azidentity says so
	}
	for _, c := range certs {
		public, ok := c.PublicKey.(interface {
			Equal(other crypto.PublicKey) bool
		})
		switch {
		case !ok || !public.Equal(signer.Public()):
		case now.After(c.NotAfter):
			return fmt.Errorf("its certificate ended on %s: make a new one, upload it to the app registration under Certificates & secrets, and give its file; or this machine's clock is ahead", c.NotAfter.UTC().Format(time.DateOnly))
		case now.Before(c.NotBefore):
			return fmt.Errorf("its certificate begins on %s: wait until then, or correct this machine's clock", c.NotBefore.UTC().Format("2006-01-02 15:04 UTC"))
		}
	}
	return nil
}

func (m maker) byWorkload() (azcore.TokenCredential, error) {
	if err := need(m.tenant(), m.client(), setting{"the federated token file", m.FederatedTokenFile, "INTUNE_ENROLL_FEDERATED_TOKEN_FILE or AZURE_FEDERATED_TOKEN_FILE"}); err != nil {
		return nil, err
	}
	if _, err := readSmall(m.FederatedTokenFile); err != nil {
		return nil, fmt.Errorf("read the federated token: %w", err)
	}
	return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: m.options, TenantID: m.Tenant, ClientID: m.ClientID, TokenFilePath: m.FederatedTokenFile, DisableInstanceDiscovery: m.offline,
	})
}

func (m maker) byPerson() (azcore.TokenCredential, error) {
	if err := need(m.tenant(), m.ownClient()); err != nil {
		return nil, err
	}
	if m.Prompt == nil && len(m.Record) == 0 {
		return nil, errors.New(needsPerson + ": " + withoutPerson)
	}
	if m.Method == "browser" {
		return azidentity.NewInteractiveBrowserCredential(&azidentity.InteractiveBrowserCredentialOptions{
			ClientOptions: m.options, TenantID: m.Tenant, ClientID: m.ClientID, DisableInstanceDiscovery: m.offline,
			Cache: m.store, AuthenticationRecord: m.who, DisableAutomaticAuthentication: m.Prompt == nil,
		})
	}
	return azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: m.options, TenantID: m.Tenant, ClientID: m.ClientID, DisableInstanceDiscovery: m.offline,
		Cache: m.store, AuthenticationRecord: m.who, DisableAutomaticAuthentication: m.Prompt == nil,
		UserPrompt: func(_ context.Context, d azidentity.DeviceCodeMessage) error {
			m.Prompt(clean(d.Message))
			return nil
		},
	})
}

// What is said where a person is needed and nobody can be asked.
const (
	needsPerson   = "a person has to sign in, and nobody can be asked here (--no-input, or a pipeline)"
	withoutPerson = "take a method that needs no person, such as --auth client-certificate or workload-identity; or sign in beforehand, where somebody is: intune-enroll auth login"
)

// setting is something a method needs, and how it is given.
type setting struct{ what, value, how string }

func (m maker) tenant() setting {
	return setting{"the tenant", m.Tenant, "--tenant or AZURE_TENANT_ID"}
}

func (m maker) client() setting {
	return setting{"the application's client id", m.ClientID, "--client-id or AZURE_CLIENT_ID"}
}

func (m maker) ownClient() setting {
	s := m.client()
	s.what = "the client id of an application of your own tenant (none of Microsoft's is assumed; make one with: intune-enroll auth setup)"
	return s
}

// need names everything that is missing at once.
func need(settings ...setting) error {
	var missing []string
	for _, s := range settings {
		if strings.TrimSpace(s.value) == "" {
			missing = append(missing, fmt.Sprintf("%s: give %s", s.what, s.how))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("missing %s", strings.Join(missing, "; "))
}
