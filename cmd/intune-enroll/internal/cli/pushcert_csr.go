package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/pushcert"
)

// pushCSROptions are the flags of pushcert csr.
type pushCSROptions struct{ Out string }

type runPushCSRFunc func(ctx context.Context, f *factory, o pushCSROptions) (render.Report, error)

func newPushCSR(f *factory, run runPushCSRFunc) *cobra.Command {
	if run == nil {
		run = runPushCSR
	}
	var o pushCSROptions
	cmd := &cobra.Command{
		Use:   "csr",
		Short: "Download a signing request for Apple, and say what to do with it",
		Long: `Download a signing request for Apple, and print what to do with it there.
Where the tenant has not consented yet that Microsoft shares data with Apple, it
shows the terms, asks, and grants the consent.

A request replaces those before, also in its file: upload the certificate made
from the last one.`,
		Example: "  intune-enroll pushcert csr --out contoso.csr",
		Args:    noArgs,
		RunE:    f.reporting(func(ctx context.Context, _ []string) (render.Report, error) { return run(ctx, f, o) }),
	}
	cmd.Flags().StringVar(&o.Out, "out", "intune-push.csr", "file to write the request to")
	_ = cmd.MarkFlagFilename("out", "csr") // the flag exists: it was just added
	return cmd
}

func runPushCSR(ctx context.Context, f *factory, o pushCSROptions) (render.Report, error) {
	// A new request takes the place of the one that Apple may have already, so
	// none is asked for that could not be kept.
	if err := replaceable(o.Out); err != nil {
		return render.Report{}, fail(codeFailed, "name another file with --out", "the signing request could not be written: %w", err)
	}
	if there, err := readBounded(o.Out); err == nil {
		if _, err := pushcert.ParseRequest(there); err != nil {
			return render.Report{}, fail(codeFailed, "name another file with --out", "%s is there, and is no signing request: it is kept as it is", o.Out)
		}
	}
	s, err := f.signIn(ctx, nil)
	if err != nil {
		return render.Report{}, err
	}
	live, err := s.look(ctx, nil, enroll.Organization, enroll.PushCertificate)
	if err != nil {
		return render.Report{}, err
	}
	f.sayUnnamed(live)
	r := s.report(live)
	r.Gaps = nil
	if gap, ok := live.GapIn(enroll.PushCertificate); ok {
		r.Gaps = []enroll.Gap{gap}
		return r, notLooked(r.Gaps, "whether to renew or to create a certificate cannot be told: "+gap.Reason)
	}
	if needs := []string{graph.ServiceConfigWrite, graph.ConfigurationWrite}; !s.identity.Opaque && !graph.Granted(s.identity.Permissions, needs) {
		return r, fail(codePermission, "grant it to the sign-in and let an administrator consent, then look at: intune-enroll auth status",
			"the service gives signing requests only to those who may write: %s is missing", strings.Join(needs, " or "))
	}
	if err := f.consent(ctx, s, *r.Tenant, certificateIn(live) != nil); err != nil {
		return r, err
	}
	request, err := pushcert.NewRequest(ctx, s.client)
	if err != nil {
		return r, err
	}
	if err := replaceFile(o.Out, request.File, 0o600); err != nil {
		return r, fmt.Errorf("write the signing request: %w", err)
	}
	r.Push = &render.Push{Request: o.Out, Steps: pushcert.Steps(certificateIn(live), o.Out, live.At)}
	return r, f.keepRequest(s, request, o.Out)
}

// consent makes sure that the tenant lets Microsoft share data with Apple. It
// did when a certificate was made, so a renewal goes on where that cannot be read.
func (f *factory) consent(ctx context.Context, s *session, tenant render.Tenant, renewal bool) error {
	consent, err := pushcert.ReadConsent(ctx, s.client)
	if err != nil && renewal && ctx.Err() == nil {
		f.say("note: taken for granted, since there is a certificate: %s", term.Clean(err.Error()))
		return nil
	}
	if err != nil || consent.Granted {
		return err
	}
	fmt.Fprintf(f.term.Err, "A push certificate takes the permission that Microsoft sends data of users and devices to Apple (%s).\nThe terms: %s\n",
		term.Clean(cmp.Or(consent.Service, "Apple MDM push certificate")), term.Clean(cmp.Or(consent.Terms, "the service names no page")))
	if !f.global.Yes {
		if err := f.ask(ctx, fmt.Sprintf("Grant it for tenant %s? Only yes is taken as yes:", term.Clean(tenant.Label())), "--yes", "yes"); err != nil {
			return err
		}
	}
	if err := pushcert.GrantConsent(ctx, s.client); err != nil {
		return err
	}
	f.say("granted and read back")
	return nil
}

// keptRequest is what is remembered of the last signing request of a tenant, so
// that an upload can tell whether a certificate was made from it.
type keptRequest struct {
	Key string    `json:"key"`
	At  time.Time `json:"at"`
}

func requestPath(dir, tenant string) string {
	return filepath.Join(dir, "push-request-"+strings.Map(plainName, tenant)+".json")
}

// keepRequest remembers a request; one whose key cannot be told is remembered
// as that.
func (f *factory) keepRequest(s *session, request pushcert.Request, file string) error {
	set, err := f.settings()
	if err != nil || set.Journal == "" {
		return err
	}
	raw, err := json.Marshal(keptRequest{request.Key, s.client.Now().UTC()})
	if err == nil {
		err = os.MkdirAll(set.Journal, 0o700)
	}
	if err == nil {
		err = replaceFile(requestPath(set.Journal, s.identity.TenantID), raw, 0o600)
	}
	if err != nil {
		return fail(codeFailed, "name it at the upload: --csr "+enroll.ShellWord(file), "the signing request was written, but could not be remembered for the upload: %w", err)
	}
	return nil
}

// lastRequest is the key of the request that was downloaded last on this
// machine; "" when none was, or its key is not known.
func lastRequest(dir, tenant string) (string, error) {
	path := requestPath(dir, tenant)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	var kept keptRequest
	if err == nil {
		err = json.Unmarshal(raw, &kept)
	}
	if err != nil {
		return "", fail(codeFailed, "name the signing request with --csr FILE, or delete "+enroll.ShellWord(path), "what is remembered of the signing request in %s cannot be read: %w", path, err)
	}
	return kept.Key, nil
}
