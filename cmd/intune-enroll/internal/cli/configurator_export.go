package cli

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// configuratorExportOptions are the flags and the argument of configurator export.
type configuratorExportOptions struct {
	Name, Mode, Out string
	Files           []string
}

type runConfiguratorExportFunc func(ctx context.Context, f *factory, o configuratorExportOptions) (render.Report, error)

func newConfiguratorExport(f *factory, run runConfiguratorExportFunc) *cobra.Command {
	if run == nil {
		run = runConfiguratorExport
	}
	var o configuratorExportOptions
	cmd := &cobra.Command{
		Use:   "export NAME",
		Short: "Give what a Mac needs to enroll devices with a profile",
		Long: `Give what a Mac needs to enroll devices with a profile, and the steps on it.

With Setup Assistant enrollment that is the tenant's enrollment URL. With direct
enrollment it is a .mobileconfig, written so that only you can read it: whoever
has it can enroll a device. It is good for two weeks; check reminds of it.

Which of the two follows from user affinity; for a profile without it, --mode or
mode: in the file of -f can ask for Setup Assistant enrollment.`,
		Example: `  intune-enroll configurator export "Counter iPads" --out counter.mobileconfig
  intune-enroll configurator export "Desk iPhones"`,
		RunE: f.reporting(func(ctx context.Context, args []string) (render.Report, error) {
			if len(args) != 1 || args[0] == "" {
				return render.Report{}, fail(codeUsage, "intune-enroll configurator export --help", "export takes the name of one profile")
			}
			if modes := []string{"", configurator.ModeSetup, configurator.ModeDirect}; !slices.Contains(modes, o.Mode) {
				return render.Report{}, fail(codeUsage, "", "--mode %q is not known: use %s or %s", o.Mode, configurator.ModeSetup, configurator.ModeDirect)
			}
			o.Name, o.Files = args[0], f.global.Files
			return run(ctx, f, o)
		}),
	}
	cmd.Flags().StringVar(&o.Mode, "mode", "", "setupAssistant or direct")
	cmd.Flags().StringVar(&o.Out, "out", "", "write to this file; a .mobileconfig without it goes to NAME.mobileconfig in this folder")
	complete(cmd, "mode", configurator.ModeSetup, configurator.ModeDirect)
	return cmd
}

func runConfiguratorExport(ctx context.Context, f *factory, o configuratorExportOptions) (render.Report, error) {
	said, err := f.modeInFiles(ctx, o)
	if err != nil {
		return render.Report{}, err
	}
	s, live, r, err := f.macProfiles(ctx)
	if err != nil {
		return r, err
	}
	profile, err := macProfile(live, o.Name)
	if err != nil {
		return r, err
	}
	e := render.Export{Profile: profile.Ref.Name, Mode: configurator.Mode(profile.Fields.Text("userAffinity"))}
	if said == configurator.ModeDirect && e.Mode != said {
		return r, fail(codeRuleBroken, "leave --mode out to get its enrollment URL", "profile %q has user affinity, and direct enrollment is for profiles without (X-64)", e.Profile)
	}
	e.Mode = cmp.Or(said, e.Mode)
	e.Steps = configurator.Steps(e.Mode)
	if e.Mode == configurator.ModeDirect {
		err = f.exportFile(ctx, s, profile, o.Out, live, &e)
	} else {
		err = f.exportURL(ctx, s, profile, o.Out, &r, &e)
	}
	if err == nil {
		r.Export = &e
	}
	return r, err
}

// modeInFiles is the mode that flag or files ask for, "" where neither does.
func (f *factory) modeInFiles(ctx context.Context, o configuratorExportOptions) (string, error) {
	if o.Mode != "" || len(o.Files) == 0 {
		return o.Mode, nil
	}
	read, err := f.read(ctx, o.Files)
	if err != nil {
		return "", err
	}
	if err := refused(codeFileInvalid, read.findings); err != nil {
		return "", err
	}
	for _, e := range read.document.Mac {
		if e.Values.Text("name") == o.Name {
			return configurator.ModeOf(e), nil
		}
	}
	return "", fail(codeUsage, "", "the file has no profile %q under configurator.profiles", o.Name)
}

// exportURL gives the enrollment URL, and a warning where no device would get
// the profile.
func (f *factory) exportURL(ctx context.Context, s *session, profile enroll.Object, out string, r *render.Report, e *render.Export) error {
	url, err := configurator.URL(profile)
	if err != nil {
		return fail(codeService, "", "%w", err)
	}
	n := 0
	for d, err := range configurator.Devices(ctx, s.client) {
		if err != nil {
			return err
		}
		if d.ProfileID == configurator.ProfileKey(profile) {
			n++
			break
		}
	}
	if n == 0 {
		r.Findings = append(r.Findings, enroll.Finding{Rule: "CAU-11", Severity: enroll.Warning, On: profile.Ref,
			Message: "no imported serial number has this profile: the URL names none, so no device would enroll with it",
			Fix:     "intune-enroll configurator devices import FILE --profile " + enroll.ShellWord(profile.Ref.Name)})
	}
	e.URL = url
	if out == "" {
		return nil
	}
	if err := replaceFile(out, []byte(url+"\n"), 0o644); err != nil {
		return fail(codeOutput, "", "write %s: %w", out, err)
	}
	e.File = out
	return nil
}

// exportFile writes the .mobileconfig, and remembers until when it is good.
func (f *factory) exportFile(ctx context.Context, s *session, profile enroll.Object, out string, live enroll.Snapshot, e *render.Export) error {
	if out == "" {
		out = fileName(profile.Ref.Name) + ".mobileconfig"
	}
	path, err := filepath.Abs(out)
	if err != nil {
		return fail(codeOutput, "", "find the place of %s: %w", out, err)
	}
	content, err := configurator.MobileConfig(ctx, s.client, profile)
	if err != nil {
		return err
	}
	if err := replaceFile(path, content, 0o600); err != nil {
		return fail(codeOutput, "", "write %s: %w", out, err)
	}
	made := configurator.Exported{Profile: profile.Ref.Name, File: path, At: live.At.UTC().Truncate(time.Second)}
	e.File, e.Until = out, made.Until()
	if err := f.remember(live.Tenant, made); err != nil {
		return fail(codeFailed, "write the date down yourself", "%s is written and good until %s, but that could not be remembered: %w", out, e.Until.Format(time.DateOnly), err)
	}
	return nil
}

// fileName makes a name for a file of the name of a profile.
func fileName(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
	return "Intune " + strings.Trim(clean, ". ")
}
