package tenant

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Rules are those about what the tenant has and allows.
func Rules() []enroll.Rule {
	return append(serviceRules(), []enroll.Rule{
		{ID: "X-05", Severity: enroll.Error, Title: "enrollment restrictions let iPhones and iPads in",
			Why:  "A restriction that blocks the platform ends every enrollment with an error such as Invalid Profile, and devices without a user always come under the default one. Blocking personally owned devices keeps those of users out and lets corporate ones in.",
			Fix:  "in the Intune admin center, Devices > Enrollment > Device platform restriction, allow iOS/iPadOS, and block personally owned devices where that was the aim; a change takes about 15 minutes",
			Link: "https://learn.microsoft.com/intune/device-enrollment/restrictions", Needs: []enroll.KindName{Restriction}, Check: letsIn},
		{ID: "X-31", Severity: enroll.Error, Title: "there is room for another enrollment program token",
			Why:  "A tenant takes a number of enrollment program tokens that the service tells; when it is reached no further one can be added.",
			Fix:  "delete tokens that are not in use any more, in the Intune admin center under Devices > Enrollment > Apple > Enrollment program tokens",
			Link: "https://learn.microsoft.com/intune/device-enrollment/apple/manage-devices-tokens-apple", Needs: []enroll.KindName{Account, enroll.ADEToken}, Check: room},
	}...)
}

// letsIn looks at every restriction that says something of iOS. What a file
// wants decides how bad a block of personal devices is.
func letsIn(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	personal := names(want, enroll.BYODProfile)
	var out []enroll.Finding
	for _, o := range live.Objects[Restriction] {
		r, ok := o.Facts.(RestrictionFacts)
		if !ok {
			continue
		}
		f := enroll.Finding{On: o.Ref, Severity: enroll.Warning}
		whom := fmt.Sprintf("restriction %q (priority %d)", o.Ref.Name, r.Priority)
		if r.Default {
			whom, f.Severity = "the default restriction", enroll.Error
		}
		switch {
		case r.Blocked:
			f.Message = whom + " blocks iOS/iPadOS: nothing that it reaches enrolls"
		case r.BlocksPersonal && personal != "":
			f.Message = fmt.Sprintf("%s blocks personally owned iPhones and iPads, which %s is for", whom, personal)
		case r.BlocksPersonal:
			f.Severity, f.Message = enroll.Info, whom+" blocks personally owned iPhones and iPads; corporate ones enroll"
		case r.Default:
			f.Severity, f.Message = enroll.OK, whom+" lets iPhones and iPads in"
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

// names are the quoted names of wanted objects of a kind; "" when there are none.
func names(want []enroll.Object, kind enroll.KindName) string {
	var out []string
	for _, o := range want {
		if o.Ref.Kind == kind {
			out = append(out, strconv.Quote(o.Ref.Name))
		}
	}
	slices.SortFunc(out, cmp.Compare[string])
	return strings.Join(out, ", ")
}

func room(_ []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	if _, gap := live.GapIn(enroll.ADEToken, Account); gap {
		return nil
	}
	if _, looked := live.Objects[enroll.ADEToken]; !looked {
		return nil
	}
	var out []enroll.Finding
	for _, o := range live.Objects[Account] {
		a, ok := o.Facts.(AccountFacts)
		if !ok {
			continue
		}
		n := len(live.Objects[enroll.ADEToken])
		f := enroll.Finding{On: o.Ref, Severity: enroll.OK, Message: fmt.Sprintf("%d of at most %d enrollment program tokens", n, a.MaxTokens)}
		switch {
		case a.MaxTokens == 0:
			f.Severity, f.Message = enroll.Info, "the service does not say how many enrollment program tokens the tenant may have"
		case n >= a.MaxTokens:
			f.Severity, f.Message = enroll.Warning, f.Message+": no further one can be added"
		case n*10 >= a.MaxTokens*9:
			f.Severity, f.Message = enroll.Warning, f.Message+": nearly full"
		}
		out = append(out, f.Measured(float64(n), "tokens"))
	}
	return out
}
