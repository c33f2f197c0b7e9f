package enroll

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// KindName names a kind of object, for ever: it stands in plans, journals and JSON output.
type KindName string

// The kinds of the product. A kind that only reads has no Writer.
const (
	Organization        KindName = "organization"
	License             KindName = "licence"
	PushCertificate     KindName = "push-certificate"
	ScopeTag            KindName = "scope-tag"
	Group               KindName = "group"
	GroupOwner          KindName = "group-owner"
	VPPToken            KindName = "vpp-token"
	ADEToken            KindName = "ade-token"
	ADEProfile          KindName = "ade-profile"
	ADEDefault          KindName = "ade-default"
	ADEDevices          KindName = "ade-devices"
	ADEGroup            KindName = "ade-membership-target"
	ConfiguratorProfile KindName = "configurator-profile"
	ConfiguratorDevices KindName = "configurator-devices"
	BYODProfile         KindName = "byod-profile"
	BYODAssignment      KindName = "byod-assignment"
	PortalApp           KindName = "portal-app"
	AppAssignment       KindName = "app-assignment"
	PortalPolicy        KindName = "portal-policy"
	PolicyAssignment    KindName = "policy-assignment"
	Audience            KindName = "audience"         // built into Intune, not read: "all users", "all devices"
	TokenAutoUpdate     KindName = "token-autoupdate" // named by its VPP token
	Filter              KindName = "filter"
)

// Ref names one thing for ever. It is comparable and holds no server id of the
// thing it names. Scope is the owner ("ade-token:Contoso ABM"), "" for what
// belongs to the tenant itself.
type Ref struct {
	Kind  KindName `json:"kind"`
	Scope string   `json:"scope,omitempty"`
	Name  string   `json:"name"`
}

// Owner is the Scope of the things that r owns.
func (r Ref) Owner() string { return string(r.Kind) + ":" + r.Name }

// ScopeRef is the owner of r as a Ref, false when r belongs to the tenant.
func (r Ref) ScopeRef() (Ref, bool) {
	kind, name, ok := strings.Cut(r.Scope, ":")
	if !ok {
		return Ref{}, false
	}
	return Ref{Kind: KindName(kind), Name: name}, true
}

// String is how people see the thing: kind/name, or the kind alone for all of
// them, with the owner where there is one.
func (r Ref) String() string {
	out := string(r.Kind)
	if r.Name != "" {
		out += "/" + r.Name
	}
	if o, ok := r.ScopeRef(); ok && o.Name != "" {
		out += " (" + o.Name + ")"
	}
	return out
}

func compareRefs(a, b Ref) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Name, b.Name))
}

// Handle names one of the server ids of an object. Most have "id" only; an
// enrollment policy has also "mirror" (its copy among the token's profiles,
// which takes devices) and "default" (what setDefaultProfile takes).
type Handle string

// The handles in use.
const (
	ID      Handle = "id"
	Mirror  Handle = "mirror"
	Default Handle = "default"
)

// Object is one thing, desired or live.
type Object struct {
	Ref     Ref               `json:"ref"`
	Origin  Origin            `json:"origin,omitzero"`  // desired: where the entry stands
	Pinned  string            `json:"pinned,omitempty"` // desired: the id the file names; wins over the name
	State   Presence          `json:"state,omitempty"`  // desired: whether it shall be there at all
	NamedBy string            `json:"-"`                // desired: the field whose Ref gives this object its name (an assignment is named by its target)
	Fields  Fields            `json:"fields,omitempty"` // what is compared
	Default Fields            `json:"default,omitempty"`
	At      map[string]Origin `json:"-"` // desired: where each field stands; "" is the entry
	Items   []string          `json:"items,omitempty"`
	Handles map[Handle]string `json:"-"` // live
	Raw     json.RawMessage   `json:"-"` // live: everything the service said; for journal and merging writes, never in a plan
	Rest    string            `json:"-"` // live: canonical form of what Fields do not cover and nothing moves by itself; verified unchanged after a write
	Facts   any               `json:"-"` // live: what rules need and the diff does not; a type of the slice
}

// Presence is what a desired object asks of the thing itself. Its zero value
// asks for the thing as described, made where it is not there.
type Presence string

// Existing things have to be there: they are changed and never made. Absent
// ones shall not be there: they are deleted.
const (
	Existing Presence = "existing"
	Absent   Presence = "absent"
)

// Where is the place of field path in the file, or of the entry when the field does not stand there.
func (o Object) Where(path string) Origin {
	if at, ok := o.At[path]; ok {
		return at
	}
	return o.Origin
}

// Origin is a place in a file. Line and Col count from 1; 0 is unknown.
type Origin struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// String is file:line:col, as editors take it.
func (o Origin) String() string {
	if o.Line == 0 {
		return o.File
	}
	return fmt.Sprintf("%s:%d:%d", o.File, o.Line, o.Col)
}

// Gap is something that could not be read.
type Gap struct {
	Scope  Ref    `json:"scope"`            // a kind alone, or one thing
	Reason string `json:"reason"`           // what happened and what to do
	Denied bool   `json:"denied,omitempty"` // a permission is missing, or not signed in: exit code 4
	Blocks bool   `json:"blocks,omitempty"` // set by Plan: a wanted object depends on it, so the plan cannot be applied
}

// Snapshot is what was seen of a tenant.
type Snapshot struct {
	Tenant  string
	At      time.Time // the service's clock
	Objects map[KindName][]Object
	Gaps    []Gap
}

// Get is the live object of that Ref, false when there is none.
func (s Snapshot) Get(r Ref) (Object, bool) {
	for _, o := range s.Objects[r.Kind] {
		if o.Ref == r {
			return o, true
		}
	}
	return Object{}, false
}

// GapIn is the first gap in the given kinds, false when all of them were seen whole.
func (s Snapshot) GapIn(kinds ...KindName) (Gap, bool) {
	for _, g := range s.Gaps {
		for _, k := range kinds {
			if g.Scope.Kind == k {
				return g, true
			}
		}
	}
	return Gap{}, false
}
