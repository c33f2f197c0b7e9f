package cli

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// authSetupOptions are the flags of auth setup.
type authSetupOptions struct {
	For, Name        string
	As               []string
	GitHub           string // OWNER/REPO or OWNER@ID/REPO@ID
	Ref, Environment string // of GitHub
	Issuer, Subject  string // of another pipeline, such as Azure Pipelines
	Create           bool   // make it now, with the sign-in at hand
}

type runAuthSetupFunc func(ctx context.Context, f *factory, o authSetupOptions) (render.Report, error)

func newAuthSetup(f *factory, run runAuthSetupFunc) *cobra.Command {
	if run == nil {
		run = runAuthSetup
	}
	var o authSetupOptions
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "Say how to make the app registration to sign in with, or make it",
		Long: `Say how to make the app registration to sign in with: for the Azure CLI,
PowerShell, Terraform and the Entra admin center, with exactly the permissions
that are needed, and for a pipeline a federated credential in place of a secret.
Prints only, and signs in nowhere; with --create it asks, and makes the app
registration with the sign-in at hand, which needs Application.ReadWrite.All. An
administrator consents to the permissions afterwards, at the address it prints.

GitHub puts ids into the subject of repositories made, renamed or transferred
after 15 July 2026; the output says how to look. For those take --github
OWNER@ID/REPO@ID.

For Azure Pipelines take --issuer and --subject from the page of the service
connection (workload identity federation, manual).`,
		Example: `  intune-enroll auth setup --for check --as az
  intune-enroll auth setup --for apply --github contoso/intune --environment production`,
		Args: noArgs,
		RunE: f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
			if err := o.check(); err != nil {
				return render.Report{}, err
			}
			return run(ctx, f, o)
		}),
	}
	fl := cmd.Flags()
	fl.StringVar(&o.For, "for", forCheck, "what the sign-in shall do: check, plan or apply")
	fl.StringVar(&o.Name, "name", "intune-enroll", "name of the app registration")
	fl.StringSliceVar(&o.As, "as", setupTools(), "ways to show: "+strings.Join(setupTools(), ", "))
	fl.StringVar(&o.GitHub, "github", "", "GitHub repository that shall sign in without a secret: OWNER/REPO, or OWNER@ID/REPO@ID where GitHub names it with its ids")
	fl.StringVar(&o.Ref, "ref", mainBranch, "branch or tag of that repository")
	fl.StringVar(&o.Environment, "environment", "", "environment of that repository, in place of a branch")
	fl.StringVar(&o.Issuer, "issuer", "", "issuer of the tokens of another pipeline")
	fl.StringVar(&o.Subject, "subject", "", "subject of the tokens of another pipeline")
	fl.BoolVar(&o.Create, "create", false, "make it now, after a question, with the sign-in at hand")
	cmd.MarkFlagsRequiredTogether("issuer", "subject")
	cmd.MarkFlagsMutuallyExclusive("github", "issuer")
	complete(cmd, "for", uses()...)
	complete(cmd, "as", setupTools()...)
	return cmd
}

// mainBranch is the branch that is trusted where none is named.
const mainBranch = "refs/heads/main"

// gitHubIssuer is who signs the tokens of jobs (GitHub docs page on OpenID Connect).
const gitHubIssuer = "https://token.actions.githubusercontent.com"

// plainText is what may stand in a script between quotes of every shell.
const plainText = `[\p{L}\p{N} ._:/@#()+,=~-]+`

// check refuses what would change the meaning of a script.
func (o authSetupOptions) check() error {
	if err := knownUse(o.For); err != nil {
		return err
	}
	for _, tool := range o.As {
		if !slices.Contains(setupTools(), tool) {
			return fail(codeUsage, "", "--as %q is not known: use one of %s", tool, strings.Join(setupTools(), ", "))
		}
	}
	plain := regexp.MustCompile("^" + plainText + "$")
	for _, f := range []struct {
		flag, value string
		needed      bool
	}{
		{"name", o.Name, true}, {"ref", o.Ref, o.GitHub != ""}, {"environment", o.Environment, false},
		{"issuer", o.Issuer, o.Subject != ""}, {"subject", o.Subject, o.Issuer != ""},
	} {
		if f.needed && strings.TrimSpace(f.value) == "" {
			return fail(codeUsage, "", "--%s is empty", f.flag)
		}
		if f.value != "" && !plain.MatchString(f.value) {
			return fail(codeUsage, "", "--%s %q goes into scripts, and may have letters, digits, spaces and . _ : / @ # ( ) + , = ~ - only", f.flag, f.value)
		}
	}
	if !regexp.MustCompile(`^[\p{L}\p{N}]`).MatchString(o.Name) {
		return fail(codeUsage, "", "--name %q has to begin with a letter or digit: az takes some other beginnings for a flag or a file", o.Name)
	}
	if o.GitHub == "" && (o.Environment != "" || o.Ref != mainBranch) {
		return fail(codeUsage, "", "--ref and --environment go with --github OWNER/REPO")
	}
	if o.GitHub != "" && o.Environment == "" && !strings.HasPrefix(o.Ref, "refs/") {
		return fail(codeUsage, "", "--ref %q is no full name: write refs/heads/%s, or refs/tags/%s", o.Ref, o.Ref, o.Ref)
	}
	if o.GitHub != "" && !regexp.MustCompile(`^[A-Za-z0-9_-]+(/[A-Za-z0-9._-]+|@[0-9]+/[A-Za-z0-9._-]+@[0-9]+)$`).MatchString(o.GitHub) {
		return fail(codeUsage, "", "--github %q is no repository: write OWNER/REPO, or OWNER@ID/REPO@ID", o.GitHub)
	}
	if o.Issuer != "" && !strings.HasPrefix(o.Issuer, "https://") {
		return fail(codeUsage, "", "--issuer %q is not an https address", o.Issuer)
	}
	return nil
}

// federation is whose tokens the app trusts; nil: nobody's. GitHub writes a
// colon in the name of an environment as %3A (its docs page on OpenID Connect).
func (o authSetupOptions) federation(audience string) *directory.Federation {
	audiences := []string{audience}
	switch {
	case o.GitHub != "" && o.Environment != "":
		return &directory.Federation{Name: "github", Issuer: gitHubIssuer, Subject: "repo:" + o.GitHub + ":environment:" + strings.ReplaceAll(o.Environment, ":", "%3A"), Audiences: audiences}
	case o.GitHub != "":
		return &directory.Federation{Name: "github", Issuer: gitHubIssuer, Subject: "repo:" + o.GitHub + ":ref:" + o.Ref, Audiences: audiences}
	case o.Issuer != "":
		return &directory.Federation{Name: "pipeline", Issuer: o.Issuer, Subject: o.Subject, Audiences: audiences}
	}
	return nil
}

func runAuthSetup(ctx context.Context, f *factory, o authSetupOptions) (render.Report, error) {
	s, err := f.settings()
	if err != nil {
		return render.Report{}, err
	}
	name := s.Cloud
	if name == "custom" {
		name = "global"
	}
	cloud, err := graph.NamedCloud(name)
	if err != nil {
		return render.Report{}, fail(codeUsage, "intune-enroll help environment", "%w", err)
	}
	r := render.Report{Cloud: cloud.Name, Needs: shownNeeds(needsOf(o.For))}
	app := directory.App{Name: o.Name, Federation: o.federation(cloud.Audience())}
	for _, n := range r.Needs {
		app.Permissions = append(app.Permissions, n.Name)
	}
	if o.Create {
		return f.register(ctx, o, r, app)
	}
	r.Setup = &render.Setup{Name: o.Name, Next: nextSteps(o, s, "TENANT", "CLIENT_ID")}
	for _, tool := range o.As {
		r.Setup.Ways = append(r.Setup.Ways, render.SetupWay{Tool: tool, Text: setupText(tool, app)})
	}
	return r, nil
}

// nextSteps lead from the app registration to the first check.
func nextSteps(o authSetupOptions, s settings.Settings, tenant, clientID string) []string {
	method := "client-certificate"
	switch {
	case o.GitHub != "", o.Issuer == gitHubIssuer:
		method = "github-oidc"
	case strings.HasPrefix(o.Subject, "system:serviceaccount:"): // of Kubernetes
		method = "workload-identity"
	case o.Issuer != "":
		method = "azure-pipelines"
	}
	with := " --auth " + method + " --tenant " + tenant + " --client-id " + clientID
	switch s.Cloud {
	case "global":
	case "custom":
		with += fmt.Sprintf(" --cloud custom --graph-endpoint %s --authority-host %s --authority-ca %s", s.GraphEndpoint, s.AuthorityHost, s.AuthorityCA)
	default:
		with += " --cloud " + s.Cloud
	}
	var out []string
	if method == "client-certificate" {
		out = []string{
			"make a certificate, where there is none: (umask 077; openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=intune-enroll -keyout intune-enroll.key -out intune-enroll.crt; cat intune-enroll.key intune-enroll.crt > intune-enroll.pem)",
			"upload intune-enroll.crt, and nothing else, in the Entra admin center: App registrations > " + o.Name + " > Certificates & secrets > Certificates",
			"export " + settings.Prefix + "CLIENT_CERTIFICATE_PATH=intune-enroll.pem",
		}
	}
	if look := o.lookAtGitHub(); look != "" {
		out = append(out, look)
	}
	return append(out, "intune-enroll auth status"+with, "intune-enroll auth permissions --for "+o.For+with, "intune-enroll check"+with)
}

// lookAtGitHub is how to find out whether GitHub names a repository with its
// ids, as those made, renamed, transferred or opted in since July 2026 (its docs
// page on OpenID Connect); "" where that does not matter.
func (o authSetupOptions) lookAtGitHub() string {
	if o.GitHub == "" || strings.Contains(o.GitHub, "@") {
		return ""
	}
	return "look what GitHub calls this repository: gh api repos/" + o.GitHub + "/actions/oidc/customization/sub --jq .sub_claim_prefix; where that has numbers, as of repositories made, renamed or transferred after 15 July 2026, what follows repo: is what --github takes"
}
