package configurator

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// How many serial numbers go in one request: 5,000 is what Intune takes in one
// import (Microsoft docs, 2026); the limit of a move is not documented, scripts
// in use send 100.
const (
	importBatch = 5000
	moveBatch   = 100
)

// maxDevices is how many devices for Apple Configurator a tenant takes (Microsoft docs, 2025).
const maxDevices = 75_000

// The writes of the kind; a number and a total follow.
const (
	opImport  = "import"  // serial numbers that are not there
	opMove    = "move"    // imported ones that have no profile or another one
	opDetails = "details" // imported ones whose details are overwritten
)

// Plan imports the wanted serial numbers that are not there, and changes those
// that are there only where the file asks for it.
func (devices) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	var there DevicesFacts
	for _, o := range have {
		if facts, ok := o.Facts.(DevicesFacts); ok {
			there = facts
		}
	}
	var changes []enroll.Change
	var findings []enroll.Finding
	room := maxDevices - there.Total
	for _, w := range want {
		s := sort(w, there.Devices, all)
		changes = append(changes, s.changes()...)
		findings = append(findings, s.findings()...)
		if room -= len(s.absent); room < 0 && room+len(s.absent) >= 0 {
			findings = append(findings, s.finding(enroll.Error, pathSerials,
				fmt.Sprintf("the tenant has %s for Apple Configurator, and with these there would be more than %d", enroll.Plural(there.Total, "device"), maxDevices),
				"delete devices that are no longer used in the admin center, or import fewer"))
		}
	}
	return changes, findings
}

// sorted are the serial numbers of one profile by what has to be done.
type sorted struct {
	want      enroll.Object
	profile   enroll.Ref
	overwrite bool
	details   map[string]string
	names     map[string]string // of profiles, by the last part of their ids
	absent    []string
	elsewhere []DeviceFacts // with no profile, or with another one
	outdated  []string      // other details than the file says
}

func sort(w enroll.Object, there map[string]DeviceFacts, all enroll.Snapshot) sorted {
	e, _ := w.Facts.(enroll.Entry)
	s := sorted{want: w, overwrite: setupOf(e.Values).overwrite, details: texts(e.Values.List(pathDetails)), names: map[string]string{"": ""}}
	s.profile, _ = w.Fields[fieldProfile].(enroll.Ref)
	for _, o := range all.Objects[enroll.ConfiguratorProfile] {
		s.names[lastSegment(o.Handles[enroll.ID])] = o.Ref.Name
	}
	id := ""
	if o, ok := all.Get(s.profile); ok {
		id = lastSegment(o.Handles[enroll.ID])
	}
	for _, serial := range w.Items {
		d, imported := there[serial]
		if !imported {
			s.absent = append(s.absent, serial)
			continue
		}
		if id == "" || d.ProfileID != id {
			s.elsewhere = append(s.elsewhere, d)
		}
		if text := s.details[serial]; text != "" && text != d.Details {
			s.outdated = append(s.outdated, serial)
		}
	}
	slices.SortFunc(s.elsewhere, func(a, b DeviceFacts) int {
		return cmp.Or(cmp.Compare(a.ProfileID, b.ProfileID), cmp.Compare(a.Serial, b.Serial))
	})
	return s
}

// name is what a profile is called.
func (s sorted) name(id string) string {
	if name, known := s.names[id]; known {
		return name
	}
	return "unknown profile " + id
}

// moving are the devices that get the profile: those without one, and those
// with another one where the file says overwrite.
func (s sorted) moving() []DeviceFacts {
	return slices.DeleteFunc(slices.Clone(s.elsewhere), func(d DeviceFacts) bool { return d.ProfileID != "" && !s.overwrite })
}

func (s sorted) changes() []enroll.Change {
	var out []enroll.Change
	add := func(op string, n, of int, serials []string) *enroll.Change {
		out = append(out, enroll.Change{
			Ref: s.want.Ref, Verb: enroll.Update, Op: fmt.Sprintf("%s %d/%d", op, n, of), Lane: string(enroll.ConfiguratorDevices),
			Before: enroll.Object{Ref: s.want.Ref, Fields: enroll.Fields{}}, After: enroll.Fields{fieldProfile: s.profile},
			Needs: []enroll.Ref{s.profile}, Origin: s.want.Origin, Items: enroll.Items{Add: serials},
		})
		return &out[len(out)-1]
	}
	n, total := 0, batches(len(s.absent), importBatch)
	for part := range slices.Chunk(s.absent, importBatch) {
		n++
		c := add(opImport, n, total, part)
		c.Items.Total = len(s.absent)
		c.After[fieldDetails] = s.lines(part)
		c.Undo = enroll.Undo{Level: "none", Why: "imported serial numbers are taken away in the admin center only"}
	}
	moving := s.moving()
	n, total = 0, batches(len(moving), moveBatch)
	for part := range slices.Chunk(moving, moveBatch) {
		n++
		s.move(add(opMove, n, total, nil), part, len(moving))
	}
	if !s.overwrite {
		return out
	}
	n, total = 0, batches(len(s.outdated), importBatch)
	for part := range slices.Chunk(s.outdated, importBatch) {
		n++
		c := add(opDetails, n, total, part)
		c.Items.Total = len(s.outdated)
		c.After[fieldDetails] = s.lines(part)
		c.Undo = enroll.Undo{Level: "none", Why: "the details before are in the admin center only"}
	}
	return out
}

// move fills in a change that gives devices the profile.
func (s sorted) move(c *enroll.Change, part []DeviceFacts, total int) {
	c.Items = enroll.Items{From: map[string]int{}, Total: total}
	enrolled := 0
	for _, d := range part {
		name := s.name(d.ProfileID)
		c.Items.Add = append(c.Items.Add, d.Serial)
		c.Items.From[name]++
		if name != "" {
			c.Before.Fields[name] = append(c.Before.Fields.List(name), d.Serial)
		}
		if d.State == "enrolled" {
			enrolled++
		}
	}
	slices.Sort(c.Items.Add)
	if enrolled > 0 {
		c.Effects = append(c.Effects, enroll.Effect{On: s.profile, Text: "of these devices are enrolled already and notice only after they are reset", N: enrolled})
	}
	const why = "Graph cannot take a profile away from devices that had none"
	switch c.Items.From[""] {
	case 0:
		c.Undo = enroll.Undo{Level: "full"}
	case len(part):
		c.Undo = enroll.Undo{Level: "none", Why: why}
	default:
		c.Undo = enroll.Undo{Level: "partial", Why: why}
	}
}

// lines are the details of serial numbers as SERIAL,details.
func (s sorted) lines(serials []string) []string {
	out := []string{}
	for _, serial := range serials {
		if text := s.details[serial]; text != "" {
			out = append(out, serial+","+text)
		}
	}
	return out
}

// findings say what stays as it is because the file does not ask to overwrite.
func (s sorted) findings() []enroll.Finding {
	if s.overwrite {
		return nil
	}
	others := map[string][]string{} // profile -> serials
	for _, d := range s.elsewhere {
		if d.ProfileID != "" {
			others[s.name(d.ProfileID)] = append(others[s.name(d.ProfileID)], d.Serial)
		}
	}
	var out []enroll.Finding
	for _, name := range slices.Sorted(maps.Keys(others)) {
		out = append(out, s.finding(enroll.Error, pathSerials,
			fmt.Sprintf("%s imported already, under profile %q", some(others[name]), name),
			"leave it out here, or write devices.overwrite: true (--overwrite) to move what is imported to this profile"))
	}
	if len(s.outdated) > 0 {
		out = append(out, s.finding(enroll.Info, pathDetails,
			fmt.Sprintf("%s imported already with other details, which stay", some(s.outdated)),
			"write devices.overwrite: true (--overwrite) to replace them"))
	}
	return out
}

func (s sorted) finding(severity enroll.Severity, path, message, fix string) enroll.Finding {
	return enroll.Finding{Rule: ruleSerials, Severity: severity, On: s.want.Ref, Path: path, Origin: s.want.Where(path), Message: message, Fix: fix}
}

// some shows up to five serial numbers and how many there are.
func some(serials []string) string {
	if len(serials) == 1 {
		return "serial number " + serials[0] + " is"
	}
	return "serial numbers " + few(serials) + " are"
}

func batches(n, size int) int { return (n + size - 1) / size }
