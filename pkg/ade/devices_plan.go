package ade

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// batch is how many serial numbers go in one request. The service's limit is
// not documented; scripts in use send 100.
const batch = 100

// Plan gives a profile the wanted devices that do not have it yet, in batches,
// and reports serial numbers that no device of the token has.
func (devices) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	live := map[string]map[string]DeviceFacts{} // owner -> serial -> device
	for _, o := range have {
		if facts, ok := o.Facts.(DevicesFacts); ok {
			live[o.Ref.Scope] = facts.Devices
		}
	}
	var changes []enroll.Change
	var findings []enroll.Finding
	for _, w := range want {
		there, looked := live[w.Ref.Scope]
		profile, _ := w.Fields[fieldProfile].(enroll.Ref)
		if !looked {
			continue
		}
		id := ""
		if o, ok := all.Get(profile); ok {
			id = lastSegment(o.Handles[enroll.ID])
		}
		var todo []DeviceFacts
		var absent []string
		notIOS := map[string][]string{} // platform -> serials
		for _, serial := range w.Items {
			switch d, ok := there[serial]; {
			case !ok || d.Gone:
				absent = append(absent, serial)
			case d.Platform != "" && d.Platform != "ios" && d.Platform != "unknown":
				notIOS[d.Platform] = append(notIOS[d.Platform], serial)
			case id == "" || d.ProfileID != id:
				todo = append(todo, d)
			}
		}
		changes = append(changes, batches(w, profile, todo, all)...)
		findings = append(findings, missing(w, absent, live)...)
		for _, platform := range slices.Sorted(maps.Keys(notIOS)) {
			findings = append(findings, enroll.Finding{
				Rule: "ADE-06", Severity: enroll.Error, On: w.Ref, Path: pathSerials, Origin: w.Origin,
				Message: fmt.Sprintf("%s no iPhone or iPad but %s", some(notIOS[platform]), platform), Fix: "leave it out of devices",
			})
		}
	}
	return changes, findings
}

// missing reports serial numbers that the token does not have.
func missing(w enroll.Object, absent []string, live map[string]map[string]DeviceFacts) []enroll.Finding {
	if len(absent) == 0 {
		return nil
	}
	token, _ := w.Ref.ScopeRef()
	elsewhere := map[string][]string{} // token -> serials
	var nowhere []string
	for _, serial := range absent {
		other := ""
		for owner, there := range live {
			if d, ok := there[serial]; ok && !d.Gone {
				ref, _ := enroll.Ref{Scope: owner}.ScopeRef()
				other = ref.Name
			}
		}
		if other == "" {
			nowhere = append(nowhere, serial)
		} else {
			elsewhere[other] = append(elsewhere[other], serial)
		}
	}
	f := enroll.Finding{Rule: "ADE-06", Severity: enroll.Error, On: w.Ref, Path: pathSerials, Origin: w.Origin}
	var out []enroll.Finding
	if len(nowhere) > 0 {
		f.Message = fmt.Sprintf("%s not synced to token %q", some(nowhere), token.Name)
		f.Fix = "assign them to this MDM server in Apple Business Manager, then sync the token; or leave them out of devices"
		out = append(out, f)
	}
	for _, other := range slices.Sorted(maps.Keys(elsewhere)) {
		f.Message = fmt.Sprintf("%s on token %q, not on %q", some(elsewhere[other]), other, token.Name)
		f.Fix = "move them to a profile of that token, or assign them to this token's MDM server in Apple Business Manager"
		out = append(out, f)
	}
	return out
}

// batches are the changes that give devices a profile, those that come from
// one profile together.
func batches(w enroll.Object, profile enroll.Ref, todo []DeviceFacts, all enroll.Snapshot) []enroll.Change {
	slices.SortFunc(todo, func(a, b DeviceFacts) int {
		return cmp.Or(cmp.Compare(a.ProfileID, b.ProfileID), cmp.Compare(a.Serial, b.Serial))
	})
	names := map[string]string{"": ""} // profile id -> name
	for _, o := range all.Objects[enroll.ADEProfile] {
		if o.Ref.Scope == w.Ref.Scope {
			names[lastSegment(o.Handles[enroll.ID])] = o.Ref.Name
		}
	}
	total := (len(todo) + batch - 1) / batch
	var out []enroll.Change
	for part := range slices.Chunk(todo, batch) {
		c := enroll.Change{
			Ref: w.Ref, Verb: enroll.Update, Op: fmt.Sprintf("batch %d/%d", len(out)+1, total),
			Before: enroll.Object{Ref: w.Ref, Fields: enroll.Fields{}},
			After:  enroll.Fields{fieldProfile: profile}, Needs: []enroll.Ref{profile}, Origin: w.Origin,
			Items: enroll.Items{From: map[string]int{}, Total: len(todo)},
		}
		enrolled := 0
		for _, d := range part {
			name, known := names[d.ProfileID]
			if !known {
				name = "unknown profile " + d.ProfileID
			}
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
			c.Effects = append(c.Effects, enroll.Effect{On: profile, Text: enrolledAlready(enrolled), N: enrolled})
		}
		c.Undo = undoOf(c.Items)
		out = append(out, c)
	}
	return out
}

// enrolledAlready says that devices in use take a new profile only when they
// are set up anew (Microsoft docs page on setting up automated enrollment).
func enrolledAlready(n int) string {
	if n == 1 {
		return "1 of these devices is enrolled already and notices only after it is wiped"
	}
	return fmt.Sprintf("%d of these devices are enrolled already and notice only after they are wiped", n)
}

// undoOf says how far a batch can be taken back: devices go back to the
// profile they had, and none can be left without one.
func undoOf(items enroll.Items) enroll.Undo {
	const why = "Graph cannot take a profile away from devices that had none"
	switch items.From[""] {
	case 0:
		return enroll.Undo{Level: "full"}
	case len(items.Add):
		return enroll.Undo{Level: "none", Why: why}
	}
	return enroll.Undo{Level: "partial", Why: why}
}
