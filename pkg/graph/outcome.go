package graph

import (
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Outcome is err as the engine takes the result of a write: marked lost when
// the service may have acted although no answer says so.
func Outcome(err error) error {
	if IsLost(err) {
		return enroll.Lost(err)
	}
	return err
}

// Gap is what could not be read because of err.
func Gap(scope enroll.Ref, err error) enroll.Gap {
	return enroll.Gap{Scope: scope, Reason: err.Error(), Denied: IsDenied(err) || IsSignIn(err)}
}
