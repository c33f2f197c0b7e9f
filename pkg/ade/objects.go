package ade

import (
	"cmp"
	"fmt"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Objects are what one entry of ade wants: its profiles, its default profile,
// and of each profile the serial numbers and the enrollment time group with
// the owner it needs. Refs are as the file has them. The
// Facts of each object are the enroll.Entry it came from.
func Objects(token enroll.Entry, profiles []enroll.Entry) ([]enroll.Object, []enroll.Finding) {
	owner := enroll.Ref{Kind: enroll.ADEToken, Name: token.Values.Text(pathToken)}.Owner()
	var out []enroll.Object
	var findings []enroll.Finding
	for _, p := range profiles {
		out = append(out, profileObject(owner, p))
		if p.Presence() == enroll.Absent {
			if name := p.Values.Text(pathName); name == token.Values.Text(pathDefault) {
				findings = append(findings, enroll.Finding{
					Rule: "X-34", Severity: enroll.Error, Path: "state", Origin: p.Where("state"),
					On:      enroll.Ref{Kind: enroll.ADEProfile, Scope: owner, Name: name},
					Message: fmt.Sprintf("profile %q shall be the default of its token and shall go", name),
					Fix:     "name another profile in defaultProfile",
				})
			}
			continue
		}
		if serials := p.Values.List(pathSerials); len(serials) > 0 {
			out = append(out, devicesObject(owner, p, serials))
		}
		if p.Has(pathGroup) && !setupOf(p.Values).classic() {
			out = append(out, timeGroupObjects(owner, p)...)
		}
	}
	switch name, named := token.Values[pathDefault]; {
	case !named:
	case name == nil:
		findings = append(findings, enroll.Finding{
			Rule: "X-34", Severity: enroll.Error, Path: pathDefault, Origin: token.Where(pathDefault),
			On:      enroll.Ref{Kind: enroll.ADEDefault, Scope: owner, Name: defaultName},
			Message: "a token's default profile cannot be taken away, only given to another profile",
			Fix:     "name a profile, or leave defaultProfile out",
		})
	default:
		out = append(out, enroll.Object{
			Ref:    enroll.Ref{Kind: enroll.ADEDefault, Scope: owner, Name: defaultName},
			Origin: token.Where(pathDefault),
			Fields: enroll.Fields{fieldProfile: enroll.Ref{Kind: enroll.ADEProfile, Scope: owner, Name: token.Values.Text(pathDefault)}},
			At:     map[string]enroll.Origin{fieldProfile: token.Where(pathDefault)},
			Facts:  token,
		})
	}
	return out, findings
}

func profileObject(owner string, e enroll.Entry) enroll.Object {
	s := setupOf(e.Values)
	o := enroll.Object{
		Ref:     enroll.Ref{Kind: enroll.ADEProfile, Scope: owner, Name: e.Values.Text(pathName)},
		Origin:  e.Origin,
		Pinned:  e.Values.Text(pathPin),
		State:   e.Presence(),
		Fields:  enroll.Fields{pathType: nil}, // compared even where the file leaves it out: it decides what else is
		Default: s.defaults(),
		At:      e.At,
		Facts:   e,
	}
	if o.State == enroll.Absent {
		o.Fields, o.Default = enroll.Fields{}, nil
		return o
	}
	if o.State == enroll.Existing {
		// The setup is that of the tenant: Plan looks what of it is there.
		o.Fields, o.Default = enroll.Fields{}, nil
		s.stored = true
	}
	for _, path := range e.Values.Paths() {
		switch {
		case !s.has(path), path == pathVPPToken: // the token goes with companyPortal.install, below
		case path == pathTags:
			o.Fields[path] = tagRefs(e.Values.List(path))
		case path == pathCertificates:
			if o.Fields[pathSync], o.Fields[path] = nil, nil; e.Values[path] != nil { // null goes back to deny
				o.Fields[pathSync], o.Fields[path] = pairingByCertificate, thumbprints(e.Values.List(path))
			}
		case path == pathHide && e.Values[path] != nil:
			o.Fields[path] = enroll.Set(e.Values.List(path)...)
		default:
			o.Fields[path] = e.Values[path]
		}
	}
	if s.has(pathVPPToken) && s.install != "" {
		o.Fields[pathVPPToken] = nil
		if s.install == InstallVPP {
			o.Fields[pathVPPToken] = enroll.Ref{Kind: enroll.VPPToken, Name: e.Values.Text(pathVPPToken)}
		}
	}
	return o
}

// tagRefs are scope tags by name; null in the file is the built-in tag, whose
// id is 0 in every tenant.
func tagRefs(names []string) []enroll.Ref {
	if names == nil {
		names = []string{"0"}
	}
	var out []enroll.Ref
	for _, n := range names {
		out = append(out, enroll.Ref{Kind: enroll.ScopeTag, Name: n})
	}
	return enroll.RefSet(out...)
}

// ofProfile is a wanted object that is named by its profile; one that the file
// pins by id is pointed to by that id.
func ofProfile(kind enroll.KindName, owner string, e enroll.Entry, path string) enroll.Object {
	name := e.Values.Text(pathName)
	target := cmp.Or(e.Values.Text(pathPin), name)
	return enroll.Object{
		Ref:     enroll.Ref{Kind: kind, Scope: owner, Name: name},
		Origin:  e.Where(path),
		NamedBy: fieldProfile,
		Fields:  enroll.Fields{fieldProfile: enroll.Ref{Kind: enroll.ADEProfile, Scope: owner, Name: target}},
		At:      map[string]enroll.Origin{fieldProfile: e.Where(pathName)},
		Facts:   e,
	}
}

// devicesObject wants serial numbers on a profile.
func devicesObject(owner string, e enroll.Entry, serials []string) enroll.Object {
	o := ofProfile(enroll.ADEDevices, owner, e, pathSerials)
	o.Items = enroll.Set(serials...)
	return o
}

// timeGroupObjects want the enrollment time group of a profile, and the owner
// that the group needs; null wants no group.
func timeGroupObjects(owner string, e enroll.Entry) []enroll.Object {
	o := ofProfile(enroll.ADEGroup, owner, e, pathGroup)
	o.Fields[fieldGroup] = nil
	o.At[fieldGroup] = e.Where(pathGroup)
	if e.Values[pathGroup] == nil {
		return []enroll.Object{o}
	}
	group := enroll.Ref{Kind: enroll.Group, Name: e.Values.Text(pathGroup)}
	o.Fields[fieldGroup] = group
	return []enroll.Object{o, directory.Provisioned(group, e.Where(pathGroup))}
}
