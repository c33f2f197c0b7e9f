package sim

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// fleet is the device identities of one token: n devices made lazily from their number, so that 200,000 cost nothing,
// and those imported by hand.
type fleet struct {
	token    string
	n        int
	prefix   string         // of the serials: prefix and eight digits
	pattern  []string       // profile of device i is pattern[i % len], "" for none
	moved    map[int]string // assigned since then
	imported []*identityRow
	since    time.Time
}

// identityRow is a device imported for Apple Configurator.
type identityRow struct{ serial, description, profile string }

func newFleet(token string) *fleet {
	return &fleet{token: token, moved: map[int]string{}}
}

func (f *fleet) clone() *fleet {
	n := *f
	n.moved = maps.Clone(f.moved)
	n.imported = nil
	for _, r := range f.imported {
		row := *r
		n.imported = append(n.imported, &row)
	}
	return &n
}

func (f *fleet) serial(i int) string { return fmt.Sprintf("%s%08d", f.prefix, i+1) }

// index finds a lazily made device by its serial.
func (f *fleet) index(serial string) (int, bool) {
	digits, fits := strings.CutPrefix(serial, f.prefix)
	i, err := strconv.Atoi(digits)
	return i - 1, fits && err == nil && len(digits) == 8 && i >= 1 && i <= f.n
}

func (f *fleet) row(serial string) *identityRow {
	i := slices.IndexFunc(f.imported, func(r *identityRow) bool { return r.serial == serial })
	if i < 0 {
		return nil
	}
	return f.imported[i]
}

func (f *fleet) profile(i int) string {
	if p, moved := f.moved[i]; moved {
		return p
	}
	if len(f.pattern) == 0 {
		return ""
	}
	return f.pattern[i%len(f.pattern)]
}

func (f *fleet) uses(profile string) bool {
	for i := range f.n {
		if f.profile(i) == profile {
			return true
		}
	}
	return slices.ContainsFunc(f.imported, func(r *identityRow) bool { return r.profile == profile })
}

// identity shapes the ith device of a token.
func (c *call) identity(f *fleet, i int) object {
	if i >= f.n {
		r := f.imported[i-f.n]
		return c.identityObject(f, i, r.serial, r.description, r.profile, "adminImport")
	}
	return c.identityObject(f, i, f.serial(i), "", f.profile(i), "deviceEnrollmentProgram")
}

func (c *call) identityObject(f *fleet, i int, serial, description, profile, source string) object {
	state := "notContacted"
	var contacted any
	if profile != "" && i%3 != 0 && source != "adminImport" {
		state, contacted = "enrolled", stamp(f.since.AddDate(0, 0, 30))
	}
	o := object{
		"id": guid(f.token + serial), "serialNumber": serial, "description": description, "discoverySource": source, "platform": "ios",
		"createdDateTime": stamp(f.since), "enrollmentState": state, "isDeleted": false, "isSupervised": source != "adminImport",
		"lastContactedDateTime": contacted, "requestedEnrollmentProfileId": c.requested(f, i, profile),
	}
	if profile != "" {
		o["requestedEnrollmentProfileAssignmentDateTime"] = stamp(f.since)
	}
	return o
}

// requested writes the profile of a device in the different forms it has been seen in: with token, bare, and for a
// policy with the mirror's prefix; and none as null, as an empty string and as zeros.
func (c *call) requested(f *fleet, i int, profile string) any {
	switch {
	case profile == "":
		return []any{nil, "", zeroGUID}[i%3]
	case i%3 == 1 || f.token == c.t.account:
		return profile // recorded portal traffic filters Configurator devices by the bare guid
	case c.t.item(policiesPath, profile) != nil:
		return mirrorPrefix + f.token + "_" + profile
	}
	return f.token + "_" + profile
}

func (c *call) fleetAt() (*fleet, error) {
	it, err := c.tokenAt()
	if err != nil {
		return nil, err
	}
	return c.t.fleets[it.id()], nil
}

func (c *call) identities(f *fleet) rows {
	return rows{typ: "importedAppleDeviceIdentity", n: f.n + len(f.imported), at: func(i int) object { return c.identity(f, i) }}
}

func listIdentities(c *call) (answer, error) {
	f, err := c.fleetAt()
	if err != nil {
		return answer{}, err
	}
	return c.page(c.identities(f))
}

func countIdentities(c *call) (answer, error) {
	f, err := c.fleetAt()
	if err != nil {
		return answer{}, err
	}
	return c.total(c.identities(f))
}

// identityAt finds a device by its id.
func (c *call) identityAt() (*fleet, int, error) {
	f, err := c.fleetAt()
	if err != nil {
		return nil, 0, err
	}
	for i := range f.n + len(f.imported) {
		var serial string
		if i < f.n {
			serial = f.serial(i)
		} else {
			serial = f.imported[i-f.n].serial
		}
		if guid(f.token+serial) == c.key(1) {
			return f, i, nil
		}
	}
	return nil, 0, notFound(c, c.key(1))
}

func getIdentity(c *call) (answer, error) {
	f, i, err := c.identityAt()
	if err != nil {
		return answer{}, err
	}
	return c.one(http.StatusOK, c.route.typ, c.identity(f, i))
}

// deleteIdentity takes back an import. Devices that Apple reported come back with the next sync, so theirs is refused.
func deleteIdentity(c *call) (answer, error) {
	f, i, err := c.identityAt()
	if err != nil {
		return answer{}, err
	}
	if i < f.n {
		return answer{}, invalid("A device of Apple Business Manager cannot be deleted here.")
	}
	f.imported = slices.Delete(f.imported, i-f.n, i-f.n+1)
	return done()
}

// maxAssign bounds updateDeviceProfileAssignment. The service's limit is undocumented; scripts send up to 1000.
const maxAssign = 1000

// assignDevices takes serial numbers under the name deviceIds (reported on Microsoft's documentation) and the id the
// token's profile list shows. An unknown serial is refused as a whole: not established, the stricter side.
func assignDevices(c *call) (answer, error) {
	classic, policy, err := c.profileAt()
	if err != nil {
		return answer{}, err
	}
	if policy != nil && !strings.HasPrefix(c.key(1), mirrorPrefix) {
		return answer{}, refuse(http.StatusNotFound, "NotFound", "Profile not found")
	}
	if classic != nil && classic.object["@odata.type"] != nil && !classic.is("depIOSEnrollmentProfile") {
		return answer{}, invalid("The devices of this simulator take iOS profiles only.")
	}
	o, err := c.checkBody("assignDevicesBody", "", true)
	if err != nil {
		return answer{}, err
	}
	serials, _ := o["deviceIds"].([]any)
	if len(serials) == 0 || len(serials) > maxAssign {
		return answer{}, invalid("deviceIds must have 1 to %d serial numbers.", maxAssign)
	}
	f := c.t.fleets[c.key(0)]
	for _, s := range serials {
		serial, _ := s.(string)
		if _, known := f.index(serial); !known && f.row(serial) == nil {
			return answer{}, invalid("Device with serial number '%s' was not found.", serial)
		}
	}
	profile := lastPart(c.key(1))
	for _, s := range serials {
		serial, _ := s.(string)
		if i, known := f.index(serial); known {
			f.moved[i] = profile
		} else {
			f.row(serial).profile = profile
		}
	}
	return done()
}

// maxConfigurator is how many devices for Apple Configurator a tenant takes (Microsoft docs, 2025); how the service refuses
// more is not established.
const maxConfigurator = 75_000

// importIdentities imports serials for Apple Configurator; status false means not imported (Microsoft docs: 5,000 rows
// an import, details of up to 128 characters).
func importIdentities(c *call) (answer, error) {
	f, err := c.fleetAt()
	if err != nil {
		return answer{}, err
	}
	o, err := c.checkBody("importIdentitiesBody", "", true)
	if err != nil {
		return answer{}, err
	}
	devices, _ := o["importedAppleDeviceIdentities"].([]any)
	switch {
	case f.token != c.t.account:
		return answer{}, invalid("Serial numbers are imported for the Apple Configurator account only.") // inferred
	case len(devices) == 0 || len(devices) > 5000:
		return answer{}, invalid("An import must have 1 to 5000 devices.")
	case len(f.imported)+len(devices) > maxConfigurator:
		return answer{}, invalid("A tenant takes at most %d Apple Configurator devices.", maxConfigurator)
	}
	for _, d := range devices {
		device, _ := d.(object)
		profile, _ := device["requestedEnrollmentProfileId"].(string)
		if profile != "" && c.t.item(profilesPath(f.token), f.token+"_"+lastPart(profile)) == nil {
			return answer{}, invalid("requestedEnrollmentProfileId '%s' is not an Apple Configurator profile.", profile)
		}
		if details, _ := device["description"].(string); utf8.RuneCountInString(details) > 128 {
			return answer{}, invalid("description must not exceed 128 characters.")
		}
		if device["discoverySource"] != "adminImport" || device["platform"] != "ios" { // as the docs page of the action shows them
			return answer{}, invalid("discoverySource must be adminImport and platform ios.")
		}
	}
	results := []any{}
	for _, d := range devices {
		device, _ := d.(object)
		row := &identityRow{}
		row.serial, _ = device["serialNumber"].(string)
		row.description, _ = device["description"].(string)
		row.profile, _ = device["requestedEnrollmentProfileId"].(string)
		row.profile = lastPart(row.profile)
		have := f.row(row.serial)
		status := have == nil || o["overwriteImportedDeviceIdentities"] == true
		switch {
		case have == nil:
			f.imported = append(f.imported, row)
		case status:
			*have = *row
		}
		result := c.identityObject(f, 0, row.serial, row.description, row.profile, "adminImport")
		result["status"] = status
		results = append(results, c.render(c.s.schema.types["importedAppleDeviceIdentityResult"], result, nil))
	}
	return ok(object{"@odata.context": c.context(), "value": results})
}
