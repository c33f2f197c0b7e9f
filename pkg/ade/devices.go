package ade

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// DeviceFacts is one device that a token has synced from Apple.
type DeviceFacts struct {
	Serial    string
	ProfileID string // last part of the id of its profile; "" for none
	State     string // enrollmentState: enrolled, pendingReset, failed, notContacted, blocked, unknown
	Platform  string // ios, macOS, …; "" and unknown: the service does not say
	Gone      bool   // released from the token in Apple Business Manager
}

// DevicesFacts are the wanted serial numbers that a token has.
type DevicesFacts struct{ Devices map[string]DeviceFacts }

// devicesName is the name of the one live object of a token's devices.
const devicesName = "synced devices"

// devices reads which profile the devices of a token have, and gives serial
// numbers profiles. Nothing takes a profile from a device: Graph cannot.
type devices struct{ c *graph.Client }

func (devices) Name() enroll.KindName    { return enroll.ADEDevices }
func (devices) Reads() []enroll.KindName { return []enroll.KindName{enroll.ADEToken} }
func (devices) After() []enroll.KindName { return []enroll.KindName{enroll.ADEProfile} }

// Read gives one object for each wanted token, whose Facts hold the serial
// numbers that the wanted objects have.
func (k devices) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	wanted := map[string]bool{} // of all tokens: one that is on another token is told apart from one that is on none
	for _, o := range q.Want {
		for _, serial := range o.Items {
			wanted[serial] = true
		}
	}
	return graph.SideBySide(q.Owners(known.Objects[enroll.ADEToken]), func(token enroll.Object) ([]enroll.Object, []enroll.Gap) {
		owner := token.Ref.Owner()
		found, err := k.find(ctx, token.Handles[enroll.ID], wanted)
		if err != nil {
			return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.ADEDevices, Scope: owner}, err)}
		}
		return []enroll.Object{{Ref: enroll.Ref{Kind: enroll.ADEDevices, Scope: owner, Name: devicesName}, Facts: DevicesFacts{found}}}, nil
	})
}

// singly is up to how many serial numbers are asked for one by one; more are
// picked out of the whole list.
const singly = 16

// find looks for serial numbers among the devices of a token.
func (k devices) find(ctx context.Context, tokenID string, serials map[string]bool) (map[string]DeviceFacts, error) {
	switch {
	case len(serials) == 0:
		return map[string]DeviceFacts{}, nil
	case len(serials) > singly:
		return collect(k.list(ctx, tokenID, ""), serials)
	}
	var mu sync.Mutex
	var side enroll.Together
	found, errs := map[string]DeviceFacts{}, []error{}
	for serial := range serials {
		side.Go(func() {
			some, err := collect(k.list(ctx, tokenID, serial), map[string]bool{serial: true})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, err)
			}
			if d, ok := some[serial]; ok {
				found[serial] = d
			}
		})
	}
	side.Wait()
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return found, nil
}

// collect picks the wanted serial numbers out of a list. Of one that appears
// twice the entry that is not released counts.
func collect(list iter.Seq2[DeviceFacts, error], wanted map[string]bool) (map[string]DeviceFacts, error) {
	found := map[string]DeviceFacts{}
	for d, err := range list {
		if err != nil {
			return nil, err
		}
		if before, twice := found[d.Serial]; wanted[d.Serial] && (!twice || before.Gone) {
			found[d.Serial] = d
		}
	}
	return found, nil
}

// list streams the devices of a token; with a serial number only those that
// contain it, a filter that Microsoft's samples use. Other filters are not
// established.
func (k devices) list(ctx context.Context, tokenID, serial string) iter.Seq2[DeviceFacts, error] {
	call := graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: tokenPath(tokenID, "importedAppleDeviceIdentities"), Needs: []string{graph.ServiceConfigRead},
	}
	if serial != "" {
		quoted := strings.ReplaceAll(serial, "'", "''")
		call.Query = url.Values{"$filter": {"discoverySource eq 'deviceEnrollmentProgram' and contains(serialNumber,'" + quoted + "')"}}
	}
	return func(yield func(DeviceFacts, error) bool) {
		for raw, err := range k.c.Pages(ctx, call) {
			var d DeviceFacts
			if err == nil {
				d, err = decodeDevice(raw)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

func decodeDevice(raw json.RawMessage) (DeviceFacts, error) {
	var w struct {
		Serial   string `json:"serialNumber"`
		Profile  string `json:"requestedEnrollmentProfileId"`
		State    string `json:"enrollmentState"`
		Platform string `json:"platform"`
		Gone     bool   `json:"isDeleted"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return DeviceFacts{}, fmt.Errorf("read a device: %w", err)
	}
	d := DeviceFacts{Serial: strings.ToUpper(w.Serial), ProfileID: lastSegment(w.Profile), State: w.State, Platform: w.Platform, Gone: w.Gone}
	if strings.Trim(d.ProfileID, "0-") == "" {
		d.ProfileID = "" // unassigned also comes as an all-zero id
	}
	return d, nil
}
