package cli

import (
	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func newConfigurator(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "configurator",
		Short: "Enrollment by a Mac with Apple Configurator",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	devices := &cobra.Command{
		Use:   "devices",
		Short: "Serial numbers that are imported for Apple Configurator",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	devices.AddCommand(newConfiguratorList(f), newConfiguratorImport(f))
	cmd.AddCommand(newConfiguratorCreate(f), newConfiguratorAssign(f), devices, newConfiguratorExport(f, nil))
	return cmd
}

// configuratorCreateOptions are the flags of configurator create.
type configuratorCreateOptions struct {
	oneOff
	Name, Description, UserAffinity, Mode, Authentication, CompanyPortal string
	AcceptUnregistered                                                   bool
}

func newConfiguratorCreate(f *factory) *cobra.Command {
	var o configuratorCreateOptions
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make or change a profile for Apple Configurator",
		Long:  `Make or change an enrollment profile for Apple Configurator.` + oneOffLong,
		Example: `  intune-enroll configurator create --name "Counter iPads" --user-affinity none
  intune-enroll configurator create --name "Desk iPhones" --user-affinity user --authentication companyPortal --company-portal appleId --print`,
		Args: noArgs,
		RunE: f.runOneOff(&o.oneOff, func(flags *pflag.FlagSet, _ []string) (yaml.MapSlice, error) { return o.document(flags), nil }),
	}
	cmd.Flags().StringVar(&o.Name, "name", "", "name of the profile")
	cmd.Flags().StringVar(&o.Description, "description", "", "description shown in the admin center")
	cmd.Flags().StringVar(&o.UserAffinity, "user-affinity", "", "user or none")
	cmd.Flags().StringVar(&o.Mode, "mode", "", "setupAssistant or direct; left out: setupAssistant with a user, direct without")
	cmd.Flags().StringVar(&o.Authentication, "authentication", "", "companyPortal or setupAssistant; with a user")
	cmd.Flags().StringVar(&o.CompanyPortal, "company-portal", "", "appleId or none: whether the app comes from the App Store; with a user")
	cmd.Flags().BoolVar(&o.AcceptUnregistered, "accept-unregistered", false, "devices may stay unregistered in Microsoft Entra; for --company-portal none")
	complete(cmd, "user-affinity", configurator.AffinityUser, configurator.AffinityNone)
	complete(cmd, "mode", configurator.ModeSetup, configurator.ModeDirect)
	complete(cmd, "authentication", configurator.AuthPortal, configurator.AuthSetup)
	complete(cmd, "company-portal", configurator.InstallAppleID, configurator.InstallNone)
	o.addFlags(cmd)
	return cmd
}

// document is the section that the flags ask for.
func (o *configuratorCreateOptions) document(flags *pflag.FlagSet) yaml.MapSlice {
	p, portal := entry{flags: flags}, entry{flags: flags}
	p.add("name", "name", o.Name)
	p.add("description", "description", o.Description)
	p.add("userAffinity", "user-affinity", o.UserAffinity)
	p.add("mode", "mode", o.Mode)
	p.add("authentication", "authentication", o.Authentication)
	portal.add("install", "company-portal", o.CompanyPortal)
	portal.add("acceptUnregistered", "accept-unregistered", o.AcceptUnregistered)
	p.nest("companyPortal", portal)
	return p.section("configurator")
}

// configuratorAssignOptions are the flags of configurator assign.
type configuratorAssignOptions struct {
	oneOff
	Profile string
}

func newConfiguratorAssign(f *factory) *cobra.Command {
	var o configuratorAssignOptions
	cmd := &cobra.Command{
		Use:   "assign --profile NAME SERIAL...|-",
		Short: "Give devices a profile for Apple Configurator, whichever they have now",
		Long: `Give devices a profile for Apple Configurator that is there already, whichever
they have now; those that are not imported yet are imported. With - the serial
numbers come from stdin, one a line.` + oneOffLong,
		Example: `  intune-enroll configurator assign --profile "Desk iPhones" DMPX00000111 DMPX00000112
  cut -d, -f1 list.csv | intune-enroll configurator assign --profile "Desk iPhones" - --dry-run`,
		RunE: f.runOneOff(&o.oneOff, func(_ *pflag.FlagSet, args []string) (yaml.MapSlice, error) {
			const help = "intune-enroll configurator assign --help"
			switch {
			case o.Profile == "":
				return nil, fail(codeUsage, help, "which profile the devices get is not said: use --profile")
			case len(args) == 0:
				return nil, fail(codeUsage, help, "which devices get the profile is not said: name serial numbers, or - for standard input")
			case args[0] != "-" || len(args) > 1:
				return o.document(args), nil
			}
			serials, err := inputLines(f.process.In)
			if err != nil {
				return nil, fail(codeFileInvalid, help, "read serial numbers from standard input: %w", err)
			}
			return o.document(serials), nil
		}),
	}
	cmd.Flags().StringVar(&o.Profile, "profile", "", "name of the profile")
	o.addFlags(cmd)
	return cmd
}

// document is the section that the flags ask for.
func (o *configuratorAssignOptions) document(serials []string) yaml.MapSlice {
	p := entry{keys: yaml.MapSlice{{Key: "name", Value: o.Profile}, {Key: "state", Value: string(enroll.Existing)},
		{Key: "devices", Value: yaml.MapSlice{{Key: "serials", Value: serials}, {Key: "overwrite", Value: true}}}}}
	return p.section("configurator")
}
