package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// severities are the values of --fail-on.
func severities() []string {
	return []string{string(enroll.Error), string(enroll.Warning), string(enroll.Info), "never"}
}

func failOnFlag(cmd *cobra.Command, failOn *string, standard enroll.Severity) {
	cmd.Flags().StringVar(failOn, "fail-on", string(standard), "exit with 2 at this severity or worse: error, warning, info or never")
	complete(cmd, "fail-on", severities()...)
}

func knownSeverity(failOn string) error {
	if !slices.Contains(severities(), failOn) {
		return fail(codeUsage, "", "--fail-on %q is not known: use one of %s", failOn, strings.Join(severities(), ", "))
	}
	return nil
}

// found tells whether there is something at or above a severity of --fail-on.
// What could not be looked at is not something found.
func found(findings []enroll.Finding, failOn string) bool {
	return failOn != "never" && slices.ContainsFunc(findings, func(f enroll.Finding) bool {
		return !f.Forced && f.Severity != enroll.Unknown && f.Severity.AtLeast(enroll.Severity(failOn))
	})
}
