package cli

import (
	"context"
	"errors"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func newDiscovery(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "discovery",
		Short: "What the web servers of your domains say about account driven enrollment",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDiscoveryGenerate(f), newDiscoveryVerify(f, byod.Discoverer{}))
	return cmd
}

func newDiscoveryGenerate(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "generate",
		Short: "Print what the web server of each sign-in domain has to serve",
		Long: `Print what the web server of each sign-in domain has to serve at
` + byod.DiscoveryPath + ` as ` + byod.DiscoveryType + `, for the tenant
of --tenant (its id) in the cloud of --cloud. Nobody is asked.`,
		Example: "  intune-enroll byod discovery generate --tenant 8f6c1c2e-0f5a-4c0b-9d3e-2b7a1c9d4e5f > com.apple.remotemanagement",
		Args:    noArgs,
		RunE: f.reporting(func(context.Context, []string) (render.Report, error) {
			s, err := f.settings()
			if err != nil {
				return render.Report{}, err
			}
			if !isGUID(s.Tenant) {
				return render.Report{}, fail(codeUsage, "intune-enroll byod discovery generate --tenant ID (auth status shows the id)", "the id of the tenant is not known: tenant is %q", s.Tenant)
			}
			body, err := byod.Discovery(s.Cloud, strings.ToLower(s.Tenant))
			if err != nil {
				return render.Report{}, fail(codeUsage, "name the tenant's cloud with --cloud", "%w", err)
			}
			f.say("serve this at https://DOMAIN%s as %s, for each domain that people sign in with", byod.DiscoveryPath, byod.DiscoveryType)
			return render.Report{Cloud: s.Cloud, Serve: &render.Discovery{Path: byod.DiscoveryPath, ContentType: byod.DiscoveryType, Body: string(body)}}, nil
		}),
	}
}

// discoverer asks a domain where personal devices enroll.
type discoverer interface {
	Verify(ctx context.Context, domain, cloud, tenant string) ([]enroll.Finding, error)
}

func newDiscoveryVerify(f *factory, d discoverer) *cobra.Command {
	return &cobra.Command{
		Use:   "verify DOMAIN",
		Short: "Ask a domain what it says, as a device would",
		Long: `Ask a domain where personal devices enroll, as a device would: over https, with the
query that a device sends. Status, type and body of the answer are compared with
what byod discovery generate prints, for the tenant of --tenant (its id) and the
cloud of --cloud. No sign-in is needed.

Exit code 2 when a device could not enroll by the answer, 1 when nobody answers.`,
		Example: "  intune-enroll byod discovery verify contoso.com --tenant 8f6c1c2e-0f5a-4c0b-9d3e-2b7a1c9d4e5f",
		RunE: f.reporting(func(ctx context.Context, args []string) (render.Report, error) {
			s, err := f.settings()
			if err != nil {
				return render.Report{}, err
			}
			if len(args) != 1 || !isDomain(args[0]) {
				return render.Report{}, fail(codeUsage, "intune-enroll byod discovery verify contoso.com", "verify takes one domain, such as contoso.com, got %q", args)
			}
			tenant := s.Tenant
			if !isGUID(tenant) {
				tenant = ""
			}
			findings, err := d.Verify(ctx, strings.ToLower(args[0]), s.Cloud, tenant)
			r := render.Report{Findings: findings, At: time.Now().UTC(), Cloud: s.Cloud, Status: enroll.Worst(findings)}
			if _, refused := errors.AsType[*net.OpError](err); refused {
				return r, fail(codeUnreachable, "look whether the domain has a web server with a certificate that devices trust", "%w", err)
			}
			if err != nil {
				return r, fail(codeNotLooked, "look whether the domain has a web server with a certificate that devices trust", "%w", err)
			}
			if enroll.Worst(findings) == enroll.Unknown {
				return r, fail(codeNotLooked, "name the tenant's cloud with --cloud", "%s", findings[len(findings)-1].Message)
			}
			if found(findings, string(enroll.Warning)) {
				return r, errFound
			}
			return r, nil
		}),
	}
}

func isGUID(s string) bool {
	return regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`).MatchString(s)
}

// isDomain tells whether s is a name of a web server and nothing more: no
// scheme, port, path or address.
func isDomain(s string) bool {
	return len(s) <= 253 && regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`).MatchString(s)
}
