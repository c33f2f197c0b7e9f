package pushcert

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

const pageCertificate = "https://learn.microsoft.com/en-us/intune/intune-service/enrollment/apple-mdm-push-certificate-get"

// UploadRules are those about a certificate that shall be uploaded. The service
// takes any push certificate, and what a wrong one breaks cannot be mended.
func UploadRules() []enroll.Rule {
	return []enroll.Rule{
		upload(enroll.Rule{ID: "push-kind", Severity: enroll.Error, Title: "the certificate is of Apple's MDM push kind",
			Why: "Certificates for apps, for servers or of an MDM vendor look alike and reach no device.",
			Fix: "download the certificate of the vendor Microsoft Corporation at identity.apple.com/pushcert"}, kind),
		upload(enroll.Rule{ID: "push-topic", Severity: enroll.Error, Title: "the certificate has the topic of the present one",
			Why: "Enrolled devices listen to one topic only. With another, which a certificate that was created instead of renewed always has, every one of them is out of reach for good.",
			Fix: "at identity.apple.com/pushcert choose Renew on the certificate with the present topic, with the same Apple account; only where no enrolled device counts: --accept-topic-change"}, topic),
		upload(enroll.Rule{ID: "push-validity", Severity: enroll.Error, Title: "the certificate is valid now, and longer than the present one",
			Why: "An old download uploaded by mistake ends the connection to every device.",
			Fix: "upload the certificate that was downloaded last from identity.apple.com/pushcert"}, validity),
		upload(enroll.Rule{ID: "push-request", Severity: enroll.Error, Title: "the certificate is made from the last signing request",
			Why: "Intune keeps the key of the last request only; a certificate of another key cannot be used.",
			Fix: "renew at Apple with the request that was downloaded last; where it was downloaded elsewhere, name its file with --csr FILE"}, request),
		upload(enroll.Rule{ID: "push-apple-id", Severity: enroll.Warning, Title: "the Apple account stays the same",
			Why: "Only the account that made a certificate can renew it, and the one written down here is what the next person looks for.",
			Fix: "give --apple-id with the account that the certificate was renewed with at identity.apple.com"}, appleID),
	}
}

// upload makes a rule from a check of one upload against what is there.
func upload(r enroll.Rule, check func(u Upload, p Present, there bool, now time.Time) []enroll.Finding) enroll.Rule {
	r.Link = pageCertificate
	r.Check = func(want []enroll.Object, live enroll.Snapshot, now time.Time) []enroll.Finding {
		if _, gap := live.GapIn(enroll.PushCertificate); gap {
			return nil // the gap blocks the plan
		}
		var out []enroll.Finding
		for _, w := range want {
			if u, ok := w.Facts.(Upload); ok {
				p, there := present(live.Objects[enroll.PushCertificate])
				for _, f := range check(u, p, there, now) {
					f.On = Ref()
					out = append(out, f)
				}
			}
		}
		return out
	}
	return r
}

func one(format string, args ...any) []enroll.Finding {
	return []enroll.Finding{{Message: fmt.Sprintf(format, args...)}}
}

func kind(u Upload, _ Present, _ bool, _ time.Time) []enroll.Finding {
	c := u.Certificate
	if !c.MDM() {
		return one("the certificate is for %q with topic %q, not for MDM push, whose topics begin with com.apple.mgmt", c.Name, known(c.Topic))
	}
	if !strings.Contains(c.Issuer, "Apple") {
		return []enroll.Finding{{Severity: enroll.Warning, Message: fmt.Sprintf("the certificate says that it was issued by %q, not by Apple", known(c.Issuer))}}
	}
	return nil
}

func topic(u Upload, p Present, there bool, _ time.Time) []enroll.Finding {
	switch {
	case !there || p.Topic == u.Certificate.Topic:
		return nil
	case u.AcceptTopic:
		return []enroll.Finding{{Severity: enroll.Warning, Message: orphans(p, u.Certificate)}}
	}
	return one("%s", orphans(p, u.Certificate))
}

func validity(u Upload, p Present, there bool, now time.Time) []enroll.Finding {
	c := u.Certificate
	day := func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
	switch {
	case now.Before(c.From):
		return []enroll.Finding{{Message: fmt.Sprintf("the certificate is not valid before %s", day(c.From)), Fix: "upload it when it is valid"}}
	case !now.Before(c.Until):
		return one("the certificate expired on %s", day(c.Until))
	case !there || c.Until.After(p.Expires):
		return nil
	case !inUse(c, p):
		return one("the certificate ends on %s, not later than the present one, which ends on %s", day(c.Until), day(p.Expires))
	case now.Sub(c.From) < fresh || otherAccount(u, p):
		return []enroll.Finding{{Severity: enroll.Info, Message: "the certificate is the one in use"}}
	}
	return one("the certificate is the one in use since %s, not a renewed one: both end on %s", day(c.From), day(c.Until))
}

// fresh is how old a certificate in use may be for another upload of it to be
// the same renewal again, and not the file of the last one by mistake.
const fresh = 30 * enroll.Day

// inUse tells whether a certificate is the present one. In which form the
// service writes the serial number is not established: where it is another than
// ours, the two count as two.
func inUse(c Certificate, p Present) bool {
	plain := func(serial string) string { return strings.TrimLeft(strings.ToUpper(serial), "0") }
	return c.Until.Equal(p.Expires) && (p.SerialNumber == "" || plain(c.Serial) == plain(p.SerialNumber))
}

func otherAccount(u Upload, p Present) bool {
	return u.AppleID != "" && p.AppleID != "" && !strings.EqualFold(u.AppleID, p.AppleID)
}

func request(u Upload, _ Present, _ bool, _ time.Time) []enroll.Finding {
	if u.RequestKey == "" || u.RequestKey == u.Certificate.Key {
		return nil
	}
	return one("the certificate was made from another signing request than the one that is known here")
}

func appleID(u Upload, p Present, there bool, _ time.Time) []enroll.Finding {
	switch {
	case u.AppleID == "" && !there:
		return []enroll.Finding{{Severity: enroll.Error, Message: "this is the first certificate, so the upload has to name the Apple account that made it",
			Fix: "give --apple-id with the account that the certificate was created with at identity.apple.com"}}
	case u.AppleID == "" && p.AppleID == "":
		return []enroll.Finding{{Severity: enroll.Error, Message: "nobody wrote down an Apple account for the present certificate, so the upload has to name one"}}
	case there && otherAccount(u, p):
		return one("the Apple account changes from %s to %s", p.AppleID, u.AppleID)
	}
	return nil
}

// known shows that a text is missing.
func known(s string) string { return cmp.Or(s, "not known") }
