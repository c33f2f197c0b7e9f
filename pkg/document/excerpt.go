package document

import (
	"bytes"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Line is the line of a file at a place, as it stands there. It is "" for a
// place outside the sources: lists of serial numbers are never shown.
func Line(sources []Source, at enroll.Origin) string {
	for _, s := range sources {
		if s.Name == at.File && at.Line > 0 {
			return line(s.Data, at.Line)
		}
	}
	return ""
}

func line(data []byte, number int) string {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for range number - 1 {
		_, rest, ok := bytes.Cut(data, []byte("\n"))
		if !ok {
			return ""
		}
		data = rest
	}
	out, _, _ := bytes.Cut(data, []byte("\n"))
	return strings.TrimRight(string(out), "\r")
}
