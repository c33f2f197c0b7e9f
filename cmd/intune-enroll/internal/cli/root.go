package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// newRoot makes the tree of commands. Only what runs is in it. Where the first
// argument names a command, no other is made: to make them all is a good part
// of the time that the program takes to start.
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
	type command struct {
		group, name string
		make        func() *cobra.Command
	}
	commands := []command{
		{"work", "validate", func() *cobra.Command { return newValidate(f, nil) }},
		{"work", "check", func() *cobra.Command { return newCheck(f, nil) }},
		{"work", "plan", func() *cobra.Command { return newPlan(f, nil) }},
		{"work", "apply", func() *cobra.Command { return newApply(f, nil) }},
		{"work", "advise", func() *cobra.Command { return newAdvise(f, nil) }},
		{"work", "init", func() *cobra.Command { return newInit(f, nil) }},
		{"work", "guide", func() *cobra.Command { return newGuide(f) }},
		{"work", "pushcert", func() *cobra.Command { return newPushcert(f) }},
		{"work", "ade", func() *cobra.Command { return newADE(f) }},
		{"work", "configurator", func() *cobra.Command { return newConfigurator(f) }},
		{"work", "byod", func() *cobra.Command { return newBYOD(f) }},
		{"work", "portal", func() *cobra.Command { return newPortal(f) }},
		{"work", "auth", func() *cobra.Command { return newAuth(f) }},
		{"try", "demo", func() *cobra.Command { return newDemo(f) }},
		{"try", "simulator", func() *cobra.Command { return newSimulator(f) }},
		{"about", "explain", func() *cobra.Command { return newExplain(f) }},
		{"about", "schema", func() *cobra.Command { return newSchema(f) }},
		{"about", "version", func() *cobra.Command { return newVersion(f) }},
	}
	if i := slices.IndexFunc(commands, func(c command) bool { return len(f.process.Args) > 0 && c.name == f.process.Args[0] }); i >= 0 {
		commands = commands[i : i+1]
		root.CompletionOptions.DisableDefaultCmd = true
	} else {
		addTopics(root)
	}
	for _, c := range commands {
		cmd := c.make()
		cmd.GroupID = c.group
		root.AddCommand(cmd)
	}
	root.SetHelpCommandGroupID("about")
	root.SetCompletionCommandGroupID("about")
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
