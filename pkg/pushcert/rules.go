package pushcert

import (
	"cmp"
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// grace is how long after its end a certificate can still be renewed
// (Microsoft docs page on the MDM push certificate).
const grace = 30 * enroll.Day

// Rules are those about the push certificate; limits say how early its end is reported.
func Rules(limits enroll.Limits) []enroll.Rule {
	needs := []enroll.KindName{enroll.PushCertificate}
	return []enroll.Rule{
		{ID: "GEN-08", Severity: enroll.Error, Title: "there is an Apple MDM push certificate",
			Why:  "No iPhone or iPad can enroll in any way without one.",
			Fix:  "begin with: intune-enroll pushcert csr; it prints the steps at identity.apple.com, for which you need a company Apple account",
			Link: pageCertificate, Needs: needs, Check: missing},
		{ID: "X-11", Severity: enroll.Error, Title: "the push certificate is valid",
			Why:  "It lasts 365 days. Once it has run out nothing enrolls and no enrolled device can be reached; 30 days later, or when another certificate takes its place, every device must enroll again.",
			Fix:  "begin with: intune-enroll pushcert csr; renew it at identity.apple.com (Renew, not Create) with the same Apple account, then: intune-enroll pushcert upload FILE",
			Link: pageCertificate, Needs: needs,
			Check: func(_ []enroll.Object, live enroll.Snapshot, now time.Time) []enroll.Finding {
				return each(live, func(c graph.PushCertificate) []enroll.Finding { return []enroll.Finding{lifetime(c, limits, now)} })
			}},
		{ID: "X-13", Severity: enroll.Info, Title: "the push certificate is renewed with the same Apple account",
			Why:  "Only the account that made a certificate can renew it; a certificate with another topic cuts off every enrolled device.",
			Fix:  "sign in at identity.apple.com with the account named here and choose Renew on the certificate with this topic",
			Link: pageCertificate, Needs: needs,
			Check: func(_ []enroll.Object, live enroll.Snapshot, now time.Time) []enroll.Finding {
				return each(live, func(c graph.PushCertificate) []enroll.Finding { return account(c, limits, now) })
			}},
	}
}

func missing(_ []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	objects, looked := live.Objects[enroll.PushCertificate]
	if _, gap := live.GapIn(enroll.PushCertificate); gap || !looked || len(objects) > 0 {
		return nil
	}
	return []enroll.Finding{{On: Ref(), Message: "there is no Apple MDM push certificate: nothing can enroll"}}
}

// each runs check on the certificate, if there is one.
func each(live enroll.Snapshot, check func(graph.PushCertificate) []enroll.Finding) []enroll.Finding {
	var out []enroll.Finding
	for _, o := range live.Objects[enroll.PushCertificate] {
		if c, ok := o.Facts.(graph.PushCertificate); ok {
			out = append(out, check(c)...)
		}
	}
	return out
}

func lifetime(c graph.PushCertificate, limits enroll.Limits, now time.Time) enroll.Finding {
	left := c.Expires.Sub(now)
	severity, limit := limits.Passed(left)
	f := enroll.Finding{On: Ref(), Severity: severity, Until: c.Expires}
	until := c.Expires.UTC().Format(time.DateOnly)
	switch {
	case left <= -grace:
		f.Severity = enroll.Error
		f.Message = fmt.Sprintf("the push certificate expired on %s and its 30 days of grace are over: every device must enroll again (%s)", until, whose(c))
		f.Fix = "make a new certificate (intune-enroll pushcert csr prints the steps), upload it (intune-enroll pushcert upload FILE), and have every device enroll again"
	case left <= 0:
		f.Severity = enroll.Error
		f.Message = fmt.Sprintf("the push certificate expired on %s; %s of the 30 days of grace to renew it are left (%s)", until, enroll.Span(left+grace), whose(c))
	case severity == enroll.OK:
		f.Message = fmt.Sprintf("the push certificate is valid for %s, until %s (%s)", enroll.Span(left), until, whose(c))
	default:
		f.Message = fmt.Sprintf("the push certificate expires in %s, on %s (limit %s; %s)", enroll.Span(left), until, enroll.Span(limit), whose(c))
	}
	return f.InDays(left)
}

// whose names what must stay the same at renewal.
func whose(c graph.PushCertificate) string {
	return fmt.Sprintf("topic %s, Apple account %s", cmp.Or(c.Topic, "not known"), cmp.Or(c.AppleID, "not recorded"))
}

// account reminds of the Apple account while the certificate is due and can be renewed.
func account(c graph.PushCertificate, limits enroll.Limits, now time.Time) []enroll.Finding {
	left := c.Expires.Sub(now)
	if severity, _ := limits.Passed(left); severity == enroll.OK && left > 0 || left <= -grace {
		return nil
	}
	f := enroll.Finding{On: Ref(), Message: fmt.Sprintf("renew with Apple account %s, the certificate with topic %s", c.AppleID, cmp.Or(c.Topic, "not known"))}
	if c.AppleID == "" {
		f.Message = fmt.Sprintf("nobody wrote down which Apple account the certificate with topic %s belongs to: find it before the renewal", cmp.Or(c.Topic, "not known"))
		f.Fix = "look in the mailboxes that may have got Apple's reminders; the account is right when identity.apple.com shows a certificate with this topic"
	}
	return []enroll.Finding{f}
}
