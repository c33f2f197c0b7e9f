package guard

import "github.com/intune-enroll/intune-enroll/pkg/enroll"

// Ids of rules whose findings commands make themselves, because they are about
// the run and not about objects.
const (
	Clock       = "clock"
	Permissions = "permissions"
)

// runRules say why those findings matter. They check nothing by themselves.
func runRules() []enroll.Rule {
	return []enroll.Rule{
		{ID: Clock, Severity: enroll.Warning, Title: "this machine's clock is right",
			Why: "Sign-in refuses tokens that seem to come from another time, and logs and journals get wrong dates. Dates are counted from the service's clock.",
			Fix: "let the machine keep its time by NTP"},
		{ID: Permissions, Severity: enroll.Info, Title: "the sign-in may do what the file wants",
			Why: "apply looks at the permissions before the first write, and writes nothing when one is missing. A sign-in that only checks and plans needs none of them.",
			Fix: "see what is needed with: intune-enroll auth permissions -f FILE; let apply run with a sign-in that has it"},
	}
}
