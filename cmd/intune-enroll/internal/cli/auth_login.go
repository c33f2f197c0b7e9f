package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

type runAuthFunc func(ctx context.Context, f *factory) (render.Report, error)

func newAuthLogin(f *factory, run runAuthFunc) *cobra.Command {
	if run == nil {
		run = runAuthLogin
	}
	return &cobra.Command{
		Use:   "login",
		Short: "Sign a person in, for the runs that follow",
		Long: `Sign a person in, for the runs that follow, with --auth device-code or browser.
The tokens stay in this machine's store for secrets: DPAPI on Windows, the
keychain on macOS, a file whose key is in the kernel's keyring on Linux (until
the machine restarts). A machine without one cannot keep a sign-in; there every
run asks, and a pipeline takes another method.`,
		Example: "  intune-enroll auth login --auth device-code --tenant contoso.com --client-id CLIENT_ID",
		Args:    noArgs,
		RunE:    f.reporting(func(ctx context.Context, _ []string) (render.Report, error) { return run(ctx, f) }),
	}
}

func runAuthLogin(ctx context.Context, f *factory) (render.Report, error) {
	s, cloud, err := f.person()
	if err != nil {
		return render.Report{}, err
	}
	record, err := graph.Login(ctx, f.signInOf(s, nil), cloud)
	if _, known := errors.AsType[*graph.SignInError](err); err != nil && !known && ctx.Err() == nil {
		err = fail(codeSignIn, "intune-enroll help environment", "%w", err)
	}
	if err != nil {
		return render.Report{}, err
	}
	path, err := loginPath(s)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = replaceFile(path, record, 0o600)
	}
	if err != nil {
		return render.Report{}, fmt.Errorf("keep the login: %w", err)
	}
	return runAuthStatus(ctx, f)
}

func newAuthLogout(f *factory, run runAuthFunc) *cobra.Command {
	if run == nil {
		run = runAuthLogout
	}
	return &cobra.Command{
		Use:   "logout",
		Short: "Forget the sign-in of a person",
		Long: `Forget which account auth login signed in: later runs ask again. Tokens that are
still in this machine's store for secrets are not used any more and run out by
themselves; to end them at once revoke the account's sessions in Entra.`,
		Example: "  intune-enroll auth logout --auth device-code --tenant contoso.com --client-id CLIENT_ID",
		Args:    noArgs,
		RunE:    f.reporting(func(ctx context.Context, _ []string) (render.Report, error) { return run(ctx, f) }),
	}
}

func runAuthLogout(_ context.Context, f *factory) (render.Report, error) {
	s, _, err := f.person()
	if err != nil {
		return render.Report{}, err
	}
	if s.Tenant == "" || s.ClientID == "" {
		return render.Report{}, fail(codeUsage, "intune-enroll auth logout --auth "+s.Auth+" --tenant TENANT --client-id CLIENT_ID", "which login to forget is not known: it takes the tenant and the client id that it was made with")
	}
	path, err := loginPath(s)
	if err != nil {
		return render.Report{}, err
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		f.say("nobody was logged in to %s with %s", term.Clean(s.Tenant), term.Clean(s.ClientID))
		return render.Report{}, nil
	}
	if err != nil {
		return render.Report{}, fmt.Errorf("forget the login: %w", err)
	}
	f.say("forgotten; tokens still stored run out by themselves, or revoke the account's sessions in Entra")
	return render.Report{}, nil
}

// person is for commands about the sign-in of a person.
func (f *factory) person() (settings.Settings, graph.Cloud, error) {
	s, err := f.settings()
	if err != nil {
		return s, graph.Cloud{}, err
	}
	cloud, err := f.cloud(s)
	if err != nil {
		return s, cloud, fail(codeUsage, "intune-enroll help environment", "%w", err)
	}
	if !slices.Contains(graph.LoginMethods(), s.Auth) {
		return s, cloud, fail(codeUsage, "name the method, such as: intune-enroll auth login --auth device-code --tenant TENANT --client-id CLIENT_ID", "a login is for --auth %s; sign-in method %q from %s needs none", strings.Join(graph.LoginMethods(), " or "), s.Auth, s.From("auth"))
	}
	return s, cloud, nil
}

// loginPath is where the record of a login is: one for each tenant, app and cloud.
func loginPath(s settings.Settings) (string, error) {
	if s.Journal == "" {
		return "", fail(codeUsage, "name one with --journal DIR", "no folder to keep the login in: the environment names no home")
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", strings.ToLower(s.Tenant), strings.ToLower(s.ClientID), s.Cloud, s.AuthorityHost))
	return filepath.Join(s.Journal, "login-"+hex.EncodeToString(key[:8])+".json"), nil
}

// loginRecord is what an earlier login left; nil when nobody is logged in.
func loginRecord(s settings.Settings) ([]byte, error) {
	if s.Journal == "" || !slices.Contains(graph.LoginMethods(), s.Auth) {
		return nil, nil
	}
	path, err := loginPath(s)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the login: %w", err)
	}
	return raw, nil
}

// signInOf are the settings as package graph takes them.
func (f *factory) signInOf(s settings.Settings, record []byte) graph.SignIn {
	in := graph.SignIn{
		Method: s.Auth, Tenant: s.Tenant, ClientID: s.ClientID, Secret: s.ClientSecret, SecretVariable: s.SecretVariable,
		CertificateFile: s.CertificateFile, CertificatePassword: s.CertificatePassword, SendChain: s.SendChain,
		FederatedTokenFile: s.FederatedTokenFile, Record: record,
	}
	if !f.term.NoInput {
		in.Prompt = func(message string) { fmt.Fprintln(f.term.Err, term.Clean(message)) }
	}
	return in
}
