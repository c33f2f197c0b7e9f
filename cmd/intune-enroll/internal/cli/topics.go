package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/settings"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// addTopics adds the topics of help. A topic is a command that does not run;
// its text is made only when it is shown.
func addTopics(root *cobra.Command) {
	for _, t := range []struct {
		name, short string
		text        func() string
	}{
		{"environment", "settings, their variables and their precedence", environmentText},
		{"exit-codes", "exit codes and codes of errors", exitCodesText},
		{"output", "what goes to stdout and stderr, and in which formats", outputText},
		{"files", "the file that says what the tenant shall hold", filesText},
		{"permissions", "the permissions that each command needs", permissionsText},
	} {
		cmd := &cobra.Command{Use: t.name, Short: t.short}
		cmd.SetHelpFunc(func(cmd *cobra.Command, _ []string) { fmt.Fprint(cmd.OutOrStdout(), t.text()) })
		root.AddCommand(cmd)
	}
}

func environmentText() string {
	var b strings.Builder
	b.WriteString(`Settings

A flag wins over INTUNE_ENROLL_* variables, these over AZURE_* variables (for
the sign-in only), these over the settings file, and that over the default.
"intune-enroll auth status -v" shows each value and where it comes from.
--warn and --critical for one kind alone leave the other kinds as they were.

The settings file is YAML, named with --settings, or else settings.yaml in
$XDG_CONFIG_HOME/intune-enroll or ~/.config/intune-enroll, on Windows in
%AppData%\intune-enroll. It is never looked for in the working directory.
Secrets come from the environment only; the addresses of --cloud custom from
flags only.

contexts: in the settings file are several tenants. --context NAME chooses one,
which then wins over variables and the rest of the file; check --all takes all.
The secret of a context is in the variable that clientSecretVariable names.

  contexts:
    - name: staff
      tenant: contoso.com
      clientId: 00000000-0000-0000-0000-000000000000
      auth: client-secret
      clientSecretVariable: CONTOSO_SECRET
      warn: [60d, push-certificate=90d]

`)
	for _, k := range settings.Keys() {
		var names []string
		if k.Flag != "" {
			names = append(names, "--"+k.Flag)
		}
		for _, n := range []string{k.Env, k.Azure} {
			if n != "" {
				names = append(names, n)
			}
		}
		if k.File != "" {
			names = append(names, k.File+" (file)")
		}
		fmt.Fprintf(&b, "  %s\n      %s", strings.Join(names, ", "), k.Doc)
		if k.Default != "" && k.Default != "false" {
			fmt.Fprintf(&b, " (default %s)", k.Default)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, `
Methods of --auth: %s.
default is refused in CI (CI, TF_BUILD or GITHUB_ACTIONS is set): name the method.

Also read: HTTPS_PROXY and NO_PROXY; NO_COLOR, TERM=dumb and CLICOLOR_FORCE for
colour; XDG_STATE_HOME (on Windows %%LocalAppData%%) for the journals of apply.
`, strings.Join(graph.Methods(), ", "))
	return b.String()
}

func outputText() string {
	return `Output

stdout has the result, in one format, and it is complete also when the command
failed. stderr has progress, questions, warnings, logs and errors.

  table      for people (default). On a terminal with headings, colour and
             wrapped to its width, lists of devices and tokens apart; in a pipe
             one line for each thing, with times as in RFC 3339; of guide it is
             plain text, for a mail
  json       one object: schemaVersion, command, tool, tenant, findings, gaps, …,
             and error {code, message, do} when something went wrong
  yaml       the same members
  markdown   check, validate, plan: for a pull request or a job summary; guide: pages
  html       guide: one document that needs nothing but itself
  github     check, validate, plan: annotations of GitHub Actions
  junit      check, validate: each finding is a test
  sarif      check, validate: for code scanning, SARIF 2.1.0
  nagios     check: state, text and performance data, with exit codes 0, 1, 2, 3
  prometheus check: for the textfile collector, best with --out-file

Members are only added within one schemaVersion. Severities are ok, info,
warning, unknown and error; check calls error critical for people. A gap is
something that could not be read.

Text that others wrote is shown with control, bidi and zero-width characters
escaped. Colour never carries meaning alone.
`
}

func filesText() string {
	return `Files

A file says what the tenant shall hold: groups, enrollment profiles, the serial
numbers they go to, the Company Portal app and its configuration. It is YAML and
read strictly; -f takes files, folders (*.yaml, *.yml) and - for stdin, and may
be repeated: all are read together.

  apiVersion: intune-enroll/v1
  tenant: contoso.com            # any other tenant is refused
  groups:
    - name: iOS - staff iPhones
      devicesOfProfile: Staff iPhones
  ade:
    - token: Contoso ABM
      defaultProfile: Staff iPhones
      profiles:
        - name: Staff iPhones
          userAffinity: user
          authentication: setupAssistantModern
          companyPortal: {install: none, acceptUnregistered: true}
          devices: {file: staff.csv}

Names are the key: what has the name is taken over, what the file does not name
is left alone, a key that is left out is not managed, and null resets it.

What shall go is said: state: absent on an entry deletes its thing, removeGroups
takes assignments away, exclusive: true all that the entry does not name. All of
it asks for the tenant's name. Groups are never deleted. state: existing wants a
thing that is there already, and then asks for its name only.

Every key:          intune-enroll explain, intune-enroll explain ade-profile
For an editor:      intune-enroll schema > schema.json
Check a file:       intune-enroll validate FILE
`
}

func permissionsText() string {
	var b strings.Builder
	b.WriteString(`Permissions

Of Microsoft Graph, as application or delegated permissions. A ReadWrite
permission takes in the Read of the same name. "intune-enroll auth permissions"
compares them with the sign-in, for a file too; "intune-enroll auth setup" says
how to grant them; apply compares them with the plan before the first change.
`)
	for _, use := range uses() {
		fmt.Fprintf(&b, "\n%s%s\n\n", use, map[string]string{forPlan: " and check -f, in addition", forApply: ", in addition"}[use])
		for _, n := range needs() {
			if n.use != use {
				continue
			}
			what := n.what
			if n.optional {
				what += " (can be left out)"
			}
			fmt.Fprintf(&b, "  %-47s  %s\n", n.name, what)
		}
	}
	b.WriteString("\nEach other command, by itself\n\n")
	for _, c := range shownCommands()[len(uses()):] {
		fmt.Fprintf(&b, "  %s\n      %s\n", c.Command, c.Names())
	}
	b.WriteString("\nade create with an enrollment time group takes what \"auth permissions -f\" says of the\nfile that --print prints.\n")
	return b.String()
}
