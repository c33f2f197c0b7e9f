package guide

import (
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
)

// line is one sentence of a page: the key of its words, when it belongs to the
// page (nil: always), and the statements of the guide that it carries.
type line struct {
	key  string
	when func(Audience) bool
	ids  string
}

// outline is what one variant consists of. An outline without steps is for
// people who have nothing to do.
type outline struct {
	variant                           Variant
	intro                             line
	needs, steps, done, privacy, help []line
}

// outlines are the texts of all variants, in the order of the guide.
func outlines() []outline {
	return slices.Concat(automatedOutlines(), sharedOutlines(), configuratorOutlines(), personalOutlines(), portalOutlines())
}

func outlineOf(v Variant) (outline, bool) {
	for _, o := range outlines() {
		if o.variant == v {
			return o, true
		}
	}
	return outline{}, false
}

// lines are all lines of an outline.
func (o outline) lines() []line {
	return slices.Concat([]line{o.intro}, o.needs, o.steps, o.done, o.privacy, o.help)
}

// ids are the statements that a line carries.
func (l line) rules() []string { return strings.Fields(l.ids) }

// The conditions of lines.

func byVPP(a Audience) bool     { return a.Install == ade.InstallVPP }
func byAppleID(a Audience) bool { return a.Install == ade.InstallAppleID }
func unsaid(a Audience) bool    { return a.Install == "" }
func noPortal(a Audience) bool  { return a.Install == ade.InstallNone }
func locked(a Audience) bool    { return a.Lock }
func unlocked(a Audience) bool  { return !a.Lock }
func awaits(a Audience) bool    { return a.Await }
func goesOn(a Audience) bool    { return !a.Await }
func justInTime(a Audience) bool {
	return a.JustInTime
}
func somewhere(a Audience) bool { return !a.nowhere }
func nowhere(a Audience) bool   { return a.nowhere }
func later(a Audience) bool     { return !a.JustInTime }
func guests(a Audience) bool    { return a.GuestsOnly }
func accounts(a Audience) bool  { return !a.GuestsOnly }
func mayAppleID(a Audience) bool {
	return a.Install != "" && a.Install != ade.InstallAppleID && !a.HideAppleID
}
func perhapsAppleID(a Audience) bool { return unsaid(a) && !a.HideAppleID }
func perhapsApp(a Audience) bool     { return a.untold }
func neverApp(a Audience) bool       { return !a.JustInTime && !a.untold }
