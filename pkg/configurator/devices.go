package configurator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// DeviceFacts is one device whose serial number was imported.
type DeviceFacts struct {
	Serial    string
	Details   string
	ProfileID string    // last part of the id of its profile; "" for none
	State     string    // enrollmentState: enrolled, pendingReset, failed, notContacted, blocked, unknown
	Contacted time.Time // zero: never
}

// DevicesFacts are the imported devices: those with a wanted serial number, and how many there are in all.
type DevicesFacts struct {
	Devices map[string]DeviceFacts
	Total   int
}

// devicesName is the name of the one live object of all imported devices.
const devicesName = "imported devices"

// devices is the kind configurator-devices: it imports serial numbers and gives
// imported ones another profile. It takes none away.
type devices struct {
	c       *graph.Client
	account *account
}

func (devices) Name() enroll.KindName    { return enroll.ConfiguratorDevices }
func (devices) Reads() []enroll.KindName { return nil }
func (devices) After() []enroll.KindName { return []enroll.KindName{enroll.ConfiguratorProfile} }

// Read gives one object, whose Facts hold the wanted serial numbers. The whole
// list is read: a tenant has at most 75,000 such devices, and no filter by
// serial number is established for them.
func (k devices) Read(ctx context.Context, q enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	wanted := map[string]bool{}
	for _, o := range q.Want {
		for _, serial := range o.Items {
			wanted[serial] = true
		}
	}
	facts, err := k.find(ctx, wanted)
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.ConfiguratorDevices}, err)}
	}
	return []enroll.Object{{Ref: enroll.Ref{Kind: enroll.ConfiguratorDevices, Name: devicesName}, Facts: facts}}, nil
}

func (k devices) find(ctx context.Context, serials map[string]bool) (DevicesFacts, error) {
	out := DevicesFacts{Devices: map[string]DeviceFacts{}}
	for d, err := range k.list(ctx) {
		if err != nil {
			return out, err
		}
		if out.Total++; serials[d.Serial] {
			out.Devices[d.Serial] = d
		}
	}
	return out, nil
}

// list streams all imported devices.
func (k devices) list(ctx context.Context) iter.Seq2[DeviceFacts, error] {
	return func(yield func(DeviceFacts, error) bool) {
		path, err := k.account.path(ctx, "importedAppleDeviceIdentities")
		if err != nil {
			yield(DeviceFacts{}, err)
			return
		}
		for raw, err := range k.c.Pages(ctx, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: path, Needs: []string{graph.ServiceConfigRead}}) {
			var d DeviceFacts
			if err == nil {
				d, err = decodeDevice(raw)
			}
			if err != nil {
				err = fmt.Errorf("list the devices imported for Apple Configurator: %w", err)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

func decodeDevice(raw json.RawMessage) (DeviceFacts, error) {
	var w struct {
		Serial    string     `json:"serialNumber"`
		Details   string     `json:"description"`
		Profile   string     `json:"requestedEnrollmentProfileId"`
		State     string     `json:"enrollmentState"`
		Contacted *time.Time `json:"lastContactedDateTime"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return DeviceFacts{}, fmt.Errorf("read a device: %w", err)
	}
	d := DeviceFacts{Serial: strings.ToUpper(w.Serial), Details: w.Details, ProfileID: lastSegment(w.Profile), State: w.State}
	if strings.Trim(d.ProfileID, "0-") == "" {
		d.ProfileID = "" // unassigned also comes as an all-zero id
	}
	if w.Contacted != nil && w.Contacted.Year() > 1 {
		d.Contacted = *w.Contacted
	}
	return d, nil
}

// Devices streams all imported devices, however many there are.
func Devices(ctx context.Context, c *graph.Client) iter.Seq2[DeviceFacts, error] {
	return devices{c, newAccount(c)}.list(ctx)
}

// Permissions is what importing and moving devices takes.
func (devices) Permissions(enroll.Change) []string { return []string{graph.ServiceConfigWrite} }

// Write imports a batch of serial numbers or gives imported ones the profile.
// Both leave the same state however often they are sent: an import without
// overwriting passes over what is there.
func (k devices) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	profile, named := c.After[fieldProfile].(enroll.Ref)
	if !named {
		return nil, errors.New("devices need a profile")
	}
	id, err := h.Handle(ctx, profile, enroll.ID)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(c.Op, opMove) {
		return nil, k.move(ctx, c, profile, id)
	}
	return nil, k.importList(ctx, c, profile, id)
}

// move takes serial numbers, not object ids (recorded portal traffic).
func (k devices) move(ctx context.Context, c enroll.Change, profile enroll.Ref, id string) error {
	path, err := k.account.path(ctx, "enrollmentProfiles", id, "updateDeviceProfileAssignment")
	if err != nil {
		return err
	}
	_, err = k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Path: path, Class: graph.Put, Needs: k.Permissions(c), Body: map[string][]string{"deviceIds": c.Items.Add}})
	return written(fmt.Sprintf("give %s %s", enroll.Plural(len(c.Items.Add), "device"), profile), err)
}

// identity is one device of an import (Microsoft docs page of
// importAppleDeviceIdentityList; the smaller set of members is inferred).
type identity struct {
	Type      string `json:"@odata.type"`
	Serial    string `json:"serialNumber"`
	Details   string `json:"description"`
	Profile   string `json:"requestedEnrollmentProfileId"`
	Discovery string `json:"discoverySource"`
	Platform  string `json:"platform"`
}

func (k devices) importList(ctx context.Context, c enroll.Change, profile enroll.Ref, id string) error {
	path, err := k.account.path(ctx, "importedAppleDeviceIdentities", "importAppleDeviceIdentityList")
	if err != nil {
		return err
	}
	details := texts(c.After.List(fieldDetails))
	list := make([]identity, len(c.Items.Add))
	for i, serial := range c.Items.Add {
		list[i] = identity{"#microsoft.graph.importedAppleDeviceIdentity", serial, details[serial], id, "adminImport", "ios"}
	}
	act := fmt.Sprintf("import %s for %s", enroll.Plural(len(list), "device"), profile)
	answer, err := k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPost, Path: path, Class: graph.Put, Needs: k.Permissions(c),
		Body: map[string]any{"importedAppleDeviceIdentities": list, "overwriteImportedDeviceIdentities": strings.HasPrefix(c.Op, opDetails)}})
	if err != nil {
		return written(act, err)
	}
	return k.refused(ctx, act, c, id, answer.Body)
}

// refused finds the serial numbers that the service says it did not import. An
// import that was repeated after a lost answer is told so of all it made: those
// that are there with the profile are well.
func (k devices) refused(ctx context.Context, act string, c enroll.Change, id string, body json.RawMessage) error {
	var result struct {
		Value []struct {
			Serial string `json:"serialNumber"`
			Status *bool  `json:"status"`
		}
	}
	if err := json.Unmarshal(body, &result); err != nil {
		return enroll.Lost(fmt.Errorf("%s: the answer cannot be read: %w", act, err))
	}
	missing := map[string]bool{}
	for _, r := range result.Value {
		if r.Status != nil && !*r.Status {
			missing[strings.ToUpper(r.Serial)] = true
		}
	}
	if len(missing) == 0 {
		return nil // read back anyway
	}
	there, err := k.find(ctx, missing)
	if err != nil {
		return enroll.Lost(fmt.Errorf("%s: %d were refused; looking for them: %w", act, len(missing), err))
	}
	var bad []string
	for _, serial := range c.Items.Add {
		if missing[serial] && there.Devices[serial].ProfileID != lastSegment(id) {
			bad = append(bad, serial)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return fmt.Errorf("%s: the service imported the others and refused %s: see whether they are devices of automated enrollment or of another tenant", act, few(bad))
}

// written is the outcome of a write; a profile that is not known yet may come.
func written(act string, err error) error {
	switch {
	case err == nil:
		return nil
	case graph.IsNotFound(err):
		return enroll.NotYet(fmt.Errorf("%s: %w", act, err))
	}
	return graph.Outcome(fmt.Errorf("%s: %w", act, err))
}

// Verify reads the devices of all batches in one pass.
func (k devices) Verify(ctx context.Context, done []enroll.Change, known enroll.Snapshot) []error {
	errs := make([]error, len(done))
	serials := map[string]bool{}
	for _, c := range done {
		for _, s := range c.Items.Add {
			serials[s] = true
		}
	}
	there, err := k.find(ctx, serials)
	for i, c := range done {
		if errs[i] = asAsked(c, there, known); err != nil {
			errs[i] = enroll.Lost(fmt.Errorf("read the devices back: %w", err))
		}
	}
	return errs
}

// asAsked tells whether all serial numbers of c have its profile and details.
func asAsked(c enroll.Change, there DevicesFacts, known enroll.Snapshot) error {
	ref, _ := c.After[fieldProfile].(enroll.Ref)
	profile, ok := known.Get(ref)
	if !ok {
		return enroll.NotYet(fmt.Errorf("%s is not known", ref))
	}
	id := lastSegment(profile.Handles[enroll.ID])
	left := slices.DeleteFunc(slices.Clone(c.Items.Add), func(s string) bool { return there.Devices[s].ProfileID == id })
	if len(left) > 0 {
		return enroll.NotYet(fmt.Errorf("still without %s: %d of %s: %s", ref, len(left), enroll.Plural(len(c.Items.Add), "device"), few(left)))
	}
	details := texts(c.After.List(fieldDetails))
	left = slices.DeleteFunc(slices.Clone(c.Items.Add), func(s string) bool { return details[s] == "" || there.Devices[s].Details == details[s] })
	if len(left) > 0 {
		return enroll.NotYet(fmt.Errorf("still without their details: %d of %s: %s", len(left), enroll.Plural(len(c.Items.Add), "device"), few(left)))
	}
	return nil
}

// lastSegment is what stands behind the last underscore of an id: the profile
// of a device comes back with the account id in front of it or bare.
func lastSegment(id string) string { return strings.ToLower(id[strings.LastIndexByte(id, '_')+1:]) }

// texts are details by serial number, from SERIAL,details.
func texts(lines []string) map[string]string {
	out := make(map[string]string, len(lines))
	for _, line := range lines {
		serial, text, _ := strings.Cut(line, ",")
		out[serial] = text
	}
	return out
}

// few shows up to five serial numbers.
func few(serials []string) string {
	if len(serials) <= 5 {
		return strings.Join(serials, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(serials[:5], ", "), len(serials)-5)
}

// ProfileKey is what DeviceFacts.ProfileID is for devices of a live profile.
func ProfileKey(profile enroll.Object) string { return lastSegment(profile.Handles[enroll.ID]) }
