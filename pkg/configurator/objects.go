package configurator

import (
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// setup is what an entry decides, with what follows from it.
type setup struct {
	affinity, mode, auth, install string // "" where the file does not say it
	accepted, overwrite           bool
	serials                       []string
}

func setupOf(v enroll.Fields) setup {
	s := setup{affinity: v.Text(pathAffinity), mode: v.Text(pathMode), auth: v.Text(pathAuth), install: v.Text(pathInstall), serials: v.List(pathSerials)}
	s.accepted, _ = v.Flag(pathUnregistered)
	s.overwrite, _ = v.Flag(pathOverwrite)
	if s.mode == "" {
		s.mode = Mode(s.affinity)
	}
	return s
}

// Mode is how devices of a profile with that user affinity enroll where nothing
// else is said; "" when the affinity is not known.
func Mode(affinity string) string {
	switch affinity {
	case AffinityUser:
		return ModeSetup
	case AffinityNone:
		return ModeDirect
	}
	return ""
}

// ModeOf is how devices of the profile that an entry describes enroll.
func ModeOf(e enroll.Entry) string { return setupOf(e.Values).mode }

// Objects are the profiles that the entries ask for and the serial numbers of
// each. The Facts of each object are the enroll.Entry it came from.
func Objects(entries []enroll.Entry) ([]enroll.Object, []enroll.Finding) {
	var out []enroll.Object
	var findings []enroll.Finding
	for _, e := range entries {
		out = append(out, profileObject(e))
		if e.Presence() == enroll.Absent {
			continue
		}
		findings = append(findings, strayDetails(e)...)
		if serials := e.Values.List(pathSerials); len(serials) > 0 {
			out = append(out, devicesObject(e, serials))
		}
	}
	return out, findings
}

func profileObject(e enroll.Entry) enroll.Object {
	o := enroll.Object{
		Ref: enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: e.Values.Text(pathName)}, Pinned: e.Values.Text(pathPin),
		Origin: e.Origin, At: e.At, Facts: e, State: e.Presence(), Fields: enroll.Fields{}, Default: enroll.Fields{pathDescription: ""},
	}
	if o.State == enroll.Absent {
		return o
	}
	if e.Has(pathDescription) {
		o.Fields[pathDescription] = e.Values[pathDescription]
	}
	s := setupOf(e.Values)
	if s.affinity != "" {
		o.Fields[pathAffinity] = s.affinity
	}
	if s.affinity != AffinityNone {
		// Without a user there is neither sign-in nor Company Portal (rules CFP-03 and CFP-05).
		for path, value := range map[string]string{pathAuth: s.auth, pathInstall: s.install} {
			if value != "" {
				o.Fields[path] = value
			}
		}
	}
	return o
}

// devicesObject wants serial numbers on a profile. It is named by the profile;
// one that the file pins by id is pointed to by that id.
func devicesObject(e enroll.Entry, serials []string) enroll.Object {
	name := e.Values.Text(pathName)
	target := name
	if id := e.Values.Text(pathPin); id != "" {
		target = id
	}
	return enroll.Object{
		Ref:     enroll.Ref{Kind: enroll.ConfiguratorDevices, Name: name},
		Origin:  e.Where(pathSerials),
		NamedBy: fieldProfile,
		Fields:  enroll.Fields{fieldProfile: enroll.Ref{Kind: enroll.ConfiguratorProfile, Name: target}},
		At:      map[string]enroll.Origin{fieldProfile: e.Where(pathName), pathOverwrite: e.Where(pathOverwrite), pathDetails: e.Where(pathDetails)},
		Items:   enroll.Set(serials...),
		Facts:   e,
	}
}

// strayDetails refuses details of devices that the entry does not list, and
// two details of one device.
func strayDetails(e enroll.Entry) []enroll.Finding {
	var out []enroll.Finding
	seen := map[string]bool{}
	serials := e.Values.List(pathSerials)
	for _, line := range e.Values.List(pathDetails) {
		serial, _, _ := strings.Cut(line, ",")
		f := enroll.Finding{Rule: ruleSerials, Severity: enroll.Error, Path: pathDetails, Origin: e.Where(pathDetails), On: enroll.Ref{Kind: enroll.ConfiguratorDevices, Name: e.Values.Text(pathName)}}
		switch _, listed := slices.BinarySearch(serials, serial); {
		case seen[serial]:
			f.Message, f.Fix = "serial number "+serial+" has details twice", "delete one of the two"
		case !listed:
			f.Message, f.Fix = "details are given for serial number "+serial+", which this profile does not list", "add it to devices.serials, or delete its details"
		default:
			seen[serial] = true
			continue
		}
		out = append(out, f)
	}
	return out
}
