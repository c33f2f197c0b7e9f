package cli

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// configuratorImportOptions are the flags of configurator devices import.
type configuratorImportOptions struct {
	oneOff
	Profile   string
	Overwrite bool
}

func newConfiguratorImport(f *factory) *cobra.Command {
	var o configuratorImportOptions
	cmd := &cobra.Command{
		Use:   "import FILE --profile NAME",
		Short: "Import serial numbers from a CSV file for a profile",
		Long: `Import serial numbers from a CSV file for a profile that is there already. Each
line is a serial number and, after a comma, details of up to 128 characters;
there is no heading. A file may be longer than the 5,000 lines that Intune takes
at once. What is imported already under another profile is refused, and details
that differ stay, unless --overwrite asks to change them.` + oneOffLong,
		Example: `  intune-enroll configurator devices import desks.csv --profile "Desk iPhones" --dry-run`,
		RunE: f.runOneOff(&o.oneOff, func(flags *pflag.FlagSet, args []string) (yaml.MapSlice, error) {
			const help = "intune-enroll configurator devices import --help"
			switch {
			case len(args) != 1:
				return nil, fail(codeUsage, help, "import takes one CSV file")
			case o.Profile == "":
				return nil, fail(codeUsage, help, "which profile the devices get is not said: use --profile")
			}
			o.Dir = filepath.Dir(args[0]) // the document lies beside the list
			return o.document(flags, filepath.Base(args[0])), nil
		}),
	}
	cmd.Flags().StringVar(&o.Profile, "profile", "", "name of the profile")
	cmd.Flags().BoolVar(&o.Overwrite, "overwrite", false, "also change devices that are imported already: their profile and their details")
	o.addFlags(cmd)
	return cmd
}

// document is the section that the flags ask for.
func (o *configuratorImportOptions) document(flags *pflag.FlagSet, file string) yaml.MapSlice {
	devices := entry{flags: flags, keys: yaml.MapSlice{{Key: "file", Value: file}}}
	devices.add("overwrite", "overwrite", o.Overwrite)
	p := entry{keys: yaml.MapSlice{{Key: "name", Value: o.Profile}, {Key: "state", Value: string(enroll.Existing)}}}
	p.nest("devices", devices)
	return p.section("configurator")
}

// configuratorListOptions are the flags of configurator devices list.
type configuratorListOptions struct {
	Profile    string
	Unassigned bool
}

func newConfiguratorList(f *factory) *cobra.Command {
	var o configuratorListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the imported devices as they come, however many there are",
		Example: `  intune-enroll configurator devices list --profile "Desk iPhones"
  intune-enroll configurator devices list --unassigned -o csv`,
		Args: noArgs,
		RunE: f.listing("configurator devices list", importedColumns(), func(ctx context.Context, l *render.List, r *render.Report) error {
			return f.listImported(ctx, o, l, r)
		}),
	}
	cmd.Flags().StringVar(&o.Profile, "profile", "", "only devices of this profile, by name or id")
	cmd.Flags().BoolVar(&o.Unassigned, "unassigned", false, "only devices without a profile")
	cmd.MarkFlagsMutuallyExclusive("profile", "unassigned")
	return cmd
}

func importedColumns() []render.Column {
	return []render.Column{{Title: "serial", Width: 14}, {Title: "state", Width: 12}, {Title: "contacted", Width: 20}, {Title: "profile", Width: 30}, {Title: "details"}}
}

// importedDevice is one device of the list. Profile is the name, or the id
// where no profile has it, "" for none.
type importedDevice struct {
	Serial    string    `json:"serial"`
	State     string    `json:"state"`
	Contacted time.Time `json:"contacted,omitzero"`
	Profile   string    `json:"profile"`
	Details   string    `json:"details"`
}

func (f *factory) listImported(ctx context.Context, o configuratorListOptions, l *render.List, r *render.Report) error {
	s, live, seen, err := f.macProfiles(ctx)
	*r = seen
	if err != nil {
		return err
	}
	only, names := "", map[string]string{}
	for _, p := range live.Objects[enroll.ConfiguratorProfile] {
		names[configurator.ProfileKey(p)] = p.Ref.Name
	}
	if o.Profile != "" {
		p, err := macProfile(live, o.Profile)
		if err != nil {
			return err
		}
		only = configurator.ProfileKey(p)
	}
	r.Summary = map[string]int{"looked": 0, "shown": 0}
	for d, err := range configurator.Devices(ctx, s.client) {
		if err != nil {
			return err
		}
		r.Summary["looked"]++
		if only != "" && d.ProfileID != only || o.Unassigned && d.ProfileID != "" {
			continue
		}
		r.Summary["shown"]++
		row := importedDevice{d.Serial, d.State, d.Contacted, cmp.Or(names[d.ProfileID], d.ProfileID), d.Details}
		contacted := ""
		if !row.Contacted.IsZero() {
			contacted = row.Contacted.UTC().Format(time.RFC3339)
		}
		if err := l.Add(row, row.Serial, row.State, contacted, row.Profile, row.Details); err != nil {
			return fail(codeOutput, "", "write the list: %w", err)
		}
	}
	return nil
}

// macProfiles signs in and reads the profiles for Apple Configurator.
func (f *factory) macProfiles(ctx context.Context) (*session, enroll.Snapshot, render.Report, error) {
	s, err := f.signIn(ctx, nil)
	if err != nil {
		return nil, enroll.Snapshot{}, render.Report{}, err
	}
	live, err := s.look(ctx, nil, enroll.Organization, enroll.ConfiguratorProfile)
	if err != nil {
		return s, live, render.Report{}, err
	}
	f.sayUnnamed(live)
	r := s.report(live)
	if gap, ok := live.GapIn(enroll.ConfiguratorProfile); ok {
		return s, live, r, notLooked([]enroll.Gap{gap}, "could not look at the profiles for Apple Configurator: "+gap.Reason)
	}
	return s, live, r, nil
}

// macProfile finds a profile for Apple Configurator by its name or id.
func macProfile(live enroll.Snapshot, name string) (enroll.Object, error) {
	p, err := enroll.Resolve(live.Objects[enroll.ConfiguratorProfile], enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: name})
	if errors.Is(err, enroll.ErrUnknownName) {
		var names []string
		for _, o := range live.Objects[enroll.ConfiguratorProfile] {
			names = append(names, strconv.Quote(o.Ref.Name))
		}
		do := "make one with: intune-enroll configurator create --help"
		if len(names) > 0 {
			do = "use one of " + strings.Join(names, ", ")
		}
		return p, fail(codeRuleBroken, do, "the tenant has no profile for Apple Configurator called %q", name)
	}
	if err != nil {
		return p, fail(codeRuleBroken, "", "profile %q: %w", name, err)
	}
	return p, nil
}
