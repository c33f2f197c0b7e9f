package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// The exit codes. They stand nowhere else.
const (
	exitOK          = 0
	exitFailed      = 1
	exitFound       = 2
	exitRefused     = 3
	exitSignIn      = 4
	exitHalfway     = 5
	exitInterrupted = 130
	exitTerminated  = 143
)

// code names why a command did not do all it was asked to. It is error.code in
// JSON output: a closed list, and interface.
type code string

// The codes.
const (
	codeUsage        code = "usage"
	codeFileInvalid  code = "file-invalid"
	codeRuleBroken   code = "rule-broken"
	codeTenant       code = "tenant-mismatch"
	codeCloud        code = "cloud-mismatch"
	codePlanStale    code = "plan-stale"
	codePlanInvalid  code = "plan-invalid"
	codeConfirmation code = "confirmation-missing"
	codeTooEarly     code = "too-early"
	codeSignIn       code = "not-signed-in"
	codePermission   code = "permission-missing"
	codeNotLooked    code = "could-not-look"
	codeNotDelivered code = "notification-failed"
	codeUnreachable  code = "unreachable"
	codeService      code = "service-error"
	codeDeclined     code = "declined"
	codeLocked       code = "locked"
	codeTimeout      code = "timed-out"
	codeFailed       code = "failed"
	codeOutput       code = "output-lost"
	codeInternal     code = "internal"
	codeHalfway      code = "half-way"
	codeInterrupted  code = "interrupted"
	codeTerminated   code = "terminated"
	codeFound        code = "found" // no failure: there is something; never in JSON
)

// reason is one row of the table of codes.
type reason struct {
	code code
	exit int
	text string
}

// reasons is the table from codes to exit codes.
func reasons() []reason {
	return []reason{
		{codeFound, exitFound, "there is something to look at (check, validate, advise, init) or to change (plan --detailed-exitcode)"},
		{codeUsage, exitRefused, "the command line or a setting is wrong"},
		{codeFileInvalid, exitRefused, "a file cannot be read or is ill-formed"},
		{codeRuleBroken, exitRefused, "the file breaks a rule, or does not fit the tenant"},
		{codeTenant, exitRefused, "the file or plan is for another tenant"},
		{codeCloud, exitRefused, "the plan is for another cloud"},
		{codePlanStale, exitRefused, "the tenant has changed since the plan was made"},
		{codePlanInvalid, exitRefused, "the plan file cannot be read"},
		{codeConfirmation, exitRefused, "a question has to be answered, and nobody can be asked"},
		{codeTooEarly, exitRefused, "the service allows it only later; the message says when"},
		{codeSignIn, exitSignIn, "not signed in"},
		{codePermission, exitSignIn, "a permission is missing"},
		{codeNotLooked, exitFailed, "something could not be looked at"},
		{codeNotDelivered, exitFailed, "the webhook did not take the notification"},
		{codeUnreachable, exitFailed, "the service cannot be reached"},
		{codeService, exitFailed, "the service answered with an error"},
		{codeDeclined, exitFailed, "the question was answered no"},
		{codeLocked, exitFailed, "another apply to this tenant is running on this machine"},
		{codeTimeout, exitFailed, "the time of --timeout is over"},
		{codeFailed, exitFailed, "something else failed; the message says what"},
		{codeOutput, exitFailed, "the result could not be written"},
		{codeInternal, exitFailed, "a fault of the program"},
		{codeHalfway, exitHalfway, "apply stopped half way, or an outcome is unknown"},
		{codeInterrupted, exitInterrupted, "interrupted (Ctrl-C)"},
		{codeTerminated, exitTerminated, "terminated (SIGTERM)"},
	}
}

// exitCode is the ladder from what a command returned to the exit code.
func exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	c := explain(err).code
	for _, r := range reasons() {
		if r.code == c {
			return r.exit
		}
	}
	return exitFailed
}

// nagios is the format with exit codes of its own.
const nagios = "nagios"

// nagiosExit is the code of a state for Nagios (Monitoring Plugins development
// guidelines): 0 ok, 1 warning, 2 critical, 3 unknown.
func nagiosExit(state enroll.Severity) int {
	switch state {
	case enroll.OK:
		return 0
	case enroll.Warning:
		return 1
	case enroll.Error:
		return 2
	default:
		return 3
	}
}

// exitCodesText is `help exit-codes`.
func exitCodesText() string {
	var b strings.Builder
	b.WriteString(`Exit codes

  0    done, and nothing to worry about
  1    could not do it, or could not look
  2    done, and there is something: check with findings at or above --fail-on,
       plan --detailed-exitcode with changes, validate with warnings or notes at
       or above --fail-on, advise when blocked, init when there is no file to write
  3    refused: usage, ill-formed file, broken rule, wrong tenant, stale plan
  4    not signed in, or a permission is missing
  5    apply stopped half way, or an outcome is unknown; the report says what is
       done, failed, not tried and unknown
  130  interrupted (Ctrl-C)
  143  terminated (SIGTERM)

check that found nothing but could not look at something ends with 4 if a
permission is why, else with 1; when it found something too, with 2. plan ends
with 3 over 4 or 1 over 2 over 0, and is printed and saved all the same. apply
ends with 5 for whatever goes wrong from the first write on.

check -o nagios speaks its own language: 0 ok, 1 warning, 2 critical, 3 unknown,
critical over unknown over warning; whatever keeps it from looking is 3.

Codes of errors in JSON and YAML (error.code)

`)
	rows := slices.DeleteFunc(reasons(), func(r reason) bool { return r.code == codeFound })
	slices.SortStableFunc(rows, func(a, b reason) int { return cmp.Compare(a.exit, b.exit) })
	for _, r := range rows {
		fmt.Fprintf(&b, "  %-3d  %-20s  %s\n", r.exit, r.code, r.text)
	}
	return b.String()
}
