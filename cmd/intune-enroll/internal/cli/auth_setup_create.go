package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// register makes the app registration, after a question.
func (f *factory) register(ctx context.Context, o authSetupOptions, r render.Report, app directory.App) (render.Report, error) {
	s, err := f.signIn(ctx, nil)
	if err != nil {
		return r, err
	}
	live, err := s.look(ctx, nil, enroll.Organization)
	if err != nil {
		return r, err
	}
	of := s.tenant(live)
	r.Tenant, r.Cloud, r.At = &of, s.cloud.Name, live.At
	trusts := "no pipeline"
	if app.Federation != nil {
		trusts = app.Federation.Subject
	}
	fmt.Fprintf(f.term.Err, "App registration %s\n  permissions: %s\n  trusts: %s\n", term.Clean(o.Name), strings.Join(app.Permissions, ", "), term.Clean(trusts))
	if look := o.lookAtGitHub(); look != "" {
		f.say("note: %s", look)
	}
	if !f.global.Yes {
		if err := f.ask(ctx, fmt.Sprintf("Make it in tenant %s? Only yes is taken as yes:", term.Clean(of.Label())), "--yes", "yes"); err != nil {
			return r, err
		}
	}
	made, err := directory.Register(ctx, s.client, app)
	r.Setup = &render.Setup{Name: o.Name, Client: made.ClientID}
	for _, step := range []render.SetupStep{{What: "app registration, client id", ID: made.ClientID}, {What: "service principal", ID: made.PrincipalID}, {What: "federated credential", ID: made.FederationID}} {
		if step.ID != "" {
			r.Setup.Done = append(r.Setup.Done, step)
		}
	}
	switch {
	case errors.Is(err, directory.ErrExists):
		return r, fail(codeRuleBroken, "", "%w", err)
	case err != nil && made.ClientID != "":
		return r, fail(codeHalfway, fmt.Sprintf("delete the app registration %q with client id %s in the Entra admin center, then run the same command again", o.Name, made.ClientID), "stopped half way: %w", err)
	case enroll.IsLost(err):
		return r, fail(codeHalfway, fmt.Sprintf("look in the Entra admin center whether there is an app registration %q now, delete it, then run the same command again", o.Name), "stopped half way: %w", err)
	case err != nil:
		return r, err
	}
	set, err := f.settings()
	if err != nil {
		return r, err
	}
	consent := fmt.Sprintf("let an administrator consent: %s/%s/adminconsent?client_id=%s, or in the Entra admin center: App registrations > %s > API permissions > Grant admin consent",
		strings.TrimSuffix(s.cloud.AuthorityHost, "/"), of.ID, made.ClientID, o.Name)
	r.Setup.Next = append([]string{consent}, nextSteps(o, set, of.ID, made.ClientID)...)
	return r, nil
}
