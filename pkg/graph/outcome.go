package graph

import (
	"slices"

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

// SideBySide reads what belongs to several owners at one time, and puts it
// together in their order.
func SideBySide(owners []enroll.Object, read func(owner enroll.Object) ([]enroll.Object, []enroll.Gap)) ([]enroll.Object, []enroll.Gap) {
	objects, gaps := make([][]enroll.Object, len(owners)), make([][]enroll.Gap, len(owners))
	var side enroll.Together
	for i, o := range owners {
		side.Go(func() { objects[i], gaps[i] = read(o) })
	}
	side.Wait()
	return slices.Concat(objects...), slices.Concat(gaps...)
}

// Gap is what could not be read because of err.
func Gap(scope enroll.Ref, err error) enroll.Gap {
	return enroll.Gap{Scope: scope, Reason: err.Error(), Denied: IsDenied(err) || IsSignIn(err)}
}
