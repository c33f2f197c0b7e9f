package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

func newAuth(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "auth",
		Short: "Set up the sign-in, and see who is signed in with which permissions",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAuthLogin(f, nil), newAuthLogout(f, nil), newAuthStatus(f, nil), newAuthPermissions(f, nil), newAuthSetup(f, nil))
	return cmd
}

type runAuthStatusFunc func(ctx context.Context, f *factory) (render.Report, error)

func newAuthStatus(f *factory, run runAuthStatusFunc) *cobra.Command {
	if run == nil {
		run = runAuthStatus
	}
	return &cobra.Command{
		Use:   "status",
		Short: "Sign in and show who, which tenant and cloud, and which permissions",
		Long: `Sign in and show who is signed in, to which tenant and cloud, and which
permissions the token carries. With -v each setting and where its value comes
from; secrets are only said to be set.`,
		Args: noArgs,
		RunE: f.reporting(func(ctx context.Context, _ []string) (render.Report, error) { return run(ctx, f) }),
	}
}

func runAuthStatus(ctx context.Context, f *factory) (render.Report, error) {
	s, err := f.settings()
	if err != nil {
		return render.Report{}, err
	}
	var r render.Report
	if f.global.Verbose {
		for _, o := range s.Origins {
			r.Settings = append(r.Settings, render.Setting{Name: o.Setting, Value: o.Value, From: o.From})
		}
	}
	client, cloud, err := f.client(s)
	if err != nil {
		return r, err
	}
	r.Cloud = cloud.Name
	end := f.signingIn(s)
	id, err := client.Identity(ctx)
	end()
	if err != nil {
		return r, err
	}
	r.At = client.Now().UTC()
	r.SignIn = signedIn(id, s.Auth, cloud)
	return r, nil
}

// signedIn says who is signed in.
func signedIn(id graph.Identity, method string, cloud graph.Cloud) *render.SignIn {
	kind := "delegated"
	switch {
	case id.Opaque:
		kind = "unknown"
	case id.App:
		kind = "application"
	}
	return &render.SignIn{
		Name: id.Name, ClientID: id.ClientID, TenantID: id.TenantID, Kind: kind, Method: method, Cloud: cloud.Name,
		Endpoint: cloud.GraphEndpoint, Permissions: append([]string{}, id.Permissions...), Expires: id.Expires.UTC(),
	}
}
