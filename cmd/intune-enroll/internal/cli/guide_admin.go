package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/guide"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// guideAdminOptions are the flags of guide admin.
type guideAdminOptions struct {
	Files      []string
	FromTenant bool
	Language   string
}

type runGuideAdminFunc func(ctx context.Context, f *factory, o guideAdminOptions) (render.Report, error)

func newGuideAdmin(f *factory, run runGuideAdminFunc) *cobra.Command {
	if run == nil {
		run = runGuideAdmin
	}
	var o guideAdminOptions
	cmd := &cobra.Command{
		Use:   "admin",
		Short: "Write the checklist of what has to be done by hand, in order",
		Long: `Write the checklist of what has to be done by hand at Apple, in the portals and
on a Mac, so that the file works: in order, with the commands in between. With
--from-tenant the Apple Accounts, the topic of the push certificate, tenant id
and domain are filled in.`,
		Example: `  intune-enroll guide admin -f contoso.yaml
  intune-enroll guide admin -f contoso.yaml --from-tenant --language de -o html --out-file todo.html`,
		Args: noArgs,
		RunE: f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
			o.Files = f.global.Files
			if len(o.Files) == 0 {
				return render.Report{}, fail(codeUsage, "intune-enroll guide admin -f FILE", "no file given to write the checklist for")
			}
			return run(ctx, f, o)
		}),
	}
	cmd.Flags().BoolVar(&o.FromTenant, "from-tenant", false, "look at the tenant and fill in what it says")
	languageFlag(cmd, &o.Language)
	f.outFileFlag(cmd)
	return cmd
}

func runGuideAdmin(ctx context.Context, f *factory, o guideAdminOptions) (render.Report, error) {
	if err := knownLanguage(o.Language); err != nil {
		return render.Report{}, err
	}
	read, err := f.readSound(ctx, o.Files)
	if err != nil {
		return read.report(), err
	}
	r := render.Report{Files: read.files}
	var known guide.Known
	if o.FromTenant {
		if r, known, err = f.known(ctx, read); err != nil {
			return r, err
		}
	}
	if known.Cloud, err = f.cloudName(); err != nil {
		return r, err
	}
	page, err := guide.Admin(read.document, known, o.Language, o.Files...)
	if err != nil {
		return r, err
	}
	return withPages(r, page), nil
}

// known reads what the checklist fills in. What cannot be read stops it: a
// checklist that guessed would tell somebody to replace a certificate.
func (f *factory) known(ctx context.Context, read reading) (render.Report, guide.Known, error) {
	s, err := f.signIn(ctx, nil)
	if err != nil {
		return render.Report{}, guide.Known{}, err
	}
	live, err := s.look(ctx, nil, enroll.Organization, enroll.PushCertificate, enroll.ADEToken, enroll.VPPToken)
	if err != nil {
		return render.Report{}, guide.Known{}, err
	}
	r := s.report(live)
	r.Files = read.files
	if err := guardTenant(read.document.Tenant, *r.Tenant, live); err != nil {
		return r, guide.Known{}, err
	}
	if len(live.Gaps) > 0 {
		return r, guide.Known{}, notLooked(live.Gaps, "the tenant could not be read: "+live.Gaps[0].Reason)
	}
	return r, knownFrom(live, *r.Tenant), nil
}

func knownFrom(live enroll.Snapshot, tenant render.Tenant) guide.Known {
	k := guide.Known{Looked: true, TenantID: tenant.ID, TokenAppleIDs: map[string]string{}, TokenExpires: map[string]time.Time{}, VPPAppleIDs: map[string]string{}}
	k.Domain = signInDomain(tenant.Domains)
	for _, o := range live.Objects[enroll.PushCertificate] {
		if c, ok := o.Facts.(graph.PushCertificate); ok {
			k.PushAppleID, k.PushTopic, k.PushExpires = c.AppleID, c.Topic, c.Expires
		}
	}
	for _, o := range live.Objects[enroll.ADEToken] {
		if t, ok := o.Facts.(ade.TokenFacts); ok {
			remember(k.TokenAppleIDs, t.AppleID, o.Ref.Name, t.ID)
			remember(k.TokenExpires, t.Expires, o.Ref.Name, t.ID)
		}
	}
	for _, o := range live.Objects[enroll.VPPToken] {
		if t, ok := o.Facts.(vpp.TokenFacts); ok {
			remember(k.VPPAppleIDs, t.AppleID, o.Ref.Name, t.ID, t.Location)
		}
	}
	// A file may leave the name out where there is one token only.
	if only := live.Objects[enroll.ADEToken]; len(only) == 1 {
		k.OnlyToken = document.Normalize(only[0].Ref.Name)
	}
	if only := live.Objects[enroll.VPPToken]; len(only) == 1 {
		k.VPPAppleIDs[""] = k.VPPAppleIDs[document.Normalize(only[0].Ref.Name)]
	}
	return k
}

// remember notes what is known of a token under all names a file may use.
func remember[T any](known map[string]T, what T, names ...string) {
	for _, n := range names {
		if n != "" {
			known[document.Normalize(n)] = what
		}
	}
}

// signInDomain is the first domain that is not the one every tenant begins
// with: people sign in with one of their own.
func signInDomain(domains []string) string {
	for _, d := range domains {
		if !strings.HasSuffix(strings.ToLower(d), ".onmicrosoft.com") {
			return d
		}
	}
	return ""
}
