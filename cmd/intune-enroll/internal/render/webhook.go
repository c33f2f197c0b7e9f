package render

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// WebhookFormats are the shapes of a notification: the report itself with a
// summary, what Slack's incoming webhooks take, and what a workflow of Teams
// takes (docs pages of both).
func WebhookFormats() []string { return []string{"json", "slack", "teams"} }

// Webhook is the body of a notification about a report.
func Webhook(format string, r Report) ([]byte, error) {
	r.Schema = enroll.SchemaVersion
	r.Findings, r.Gaps = emptyNotNull(r.Findings), emptyNotNull(r.Gaps)
	head, lines := notice(r)
	var body any
	switch format {
	case "slack":
		text := make([]string, 0, len(lines)+1)
		for _, l := range append([]string{head}, lines...) {
			text = append(text, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(l))
		}
		body = map[string]any{"text": strings.Join(text, "\n"), "mrkdwn": false}
	case "teams":
		body = teamsCard(head, lines)
	default:
		body = map[string]any{"schemaVersion": r.Schema, "event": r.Command, "state": stateWord(r.State()), "summary": head, "report": r}
	}
	text, err := encoded(body, "")
	if err != nil {
		return nil, fmt.Errorf("write the notification: %w", err)
	}
	return []byte(text), nil
}

// teamsCard is an adaptive card of plain texts: nothing in them is markup.
func teamsCard(head string, lines []string) any {
	text := func(s, weight string) any {
		return map[string]any{"type": "RichTextBlock", "inlines": []any{map[string]any{"type": "TextRun", "text": s, "weight": weight}}}
	}
	blocks := []any{text(head, "Bolder")}
	for _, l := range lines {
		blocks = append(blocks, text(l, "Default"))
	}
	return map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.adaptive",
		"content":     map[string]any{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": blocks},
	}}}
}

// mostNoticed is how many findings a notification shows.
const mostNoticed = 20

// notice is a headline, and a line for each thing that is not well.
func notice(r Report) (head string, lines []string) {
	head = "Intune enrollment " + stateWord(r.State()) + ": " + nagiosHead(r)
	for _, p := range r.parts() {
		in := p.in()
		for _, f := range bad(p.Findings) {
			if f.Severity.AtLeast(enroll.Warning) {
				lines = append(lines, in+stateWord(f.Severity)+": "+told(f))
			}
		}
		for _, g := range p.gapsAlone() {
			lines = append(lines, in+"could not look at "+thing(g.Scope)+": "+term.Clean(g.Reason))
		}
		if p.Error != nil && p.Context != "" {
			lines = append(lines, in+term.Clean(p.Error.Message))
		}
	}
	if more := len(lines) - mostNoticed; more > 0 {
		lines = append(lines[:mostNoticed], fmt.Sprintf("and %d more", more))
	}
	return head, lines
}

// Fingerprint is the same for reports that say the same is wrong, whatever the
// dates and counts in their texts; "" when nothing is. A tighter limit that an
// expiry has passed is something else.
func Fingerprint(r Report) string {
	var wrong []string
	for _, p := range r.parts() {
		for _, f := range p.Findings {
			if f.Severity.AtLeast(enroll.Warning) {
				_, limit := p.Limits[f.On.Kind].Passed(f.Until.Sub(p.At))
				if f.Until.IsZero() {
					limit = 0
				}
				wrong = append(wrong, fmt.Sprintf("%q %q %q %q %q %s", p.Context, f.Severity, f.Rule, f.On, f.Path, limit))
			}
		}
		for _, g := range p.Gaps {
			wrong = append(wrong, fmt.Sprintf("%q gap %q", p.Context, g.Scope))
		}
		if p.Error != nil {
			wrong = append(wrong, fmt.Sprintf("%q error %q", p.Context, p.Error.Code))
		}
	}
	if r.Error != nil {
		wrong = append(wrong, fmt.Sprintf("error %q", r.Error.Code))
	}
	if len(wrong) == 0 {
		return ""
	}
	slices.Sort(wrong)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(wrong), "\n")))
	return hex.EncodeToString(sum[:])
}
