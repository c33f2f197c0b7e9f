package cli

import (
	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func newBYOD(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "byod",
		Short: "Enrollment profiles for people's own devices",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newBYODCreate(f), newBYODAssign(f), newDiscovery(f))
	return cmd
}

// byodTargets are the flags that say whom a profile is for.
type byodTargets struct {
	AllUsers             bool
	Groups, RemoveGroups []string
	Exclusive            bool
}

func (o *byodTargets) addFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.AllUsers, "all-users", false, "assign the profile to all users; =false takes that away")
	cmd.Flags().StringArrayVar(&o.Groups, "group", nil, "user group that gets the profile, by name or id; repeatable")
	cmd.Flags().StringArrayVar(&o.RemoveGroups, "remove-group", nil, "group whose assignment is removed; repeatable")
	cmd.Flags().BoolVar(&o.Exclusive, "exclusive", false, "remove the assignments that are not named here")
}

func (o *byodTargets) addTo(e *entry) {
	to := entry{flags: e.flags}
	to.add("allUsers", "all-users", o.AllUsers)
	to.add("groups", "group", o.Groups)
	e.nest("assignTo", to)
	e.add("removeGroups", "remove-group", o.RemoveGroups)
	e.add("exclusive", "exclusive", o.Exclusive)
}

// byodCreateOptions are the flags of byod create.
type byodCreateOptions struct {
	oneOff
	byodTargets
	Name, Enrollment, Description string
	JustInTime                    bool
	Priority                      int
}

func newBYODCreate(f *factory) *cobra.Command {
	var o byodCreateOptions
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make or change a profile for personal devices, and assign it to users",
		Long:  `Make or change an enrollment profile for personal devices, and assign it to users.` + oneOffLong,
		Example: `  intune-enroll byod create --name "Personal devices" --enrollment deviceWeb --just-in-time --all-users
  intune-enroll byod create --name "Personal devices" --enrollment accountDriven --group "All staff" --print`,
		Args: noArgs,
		RunE: f.runOneOff(&o.oneOff, func(flags *pflag.FlagSet, _ []string) (yaml.MapSlice, error) { return o.document(flags), nil }),
	}
	cmd.Flags().StringVar(&o.Name, "name", "", "name of the profile")
	cmd.Flags().StringVar(&o.Enrollment, "enrollment", "", "deviceCompanyPortal, deviceWeb, userChoice or accountDriven")
	cmd.Flags().StringVar(&o.Description, "description", "", "description shown in the admin center")
	cmd.Flags().BoolVar(&o.JustInTime, "just-in-time", false, "an SSO extension policy registers the devices; it is made by hand")
	cmd.Flags().IntVar(&o.Priority, "priority", 0, "rank among all profiles, 1 is the highest; a new profile without it comes last")
	o.byodTargets.addFlags(cmd)
	complete(cmd, "enrollment", byod.DeviceCompanyPortal, byod.DeviceWeb, byod.UserChoice, byod.AccountDriven)
	o.oneOff.addFlags(cmd)
	return cmd
}

// document is the section that the flags ask for.
func (o *byodCreateOptions) document(flags *pflag.FlagSet) yaml.MapSlice {
	p := entry{flags: flags}
	p.add("name", "name", o.Name)
	p.add("enrollment", "enrollment", o.Enrollment)
	p.add("description", "description", o.Description)
	p.add("justInTime", "just-in-time", o.JustInTime)
	p.add("priority", "priority", o.Priority)
	o.addTo(&p)
	return p.section("byod")
}

// byodAssignOptions are the flags of byod assign.
type byodAssignOptions struct {
	oneOff
	byodTargets
	Profile string
}

func newBYODAssign(f *factory) *cobra.Command {
	var o byodAssignOptions
	cmd := &cobra.Command{
		Use:   "assign",
		Short: "Assign a profile for personal devices that is there already",
		Long: `Assign an enrollment profile for personal devices to users, or take it from them.
The profile has to be there already; byod create makes one.` + oneOffLong,
		Example: `  intune-enroll byod assign --profile "Personal devices" --group "All staff"
  intune-enroll byod assign --profile "Personal devices" --all-users --exclusive`,
		Args: noArgs,
		RunE: f.runOneOff(&o.oneOff, func(flags *pflag.FlagSet, _ []string) (yaml.MapSlice, error) {
			if len(o.Groups)+len(o.RemoveGroups) == 0 && !flags.Changed("all-users") {
				return nil, fail(codeUsage, "intune-enroll byod assign --help", "whom the profile goes to is not said: use --group, --all-users or --remove-group")
			}
			return o.document(flags), nil
		}),
	}
	cmd.Flags().StringVar(&o.Profile, "profile", "", "name of the profile")
	o.byodTargets.addFlags(cmd)
	o.oneOff.addFlags(cmd)
	return cmd
}

// document is the section that the flags ask for.
func (o *byodAssignOptions) document(flags *pflag.FlagSet) yaml.MapSlice {
	p := entry{flags: flags}
	p.add("name", "profile", o.Profile)
	p.keys = append(p.keys, yaml.MapItem{Key: "state", Value: string(enroll.Existing)})
	o.addTo(&p)
	return p.section("byod")
}
