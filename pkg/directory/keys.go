package directory

import (
	"fmt"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Types of a group, as field "type" of its object has them. A file can ask for
// the first two; the others are only found.
const (
	TypeDynamicDevices = "dynamicDevices" // dynamic, its rule is about devices
	TypeAssigned       = "assigned"       // static security group
	TypeDynamicUsers   = "dynamicUsers"   // dynamic, its rule is about users
	TypeDynamic        = "dynamic"        // dynamic, its rule cannot be read
	TypeMicrosoft365   = "microsoft365"   // static Microsoft 365 group
	TypeMail           = "mail"           // a distribution list: no security group
)

// fileRule is the id of findings about the form of a file.
const fileRule = "FILE"

// GroupKeys are the keys of an entry of groups.
func GroupKeys() []enroll.Key {
	return []enroll.Key{
		{Path: "name", Type: enroll.Text, Required: "always", Fixed: true, Member: "displayName", Min: 1, Max: 256,
			Doc: "Name of the group; a group of that name that exists is used as it is."},
		{Path: "id", Type: enroll.Text, Member: "id", Doc: "Id of the live group that is meant, where two have the same name."},
		{Path: "devicesOfProfile", Type: enroll.Text, Required: "unless assigned: true", Fixed: true, Member: "membershipRule", Min: 1, Max: 256,
			Doc: "Makes a dynamic device group of all devices enrolled with the profile of this name."},
		{Path: "assigned", Type: enroll.Flag, Required: "unless devicesOfProfile is given", Fixed: true, Member: "groupTypes",
			Doc: "true makes a static security group without members; its members are never touched."},
	}
}

// Objects are the groups that the entries ask for.
func Objects(entries []enroll.Entry) ([]enroll.Object, []enroll.Finding) {
	var out []enroll.Object
	var findings []enroll.Finding
	for _, e := range entries {
		name := e.Values.Text("name")
		o := enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: name}, Pinned: e.Values.Text("id"), Origin: e.Origin, Facts: e,
			At: map[string]enroll.Origin{"name": e.Where("name"), "type": e.Where("assigned"), "rule": e.Where("devicesOfProfile")}}
		profile := e.Values.Text("devicesOfProfile")
		assigned, _ := e.Values.Flag("assigned")
		switch {
		case profile != "" && !assigned:
			o.At["type"] = e.Where("devicesOfProfile")
			o.Fields = enroll.Fields{"type": TypeDynamicDevices, "rule": RuleOfProfile(profile)}
		case profile == "" && assigned:
			o.Fields = enroll.Fields{"type": TypeAssigned}
		default:
			findings = append(findings, enroll.Finding{Rule: fileRule, Severity: enroll.Error, On: o.Ref, Origin: e.Origin,
				Message: fmt.Sprintf("group %q needs exactly one of devicesOfProfile and assigned: true", name),
				Fix:     "write devicesOfProfile: <profile name> for a dynamic device group, or assigned: true for a static one"})
			continue
		}
		out = append(out, o)
	}
	return out, findings
}
