package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// authPermissionsOptions are the flags of auth permissions.
type authPermissionsOptions struct {
	Files   []string
	For     string
	Each    bool // also say it for each command
	Offline bool
}

type runAuthPermissionsFunc func(ctx context.Context, f *factory, o authPermissionsOptions) (render.Report, error)

func newAuthPermissions(f *factory, run runAuthPermissionsFunc) *cobra.Command {
	if run == nil {
		run = runAuthPermissions
	}
	var o authPermissionsOptions
	cmd := &cobra.Command{
		Use:   "permissions",
		Short: "Show which permissions are needed, and which of them the sign-in has",
		Long: `Show which permissions are needed, least privileged, and which of them the
sign-in has: for all that the program does and for each command, or with -f for
what that file needs. The names are those of application and of delegated
permissions alike.

Exit code 4 when one is missing that cannot be left out.`,
		Example: `  intune-enroll auth permissions --for check
  intune-enroll auth permissions -f contoso.yaml --offline`,
		Args: noArgs,
	}
	fl := cmd.Flags()
	cmd.RunE = f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
		o.Files = f.global.Files
		o.Each = len(o.Files) == 0 && !fl.Changed("for")
		if err := knownUse(o.For); err != nil {
			return render.Report{}, err
		}
		return run(ctx, f, o)
	})
	fl.StringVar(&o.For, "for", forApply, "what the sign-in shall do: check, plan or apply")
	fl.BoolVar(&o.Offline, "offline", false, "do not sign in, and compare with nothing")
	complete(cmd, "for", uses()...)
	return cmd
}

func knownUse(use string) error {
	if slices.Contains(uses(), use) {
		return nil
	}
	return fail(codeUsage, "", "--for %q is not known: use one of %s", use, strings.Join(uses(), ", "))
}

func runAuthPermissions(ctx context.Context, f *factory, o authPermissionsOptions) (render.Report, error) {
	list := needsOf(o.For)
	var r render.Report
	if len(o.Files) > 0 {
		read, err := f.read(ctx, o.Files)
		if err != nil {
			return r, err
		}
		f.line = read.line
		if err := refused(codeFileInvalid, read.findings); err != nil {
			return read.report(), err
		}
		r.Files = read.files
		list = needsOfFile(o.For, read.objects, kinds(nil))
	}
	r.Needs = shownNeeds(list)
	if o.Each {
		r.Commands = shownCommands()
	}
	if o.Offline {
		return r, nil
	}
	s, err := f.settings()
	if err != nil {
		return r, err
	}
	client, cloud, err := f.client(s)
	if err != nil {
		return r, err
	}
	id, err := client.Identity(ctx)
	if err != nil {
		return r, err
	}
	r.Cloud, r.At, r.SignIn = cloud.Name, client.Now().UTC(), signedIn(id, s.Auth, cloud)
	if id.Opaque {
		return r, fail(codeNotLooked, "intune-enroll auth status -v", "the token cannot be read, so what it carries is not known")
	}
	lacks := func(name string) bool { return !graph.Granted(id.Permissions, []string{name}) }
	var missing []string
	for i, n := range r.Needs {
		r.Needs[i].Granted = "yes"
		if lacks(n.Name) {
			r.Needs[i].Granted = "no"
			if !n.Optional {
				missing = append(missing, n.Name)
			}
		}
	}
	for i, c := range r.Commands {
		r.Commands[i].Granted = "yes"
		if slices.ContainsFunc(c.Permissions, lacks) {
			r.Commands[i].Granted = "no"
		}
	}
	if len(missing) > 0 {
		return r, fail(codePermission, "see how to grant them: intune-enroll auth setup --for "+o.For, "the sign-in lacks %s", strings.Join(missing, ", "))
	}
	return r, nil
}
