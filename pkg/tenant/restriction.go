// Package tenant is about the tenant itself: whether Intune is in charge and paid
// for, how many tokens it takes, and the enrollment restrictions that let
// iPhones and iPads in or keep them out.
package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Restriction is the kind of an enrollment restriction: one that says which
// platforms, and whose devices, may enroll. It is only read.
const Restriction enroll.KindName = "enrollment-restriction"

// RestrictionFacts is what a restriction says about iOS and iPadOS.
type RestrictionFacts struct {
	// Default is true of the one that holds for everybody whom no other
	// restriction reaches, devices without a user among them.
	Default        bool
	Priority       int  // lower wins; the default comes last
	Blocked        bool // nothing of the platform enrolls
	BlocksPersonal bool // devices of their users do not enroll
}

// Kinds are the kinds enrollment-restriction and intune-account.
func Kinds(c *graph.Client) []enroll.Kind { return []enroll.Kind{restrictions{c}, accounts{c}} }

type restrictions struct{ c *graph.Client }

func (restrictions) Name() enroll.KindName    { return Restriction }
func (restrictions) Reads() []enroll.KindName { return nil }
func (restrictions) After() []enroll.KindName { return nil }

// Read lists the restrictions over beta: v1.0 lacks those for a single
// platform (Microsoft's published schemas).
func (k restrictions) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	var out []enroll.Object
	for raw, err := range k.c.Pages(ctx, graph.Call{API: graph.Beta, Method: http.MethodGet, Class: graph.Read,
		Path: graph.Path("deviceManagement", "deviceEnrollmentConfigurations"), Needs: []string{graph.ServiceConfigRead}}) {
		var o enroll.Object
		var ours bool
		if err == nil {
			o, ours, err = restriction(raw)
		}
		if err != nil {
			return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: Restriction}, fmt.Errorf("list the enrollment restrictions: %w", err))}
		}
		if ours {
			out = append(out, o)
		}
	}
	return out, nil
}

// limits are the members that the two types of restriction share.
type limits struct {
	PlatformBlocked                 *bool
	PersonalDeviceEnrollmentBlocked *bool
}

// restriction reads one, false for what says nothing about iOS: limits of the
// number of devices, other platforms, Windows Hello.
func restriction(raw json.RawMessage) (enroll.Object, bool, error) {
	var w struct {
		Type                string `json:"@odata.type"`
		ID, DisplayName     string
		Priority            int
		IOSRestriction      *limits
		PlatformType        string
		PlatformRestriction *limits
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return enroll.Object{}, false, fmt.Errorf("a restriction is not as expected: %w", err)
	}
	var says *limits
	facts := RestrictionFacts{Priority: w.Priority}
	switch w.Type {
	case "#microsoft.graph.deviceEnrollmentPlatformRestrictionsConfiguration":
		// Its id tells the default (recorded portal traffic); an older one made for a group has another.
		facts.Default, says = strings.HasSuffix(w.ID, "_DefaultPlatformRestrictions"), w.IOSRestriction
	case "#microsoft.graph.deviceEnrollmentPlatformRestrictionConfiguration":
		if w.PlatformType == "" {
			return enroll.Object{}, false, fmt.Errorf("restriction %q does not say which platform it is about", w.DisplayName)
		}
		if !strings.EqualFold(w.PlatformType, "ios") {
			return enroll.Object{}, false, nil
		}
		says = w.PlatformRestriction
	case "":
		return enroll.Object{}, false, fmt.Errorf("restriction %q does not say what it is", w.DisplayName)
	default:
		return enroll.Object{}, false, nil
	}
	if says == nil || says.PlatformBlocked == nil || says.PersonalDeviceEnrollmentBlocked == nil {
		return enroll.Object{}, false, fmt.Errorf("restriction %q does not say what it blocks", w.DisplayName)
	}
	facts.Blocked, facts.BlocksPersonal = *says.PlatformBlocked, *says.PersonalDeviceEnrollmentBlocked
	return enroll.Object{Ref: enroll.Ref{Kind: Restriction, Name: w.DisplayName}, Handles: map[enroll.Handle]string{enroll.ID: w.ID}, Raw: raw, Facts: facts}, true, nil
}
