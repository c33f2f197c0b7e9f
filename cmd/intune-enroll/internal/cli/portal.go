package cli

import (
	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
)

func newPortal(f *factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "portal",
		Short: "Make Company Portal a required app, or configure it on enrolled devices",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPortalApp(f), newPortalPolicy(f))
	return cmd
}

// portalSource are the flags that say which Company Portal is meant.
type portalSource struct{ Source, Token string }

func (o *portalSource) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.Source, "source", "", "which Company Portal: vpp (of a VPP token) or store (of the App Store)")
	cmd.Flags().StringVar(&o.Token, "vpp-token", "", "VPP token of the app, by name, location or id; may be left out when one token only has the app")
	complete(cmd, "source", companyportal.FromVPP, companyportal.FromStore)
}

func (o *portalSource) addTo(e *entry) {
	e.add("source", "source", o.Source)
	e.add("vppToken", "vpp-token", o.Token)
}

// portalAppOptions are the flags of portal app.
type portalAppOptions struct {
	oneOff
	portalSource
	RequiredFor, RemoveGroups []string
	Filter, FilterMode        string
	AutoUpdate, Exclusive     bool
}

func newPortalApp(f *factory) *cobra.Command {
	var o portalAppOptions
	cmd := &cobra.Command{
		Use:   "app",
		Short: "Make Company Portal a required app for groups of devices",
		Long: `Make Company Portal a required app for groups of devices: with a licence of the
device where it comes from a VPP token, else from the App Store, where each user
needs an Apple ID. Other assignments of the app stay.` + oneOffLong,
		Example: `  intune-enroll portal app --source vpp --required-for "iOS - staff iPhones" --auto-update
  intune-enroll portal app --source store --required-for "iOS - staff iPhones" --dry-run`,
		Args: noArgs,
		RunE: f.runOneOff(&o.oneOff, func(flags *pflag.FlagSet, _ []string) (yaml.MapSlice, error) { return o.document(flags), nil }),
	}
	o.portalSource.addFlags(cmd)
	cmd.Flags().StringArrayVar(&o.RequiredFor, "required-for", nil, "device group that gets the app, by name or id; repeatable")
	cmd.Flags().StringVar(&o.Filter, "filter", "", "assignment filter that narrows these groups, by name or id")
	cmd.Flags().StringVar(&o.FilterMode, "filter-mode", "", "whether devices that the filter matches are the ones to include or to exclude")
	cmd.Flags().StringArrayVar(&o.RemoveGroups, "remove-group", nil, "group that the app is no longer required for; repeatable")
	cmd.Flags().BoolVar(&o.Exclusive, "exclusive", false, "require the app for no other group")
	cmd.Flags().BoolVar(&o.AutoUpdate, "auto-update", false, "update the apps of the VPP token by themselves: a switch of the whole token")
	complete(cmd, "filter-mode", companyportal.FilterInclude, companyportal.FilterExclude)
	o.oneOff.addFlags(cmd)
	return cmd
}

// document is the section that the flags ask for.
func (o *portalAppOptions) document(flags *pflag.FlagSet) yaml.MapSlice {
	app, filter := entry{flags: flags}, entry{flags: flags}
	o.addTo(&app)
	app.add("requiredFor", "required-for", o.RequiredFor)
	filter.add("name", "filter", o.Filter)
	filter.add("mode", "filter-mode", o.FilterMode)
	app.nest("filter", filter)
	app.add("removeGroups", "remove-group", o.RemoveGroups)
	app.add("exclusive", "exclusive", o.Exclusive)
	app.add("autoUpdate", "auto-update", o.AutoUpdate)
	return yaml.MapSlice{{Key: "companyPortal", Value: yaml.MapSlice{{Key: "app", Value: app.keys}}}}
}

// portalPolicyOptions are the flags of portal policy.
type portalPolicyOptions struct {
	oneOff
	portalSource
	Name, Variant, Description          string
	Groups, ExcludeGroups, RemoveGroups []string
	Exclusive                           bool
}

func newPortalPolicy(f *factory) *cobra.Command {
	var o portalPolicyOptions
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Configure Company Portal on devices that are enrolled already",
		Long: `Make or change an app configuration policy that tells Company Portal about
devices that are enrolled already, and assign it to groups of devices. It is not
for devices whose enrollment profile brings Company Portal (explain X-41).` + oneOffLong,
		Example: `  intune-enroll portal policy --name "Company Portal - enrolled devices" --variant userAffinity --group "iOS - enrolled before Company Portal"`,
		Args:    noArgs,
		RunE:    f.runOneOff(&o.oneOff, func(flags *pflag.FlagSet, _ []string) (yaml.MapSlice, error) { return o.document(flags), nil }),
	}
	cmd.Flags().StringVar(&o.Name, "name", "", "name of the policy")
	cmd.Flags().StringVar(&o.Variant, "variant", "", "userAffinity for devices that have a user, deviceStaging for those that get theirs by the first sign-in")
	cmd.Flags().StringVar(&o.Description, "description", "", "description shown in the admin center")
	o.portalSource.addFlags(cmd)
	cmd.Flags().StringArrayVar(&o.Groups, "group", nil, "device group that gets the policy, by name or id; repeatable")
	cmd.Flags().StringArrayVar(&o.ExcludeGroups, "exclude-group", nil, "device group that is left out; repeatable")
	cmd.Flags().StringArrayVar(&o.RemoveGroups, "remove-group", nil, "group whose assignment is removed; repeatable")
	cmd.Flags().BoolVar(&o.Exclusive, "exclusive", false, "remove the assignments that are not named here")
	complete(cmd, "variant", companyportal.UserAffinity, companyportal.DeviceStaging)
	o.oneOff.addFlags(cmd)
	return cmd
}

// document is the section that the flags ask for.
func (o *portalPolicyOptions) document(flags *pflag.FlagSet) yaml.MapSlice {
	app, policy, to := entry{flags: flags}, entry{flags: flags}, entry{flags: flags}
	o.addTo(&app)
	policy.add("name", "name", o.Name)
	policy.add("variant", "variant", o.Variant)
	policy.add("description", "description", o.Description)
	to.add("groups", "group", o.Groups)
	to.add("excludeGroups", "exclude-group", o.ExcludeGroups)
	policy.nest("assignTo", to)
	policy.add("removeGroups", "remove-group", o.RemoveGroups)
	policy.add("exclusive", "exclusive", o.Exclusive)
	portal := entry{flags: flags}
	portal.nest("app", app)
	portal.keys = append(portal.keys, yaml.MapItem{Key: "configPolicies", Value: []yaml.MapSlice{policy.keys}})
	return yaml.MapSlice{{Key: "companyPortal", Value: portal.keys}}
}
