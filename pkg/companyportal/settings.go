package companyportal

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Variants of a policy's text, as field "variant" has them. Other is found
// only: a text that is neither of the two.
const (
	UserAffinity  = "userAffinity"
	DeviceStaging = "deviceStaging"
	Other         = "other"
)

func variants() []string { return []string{UserAffinity, DeviceStaging} }

// settingsOf is the text of a variant, exact as Microsoft's docs page on
// managed app configuration for iOS gives it: a bare dict without a plist
// round it. Keys are case sensitive; words in double braces are filled in by
// Intune.
func settingsOf(variant string) (string, bool) {
	switch variant {
	case UserAffinity:
		return `<dict>
    <key>IntuneCompanyPortalEnrollmentAfterUDA</key>
    <dict>
        <key>IntuneDeviceId</key>
        <string>{{deviceid}}</string>
        <key>UserId</key>
        <string>{{userid}}</string>
    </dict>
</dict>`, true
	case DeviceStaging:
		return `<dict>
    <key>IntuneUDAUserlessDevice</key>
    <string>{{SIGNEDDEVICEID}}</string>
</dict>`, true
	}
	return "", false
}

// encoded is the text of a variant as Graph takes it: UTF-8 in base64.
func encoded(variant string) (string, error) {
	text, ok := settingsOf(variant)
	if !ok {
		return "", fmt.Errorf("variant %q is not one of %s", variant, strings.Join(variants(), ", "))
	}
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
}

// variantOf recognises a live text by its meaning: white space, comments and
// a plist round the dict make no difference.
func variantOf(encoded string) string {
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return Other
	}
	live, err := readDict(string(raw))
	if err != nil {
		return Other
	}
	for _, v := range variants() {
		text, _ := settingsOf(v)
		if ours, err := readDict(text); err == nil && reflect.DeepEqual(live, ours) {
			return v
		}
	}
	return Other
}

var errNoDict = errors.New("not a dict of strings and dicts")

// readDict reads a dict whose values are strings and dicts, at most three deep.
func readDict(text string) (map[string]any, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		name, _, err := element(d)
		if err != nil {
			return nil, err
		}
		switch name {
		case "plist":
			continue
		case "dict":
			return dict(d, 3)
		}
		return nil, errNoDict
	}
}

// element goes to the next start of an element, or end: then end is true.
// Text on the way is an error.
func element(d *xml.Decoder) (name string, end bool, err error) {
	for {
		t, err := d.Token()
		if err != nil {
			return "", false, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return t.Name.Local, false, nil
		case xml.EndElement:
			return t.Name.Local, true, nil
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return "", false, errNoDict
			}
		}
	}
}

func dict(d *xml.Decoder, depth int) (map[string]any, error) {
	out := map[string]any{}
	for {
		name, end, err := element(d)
		switch {
		case err != nil:
			return nil, err
		case end:
			return out, nil
		case name != "key" || depth == 0:
			return nil, errNoDict
		}
		key, err := content(d)
		if err != nil {
			return nil, err
		}
		if _, twice := out[key]; twice {
			return nil, errNoDict
		}
		switch name, end, err = element(d); {
		case err != nil:
			return nil, err
		case end:
			return nil, errNoDict
		case name == "string":
			out[key], err = content(d)
		case name == "dict":
			out[key], err = dict(d, depth-1)
		default:
			return nil, errNoDict
		}
		if err != nil {
			return nil, err
		}
	}
}

// content is the text up to the end of the element begun.
func content(d *xml.Decoder) (string, error) {
	var b strings.Builder
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return "", errNoDict
		} else if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			return strings.TrimSpace(b.String()), nil
		case xml.StartElement:
			return "", errNoDict
		}
	}
}
