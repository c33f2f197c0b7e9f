package tenant

import (
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
			Why:  "A restriction that blocks the platform ends every enrollment with an error such as Invalid Profile, and devices without a user always come under the default one. Blocking personally owned devices keeps those of users out and lets corporate ones in. Profiles can be made under any restriction, so plan and apply only warn of it.",
			Fix:  "in the Intune admin center, Devices > Enrollment > Device platform restriction, allow iOS/iPadOS, and block personally owned devices where that was the aim; a change takes about 15 minutes",
			Link: "https://learn.microsoft.com/intune/device-enrollment/restrictions", Needs: []enroll.KindName{Restriction}, Check: letsIn},
		{ID: "X-31", Severity: enroll.Error, Title: "there is room for another enrollment program token",
			Why:  "A tenant takes a number of enrollment program tokens that the service tells; when it is reached no further one can be added.",
			Fix:  "delete tokens that are not in use any more, in the Intune admin center under Devices > Enrollment > Apple > Enrollment program tokens",
			Link: "https://learn.microsoft.com/intune/device-enrollment/apple/manage-devices-tokens-apple", Needs: []enroll.KindName{Account, enroll.ADEToken}, Check: room},
	}...)
}

// letsIn looks at every restriction that says something of iOS. What a file
// wants decides how bad it is that personal devices, or those without a user,
// are kept out.
func letsIn(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	personal := names(want, func(o enroll.Object) bool { return o.Ref.Kind == enroll.BYODProfile })
	userless := names(want, withoutUser)
	var out []enroll.Finding
	_, gap := live.GapIn(Restriction)
	if restrictions, looked := live.Objects[Restriction]; looked && !gap && !slices.ContainsFunc(restrictions, isDefault) {
		out = append(out, enroll.Finding{On: enroll.Ref{Kind: Restriction}, Severity: enroll.Unknown, Message: "the service did not give the default restriction, which every tenant has"})
	}
	for _, o := range live.Objects[Restriction] {
		r, ok := o.Facts.(RestrictionFacts)
		if !ok {
			continue
		}
		f := enroll.Finding{On: o.Ref, Severity: enroll.Warning}
		whom, but := fmt.Sprintf("restriction %q (priority %d)", o.Ref.Name, r.Priority), ""
		if r.Default {
			whom, f.Severity = "the default restriction", enroll.Error
			but = names(live.Objects[Restriction], func(o enroll.Object) bool {
				other, ok := o.Facts.(RestrictionFacts)
				return ok && !other.Default && !other.Blocked && (r.Blocked || !other.BlocksPersonal)
			})
		}
		switch {
		case r.Blocked && but != "" && userless != "":
			f.Message = fmt.Sprintf("%s blocks iOS/iPadOS, and devices without a user, which %s is for, always come under it", whom, userless)
		case r.Blocked && but != "":
			f.Severity, f.Message = enroll.Warning, fmt.Sprintf("%s blocks iOS/iPadOS: only devices of users whom %s lets in enroll, and none without a user", whom, but)
		case r.Blocked:
			f.Message = whom + " blocks iOS/iPadOS: nothing that it reaches enrolls"
		case r.BlocksPersonal && personal == "":
			f.Severity, f.Message = enroll.Info, whom+" blocks personally owned iPhones and iPads; corporate ones enroll"
		case r.BlocksPersonal && but != "":
			f.Severity, f.Message = enroll.Warning, fmt.Sprintf("%s blocks personally owned iPhones and iPads, which %s is for: only those of users whom %s lets in enroll", whom, personal, but)
		case r.BlocksPersonal:
			f.Message = fmt.Sprintf("%s blocks personally owned iPhones and iPads, which %s is for", whom, personal)
		case r.Default:
			f.Severity, f.Message = enroll.OK, whom+" lets iPhones and iPads in"
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

func isDefault(o enroll.Object) bool {
	r, _ := o.Facts.(RestrictionFacts)
	return r.Default
}

// withoutUser tells whether devices enroll by o that belong to nobody.
func withoutUser(o enroll.Object) bool {
	affinity := o.Fields.Text("userAffinity")
	return (o.Ref.Kind == enroll.ADEProfile || o.Ref.Kind == enroll.ConfiguratorProfile) && affinity != "" && affinity != "user"
}

// names are the quoted names of the objects that are meant; "" when there are none.
func names(objects []enroll.Object, meant func(enroll.Object) bool) string {
	var out []string
	for _, o := range objects {
		if meant(o) {
			out = append(out, strconv.Quote(o.Ref.Name))
		}
	}
	slices.Sort(out)
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
			f.Severity, f.Message = enroll.Unknown, "the service does not say how many enrollment program tokens the tenant may have"
		case n >= a.MaxTokens:
			f.Severity, f.Message = enroll.Warning, f.Message+": no further one can be added"
		case n*10 >= a.MaxTokens*9:
			f.Severity, f.Message = enroll.Warning, f.Message+": nearly full"
		}
		out = append(out, f.Measured(float64(n), "tokens"))
	}
	return out
}
