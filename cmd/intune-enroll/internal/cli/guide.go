package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/guide"
)

func newGuide(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "guide",
		Short: "Write instructions: for the people who hold the phones, and for the administrator",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newGuideUsers(f, nil), newGuideAdmin(f, nil))
	return cmd
}

// guideUsersOptions are the flags of guide users.
type guideUsersOptions struct {
	Files                       []string
	Profiles                    []string
	Language                    string
	Organization, Contact, Logo string
}

type runGuideUsersFunc func(ctx context.Context, f *factory, o guideUsersOptions) (render.Report, error)

func newGuideUsers(f *factory, run runGuideUsersFunc) *cobra.Command {
	if run == nil {
		run = runGuideUsers
	}
	var o guideUsersOptions
	cmd := &cobra.Command{
		Use:   "users",
		Short: "Write what the people who hold the phones have to do, for each profile",
		Long: `Write what the people who hold the phones have to do: one page for each profile
of the file, or without -f of the tenant. What a page says follows from the
profile: how users sign in, how Company Portal comes, whose device it is.

Without -o it is plain text, for a mail. -o html is one document without
scripts and requests, with a QR code; each page prints on one sheet.`,
		Example: `  intune-enroll guide users -f contoso.yaml
  intune-enroll guide users -f contoso.yaml --profile "Staff iPhones" --language de --organization Contoso \
    --contact helpdesk@contoso.com --logo contoso.png -o html --out-file staff.html`,
		Args: noArgs,
		RunE: f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
			o.Files = f.global.Files
			return run(ctx, f, o)
		}),
	}
	fl := cmd.Flags()
	fl.StringArrayVar(&o.Profiles, "profile", nil, "only for the profile or policy of this name; repeatable")
	languageFlag(cmd, &o.Language)
	fl.StringVar(&o.Organization, "organization", "", "name of the organization, as people know it; else the tenant's, where it is asked")
	fl.StringVar(&o.Contact, "contact", "", "whom to ask: a name, a phone number, a mail or web address; else what the profile names")
	fl.StringVar(&o.Logo, "logo", "", "picture for the head of HTML pages: PNG or JPEG")
	f.outFileFlag(cmd)
	// The flag exists: it was added above.
	_ = cmd.MarkFlagFilename("logo", "png", "jpg", "jpeg")
	return cmd
}

func languageFlag(cmd *cobra.Command, language *string) {
	cmd.Flags().StringVar(language, "language", guide.English, "language of the instructions: "+strings.Join(guide.Languages(), ", "))
	complete(cmd, "language", guide.Languages()...)
}

func knownLanguage(language string) error {
	if !slices.Contains(guide.Languages(), language) {
		return fail(codeUsage, "", "--language %q is not known: use one of %s", language, strings.Join(guide.Languages(), ", "))
	}
	return nil
}

func runGuideUsers(ctx context.Context, f *factory, o guideUsersOptions) (render.Report, error) {
	if err := knownLanguage(o.Language); err != nil {
		return render.Report{}, err
	}
	from := guide.Sender{Name: o.Organization, Contact: o.Contact}
	var err error
	if from.Logo, err = readLogo(o.Logo); err != nil {
		return render.Report{}, err
	}
	var r render.Report
	var audiences []guide.Audience
	if len(o.Files) > 0 {
		r, audiences, err = f.audiencesOfFile(ctx, o.Files)
	} else {
		r, audiences, err = f.audiencesOfTenant(ctx)
		if r.Tenant != nil && from.Name == "" {
			from.Name = r.Tenant.Name
		}
	}
	if err != nil {
		return r, err
	}
	if audiences, err = chosenAudiences(audiences, o.Profiles); err != nil {
		return r, err
	}
	cloud, err := f.cloudName()
	if err != nil {
		return r, err
	}
	pages, err := guide.Users(audiences, from, cloud, o.Language)
	r = withPages(r, pages...)
	if err != nil {
		return r, fail(codeRuleBroken, "", "%w", oneLine(err))
	}
	if len(pages) == 0 {
		return r, fail(codeUsage, "intune-enroll guide users --help", "there is no enrollment profile to write instructions for")
	}
	return r, nil
}

// withPages puts pages into a report, as data and laid out.
func withPages(r render.Report, pages ...guide.Page) render.Report {
	lay := func(write func(io.Writer, ...guide.Page) error) func(io.Writer) error {
		return func(w io.Writer) error { return write(w, pages...) }
	}
	if len(pages) > 0 {
		r.Pages = pages
		r.Layouts = render.Layouts{"table": lay(guide.Text), "markdown": lay(guide.Markdown), "html": lay(guide.HTML)}
	}
	return r
}

func (f *factory) audiencesOfFile(ctx context.Context, files []string) (render.Report, []guide.Audience, error) {
	read, err := f.readSound(ctx, files)
	if err != nil {
		return read.report(), nil, err
	}
	return render.Report{Files: read.files}, guide.Audiences(read.document), nil
}

// readSound reads files that have to be in order.
func (f *factory) readSound(ctx context.Context, files []string) (reading, error) {
	read, err := f.read(ctx, files)
	if err != nil {
		return read, err
	}
	f.line = read.line
	if n := broken(read.findings); n > 0 {
		return read, fail(codeFileInvalid, "intune-enroll validate "+shellLine(files...), "%s in %s", enroll.Plural(n, "error"), strings.Join(read.files, ", "))
	}
	return read, nil
}

// guided are the kinds whose objects people enroll by.
func guided() []enroll.KindName {
	return []enroll.KindName{enroll.ADEProfile, enroll.ConfiguratorProfile, enroll.BYODProfile, enroll.PortalPolicy}
}

// audiencesOfTenant reads the profiles of the tenant: first all, then what a
// list does not show of them.
func (f *factory) audiencesOfTenant(ctx context.Context) (render.Report, []guide.Audience, error) {
	s, err := f.signIn(ctx, nil)
	if err != nil {
		return render.Report{}, nil, err
	}
	also := append(guided(), enroll.Organization)
	live, err := s.look(ctx, nil, also...)
	if err != nil {
		return render.Report{}, nil, err
	}
	var closer []enroll.Object
	for _, kind := range guided() {
		for _, o := range live.Objects[kind] {
			if o.Fields == nil {
				closer = append(closer, enroll.Object{Ref: o.Ref, Pinned: o.Handles[enroll.ID]})
			}
		}
	}
	if len(closer) > 0 {
		if live, err = s.look(ctx, closer, also...); err != nil {
			return render.Report{}, nil, err
		}
	}
	r := s.report(live)
	if len(live.Gaps) > 0 {
		return r, nil, notLooked(live.Gaps, "not all profiles of the tenant could be read: "+live.Gaps[0].Reason)
	}
	var profiles []enroll.Object
	for _, kind := range guided() {
		profiles = append(profiles, live.Objects[kind]...)
	}
	return r, guide.FromTenant(profiles), nil
}

// chosenAudiences are those of the profiles named; all, when none is.
func chosenAudiences(all []guide.Audience, names []string) ([]guide.Audience, error) {
	if len(names) == 0 {
		return all, nil
	}
	var out []guide.Audience
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		found := false
		for _, a := range all {
			if a.Profile.Name == document.Normalize(name) {
				out, found = append(out, a), true
			}
		}
		if !found {
			known := make([]string, len(all))
			for i, a := range all {
				known[i] = a.Profile.Name
			}
			return nil, fail(codeUsage, "", "there is no profile %q%s", name, orElse(name, known))
		}
	}
	return out, nil
}

// orElse says which name was meant, or which there are.
func orElse(name string, known []string) string {
	const most = 20
	near := document.Nearest(name, known)
	switch {
	case len(known) == 0:
		return ", nor any other"
	case near != "":
		return fmt.Sprintf(": did you mean %q?", near)
	case len(known) > most:
		return fmt.Sprintf(": there are %s and %d more", strings.Join(known[:most], ", "), len(known)-most)
	default:
		return ": there are " + strings.Join(known, ", ")
	}
}

// cloudName is the national cloud of the settings.
func (f *factory) cloudName() (string, error) {
	s, err := f.settings()
	return s.Cloud, err
}

// readLogo reads a picture, of which no more than a page takes.
func readLogo(path string) (*guide.Logo, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fail(codeUsage, "", "read the logo: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("is a folder")}
	}
	if err != nil {
		return nil, fail(codeUsage, "", "read the logo: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(file, guide.MaxLogo+1))
	if err != nil {
		return nil, fail(codeUsage, "", "read the logo: %w", err)
	}
	logo, err := guide.NewLogo(data)
	if err != nil {
		return nil, fail(codeUsage, "", "%s: %w", path, err)
	}
	return logo, nil
}
