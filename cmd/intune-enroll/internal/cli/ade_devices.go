package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// devicesOptions are the flags of ade devices list.
type devicesOptions struct {
	Token, Profile, State    string
	Unassigned, NotContacted bool
}

// deviceStates are the values of enrollmentState (schema of Graph beta, 2025).
func deviceStates() []string {
	return []string{"unknown", "enrolled", "pendingReset", "failed", "notContacted", "blocked"}
}

func newDevicesList(f *factory) *cobra.Command {
	var o devicesOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List devices with their profile and state",
		Long: `List the devices that tokens have synced from Apple, with their profile and
state, however many they are. Only reads. A device without a profile fails to
enroll when it is switched on: --unassigned finds those.`,
		Example: `  intune-enroll ade devices list --unassigned
  intune-enroll ade devices list --profile "Staff iPhones" --not-contacted -o csv > devices.csv`,
		Args: noArgs,
		RunE: f.listing("ade devices list", deviceColumns(), func(ctx context.Context, l *render.List, r *render.Report) error {
			if o.State != "" && !slices.Contains(deviceStates(), o.State) {
				return fail(codeUsage, "", "--state %q is not known: use one of %s", o.State, strings.Join(deviceStates(), ", "))
			}
			return f.listDevices(ctx, o, l, r)
		}),
	}
	cmd.Flags().StringVar(&o.Token, "token", "", "devices of this token, by name or id; left out: of all tokens")
	cmd.Flags().StringVar(&o.Profile, "profile", "", "devices that have this profile, by name or id")
	cmd.Flags().StringVar(&o.State, "state", "", "devices in this state: "+strings.Join(deviceStates(), ", "))
	cmd.Flags().BoolVar(&o.Unassigned, "unassigned", false, "devices without a profile")
	cmd.Flags().BoolVar(&o.NotContacted, "not-contacted", false, "devices that never contacted Intune")
	cmd.MarkFlagsMutuallyExclusive("profile", "unassigned")
	complete(cmd, "state", deviceStates()...)
	return cmd
}

// deviceColumns are the columns of the list.
func deviceColumns() []render.Column {
	return []render.Column{{Title: "serial", Width: 14}, {Title: "state", Width: 12}, {Title: "contacted", Width: 20}, {Title: "profile", Width: 30},
		{Title: "token", Width: 20}, {Title: "platform", Width: 8}, {Title: "details"}}
}

// listedDevice is one device of the list. Profile is the name, or the id where
// no profile of the token has it, "" for none.
type listedDevice struct {
	Serial    string    `json:"serial"`
	State     string    `json:"state"`
	Contacted time.Time `json:"contacted,omitzero"`
	Profile   string    `json:"profile"`
	Token     string    `json:"token"`
	Platform  string    `json:"platform"`
	Details   string    `json:"details"`
	Released  bool      `json:"released,omitempty"`
}

func (f *factory) listDevices(ctx context.Context, o devicesOptions, l *render.List, r *render.Report) error {
	s, live, err := f.tokens(ctx, r)
	if err != nil {
		return err
	}
	tokens := live.Objects[enroll.ADEToken]
	if o.Token != "" {
		token, err := oneToken(live, o.Token)
		if err != nil {
			return err
		}
		tokens = []enroll.Object{token}
	}
	r.Summary = map[string]int{"looked": 0, "shown": 0}
	end := s.progress("reading devices")
	defer end()
	for _, token := range tokens {
		for d, err := range ade.Devices(ctx, s.client, token) {
			if err != nil {
				return err
			}
			r.Summary["looked"]++
			if !o.shows(d) {
				continue
			}
			end() // what is listed shows that it goes on
			r.Summary["shown"]++
			if err := addDevice(l, d); err != nil {
				return fail(codeOutput, "", "write the list: %w", err)
			}
		}
	}
	if o.Profile != "" && r.Summary["shown"] == 0 {
		return s.knowsProfile(ctx, tokens, o.Profile)
	}
	return nil
}

// knowsProfile refuses a name or id that no profile of the tokens has: an empty
// list would say that its devices were looked for.
func (s *session) knowsProfile(ctx context.Context, tokens []enroll.Object, name string) error {
	var wanted []enroll.Object
	for _, token := range tokens {
		wanted = append(wanted, enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEProfile, Scope: token.Ref.Owner(), Name: name}})
	}
	live, err := s.look(ctx, wanted)
	if err != nil {
		return err
	}
	for _, w := range wanted {
		if _, err := enroll.Resolve(live.Objects[enroll.ADEProfile], w.Ref); !errors.Is(err, enroll.ErrUnknownName) {
			return nil
		}
	}
	if gap, ok := live.GapIn(enroll.ADEProfile); ok {
		return notLooked([]enroll.Gap{gap}, "could not look at the profiles: "+gap.Reason)
	}
	return fail(codeUsage, "look at the names: intune-enroll ade devices list", "no token has a profile called %q", name)
}

// shows tells whether the flags ask for the device. What the service filters
// by is not established, so all are read.
func (o devicesOptions) shows(d ade.Device) bool {
	switch {
	case o.Profile != "" && d.Profile != o.Profile && (d.ProfileID == "" || !strings.HasSuffix(strings.ToLower(o.Profile), d.ProfileID)),
		o.State != "" && d.State != o.State,
		o.Unassigned && d.ProfileID != "",
		o.NotContacted && (d.State == "enrolled" || !d.Contacted.IsZero()):
		return false
	}
	return true
}

func addDevice(l *render.List, d ade.Device) error {
	row := listedDevice{d.Serial, d.State, d.Contacted, cmp.Or(d.Profile, d.ProfileID), d.Token, d.Platform, d.Description, d.Gone}
	details := d.Description
	if d.Gone {
		details = strings.TrimSpace("released at Apple " + details)
	}
	return l.Add(row, row.Serial, row.State, moment(d.Contacted), cmp.Or(row.Profile, "(none)"), row.Token, row.Platform, details)
}
