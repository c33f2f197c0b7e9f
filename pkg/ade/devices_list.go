package ade

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Device is one device of a token, for people: with the name of its profile.
type Device struct {
	DeviceFacts
	Token, Profile string // Profile is "" for none, and where no profile of the token has the id
	Description    string
	Contacted      time.Time // zero: never
}

// Devices streams the devices that a token has synced from Apple. It reads the
// token's profiles first, for their names.
func Devices(ctx context.Context, c *graph.Client, token enroll.Object) iter.Seq2[Device, error] {
	return func(yield func(Device, error) bool) {
		id := token.Handles[enroll.ID]
		names, err := profileNames(ctx, c, id)
		if err != nil {
			yield(Device{}, fmt.Errorf("list the profiles of %s: %w", token.Ref, err))
			return
		}
		call := graph.Call{
			API: graph.Beta, Method: http.MethodGet, Path: tokenPath(id, "importedAppleDeviceIdentities"), Needs: []string{graph.ServiceConfigRead},
		}
		for raw, err := range c.Pages(ctx, call) {
			var d Device
			if err == nil {
				d, err = fullDevice(raw)
			}
			if err != nil {
				yield(Device{}, fmt.Errorf("list the devices of %s: %w", token.Ref, err))
				return
			}
			d.Token, d.Profile = token.Ref.Name, names[d.ProfileID]
			if !yield(d, nil) {
				return
			}
		}
	}
}

// profileNames are the names of a token's profiles, mirrors of policies
// included, by the last part of their ids.
func profileNames(ctx context.Context, c *graph.Client, tokenID string) (map[string]string, error) {
	list, err := profiles{c: c}.listProfiles(ctx, tokenID)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, l := range list {
		out[lastSegment(l.ID)] = l.Name
	}
	return out, nil
}

func fullDevice(raw json.RawMessage) (Device, error) {
	facts, err := decodeDevice(raw)
	if err != nil {
		return Device{}, err
	}
	var w struct {
		Description string    `json:"description"`
		Contacted   time.Time `json:"lastContactedDateTime"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return Device{}, fmt.Errorf("read a device: %w", err)
	}
	return Device{DeviceFacts: facts, Description: w.Description, Contacted: graph.Given(w.Contacted)}, nil
}
