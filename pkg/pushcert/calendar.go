package pushcert

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Calendar is a calendar file (RFC 5545) with two days: thirty days before the
// certificate ends, with alarms, and its last day. The events of a renewed
// certificate take the place of those before.
func Calendar(tenant, tenantID string, c graph.PushCertificate, now time.Time) []byte {
	var b strings.Builder
	line := func(name, value string) { b.WriteString(fold(name + ":" + value)) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//intune-enroll//push certificate//EN")
	how := fmt.Sprintf("Tenant %s. Apple account %s. Topic %s.\n%s", tenant, known(c.AppleID), known(c.Topic), strings.Join(Steps(&c, "the file of: intune-enroll pushcert csr", now), "\n"))
	for _, e := range []struct {
		id, summary string
		on          time.Time
		alarms      []string
	}{
		{"renew", "Renew the Apple MDM push certificate of " + tenant, c.Expires.Add(-30 * enroll.Day), []string{"-P7D", "PT9H", "P14D"}},
		{"end", "The Apple MDM push certificate of " + tenant + " ends today", c.Expires, []string{"-P3D", "-P1D", "PT9H"}},
	} {
		line("BEGIN", "VEVENT")
		line("UID", "push-certificate-"+e.id+"-"+tenantID+"@intune-enroll")
		line("DTSTAMP", now.UTC().Format("20060102T150405Z"))
		line("SEQUENCE", fmt.Sprint(c.Expires.Unix()/int64(enroll.Day/time.Second)))
		line("DTSTART;VALUE=DATE", e.on.UTC().Format("20060102"))
		line("SUMMARY", calendarText(e.summary))
		line("DESCRIPTION", calendarText(how))
		line("URL", "https://identity.apple.com/pushcert")
		line("TRANSP", "TRANSPARENT")
		for _, at := range e.alarms {
			line("BEGIN", "VALARM")
			line("ACTION", "DISPLAY")
			line("TRIGGER", at)
			line("DESCRIPTION", calendarText(e.summary))
			line("END", "VALARM")
		}
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return []byte(b.String())
}

// calendarText escapes a text and drops control characters.
func calendarText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// fold ends a line, and breaks it before it is longer than 75 octets, between
// characters.
func fold(s string) string {
	var b strings.Builder
	width := 0
	for _, r := range s {
		if n := utf8.RuneLen(r); width+n > 75 {
			b.WriteString("\r\n ")
			width = 1 + n
		} else {
			width += n
		}
		b.WriteRune(r)
	}
	return b.String() + "\r\n"
}
