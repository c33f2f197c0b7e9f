package tenant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// serviceRules are those about Intune as the tenant has it: in charge, and paid for.
func serviceRules() []enroll.Rule {
	return []enroll.Rule{
		{ID: "X-01", Severity: enroll.Error, Title: "MDM authority is Intune",
			Why:  "Without it every enrollment fails with MdmAuthorityNotDefined.",
			Fix:  "set the MDM authority to Intune in the Intune admin center, Devices > Enrollment",
			Link: "https://learn.microsoft.com/en-us/intune/intune-service/fundamentals/mdm-authority-set", Needs: []enroll.KindName{enroll.Organization}, Check: authority},
		{ID: "X-02", Severity: enroll.Error, Title: "the tenant has Intune licences",
			Why:  "A user who enrolls needs an Intune licence, a device without a user an Intune device licence; without an active one Graph answers nothing about Intune.",
			Fix:  "buy or renew a subscription with Intune Plan 1 and assign its licences to the users who enroll",
			Link: "https://learn.microsoft.com/en-us/intune/intune-service/fundamentals/licenses", Needs: []enroll.KindName{enroll.License, Account}, Check: licensed},
	}
}

func authority(_ []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, o := range live.Objects[enroll.Organization] {
		org, ok := o.Facts.(graph.Organization)
		if !ok {
			continue
		}
		f := enroll.Finding{On: o.Ref}
		switch org.MDMAuthority {
		case "intune":
			f.Severity, f.Message = enroll.OK, "the MDM authority is Intune"
		case "":
			f.Severity, f.Message = enroll.Unknown, "the service did not say what the MDM authority is"
		case "unknown":
			f.Message = "no MDM authority is set: nothing can enroll"
		default:
			f.Message = fmt.Sprintf("the MDM authority is %s, not Intune", org.MDMAuthority)
		}
		out = append(out, f)
	}
	return out
}

// plans are the service plans that bring Intune Plan 1: for users, devices,
// education and small business (names as subscriptions show them; general
// knowledge, the list may grow).
func plans() []string { return []string{"INTUNE_A", "INTUNE_A_D", "INTUNE_EDU", "INTUNE_SMB"} }

// provisioned is the state of a service plan that works. States of subscriptions
// and plans: Microsoft docs pages on subscribedSku and servicePlanInfo; that on
// licenseUnitsDetail says that one in state Warning is in its period of grace.
const provisioned = "Success"

// licensed looks at what the tenant has bought, and at what Intune itself says.
func licensed(_ []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	state, out := intuneState(live)
	if objects, looked := live.Objects[enroll.License]; looked {
		if _, gap := live.GapIn(enroll.License); !gap {
			out = append(out, bought(objects, state))
		}
	}
	return out
}

// intuneState is the state of Intune's own subscription, and what it means; ""
// where the service does not say it.
func intuneState(live enroll.Snapshot) (string, []enroll.Finding) {
	accounts := live.Objects[Account]
	if len(accounts) == 0 {
		return "", nil
	}
	a, _ := accounts[0].Facts.(AccountFacts)
	f := enroll.Finding{On: accounts[0].Ref, Message: "Intune gives the state of its own subscription as " + a.State}
	switch a.State {
	case "":
		return "", nil
	case "active":
		f.Severity = enroll.OK
	case "pending", "warning":
		f.Severity = enroll.Warning
	case "disabled", "deleted", "blocked", "lockedOut":
		f.Severity = enroll.Error
	default:
		f.Severity, f.Message = enroll.Unknown, f.Message+", which is not known here"
	}
	return a.State, []enroll.Finding{f}
}

// bought is the finding about the tenant's subscriptions. Where none is known
// to bring Intune and Intune runs all the same, that is no error: the names of
// service plans are not all known.
func bought(subscriptions []enroll.Object, state string) enroll.Finding {
	var late *enroll.Finding
	var stopped []string
	for _, o := range subscriptions {
		sku, _ := o.Facts.(graph.SKU)
		i := slices.IndexFunc(sku.Plans, func(p graph.ServicePlan) bool { return slices.Contains(plans(), p.Name) && p.Status == provisioned })
		if i < 0 {
			i = slices.IndexFunc(sku.Plans, func(p graph.ServicePlan) bool { return slices.Contains(plans(), p.Name) })
		}
		if i < 0 {
			continue
		}
		switch plan := sku.Plans[i]; {
		case sku.Status != "Enabled" && sku.Status != "Warning":
			stopped = append(stopped, fmt.Sprintf("%s is in state %s", sku.PartNumber, cmp.Or(sku.Status, "not told")))
		case plan.Status == "Disabled":
			stopped = append(stopped, fmt.Sprintf("in %s the service plan %s is disabled", sku.PartNumber, plan.Name))
		case plan.Status != provisioned:
			stopped = append(stopped, fmt.Sprintf("in %s the service plan %s is not provisioned (state %s)", sku.PartNumber, plan.Name, cmp.Or(plan.Status, "not told")))
		case sku.Status == "Warning":
			late = &enroll.Finding{Severity: enroll.Warning, On: o.Ref, Message: fmt.Sprintf("subscription %s brings Intune and has run out: it works on while it can be renewed", sku.PartNumber)}
		case sku.Enabled == 0:
			stopped = append(stopped, sku.PartNumber+" has no licences")
		default:
			return enroll.Finding{Severity: enroll.OK, On: o.Ref, Message: fmt.Sprintf("subscription %s brings Intune, %d of %s in use", sku.PartNumber, sku.Consumed, enroll.Plural(sku.Enabled, "licence"))}
		}
	}
	if late != nil {
		return *late
	}
	f := enroll.Finding{On: enroll.Ref{Kind: enroll.License}, Message: "no subscription of the tenant brings Intune"}
	if len(stopped) > 0 {
		f.Message = "no active subscription brings Intune: " + strings.Join(stopped, ", ")
	}
	if state == "active" || state == "warning" {
		f.Severity = enroll.Warning
		f.Message += "; one that is not known here may, for Intune gives the state of its own as " + state
	}
	return f
}
