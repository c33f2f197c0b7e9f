package cli

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
)

func TestPushAndAuthOptions(t *testing.T) {
	status := func(f *factory, got *any) *cobra.Command {
		return newPushStatus(f, func(_ context.Context, _ *factory, o pushStatusOptions) (render.Report, error) {
			*got = o
			return render.Report{}, nil
		})
	}
	csr := func(f *factory, got *any) *cobra.Command {
		return newPushCSR(f, func(_ context.Context, _ *factory, o pushCSROptions) (render.Report, error) {
			*got = o
			return render.Report{}, nil
		})
	}
	upload := func(f *factory, got *any) *cobra.Command {
		return newPushUpload(f, func(_ context.Context, _ *factory, o pushUploadOptions) (render.Report, error) {
			*got = o
			return render.Report{}, nil
		})
	}
	permissions := func(f *factory, got *any) *cobra.Command {
		return newAuthPermissions(f, func(_ context.Context, _ *factory, o authPermissionsOptions) (render.Report, error) {
			*got = o
			return render.Report{}, nil
		})
	}
	setup := func(f *factory, got *any) *cobra.Command {
		return newAuthSetup(f, func(_ context.Context, _ *factory, o authSetupOptions) (render.Report, error) {
			*got = o
			return render.Report{}, nil
		})
	}
	tests := []struct {
		name string
		make func(*factory, *any) *cobra.Command
		args string
		want any
		code int
	}{
		{"status", status, "status --ics a.ics", pushStatusOptions{Calendar: "a.ics", FailOn: "warning"}, 0},
		{"status at another bar", status, "status --fail-on often", nil, 3},
		{"status of a file", status, "status x", nil, 3},
		{"csr", csr, "csr", pushCSROptions{Out: "intune-push.csr"}, 0},
		{"csr elsewhere", csr, "csr --out a.csr", pushCSROptions{Out: "a.csr"}, 0},
		{"upload", upload, "upload a.pem --apple-id a@contoso.com --csr a.csr --accept-topic-change --dry-run --ics a.ics",
			pushUploadOptions{File: "a.pem", AppleID: "a@contoso.com", CSR: "a.csr", AcceptTopic: true, DryRun: true, Calendar: "a.ics"}, 0},
		{"upload nothing", upload, "upload", nil, 3},
		{"upload two", upload, "upload a.pem b.pem", nil, 3},
		{"permissions", permissions, "permissions -f a.yaml --for plan --offline", authPermissionsOptions{Files: []string{"a.yaml"}, For: "plan", Offline: true}, 0},
		{"permissions for what", permissions, "permissions --for undo", nil, 3},
		{"setup", setup, "setup", authSetupOptions{For: "check", Name: "intune-enroll", As: setupTools(), Ref: "refs/heads/main"}, 0},
		{"setup for an environment", setup, "setup --for apply --as az --github contoso/intune --environment production --create",
			authSetupOptions{For: "apply", Name: "intune-enroll", As: []string{"az"}, GitHub: "contoso/intune", Ref: "refs/heads/main", Environment: "production", Create: true}, 0},
		{"setup with half a pipeline", setup, "setup --issuer https://contoso.com", nil, 1},
		{"setup with an unsafe name", setup, "setup --name $(id)", nil, 3},
		{"setup with an unsafe subject", setup, "setup --issuer https://contoso.com --subject a'b", nil, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := parse(t, tt.make, strings.Fields(tt.args)...)
			if code := exitCode(err); code != tt.code {
				t.Errorf("exit code %d (%v), want %d", code, err, tt.code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
