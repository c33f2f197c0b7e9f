package guard

import (
	"fmt"
	"slices"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/byod"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// accountDrivenRules are about users whom both automated and account driven enrollment reach.
func accountDrivenRules() []enroll.Rule {
	return twins(enroll.Rule{
		ID: "X-23", Severity: enroll.Error, Title: "Company Portal sign-in and account driven enrollment exclude each other", Link: pageAuth,
		Why:   "Intune blocks the sign-in in Company Portal for a user whom a profile for account driven enrollment reaches too: the company device cannot be enrolled.",
		Fix:   "use authentication: setupAssistantModern, or assign the account driven profile to groups without the users of these devices",
		Check: blockedSignIn,
	}, enroll.BYODProfile)
}

// blockedSignIn is an error where the account driven profile goes to all
// users, and a warning where it goes to groups: automated enrollment goes to
// devices, so which users they will have is not known.
func blockedSignIn(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	drivers := accountDriven(want, live)
	var out []enroll.Finding
	for _, p := range profilesIn(want, enroll.Snapshot{}) {
		if !p.signsInPortal() {
			continue
		}
		for _, d := range drivers {
			f := enroll.Finding{Severity: enroll.Warning, On: p.ref, Path: authKey, Origin: p.object.Where(authKey),
				Message: fmt.Sprintf("users whom the account driven profile %q reaches cannot sign in in Company Portal; whether users of these devices are among them cannot be seen", d.name)}
			if d.everybody {
				f.Severity = enroll.Error
				f.Message = fmt.Sprintf("nobody could sign in in Company Portal: the account driven profile %q goes to all users", d.name)
			}
			out = append(out, f)
		}
	}
	return out
}

type driver struct {
	name      string
	everybody bool
}

// accountDriven are the profiles of the file, and others of the tenant, that
// offer account driven enrollment. Where only some users choose it, or it is
// not known who is reached, it is not everybody.
func accountDriven(want []enroll.Object, live enroll.Snapshot) []driver {
	offers := func(o enroll.Object) bool {
		e := o.Fields.Text("enrollment")
		return e == byod.AccountDriven || e == byod.UserChoice
	}
	var out []driver
	mine := map[enroll.Ref]bool{}
	for _, o := range want {
		if o.Ref.Kind != enroll.BYODProfile {
			continue
		}
		mine[o.Ref] = true
		if offers(o) {
			all := o.Fields.Text("enrollment") == byod.AccountDriven && assignedTo(want, directory.ScopeOf(o, want), directory.AllUsers())
			out = append(out, driver{o.Ref.Name, all})
		}
	}
	for _, o := range live.Objects[enroll.BYODProfile] {
		if !mine[o.Ref] && offers(o) {
			out = append(out, driver{name: o.Ref.Name})
		}
	}
	return out
}

func assignedTo(want []enroll.Object, scope string, target enroll.Ref) bool {
	return slices.ContainsFunc(want, func(o enroll.Object) bool { return o.Ref.Scope == scope && o.Fields["target"] == target })
}
