package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func newADEToken(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use: "token", Short: "Enrollment program tokens, which connect Apple Business Manager to Intune", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newTokenList(f), newTokenKey(f), newTokenUpload(f), newTokenSync(f))
	return cmd
}

func newTokenList(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the tokens: until when they are valid, and how they sync",
		Long: `List the tokens: until when they are valid, and how they sync. Only reads.
"intune-enroll check" says which of them want attention.`,
		Args: noArgs,
		RunE: f.listing("ade token list", tokenColumns(), func(ctx context.Context, l *render.List, r *render.Report) error {
			_, live, err := f.tokens(ctx, r)
			if err != nil {
				return err
			}
			for _, o := range live.Objects[enroll.ADEToken] {
				facts, _ := o.Facts.(ade.TokenFacts)
				if err := addToken(l, facts); err != nil {
					return fail(codeOutput, "", "write the list: %w", err)
				}
			}
			return nil
		}),
	}
}

func tokenColumns() []render.Column {
	return []render.Column{{Title: "token", Width: 20}, {Title: "expires", Width: 20}, {Title: "synced", Width: 20}, {Title: "error", Width: 5},
		{Title: "devices", Width: 7}, {Title: "apple account", Width: 24}, {Title: "kind", Width: 6}, {Title: "id"}}
}

// listedToken is one token of the list. SyncError is 0 for none, and left out
// where the service does not say.
type listedToken struct {
	Name      string    `json:"name"`
	ID        string    `json:"id"`
	School    bool      `json:"school"`
	AppleID   string    `json:"appleAccount"`
	Expires   time.Time `json:"expires,omitzero"`
	Synced    time.Time `json:"lastSync,omitzero"`
	Triggered time.Time `json:"lastSyncBegun,omitzero"`
	SyncError *int      `json:"syncError,omitempty"`
	Devices   int       `json:"devices"`
}

func addToken(l *render.List, t ade.TokenFacts) error {
	row := listedToken{Name: t.Name, ID: t.ID, School: t.School, AppleID: t.AppleID, Expires: t.Expires, Synced: t.Synced, Triggered: t.Triggered, Devices: t.Devices}
	failed, kind := "?", "ABM"
	if t.SyncError >= 0 {
		row.SyncError, failed = &t.SyncError, strconv.Itoa(t.SyncError)
	}
	if t.School {
		kind = "ASM"
	}
	return l.Add(row, t.Name, moment(t.Expires), moment(t.Synced), failed, strconv.Itoa(t.Devices), t.AppleID, kind, t.ID)
}

// moment is a time in a list; "never" is none.
func moment(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.RFC3339)
}

func newTokenKey(f *factory) *cobra.Command {
	var token, out string
	cmd := &cobra.Command{
		Use:   "public-key",
		Short: "Get the public key of a token, which Apple encrypts the server token to",
		Long: `Get the public key of a token. In Apple Business Manager or Apple School Manager
it goes to the MDM server (Preferences > Your MDM Servers > Edit > upload public
key); what is downloaded there (.p7m) goes to "intune-enroll ade token upload".

Renewing needs no new key: download the token of the same MDM server again.`,
		Example: `  intune-enroll ade token public-key --out intune.pem`,
		Args:    noArgs,
		RunE: f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
			var r render.Report
			s, live, err := f.tokens(ctx, &r)
			if err != nil {
				return r, err
			}
			o, err := oneToken(live, token)
			if err != nil {
				return r, err
			}
			key, err := ade.ReadPublicKey(ctx, s.client, o.Handles[enroll.ID])
			if err != nil {
				return r, err
			}
			r.PublicKey = &render.PublicKey{Token: o.Ref.Name, PEM: key.PEM}
			if out != "" {
				if err := replaceFile(out, []byte(key.PEM), 0o600); err != nil {
					return r, fail(codeOutput, "", "save the public key: %w", err)
				}
				r.Saved = out
			}
			return r, nil
		}),
	}
	cmd.Flags().StringVar(&token, "token", "", "the token, by name or id; may be left out where there is one")
	cmd.Flags().StringVar(&out, "out", "", "save it in this file, readable by you alone")
	_ = cmd.MarkFlagFilename("out", "pem") // the flag exists: it was just added
	return cmd
}

// tokenUploadOptions are the flags and the argument of ade token upload.
type tokenUploadOptions struct {
	File, Token, AppleID string
	DryRun               bool
}

func newTokenUpload(f *factory) *cobra.Command {
	var o tokenUploadOptions
	cmd := &cobra.Command{
		Use:   "upload FILE",
		Short: "Renew a token with the server token (.p7m) from Apple, after checking that it is the right one",
		Long: `Renew a token with the server token (.p7m) that Apple Business Manager or Apple
School Manager gives for its MDM server, after checking that it is one, and
encrypted to the public key of this token. Shows what changes, asks, uploads,
and reads it back.

Apple makes the token in use invalid the moment a new one is downloaded: upload
it at once.`,
		Example: `  intune-enroll ade token upload ContosoABM.p7m --token "Contoso ABM"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fail(codeUsage, cmd.CommandPath()+" FILE", "ade token upload takes one file, the server token from Apple")
			}
			return nil
		},
		RunE: f.reporting(func(ctx context.Context, args []string) (render.Report, error) {
			o.File = args[0]
			return f.uploadToken(ctx, o)
		}),
	}
	cmd.Flags().StringVar(&o.Token, "token", "", "the token, by name or id; may be left out where there is one")
	cmd.Flags().StringVar(&o.AppleID, "apple-id", "", "Apple Account that downloaded the file; that of the token when left out")
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, "check the file, and upload nothing")
	return cmd
}

func (f *factory) uploadToken(ctx context.Context, o tokenUploadOptions) (render.Report, error) {
	token, err := readServerToken(o.File)
	if _, local := errors.AsType[*fs.PathError](err); local {
		return render.Report{}, fail(codeFileInvalid, "", "read the server token: %w", err)
	}
	if err != nil {
		return render.Report{}, fail(codeFileInvalid, "give the file that was downloaded from Apple; only where there is none, download the token of the MDM server in Apple Business Manager, Preferences > Your MDM Servers, again: that ends the token in use",
			"%s: %w", o.File, err)
	}
	if !o.DryRun {
		if err := f.answerable("ade token upload"); err != nil {
			return render.Report{}, err
		}
	}
	s, release, err := f.alone(ctx, reading{})
	if err != nil {
		return render.Report{}, err
	}
	defer release()
	u := ade.Upload{Token: o.Token, File: filepath.Base(o.File), AppleID: o.AppleID, Server: token}
	s.replaceKind(ade.Uploading(s.client, u))
	s.engine.Rules = nil // those of other things are not asked
	_, p, r, err := f.compare(ctx, s, reading{files: []string{o.File}, objects: []enroll.Object{u.Object()}})
	if err != nil {
		return r, err
	}
	if err := s.mayApply(p, nil); err != nil || o.DryRun {
		return r, err
	}
	if r, err = f.askedFor(ctx, s, p, r, 0); err == nil {
		f.say("now let it sync: intune-enroll ade token sync --token %s --wait", term.Clean(enroll.ShellWord(p.Changes[0].Ref.Name)))
	}
	return r, err
}

// readServerToken reads and checks the file. Its contents never show.
func readServerToken(path string) (ade.ServerToken, error) {
	file, err := os.Open(path)
	if err != nil {
		return ade.ServerToken{}, err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, ade.MaxServerToken+1))
	if err != nil {
		return ade.ServerToken{}, err
	}
	return ade.ParseServerToken(raw)
}
