package pushcert

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

type reader struct {
	c   graph.PushCertificate
	err error
}

func (r reader) PushCertificate(context.Context) (graph.PushCertificate, error) { return r.c, r.err }

func TestRead(t *testing.T) {
	expires := time.Date(2027, 6, 10, 0, 0, 0, 0, time.UTC)
	valid := graph.PushCertificate{AppleID: "apple@contoso.com", Topic: "com.apple.mgmt.External.1", Expires: expires}
	denied := &graph.Error{Method: "GET", Path: "/deviceManagement/applePushNotificationCertificate", Status: 403, Needs: []string{graph.ServiceConfigRead}}
	tests := []struct {
		name string
		r    reader
		want []enroll.Object
		gap  bool
	}{
		{"there", reader{c: valid}, []enroll.Object{{Ref: Ref(), Facts: valid}}, false},
		{"404", reader{err: &graph.Error{Status: 404}}, nil, false},
		{"no date", reader{}, nil, false},
		{"year 1", reader{c: graph.PushCertificate{Expires: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}}, nil, false},
		{"a certificate without a date", reader{c: graph.PushCertificate{Topic: valid.Topic}}, nil, true},
		{"denied", reader{err: denied}, nil, true},
		{"another error", reader{err: errors.New("no network")}, nil, true},
		{"a page for people", reader{err: &graph.Error{Status: 404, HTML: true}}, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, gaps := Kinds(tt.r)[0].Read(t.Context(), enroll.Query{All: true}, enroll.Snapshot{})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (len(gaps) > 0) != tt.gap {
				t.Errorf("gaps %v, want one: %t", gaps, tt.gap)
			}
		})
	}
	_, gaps := Kinds(reader{err: denied})[0].Read(t.Context(), enroll.Query{}, enroll.Snapshot{})
	if !gaps[0].Denied {
		t.Error("a missing permission is not marked as such")
	}
}

func TestRules(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	cert := func(left time.Duration, apple string) enroll.Snapshot {
		c := graph.PushCertificate{AppleID: apple, Topic: "com.apple.mgmt.External.1", Expires: now.Add(left)}
		return enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.PushCertificate: {{Ref: Ref(), Facts: c}}}}
	}
	life := func(s enroll.Severity, left float64, message, fix string) enroll.Finding {
		return enroll.Finding{Rule: "X-11", Severity: s, On: Ref(), Until: now.Add(time.Duration(left * float64(enroll.Day))), Message: message, Fix: fix}.Measured(left, "days")
	}
	const whose = "topic com.apple.mgmt.External.1, Apple account apple@contoso.com"
	hint := enroll.Finding{Rule: "X-13", Severity: enroll.Info, On: Ref(), Message: "renew with Apple account apple@contoso.com, the certificate with topic com.apple.mgmt.External.1"}
	tests := []struct {
		name string
		live enroll.Snapshot
		out  []enroll.Finding
	}{
		{"valid", cert(200*enroll.Day, "apple@contoso.com"), []enroll.Finding{life(enroll.OK, 200, "the push certificate is valid for 200 days, until 2027-06-10 ("+whose+")", "")}},
		{"warning", cert(20*enroll.Day, "apple@contoso.com"), []enroll.Finding{
			life(enroll.Warning, 20, "the push certificate expires in 20 days, on 2026-12-12 (limit 30 days; "+whose+")", ""), hint}},
		{"critical, account not recorded", cert(enroll.Day, ""), []enroll.Finding{
			life(enroll.Error, 1, "the push certificate expires in 24 hours, on 2026-11-23 (limit 7 days; topic com.apple.mgmt.External.1, Apple account not recorded)", ""),
			{Rule: "X-13", Severity: enroll.Info, On: Ref(), Message: "nobody wrote down which Apple account the certificate with topic com.apple.mgmt.External.1 belongs to: find it before the renewal",
				Fix: "look in the mailboxes that may have got Apple's reminders; the account is right when identity.apple.com shows a certificate with this topic"}}},
		{"in grace", cert(-10*enroll.Day, "apple@contoso.com"), []enroll.Finding{
			life(enroll.Error, -10, "the push certificate expired on 2026-11-12; 20 days of the 30 days of grace to renew it are left ("+whose+")", ""), hint}},
		{"grace over", cert(-30*enroll.Day, "apple@contoso.com"), []enroll.Finding{
			life(enroll.Error, -30, "the push certificate expired on 2026-10-23 and its 30 days of grace are over: every device must enroll again ("+whose+")",
				"make a new certificate (intune-enroll pushcert csr prints the steps), upload it (intune-enroll pushcert upload FILE), and have every device enroll again")}},
		{"none", enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.PushCertificate: nil}}, []enroll.Finding{
			{Rule: "GEN-08", Severity: enroll.Error, On: Ref(), Message: "there is no Apple MDM push certificate: nothing can enroll"}}},
		{"could not look", enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.PushCertificate: nil}, Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.PushCertificate}, Reason: "no"}}}, []enroll.Finding{
			{Rule: "GEN-08", Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.PushCertificate}, Message: "could not look: no"},
			{Rule: "X-11", Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.PushCertificate}, Message: "could not look: no"},
			{Rule: "X-13", Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.PushCertificate}, Message: "could not look: no"}}},
		{"not asked", enroll.Snapshot{}, nil},
	}
	rules := Rules(enroll.Limits{Warn: []time.Duration{60 * enroll.Day, 30 * enroll.Day}, Critical: []time.Duration{7 * enroll.Day}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.out, enroll.Evaluate(rules, nil, tt.live, now, true)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
