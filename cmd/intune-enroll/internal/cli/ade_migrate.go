package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// migrateOptions are the flags and the argument of ade migrate.
type migrateOptions struct {
	oneOff
	Profile, Name, Authentication, Token, Undo string
}

func newADEMigrate(f *factory) *cobra.Command {
	var o migrateOptions
	cmd := &cobra.Command{
		Use:   "migrate PROFILE --name NEW",
		Short: "Make an enrollment policy of a classic profile, and move its devices there",
		Long: `Make an enrollment policy of a classic profile: a policy of another name beside
it with what maps, the default of the token if the profile has it, and all
devices of the profile, in batches. What a policy cannot have is said first, as
warnings. The classic profile stays.

Before anything is changed a file is written that puts the devices and the
default back: intune-enroll apply -f FILE. Devices that are enrolled notice the
change only after they are wiped. Run it again after a stop: it does what is
left, and keeps that file.`,
		Example: `  intune-enroll ade migrate "Staff iPhones" --name "Staff iPhones 2026" --dry-run
  intune-enroll ade migrate "Staff iPhones" --name "Staff iPhones 2026" --max-moves 400`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fail(codeUsage, cmd.CommandPath()+" PROFILE --name NEW", "ade migrate takes one classic profile")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Profile = args[0]
			return f.migrate(cmd, o)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&o.Name, "name", "", "name of the policy; devices carry it as enrollmentProfileName")
	fl.StringVar(&o.Authentication, "authentication", "", "where users sign in from now on; needed where the profile has setupAssistantLegacy")
	fl.StringVar(&o.Token, "token", "", "token of the profile, by name or id; may be left out where there is one")
	fl.StringVar(&o.Undo, "undo", "", "where to write the file that puts things back; left out: undo-NAME.yaml here")
	complete(cmd, "authentication", ade.AuthModern, ade.AuthPortal)
	o.addFlags(cmd)
	return cmd
}

func (f *factory) migrate(cmd *cobra.Command, o migrateOptions) error {
	return f.reporting(func(ctx context.Context, _ []string) (render.Report, error) {
		switch {
		case len(f.global.Files) > 0:
			return render.Report{}, fail(codeUsage, "", "%s takes no file", cmd.CommandPath())
		case o.Name == "" || o.Name == o.Profile:
			return render.Report{}, fail(codeUsage, cmd.CommandPath()+" --help", "the policy needs a name of its own: use --name")
		case o.Authentication == ade.AuthLegacy:
			return render.Report{}, fail(codeUsage, "", "%w", ade.ErrSignIn)
		}
		if err := knownMoves(o.MaxMoves); err != nil {
			return render.Report{}, err
		}
		var r render.Report
		move, err := f.planMove(ctx, o, &r)
		if err != nil {
			return r, err
		}
		read := move.reading()
		if o.Print {
			r.Text, err = move.lines()
			return r, err
		}
		if o.DryRun {
			_, p, r, err := f.plan(ctx, read)
			if err == nil {
				err = planVerdict(p)
			}
			return r, err
		}
		if err := f.answerable("ade migrate"); err != nil {
			return r, err
		}
		if err := f.writeUndo(ctx, o, move); err != nil {
			return r, err
		}
		return f.applyTo(ctx, read, nil, o.MaxMoves)
	})(cmd, nil)
}

// move is a migration with what hangs on the profile.
type move struct {
	token, from string
	wasDefault  bool
	serials     []string // of the profile
	moved       []string // of a policy of the new name, by an earlier run
	migration   ade.Migration
}

// planMove reads the profile, the default and the devices.
func (f *factory) planMove(ctx context.Context, o migrateOptions, r *render.Report) (move, error) {
	s, live, err := f.tokens(ctx, r)
	if err != nil {
		return move{}, err
	}
	token, err := oneToken(live, o.Token)
	if err != nil {
		return move{}, err
	}
	ref := enroll.Ref{Kind: enroll.ADEProfile, Scope: token.Ref.Owner(), Name: o.Profile}
	policy := enroll.Ref{Kind: enroll.ADEProfile, Scope: ref.Scope, Name: o.Name}
	if live, err = s.look(ctx, []enroll.Object{{Ref: ref}, {Ref: policy}}, enroll.ADEDefault); err != nil {
		return move{}, err
	}
	if gap, ok := live.GapIn(enroll.ADEProfile, enroll.ADEDefault); ok {
		return move{}, notLooked([]enroll.Gap{gap}, "could not look at the profile and the default: "+gap.Reason)
	}
	profile, err := enroll.Resolve(live.Objects[enroll.ADEProfile], ref)
	if err != nil {
		return move{}, fail(codeUsage, "look at the profiles of devices: intune-enroll ade devices list", "token %q has no one profile called %q: %w", token.Ref.Name, o.Profile, err)
	}
	m := move{token: token.Ref.Name, from: profile.Ref.Name, wasDefault: ade.IsDefault(profile, live)}
	m.migration, err = ade.Migrate(profile, o.Name, o.Authentication)
	switch {
	case errors.Is(err, ade.ErrSignIn):
		return move{}, fail(codeUsage, "add --authentication "+ade.AuthModern, "%q: %w", profile.Ref.Name, err)
	case err != nil:
		return move{}, fail(codeUsage, "", "%q: %w", profile.Ref.Name, err)
	}
	made, _ := live.Get(policy) // the zero object has no devices
	defer s.progress("reading devices")()
	for d, err := range ade.Devices(ctx, s.client, token) {
		if err != nil {
			return move{}, err
		}
		switch {
		case d.Gone:
		case d.Has(profile):
			m.serials = append(m.serials, d.Serial)
		case d.Has(made):
			m.moved = append(m.moved, d.Serial)
		}
	}
	return m, nil
}

// document is what the move wants.
func (m move) document() document.Document {
	token := enroll.Entry{Values: enroll.Fields{"token": m.token}, At: map[string]enroll.Origin{}}
	if m.wasDefault {
		token.Values["defaultProfile"] = m.migration.Values["name"]
	}
	return document.Document{ADE: []document.Token{{Entry: token, Profiles: []enroll.Entry{m.migration.Entry(m.serials)}}}}
}

// reading is the document with what is lost on the way as warnings.
func (m move) reading() reading {
	read := reading{files: []string{"the command line"}, document: m.document()}
	read.objects, read.findings = read.document.Objects()
	for _, lost := range m.migration.Lost {
		read.findings = append(read.findings, enroll.Finding{Rule: "migrate", Severity: enroll.Warning, Message: lost, On: read.objects[0].Ref})
	}
	read.findings = append(read.findings, enroll.Finding{
		Rule: "migrate", Severity: enroll.Info, On: read.objects[0].Ref,
		Message: fmt.Sprintf("dynamic groups and assignment filters that name %q do not take in devices that enroll with the policy", m.from),
		Fix:     "add its name to them: groups with devicesOfProfile, or rules of your own",
	})
	return read
}

// lines is the document as a file.
func (m move) lines() (string, error) {
	var b strings.Builder
	for _, lost := range m.migration.Lost {
		b.WriteString("# " + lost + "\n")
	}
	profile := nested(m.migration.Entry(m.serials).Values, ade.ProfileKeys())
	name := ""
	if m.wasDefault {
		name = m.migration.Values.Text("name")
	}
	text, err := yaml.Marshal(append(yaml.MapSlice{{Key: "apiVersion", Value: document.APIVersion}}, adeSection(m.token, name, profile)...))
	if err != nil {
		return "", fmt.Errorf("write the policy as a file: %w", err)
	}
	return b.String() + string(text), nil
}

// nested writes values by path as mappings, in the order of the table.
func nested(values enroll.Fields, keys []enroll.Key) yaml.MapSlice {
	var out yaml.MapSlice
	for _, k := range keys {
		v, ok := values[k.Path]
		if !ok {
			continue
		}
		parent, last, below := strings.Cut(k.Path, ".")
		if !below {
			out = append(out, yaml.MapItem{Key: k.Path, Value: v})
			continue
		}
		at := slices.IndexFunc(out, func(i yaml.MapItem) bool { return i.Key == parent })
		if at < 0 {
			out, at = append(out, yaml.MapItem{Key: parent, Value: yaml.MapSlice{}}), len(out)
		}
		inner, _ := out[at].Value.(yaml.MapSlice)
		out[at].Value = append(inner, yaml.MapItem{Key: last, Value: v})
	}
	return out
}

// writeUndo writes the file that puts devices and default back, and a list of
// the devices beside it. That of an earlier run is never written over.
func (f *factory) writeUndo(ctx context.Context, o migrateOptions, m move) error {
	if len(m.serials) == 0 && !m.wasDefault {
		return nil
	}
	path := o.Undo
	if path == "" {
		path = "undo-" + strings.Map(plainName, m.from) + ".yaml"
	}
	if earlier, err := f.read(ctx, []string{path}); err != nil || !m.backBy(earlier) {
		if err := m.newUndo(path); err != nil {
			return err
		}
	}
	f.say("to put devices and default back: intune-enroll apply -f %s", term.Clean(enroll.ShellWord(path)))
	return nil
}

// backBy tells whether the file of an earlier run puts back all that this one
// moves, and beside that only what the earlier one has moved.
func (m move) backBy(earlier reading) bool {
	tokens := earlier.document.ADE
	if broken(earlier.findings) > 0 || len(tokens) != 1 || len(tokens[0].Profiles) != 1 {
		return false
	}
	token, profile := tokens[0].Entry.Values, tokens[0].Profiles[0].Values
	back := profile.List("devices.serials")
	return token.Text("token") == m.token && profile.Text("name") == m.from &&
		(token.Text("defaultProfile") == m.from || !m.wasDefault) &&
		within(m.serials, back) && within(back, slices.Concat(m.serials, m.moved))
}

func within(part, whole []string) bool {
	has := make(map[string]bool, len(whole))
	for _, s := range whole {
		has[s] = true
	}
	return !slices.ContainsFunc(part, func(s string) bool { return !has[s] })
}

// newUndo writes both files, the list first: the other one points to it.
func (m move) newUndo(path string) error {
	profile := existing(m.from)
	list := strings.TrimSuffix(path, filepath.Ext(path)) + ".csv"
	if len(m.serials) > 0 {
		profile = append(profile, yaml.MapItem{Key: "devices", Value: yaml.MapSlice{{Key: "file", Value: filepath.Base(list)}}})
	}
	was := ""
	if m.wasDefault {
		was = m.from
	}
	text, err := yaml.Marshal(append(yaml.MapSlice{{Key: "apiVersion", Value: document.APIVersion}}, adeSection(m.token, was, profile)...))
	if err != nil {
		return fmt.Errorf("write the undo file: %w", err)
	}
	files := []struct{ path, text string }{{list, strings.Join(append(slices.Clone(m.serials), ""), "\n")}, {path, string(text)}}
	if len(m.serials) == 0 {
		files = files[1:]
	}
	for _, file := range files {
		if err := newFile(file.path, []byte(file.text), 0o600); errors.Is(err, os.ErrExist) {
			if there, err := os.ReadFile(file.path); err == nil && string(there) == file.text {
				continue // of a run that ended here
			}
			return fail(codeUsage, "keep it, and name another one with --undo", "%s is there already, perhaps of an earlier run", file.path)
		} else if err != nil {
			return fail(codeOutput, "", "write the undo file: %w", err)
		}
	}
	return nil
}
