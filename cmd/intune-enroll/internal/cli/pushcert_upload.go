package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	v1 "github.com/intune-enroll/intune-enroll/pkg/graph/v1"
	"github.com/intune-enroll/intune-enroll/pkg/pushcert"
)

// pushUploadOptions are the flags and the argument of pushcert upload.
type pushUploadOptions struct {
	File, AppleID, CSR, Calendar string
	AcceptTopic, DryRun          bool
}

type runPushUploadFunc func(ctx context.Context, f *factory, o pushUploadOptions) (render.Report, error)

func newPushUpload(f *factory, run runPushUploadFunc) *cobra.Command {
	if run == nil {
		run = runPushUpload
	}
	var o pushUploadOptions
	cmd := &cobra.Command{
		Use:   "upload FILE",
		Short: "Upload the certificate that Apple made, after checking that it is the right one",
		Long: `Upload the certificate that Apple made, after checking that it is the right one:
for MDM push, with the topic of the present one, valid now and longer than that,
made from the last signing request, and without a private key. Shows what
changes, asks, uploads, and reads it back.

A certificate with another topic cuts off every enrolled device for good. Where
that is meant: --accept-topic-change, and then the tenant's name (--confirm).`,
		Example: `  intune-enroll pushcert upload MDM_Microsoft_Corporation_Certificate.pem
  intune-enroll pushcert upload new.pem --apple-id apple@contoso.com --ics renewal.ics`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fail(codeUsage, cmd.CommandPath()+" FILE", "pushcert upload takes one file, the certificate from Apple")
			}
			return nil
		},
		RunE: f.reporting(func(ctx context.Context, args []string) (render.Report, error) {
			o.File = args[0]
			return run(ctx, f, o)
		}),
	}
	fl := cmd.Flags()
	fl.StringVar(&o.AppleID, "apple-id", "", "Apple account the certificate was made with; that of the present one when left out")
	fl.StringVar(&o.CSR, "csr", "", "signing request it was made from, where that was not downloaded here last")
	fl.BoolVar(&o.AcceptTopic, "accept-topic-change", false, "let a certificate through that cuts off every enrolled device")
	fl.BoolVar(&o.DryRun, "dry-run", false, "show what would change, and change nothing")
	fl.StringVar(&o.Calendar, "ics", "", "write a calendar file that reminds of the next renewal")
	return cmd
}

func runPushUpload(ctx context.Context, f *factory, o pushUploadOptions) (render.Report, error) {
	u, err := readUpload(o)
	if err != nil {
		return render.Report{}, err
	}
	if !o.DryRun {
		if err := f.answerable("pushcert upload"); err != nil {
			return render.Report{}, err
		}
	}
	if o.Calendar != "" {
		if err := replaceable(o.Calendar); err != nil {
			return render.Report{}, fail(codeFailed, "name another file with --ics", "the calendar file could not be written: %w", err)
		}
	}
	s, release, err := f.alone(ctx, reading{})
	if err != nil {
		return render.Report{}, err
	}
	defer release()
	if u.RequestKey == "" {
		set, err := f.settings()
		if err != nil {
			return render.Report{}, err
		}
		if u.RequestKey, err = lastRequest(set.Journal, s.identity.TenantID); err != nil {
			return render.Report{}, err
		}
	}
	s.replaceKind(pushcert.Uploading(v1.New(s.client), s.client, u))
	s.engine.Rules = pushcert.UploadRules()
	want := u.Object()
	want.Origin = enroll.Origin{File: o.File}
	_, p, r, err := f.compare(ctx, s, reading{files: []string{o.File}, objects: []enroll.Object{want}})
	if err != nil {
		return r, err
	}
	r.Push = &render.Push{}
	if err := s.mayApply(p, nil); err != nil || o.DryRun {
		return r, err
	}
	if r, err = f.askedFor(ctx, s, p, r, 0); err != nil || o.Calendar == "" {
		return r, err
	}
	live, err := s.look(ctx, nil, enroll.PushCertificate)
	if err != nil {
		return r, err
	}
	c := certificateIn(live)
	if c == nil {
		return r, notLooked(live.Gaps, "the calendar file was not written: the push certificate could not be read again")
	}
	return r, f.remind(o.Calendar, s, r, *c)
}

// readUpload reads the files that the flags name.
func readUpload(o pushUploadOptions) (pushcert.Upload, error) {
	raw, err := readBounded(o.File)
	if err != nil {
		return pushcert.Upload{}, fail(codeFileInvalid, "", "read the certificate: %w", err)
	}
	c, err := pushcert.Parse(raw)
	if err != nil {
		return pushcert.Upload{}, fail(codeFileInvalid, "", "%s: %w", o.File, err)
	}
	u := pushcert.Upload{Certificate: c, AppleID: strings.TrimSpace(o.AppleID), AcceptTopic: o.AcceptTopic}
	if o.CSR == "" {
		return u, nil
	}
	if raw, err = readBounded(o.CSR); err != nil {
		return u, fail(codeFileInvalid, "", "read the signing request: %w", err)
	}
	request, err := pushcert.ParseRequest(raw)
	if err == nil && request.Key == "" {
		err = fmt.Errorf("its key cannot be told")
	}
	if err != nil {
		return u, fail(codeFileInvalid, "", "%s: %w", o.CSR, err)
	}
	u.RequestKey = request.Key
	return u, nil
}

// readBounded reads a file, at most a little more than a certificate may have.
func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, 1<<20))
}
