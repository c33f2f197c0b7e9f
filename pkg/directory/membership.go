package directory

import (
	"cmp"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Membership is what a group holds.
type Membership int

// What a group may hold. A group about to be made without a rule, and a static
// one without members, hold nothing yet.
const (
	CannotTell Membership = iota
	HoldsNothing
	HoldsUsers
	HoldsDevices
	HoldsBoth
)

// Holds tells what a desired or a live group holds: by the rule of a dynamic
// one, by the counts of a static one.
func Holds(o enroll.Object) Membership {
	switch o.Fields.Text("type") {
	case TypeDynamicDevices:
		return HoldsDevices
	case TypeDynamicUsers:
		return HoldsUsers
	case TypeDynamic:
		return CannotTell
	}
	facts, seen := o.Facts.(GroupFacts)
	switch {
	case !seen:
		return HoldsNothing
	case facts.Users > 0 && facts.Devices > 0:
		return HoldsBoth
	case facts.Users < 0 || facts.Devices < 0:
		return CannotTell
	case facts.Users > 0:
		return HoldsUsers
	case facts.Devices > 0:
		return HoldsDevices
	default:
		return HoldsNothing
	}
}

// isDynamic tells whether members of a group come by its rule.
func isDynamic(group enroll.Object) bool {
	return strings.HasPrefix(group.Fields.Text("type"), TypeDynamic)
}

// Find is the group that r names: the live one, or the one that the file
// makes; false when there is neither.
func Find(r enroll.Ref, want []enroll.Object, live enroll.Snapshot) (enroll.Object, bool) {
	if o, ok := live.Get(r); ok {
		return o, true
	}
	for _, o := range want {
		if o.Ref == r && r.Kind == enroll.Group {
			return o, true
		}
	}
	return enroll.Object{}, false
}

// WhyUnknown says why it cannot be told what a live group holds.
func WhyUnknown(group enroll.Object) string {
	if isDynamic(group) {
		return "its rule is about neither users nor devices alone: " + group.Fields.Text("rule")
	}
	facts, _ := group.Facts.(GroupFacts)
	return cmp.Or(facts.Unseen, "its members were not counted")
}
