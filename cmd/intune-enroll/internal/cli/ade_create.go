package cli

import (
	"path/filepath"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// adeCreateOptions are the flags of ade create. What the enrollment guide
// wants decided has no default.
type adeCreateOptions struct {
	oneOff
	Token, Name, Type, Description                    string
	UserAffinity, Authentication, Portal, VPPToken    string
	JustInTime, Lock, Unregistered, Await, Locked     bool
	DeviceName, Carrier, Department, Phone, Computers string
	Hide, ScopeTags, Certificates                     []string
	TemporaryOnly                                     bool
	CachedUsers, UserTimeout, GuestTimeout, Grace     int
	TimeGroup                                         string
	Serials                                           []string
	File                                              string
	Default                                           bool
}

func newADECreate(f *factory) *cobra.Command {
	var o adeCreateOptions
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make or change an enrollment profile",
		Long:  `Make or change an enrollment profile of a token, and give it devices.` + oneOffLong,
		Example: `  intune-enroll ade create --name "Staff iPhones" --user-affinity user --authentication setupAssistantModern --company-portal vpp --default
  intune-enroll ade create --name Kiosks --user-affinity none --hide siri,applePay --serial F2LX00000011 --print`,
		Args: noArgs,
		RunE: f.runOneOff(&o.oneOff, func(flags *pflag.FlagSet, _ []string) (yaml.MapSlice, error) { return o.document(flags), nil }),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&o.Token, "token", "", "token of the profile, by name or id; may be left out where there is one")
	fl.StringVar(&o.Name, "name", "", "name of the profile")
	fl.StringVar(&o.Type, "type", "", "enrollmentPolicy or classicProfile; left out, a new one is an enrollmentPolicy")
	fl.StringVar(&o.Description, "description", "", "description shown in the admin center")
	fl.StringVar(&o.UserAffinity, "user-affinity", "", "user, none, sharedIPad or entraShared")
	fl.StringVar(&o.Authentication, "authentication", "", "setupAssistantModern, companyPortal or setupAssistantLegacy; with --user-affinity user")
	fl.StringVar(&o.Portal, "company-portal", "", "how Company Portal gets onto the device: vpp, appleId or none; with --user-affinity user")
	fl.StringVar(&o.VPPToken, "vpp-token", "", "volume-purchase token for --company-portal vpp, by name, location or id")
	fl.BoolVar(&o.JustInTime, "just-in-time", false, "an SSO extension policy registers the devices; it is made by hand")
	fl.BoolVar(&o.Lock, "lock-until-installed", false, "lock the device to Company Portal until the user has signed in; classicProfile")
	fl.BoolVar(&o.Unregistered, "accept-unregistered", false, "devices may stay unregistered in Microsoft Entra")
	fl.BoolVar(&o.Await, "await-final-configuration", true, "hold the device until its settings have arrived")
	fl.BoolVar(&o.Locked, "locked-enrollment", true, "users cannot remove management")
	fl.StringVar(&o.DeviceName, "device-name-template", "", "device name, with {{SERIAL}} and {{DEVICETYPE}}")
	fl.StringVar(&o.Carrier, "cellular-activation-url", "", "the carrier's address for activating cellular data")
	fl.StringVar(&o.Department, "department", "", "department shown in Setup Assistant")
	fl.StringVar(&o.Phone, "phone", "", "phone number shown in Setup Assistant")
	fl.StringSliceVar(&o.Hide, "hide", nil, "screens of Setup Assistant to hide, the whole list; repeatable")
	fl.StringVar(&o.Computers, "sync-with-computers", "", "allow or deny; classicProfile")
	fl.BoolVar(&o.TemporaryOnly, "temporary-sessions-only", false, "guests only; with --user-affinity sharedIPad, as the next four")
	fl.IntVar(&o.CachedUsers, "max-cached-users", 0, "users kept on the device")
	fl.IntVar(&o.UserTimeout, "user-session-timeout", 0, "idle seconds until a user is signed out; 0 is never")
	fl.IntVar(&o.GuestTimeout, "temporary-session-timeout", 0, "idle seconds until a guest session ends; 0 is never")
	fl.IntVar(&o.Grace, "passcode-grace", 0, "seconds after the screen locks until the passcode is asked for")
	fl.StringVar(&o.TimeGroup, "enrollment-time-group", "", "static security group that devices enter while they enroll, by name or id")
	fl.StringArrayVar(&o.ScopeTags, "scope-tag", nil, "scope tag, the whole list; repeatable")
	fl.StringSliceVar(&o.Serials, "serial", nil, "serial number that gets the profile; repeatable")
	addSerialFile(cmd, &o.File)
	fl.BoolVar(&o.Default, "default", false, "make the profile the default of its token")
	o.oneOff.addFlags(cmd)
	for _, k := range ade.ProfileKeys() {
		if flag := map[string]string{"type": "type", "userAffinity": "user-affinity", "authentication": "authentication", "companyPortal.install": "company-portal", "setupAssistant.hide": "hide", "syncWithComputers": "sync-with-computers"}[k.Path]; flag != "" {
			complete(cmd, flag, k.Values...)
		}
	}
	return cmd
}

// document is the section that the flags ask for.
func (o *adeCreateOptions) document(flags *pflag.FlagSet) yaml.MapSlice {
	p, portal, support, screens, shared := entry{flags: flags}, entry{flags: flags}, entry{flags: flags}, entry{flags: flags}, entry{flags: flags}
	p.add("name", "name", o.Name)
	p.add("type", "type", o.Type)
	p.add("description", "description", o.Description)
	p.add("userAffinity", "user-affinity", o.UserAffinity)
	p.add("authentication", "authentication", o.Authentication)
	p.add("justInTime", "just-in-time", o.JustInTime)
	portal.add("install", "company-portal", o.Portal)
	portal.add("vppToken", "vpp-token", o.VPPToken)
	portal.add("lockUntilInstalled", "lock-until-installed", o.Lock)
	portal.add("acceptUnregistered", "accept-unregistered", o.Unregistered)
	p.nest("companyPortal", portal)
	p.add("awaitFinalConfiguration", "await-final-configuration", o.Await)
	p.add("lockedEnrollment", "locked-enrollment", o.Locked)
	p.add("deviceNameTemplate", "device-name-template", o.DeviceName)
	p.add("cellularActivationUrl", "cellular-activation-url", o.Carrier)
	support.add("department", "department", o.Department)
	support.add("phone", "phone", o.Phone)
	p.nest("support", support)
	screens.add("hide", "hide", o.Hide)
	p.nest("setupAssistant", screens)
	p.add("syncWithComputers", "sync-with-computers", o.Computers)
	shared.add("temporarySessionsOnly", "temporary-sessions-only", o.TemporaryOnly)
	shared.add("maxCachedUsers", "max-cached-users", o.CachedUsers)
	shared.add("userSessionTimeoutSeconds", "user-session-timeout", o.UserTimeout)
	shared.add("temporarySessionTimeoutSeconds", "temporary-session-timeout", o.GuestTimeout)
	shared.add("passcodeGraceSeconds", "passcode-grace", o.Grace)
	p.nest("sharedIPad", shared)
	p.add("enrollmentTimeGroup", "enrollment-time-group", o.TimeGroup)
	p.add("scopeTags", "scope-tag", o.ScopeTags)
	devices := entry{flags: flags}
	devices.add("serials", "serial", o.Serials)
	if flags.Changed("file") {
		o.Dir = filepath.Dir(o.File) // the document lies beside the list
		devices.add("file", "file", filepath.Base(o.File))
	}
	p.nest("devices", devices)
	def := ""
	if o.Default {
		def = o.Name
	}
	return adeSection(o.Token, def, p.keys)
}

// adeSection is section ade with one token: its default profile and one
// profile, where they are given.
func adeSection(token, defaultProfile string, profile yaml.MapSlice) yaml.MapSlice {
	var t yaml.MapSlice
	if token != "" {
		t = append(t, yaml.MapItem{Key: "token", Value: token})
	}
	if defaultProfile != "" {
		t = append(t, yaml.MapItem{Key: "defaultProfile", Value: defaultProfile})
	}
	if len(profile) > 0 {
		t = append(t, yaml.MapItem{Key: "profiles", Value: []yaml.MapSlice{profile}})
	}
	return yaml.MapSlice{{Key: "ade", Value: []yaml.MapSlice{t}}}
}

func newADEDefault(f *factory) *cobra.Command {
	var o oneOff
	var token, profile string
	cmd := &cobra.Command{
		Use:   "default",
		Short: "Make a profile the default of its token",
		Long: `Make a profile the default of its token: devices get it when they sync in from
Apple. Devices that synced before keep what they have; ade assign moves those.` + oneOffLong,
		Example: `  intune-enroll ade default --profile "Staff iPhones"`,
		Args:    noArgs,
		RunE: f.runOneOff(&o, func(*pflag.FlagSet, []string) (yaml.MapSlice, error) {
			if profile == "" {
				return nil, fail(codeUsage, "intune-enroll ade default --help", "which profile becomes the default is not said: use --profile")
			}
			return adeSection(token, profile, nil), nil
		}),
	}
	cmd.Flags().StringVar(&token, "token", "", "token of the profile, by name or id; may be left out where there is one")
	cmd.Flags().StringVar(&profile, "profile", "", "name of the profile")
	o.addFlags(cmd)
	return cmd
}

// existing is an entry for a profile that has to be there already.
func existing(name string) yaml.MapSlice {
	return yaml.MapSlice{{Key: "name", Value: name}, {Key: "state", Value: string(enroll.Existing)}}
}
