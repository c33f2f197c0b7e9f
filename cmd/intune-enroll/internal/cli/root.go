package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// newRoot makes the tree of commands. Only what runs is in it.
func newRoot(f *factory) *cobra.Command {
	root := &cobra.Command{
		Use:   "intune-enroll",
		Short: "Get a Microsoft Intune tenant ready to enroll iPhones and iPads",
		Long: `intune-enroll gets a Microsoft Intune tenant ready to enroll iPhones and iPads,
keeps it ready, and proves it.

A first look, without a tenant:    intune-enroll demo
A file to begin with:              intune-enroll init
Is my tenant healthy:              intune-enroll check
What would a file change:          intune-enroll plan -f FILE
Change it:                         intune-enroll apply -f FILE`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(f.term.In)
	root.SetOut(f.term.Out)
	root.SetErr(f.term.Err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fail(codeUsage, cmd.CommandPath()+" --help", "%w", err)
	})
	addGlobalFlags(root, f)
	root.AddGroup(&cobra.Group{ID: "work", Title: "The work:"}, &cobra.Group{ID: "try", Title: "Try it out:"}, &cobra.Group{ID: "about", Title: "About:"})
	for _, c := range []struct {
		group string
		cmd   *cobra.Command
	}{
		{"work", newValidate(f, nil)},
		{"work", newCheck(f, nil)},
		{"work", newPlan(f, nil)},
		{"work", newApply(f, nil)},
		{"work", newAdvise(f, nil)},
		{"work", newInit(f, nil)},
		{"work", newGuide(f)},
		{"work", newPushcert(f)},
		{"work", newADE(f)},
		{"work", newConfigurator(f)},
		{"work", newBYOD(f)},
		{"work", newPortal(f)},
		{"work", newAuth(f)},
		{"try", newDemo(f)},
		{"try", newSimulator(f)},
		{"about", newExplain(f)},
		{"about", newSchema(f)},
		{"about", newVersion(f)},
	} {
		c.cmd.GroupID = c.group
		root.AddCommand(c.cmd)
	}
	root.SetHelpCommandGroupID("about")
	root.SetCompletionCommandGroupID("about")
	addTopics(root)
	return root
}

// addGlobalFlags adds the flags that every command has.
func addGlobalFlags(root *cobra.Command, f *factory) {
	p := root.PersistentFlags()
	p.SortFlags = false
	g := &f.global
	p.StringArrayVarP(&g.Files, "file", "f", nil, "file or folder that says what the tenant shall hold, - for stdin; repeatable")
	for _, k := range settings.Keys() {
		switch k.Flag {
		case "", "output", "warn", "critical", "webhook", "webhook-format":
		case "no-input":
			p.Bool(k.Flag, false, k.Doc)
		case "timeout":
			p.Duration(k.Flag, 0, k.Doc)
		case "auth":
			p.String(k.Flag, k.Default, k.Doc+": "+strings.Join(graph.Methods(), ", "))
		default:
			p.String(k.Flag, k.Default, k.Doc)
		}
	}
	p.StringP("output", "o", "table", "format of the result: table, json or yaml; more for some commands, see: help output")
	p.BoolVar(&g.Yes, "yes", false, "answer the question of apply with yes")
	p.StringVar(&g.Confirm, "confirm", "", "answer a question for the tenant's name or id")
	p.BoolVarP(&g.Quiet, "quiet", "q", false, "no progress")
	p.BoolVarP(&g.Verbose, "verbose", "v", false, "tell more")
	p.BoolVar(&g.Debug, "debug", false, "trace every request on stderr, without contents")
	p.StringVar(&g.SettingsFile, "settings", "", "settings file; never looked for in the working directory")
	completeBy(root, "output", func(cmd *cobra.Command) []string { return render.Formats(commandName(cmd)) })
	complete(root, "color", "auto", "always", "never")
	complete(root, "log-format", "text", "json")
	complete(root, "cloud", "global", "gcc-high", "dod", "china", "custom")
	complete(root, "auth", graph.Methods()...)
	// The names exist: they were added above.
	_ = root.MarkPersistentFlagFilename("file", "yaml", "yml")
}

// complete lets the shell complete the values of a flag.
func complete(cmd *cobra.Command, flag string, values ...string) {
	completeBy(cmd, flag, func(*cobra.Command) []string { return values })
}

// completeBy is complete for values that are worked out when they are wanted.
func completeBy(cmd *cobra.Command, flag string, values func(*cobra.Command) []string) {
	// The flag exists: the caller has just added it.
	_ = cmd.RegisterFlagCompletionFunc(flag, func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return values(cmd), cobra.ShellCompDirectiveNoFileComp
	})
}

// noArgs refuses arguments, and says which commands there are.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		var names []string
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				names = append(names, c.Name())
			}
		}
		return fail(codeUsage, cmd.CommandPath()+" --help", "unknown command %q: use one of %s", args[0], strings.Join(names, ", "))
	}
	return fail(codeUsage, cmd.CommandPath()+" --help", "%s takes no argument, got %q", cmd.CommandPath(), args[0])
}
