package document

import (
	"maps"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Keys about devices. A CSV file named by fileKey is folded into serialsKey.
const (
	serialsKey = "devices.serials"
	fileKey    = "devices.file"
	detailsKey = "devices.details" // where the table has it: the second column of a CSV file, as SERIAL,details
)

// maxSerials is how many serial numbers all files together may list.
const maxSerials = 1_000_000

// serial is the canonical form of a serial number: trimmed, upper case, 8 to
// 14 of A-Z and 0-9. The problem never repeats the text.
func serial(s string) (string, *problem) {
	s = strings.ToUpper(strings.TrimSpace(s))
	digits := strings.Trim(s, "0123456789") == ""
	switch {
	case s == "":
		return "", wrong("", "the serial number is empty")
	case strings.ContainsAny(s, " \t\u00a0"):
		return "", wrong("write it in one piece", "the serial number has a space inside")
	case digits && len(s) >= 14:
		return "", wrong("use the serial number: 8 to 14 letters and digits", "this looks like an IMEI, not like a serial number")
	case strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "":
		return "", wrong("a serial number is 8 to 14 of A-Z and 0-9", "the serial number holds a character other than A-Z and 0-9")
	case len(s) < 8 || len(s) > 14:
		return "", wrong("a serial number is 8 to 14 of A-Z and 0-9", "the serial number is %s long", enroll.Plural(len(s), "character"))
	}
	return s, nil
}

// serialList reads the list that stands in the document itself. Items may look
// like numbers.
func (r *reader) serialList(n node) {
	if n.shape != list {
		r.refuse(n.at, serialsKey, "write each serial number on a line of its own after a dash (-)", "%s wants a list, this is %s", serialsKey, n.shape)
		return
	}
	for _, item := range n.items {
		if item.shape != text && item.shape != number && item.shape != flag {
			r.refuse(item.at, serialsKey, "", "%s wants serial numbers, this is %s", serialsKey, item.shape)
			continue
		}
		s, bad := serial(item.text)
		if bad != nil {
			r.refuse(item.at, serialsKey, bad.fix, "%s", bad.text)
			continue
		}
		r.addSerial(s, item.at)
	}
}

func (r *reader) addSerial(s string, at enroll.Origin) (added bool) {
	if first, twice := r.sources[s]; twice {
		r.refuse(at, serialsKey, "delete one of the two", "the same serial number stands at %s", first)
		return false
	}
	if r.serials++; r.serials == maxSerials+1 {
		r.refuse(at, serialsKey, "split the devices over several runs", "more than %d serial numbers in all files", maxSerials)
	}
	if r.serials > maxSerials {
		return false
	}
	r.sources[s] = at
	return true
}

// addDetails keeps what a CSV file says beside a serial number, where the table
// of keys has a place for it.
func (r *reader) addDetails(s, text string, at enroll.Origin) {
	key, wanted := find(r.keys, detailsKey)
	if !wanted || text == "" {
		return
	}
	clean, bad := check(key, s+","+text)
	line, ok := clean.(string)
	if bad != nil || !ok {
		r.refuse(at, detailsKey, "write up to 128 characters that can be seen", "the details hold what Intune cannot show")
		return
	}
	r.details = append(r.details, line)
}

// devices folds the serial numbers of the entry, listed and from its file, into one value.
func (r *reader) devices() {
	if name, ok := r.entry.Values[fileKey].(string); ok {
		r.serialFile(name, r.entry.Where(fileKey))
	}
	delete(r.entry.Values, fileKey)
	if !r.seen[serialsKey] && !r.seen[fileKey] {
		return
	}
	if _, ok := r.entry.At[serialsKey]; !ok {
		r.entry.At[serialsKey] = r.entry.Where(fileKey)
	}
	if len(r.details) > 0 {
		r.entry.Values[detailsKey] = enroll.Set(append(r.details, r.entry.Values.List(detailsKey)...)...)
		if _, ok := r.entry.At[detailsKey]; !ok {
			r.entry.At[detailsKey] = r.entry.Where(fileKey)
		}
	}
	// Places of single serial numbers are not kept: there may be many thousands.
	r.entry.Values[serialsKey] = enroll.Set(slices.Collect(maps.Keys(r.sources))...)
}
