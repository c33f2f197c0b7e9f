package render

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// deviceReport is what a program reads from a list in JSON or YAML.
type deviceReport struct {
	SchemaVersion, Command string
	Devices                []Device
	Count                  int
	Error                  *Error
}

// TestDeviceList: what a list wrote is one valid text in every format: whole,
// empty, and broken off.
func TestDeviceList(t *testing.T) {
	some := []Device{
		{Serial: "DMPX00000001", Profile: "Counter iPads", State: "notContacted", Details: "counter 1"},
		{Serial: "DMPX00000002", State: "enrolled", Contacted: noon(), Details: "=1+1"},
		{Serial: "DMPX00000003", Profile: hostile, Token: "Contoso ABM", Platform: "ios"},
	}
	broken := &Error{Code: "service-error", Message: "page 4: 503", Do: "try again"}
	for _, tc := range []struct {
		name string
		in   []Device
		err  *Error
	}{{"whole", some, nil}, {"empty", []Device{}, nil}, {"broken off", some[:1], broken}, {"broken at once", []Device{}, broken}} {
		for _, format := range DeviceFormats() {
			t.Run(tc.name+" "+format, func(t *testing.T) {
				text := listed(t, format, tc.in, tc.err)
				if strings.ContainsAny(text, "\x1b\u202e\u200b") {
					t.Errorf("acts on a terminal: %q", text)
				}
				switch format {
				case "json", "yaml":
					want := deviceReport{"1", "configurator devices list", tc.in, len(tc.in), tc.err}
					if d := cmp.Diff(want, readBack(t, format, text)); d != "" {
						t.Errorf("(-want +got):\n%s", d)
					}
				case "csv":
					rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
					if err != nil || len(rows) != len(tc.in)+1 || len(tc.in) > 1 && rows[2][4] != "'=1+1" {
						t.Errorf("%v %v", rows, err)
					}
				default:
					last := fmt.Sprintf("%d devices\n", len(tc.in))
					if strings.HasSuffix(text, last) != (tc.err == nil) || strings.Contains(text, "SERIAL") {
						t.Errorf("%s", text)
					}
				}
			})
		}
	}
}

func listed(t *testing.T, format string, devices []Device, e *Error) string {
	t.Helper()
	var b bytes.Buffer
	l := NewDeviceList(&b, format, Report{Command: "configurator devices list", Tool: "intune-enroll", Tenant: contoso()}, Look{})
	for _, d := range devices {
		if err := l.Add(d); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(e); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func readBack(t *testing.T, format, text string) deviceReport {
	t.Helper()
	raw := []byte(text)
	if format == "yaml" {
		var v any
		if err := yaml.Unmarshal(raw, &v); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		var err error
		if raw, err = json.Marshal(v); err != nil {
			t.Fatal(err)
		}
	}
	var got deviceReport
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return got
}
