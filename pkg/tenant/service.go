package tenant

import (
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
			Link: "https://learn.microsoft.com/en-us/intune/intune-service/fundamentals/licenses", Needs: []enroll.KindName{enroll.License}, Check: licensed},
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

func licensed(_ []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	objects, looked := live.Objects[enroll.License]
	if _, gap := live.GapIn(enroll.License); gap || !looked {
		return nil
	}
	var stopped []string
	for _, o := range objects {
		sku, ok := o.Facts.(graph.SKU)
		if !ok || !slices.ContainsFunc(sku.Plans, func(p graph.ServicePlan) bool { return slices.Contains(plans(), p.Name) }) {
			continue
		}
		running := slices.Contains([]string{"Enabled", "Warning"}, sku.Status) && sku.Enabled > 0
		if running && slices.ContainsFunc(sku.Plans, func(p graph.ServicePlan) bool { return slices.Contains(plans(), p.Name) && p.Status == "Success" }) {
			return []enroll.Finding{{Severity: enroll.OK, On: o.Ref, Message: fmt.Sprintf("subscription %s brings Intune, %d of %d licences in use", sku.PartNumber, sku.Consumed, sku.Enabled)}}
		}
		stopped = append(stopped, fmt.Sprintf("%s is %s with %d licences", sku.PartNumber, strings.ToLower(sku.Status), sku.Enabled))
	}
	message := "no subscription of the tenant brings Intune"
	if len(stopped) > 0 {
		message = "no active subscription brings Intune: " + strings.Join(stopped, ", ")
	}
	return []enroll.Finding{{On: enroll.Ref{Kind: enroll.License}, Message: message}}
}
