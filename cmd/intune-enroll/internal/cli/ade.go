package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func newADE(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ade",
		Short: "Automated Device Enrollment: profiles, devices and tokens",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	devices := &cobra.Command{
		Use: "devices", Short: "Devices that tokens have synced from Apple", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	devices.AddCommand(newDevicesList(f))
	cmd.AddCommand(newADECreate(f), newADEAssign(f), newADEDefault(f), newADEMigrate(f), devices, newADEToken(f))
	return cmd
}

// tokens signs in, reads the enrollment program tokens, and begins the report.
func (f *factory) tokens(ctx context.Context, r *render.Report) (*session, enroll.Snapshot, error) {
	rules, err := f.rules()
	if err != nil {
		return nil, enroll.Snapshot{}, err
	}
	s, err := f.signIn(ctx, rules)
	if err != nil {
		return nil, enroll.Snapshot{}, err
	}
	live, err := s.look(ctx, nil, enroll.Organization, enroll.ADEToken)
	if err != nil {
		return s, live, err
	}
	f.sayUnnamed(live)
	*r = s.report(live)
	if gap, ok := live.GapIn(enroll.ADEToken); ok {
		return s, live, notLooked([]enroll.Gap{gap}, "could not list the tokens: "+gap.Reason)
	}
	return s, live, nil
}

// oneToken is the token of that name or id; "" is the only one there is.
func oneToken(live enroll.Snapshot, name string) (enroll.Object, error) {
	o, err := enroll.Resolve(live.Objects[enroll.ADEToken], enroll.Ref{Kind: enroll.ADEToken, Name: name})
	switch {
	case err == nil:
		return o, nil
	case name == "" && len(live.Objects[enroll.ADEToken]) == 0:
		return o, fail(codeRuleBroken, "", "the tenant has no enrollment program token")
	case name == "":
		return o, fail(codeUsage, "name one with --token", "the tenant has several tokens: %w", err)
	}
	return o, fail(codeUsage, "intune-enroll ade token list", "token %q: %w", name, err)
}
