package render

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Device is one row of a list of devices. Members that a list does not know
// stay empty.
type Device struct {
	Serial    string    `json:"serial"`
	Token     string    `json:"token,omitempty"`
	Profile   string    `json:"profile"` // name, or id where no profile has it; "" for none
	State     string    `json:"state"`
	Platform  string    `json:"platform,omitempty"`
	Contacted time.Time `json:"contacted,omitzero"`
	Details   string    `json:"details,omitempty"`
}

// DeviceList writes devices one by one, so that a list takes the same memory
// however long it is. What it wrote is valid and complete after Close.
type DeviceList struct {
	w      io.Writer
	format string
	look   Look
	head   Report
	rows   *csv.Writer
	count  int
	begun  bool
}

// DeviceFormats are the formats of lists of devices.
func DeviceFormats() []string { return []string{"table", "json", "yaml", "csv"} }

// NewDeviceList is a list that begins with the members of the report.
func NewDeviceList(w io.Writer, format string, head Report, look Look) *DeviceList {
	head.Schema = enroll.SchemaVersion
	head.Findings, head.Gaps = emptyNotNull(head.Findings), emptyNotNull(head.Gaps)
	return &DeviceList{w: w, format: format, head: head, look: look, rows: csv.NewWriter(w)}
}

// Add writes one device.
func (l *DeviceList) Add(d Device) error {
	if err := l.begin(); err != nil {
		return err
	}
	l.count++
	switch l.format {
	case "json":
		text, err := jsonText(d, "    ")
		if err != nil {
			return err
		}
		separator := ",\n    "
		if l.count == 1 {
			separator = "\n    "
		}
		return l.write(separator + text)
	case "yaml":
		text, err := yamlText([]Device{d})
		if err != nil {
			return err
		}
		if l.count == 1 {
			text = "devices:\n" + text
		}
		return l.write(text)
	case "csv":
		contacted := ""
		if !d.Contacted.IsZero() {
			contacted = d.Contacted.UTC().Format(time.RFC3339)
		}
		return l.rows.Write([]string{cell(d.Serial), cell(d.Profile), cell(d.State), contacted, cell(d.Details), cell(d.Token), cell(d.Platform)})
	default:
		return l.row(d.Serial, d.State, cmp.Or(date(d.Contacted, l.look.Titles), "never"), cmp.Or(d.Profile, "(none)"), d.Token, d.Details)
	}
}

// Close ends the list, with the error that ended it before its time, if any.
func (l *DeviceList) Close(e *Error) error {
	if err := l.begin(); err != nil {
		return err
	}
	switch l.format {
	case "json":
		return l.jsonTail(e)
	case "yaml":
		return l.yamlTail(e)
	case "csv":
		l.rows.Flush()
		return l.rows.Error()
	}
	if e != nil {
		return nil // stderr says why, and the count would look like the whole
	}
	return l.write(plural(l.count, "device") + "\n")
}

// begin writes what comes before the first device, once.
func (l *DeviceList) begin() error {
	if l.begun {
		return nil
	}
	l.begun = true
	switch l.format {
	case "json":
		text, err := jsonText(l.head, "")
		if err != nil {
			return err
		}
		return l.write(strings.TrimSuffix(text, "\n}") + ",\n  \"devices\": [")
	case "yaml":
		return writeYAML(l.w, l.head)
	case "csv":
		return l.rows.Write([]string{"serial", "profile", "state", "contacted", "details", "token", "platform"})
	}
	if !l.look.Titles {
		return nil
	}
	return l.row("SERIAL", "STATE", "CONTACTED", "PROFILE", "", "")
}

// row is one line for people. The columns are as wide as their values usually
// are: a list that is written as it comes cannot measure them.
func (l *DeviceList) row(serial, state, contacted, profile, token, details string) error {
	line := fmt.Sprintf("%-14s  %-12s  %-20s  %s", term.Clean(serial), term.Clean(state), contacted, term.Clean(profile))
	for _, more := range []string{token, details} {
		if more != "" {
			line += "  " + term.Clean(more)
		}
	}
	return l.write(strings.TrimRight(line, " ") + "\n")
}

func (l *DeviceList) jsonTail(e *Error) error {
	tail := fmt.Sprintf("],\n  \"count\": %d", l.count)
	if l.count > 0 {
		tail = "\n  " + tail
	}
	if e != nil {
		text, err := jsonText(e, "  ")
		if err != nil {
			return err
		}
		tail += ",\n  \"error\": " + text
	}
	return l.write(tail + "\n}\n")
}

func (l *DeviceList) yamlTail(e *Error) error {
	text, err := yamlText(struct {
		Count int    `json:"count"`
		Error *Error `json:"error,omitempty"`
	}{l.count, e})
	if err != nil {
		return err
	}
	if l.count == 0 {
		text = "devices: []\n" + text
	}
	return l.write(text)
}

func (l *DeviceList) write(s string) error {
	_, err := io.WriteString(l.w, s)
	return err
}

// jsonText is a value as indented JSON, without a line break at its end.
func jsonText(v any, prefix string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("render a device: %w", err)
	}
	return visible(strings.TrimSuffix(b.String(), "\n")), nil
}

// yamlText is a value as YAML at the margin.
func yamlText(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("render a device: %w", err)
	}
	y := yamlWriter{d: json.NewDecoder(bytes.NewReader(raw))}
	y.d.UseNumber()
	if err := y.value(0, false); err != nil {
		return "", fmt.Errorf("render a device: %w", err)
	}
	return y.b.String(), nil
}

// cell keeps spreadsheets from taking foreign text for a formula.
func cell(s string) string {
	s = term.Clean(s)
	if strings.IndexAny(s, "=+-@") == 0 {
		return "'" + s
	}
	return s
}
