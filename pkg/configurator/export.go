package configurator

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/smallstep/pkcs7"
	"howett.net/plist"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Valid is how long an exported .mobileconfig can be used (Microsoft docs page
// on setting up enrollment with Apple Configurator, 2026).
const Valid = 14 * enroll.Day

// URL is where devices of a live profile enroll in Setup Assistant.
func URL(profile enroll.Object) (string, error) {
	facts, _ := profile.Facts.(ProfileFacts)
	u, err := url.Parse(facts.URL)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("the service gives no enrollment URL for profile %q: look at it in the admin center under Apple Configurator", profile.Ref.Name)
	}
	return facts.URL, nil
}

// MobileConfig exports the file with which a Mac enrolls devices of a live
// profile directly: a property list, signed or not. Whoever has it can enroll a
// device. Only profiles without user affinity have one.
func MobileConfig(ctx context.Context, c *graph.Client, profile enroll.Object) ([]byte, error) {
	if profile.Fields.Text(pathAffinity) != AffinityNone {
		return nil, fmt.Errorf("profile %q has user affinity, and direct enrollment is for profiles without: export its URL", profile.Ref.Name)
	}
	path, err := newAccount(c).path(ctx, "enrollmentProfiles", profile.Handles[enroll.ID], "exportMobileConfig")
	if err != nil {
		return nil, err
	}
	act := fmt.Sprintf("export the .mobileconfig of profile %q", profile.Ref.Name)
	answer, err := c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: path, Needs: []string{graph.ServiceConfigRead}})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", act, err)
	}
	var body struct{ Value string }
	if err := json.Unmarshal(answer.Body, &body); err != nil {
		return nil, fmt.Errorf("%s: the answer cannot be read: %w", act, err)
	}
	file, err := decodeMobileConfig(body.Value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", act, err)
	}
	return file, nil
}

var errNoProfile = errors.New("what came is no configuration profile: download it in the admin center")

// decodeMobileConfig finds the file in the answer. Whether the service sends
// its text or base64 of it, and whether it is signed, is not established: all
// are accepted, and nothing but a configuration profile.
func decodeMobileConfig(value string) ([]byte, error) {
	text := strings.TrimSpace(strings.TrimPrefix(value, "\ufeff"))
	file := []byte(text)
	if !strings.HasPrefix(text, "<") {
		raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			return nil, errNoProfile
		}
		file = raw
	}
	content := file
	if !bytes.HasPrefix(bytes.TrimLeft(file, "\ufeff \t\r\n"), []byte("<")) {
		signed, err := pkcs7.Parse(file)
		if err != nil {
			return nil, errNoProfile
		}
		content = signed.Content
	}
	var payload struct {
		Type string `plist:"PayloadType"`
	}
	if _, err := plist.Unmarshal(content, &payload); err != nil || payload.Type != "Configuration" && payload.Type != "Profile Service" {
		return nil, errNoProfile
	}
	return file, nil
}

// Exported is one .mobileconfig that was exported.
type Exported struct {
	Profile string    `json:"profile"`
	File    string    `json:"file"`
	At      time.Time `json:"at"`
}

// Until is when the file runs out.
func (e Exported) Until() time.Time { return e.At.Add(Valid) }

// soon is how long before it runs out a file is reported.
const soon = 3 * enroll.Day

// ExportFindings say of each exported file, as rule X-63, whether it can still
// be used. Files that are gone should be left out: nobody uses them.
func ExportFindings(exports []Exported, now time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, e := range exports {
		f := enroll.Finding{Rule: "X-63", Severity: enroll.OK, On: enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: e.Profile}, Until: e.Until()}
		f = f.InDays(e.Until().Sub(now))
		switch left := e.Until().Sub(now); {
		case left <= 0:
			f.Severity = enroll.Warning
			f.Message = fmt.Sprintf("the exported file %s ran out on %s: devices cannot enroll with it any more", e.File, e.Until().UTC().Format(time.DateOnly))
		case left <= soon:
			f.Severity = enroll.Info
			f.Message = fmt.Sprintf("the exported file %s runs out on %s", e.File, e.Until().UTC().Format(time.DateOnly))
		default:
			f.Message = fmt.Sprintf("the exported file %s can be used until %s", e.File, e.Until().UTC().Format(time.DateOnly))
		}
		if f.Severity != enroll.OK {
			f.Fix = fmt.Sprintf("export it again: intune-enroll configurator export %s --out %s; or delete the file", enroll.ShellWord(e.Profile), enroll.ShellWord(e.File))
		}
		out = append(out, f)
	}
	return out
}
