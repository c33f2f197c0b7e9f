package document

import (
	"strings"
	"testing"
)

func TestUnmarshalRefuses(t *testing.T) {
	const start = `{"apiVersion":"intune-enroll/v1",`
	profile := func(values string) string {
		return start + `"ade":[{"entry":{"values":{},"origin":{}},"profiles":[{"values":{"name":"P","userAffinity":"user",` + values + `},"origin":{}}]}]}`
	}
	for _, tc := range []struct{ name, in, want string }{
		{"not JSON", "x", "invalid character"},
		{"more behind", start + `"groups":[]} {}`, "text after its end"},
		{"version", `{"apiVersion":"intune-enroll/v9"}`, "not of version intune-enroll/v1"},
		{"unknown member", start + `"x":1}`, `unknown field "x"`},
		{"unknown member of an entry", start + `"groups":[{"values":{"name":"G"},"origin":{},"x":1}]}`, `unknown field "x"`},
		{"unknown key", profile(`"x":1`), `"x": no such key`},
		{"a file", profile(`"devices.file":"/etc/passwd"`), `"devices.file": no such key`},
		{"a mapping", profile(`"companyPortal":"x"`), `"companyPortal": no such key`},
		{"wrong type", profile(`"lockedEnrollment":"yes"`), `"lockedEnrollment": is no flag`},
		{"wrong number", profile(`"sharedIPad.maxCachedUsers":1.5`), `is no number`},
		{"wrong choice", profile(`"companyPortal.install":"x"`), `does not know "x"`},
		{"wrong list", profile(`"setupAssistant.hide":["siri",1]`), `is no choices`},
		{"wrong serial", profile(`"devices.serials":["x"]`), `the serial number is 1 character long`},
		{"missing", start + `"groups":[{"values":{"assigned":true},"origin":{}}]}`, "name is missing"},
		{"no values", start + `"groups":[{"origin":{"file":"a"}}]}`, "an entry without values"},
		{"escape", start + `"groups":[{"values":{"name":"a\u001b"},"origin":{}}]}`, "holds the character U+001B"},
		{"twice", start + `"groups":[{"values":{"name":"G"},"origin":{}},{"values":{"name":"G"},"origin":{}}]}`, `group "G" stands twice`},
		{"tenant", start + `"tenant":{"value":"?","origin":{}}}`, "neither an id nor a domain"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := Document{Tenant: Guard{Value: "untouched"}}
			err := d.unmarshal([]byte(tc.in), testTables())
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			if d.Tenant.Value != "untouched" || d.ADE != nil {
				t.Errorf("document changed: %+v", d)
			}
		})
	}
}
