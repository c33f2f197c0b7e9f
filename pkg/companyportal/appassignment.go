package companyportal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// appAssignments is the kind app-assignment: one object for each target of a
// Company Portal app. Fields: target, exclude, filter, intent (required,
// available, uninstall, availableWithoutEnrollment), deviceLicensing and, where
// the service tells it, source (policySets are made elsewhere). Only required
// ones are ever added or removed.
type appAssignments struct{ c *graph.Client }

// required is the intent of an app that installs by itself.
const required = "required"

func (appAssignments) Name() enroll.KindName { return enroll.AppAssignment }
func (appAssignments) Reads() []enroll.KindName {
	return []enroll.KindName{enroll.PortalApp, enroll.Group}
}
func (appAssignments) After() []enroll.KindName {
	return []enroll.KindName{enroll.PortalApp, enroll.Group}
}

func (k appAssignments) Read(ctx context.Context, _ enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	return directory.ReadAssignments(enroll.AppAssignment, known.Objects[enroll.PortalApp], func(app enroll.Object) ([]enroll.Object, error) {
		raws, err := list(ctx, k.c, mobileApp(app.Handles[enroll.ID], "assignments"))
		if err != nil {
			return nil, fmt.Errorf("list the assignments of %s: %w", app.Ref.Name, err)
		}
		return live(enroll.AppAssignment, app.Ref, raws, known)
	})
}

func mobileApp(segments ...string) string {
	return graph.Path(append([]string{"deviceAppManagement", "mobileApps"}, segments...)...)
}

// Plan adds required assignments beside whatever is there, and removes those
// that shall go. A group that has the app in another way (available, with
// licences of its users) is an error: a group has an app in one way only.
func (appAssignments) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	var findings []enroll.Finding
	var good []enroll.Object
	for _, w := range want {
		if w.State == enroll.Absent {
			good = append(good, w)
			continue
		}
		w, problem := filtered(w, all)
		if problem == nil {
			problem = otherwise(w, have)
		}
		if problem == nil {
			problem = unlicensed(w, all)
		}
		if problem != nil {
			findings = append(findings, *problem)
			continue
		}
		good = append(good, w)
	}
	changes, said := directory.PlanAssignments(good, ours(have, good), all)
	for i, c := range changes {
		if c.Verb == enroll.Create {
			changes[i].Effects = licences(c, all)
			nameFilter(c, all)
		}
	}
	return changes, append(findings, said...)
}

// nameFilter shows the filter of an assignment to be made by its name.
func nameFilter(c enroll.Change, all enroll.Snapshot) {
	for i, f := range c.Fields {
		text, _ := f.New.(string)
		mode, id, _ := strings.Cut(text, " ")
		for _, o := range all.Objects[enroll.Filter] {
			if f.Path == "filter" && o.Handles[enroll.ID] == id {
				c.Fields[i].New = mode + " " + o.Ref.Name
			}
		}
	}
}

// ours are the live assignments that are compared: the required ones. Exclusions
// count only where their group is named: exclusive is about whom the app is
// required for.
func ours(have, want []enroll.Object) []enroll.Object {
	return slices.DeleteFunc(slices.Clone(have), func(h enroll.Object) bool {
		exclude, _ := h.Fields.Flag("exclude")
		named := slices.ContainsFunc(want, func(w enroll.Object) bool { return directory.SameTarget(w, h) })
		return h.Fields.Text("intent") != required || exclude && !named
	})
}

// otherwise is the problem that the group has the app in another way.
func otherwise(w enroll.Object, have []enroll.Object) *enroll.Finding {
	owner, _ := w.Ref.ScopeRef()
	for _, h := range have {
		if !directory.SameTarget(h, w) {
			continue
		}
		licensed, _ := h.Fields.Flag("deviceLicensing")
		devices, _ := w.Fields.Flag("deviceLicensing")
		exclude, _ := h.Fields.Flag("exclude")
		f := enroll.Finding{Rule: "assignment-differs", Severity: enroll.Error, On: w.Ref, Path: "target", Origin: w.Where("target")}
		switch intent := h.Fields.Text("intent"); {
		case intent != required:
			f.Message = fmt.Sprintf("%s is assigned to %q as %s; a group has an app in one way only", owner.Name, w.Ref.Name, intent)
			f.Fix = "remove that assignment in the Intune admin center, Apps > iOS/iPadOS > Company Portal > Properties, or take the group out of requiredFor"
		case devices && !licensed && !exclude:
			f.Message = fmt.Sprintf("%s is required for %q with licences of users, not of devices; both do not go on one group", owner.Name, w.Ref.Name)
			f.Fix = "change the licence type to device licensing in the Intune admin center, Apps > iOS/iPadOS > Company Portal > Properties, or name the group in removeGroups first"
		default:
			continue
		}
		return &f
	}
	return nil
}

// unlicensed is the problem that the app cannot have licences of devices.
func unlicensed(w enroll.Object, all enroll.Snapshot) *enroll.Finding {
	owner, _ := w.Ref.ScopeRef()
	app, _ := all.Get(owner)
	facts, known := app.Facts.(AppFacts)
	if devices, _ := w.Fields.Flag("deviceLicensing"); !devices || !known || facts.DeviceLicensing {
		return nil
	}
	return &enroll.Finding{Rule: "CPI-12", Severity: enroll.Error, On: w.Ref, Path: "target", Origin: w.Where("target"),
		Message: fmt.Sprintf("the service says that %s cannot have licences of devices", owner.Name),
		Fix:     "sync the VPP token in the Intune admin center, and look at the app's licence type there"}
}

// licences tells how many licences are left for the devices to come. Of an app
// that its token does not have there is nothing to tell: its own plan is an error.
func licences(c enroll.Change, all enroll.Snapshot) []enroll.Effect {
	owner, _ := c.Ref.ScopeRef()
	if owner.Name == storeName {
		return []enroll.Effect{{On: owner, Text: "each user needs an Apple ID to get it"}}
	}
	app, _ := all.Get(owner)
	facts, known := app.Facts.(AppFacts)
	if !known {
		return nil
	}
	left := fmt.Sprintf("each device takes a licence; %d of %d left", facts.Left(), facts.Licences)
	target, _ := c.After["target"].(enroll.Ref)
	group, _ := all.Get(target)
	if counted, ok := group.Facts.(directory.GroupFacts); ok && counted.Devices >= 0 {
		left += ", the group holds " + enroll.Plural(counted.Devices, "device")
	}
	return []enroll.Effect{{On: owner, Text: left, N: facts.Left()}}
}

// Permissions are those that assigning an app takes.
func (appAssignments) Permissions(enroll.Change) []string { return []string{graph.AppsWrite} }

// vppSettings are what the service has to know of an assignment of a VPP app;
// what is not sent it sets itself, as the admin center would.
type vppSettings struct {
	Type            string `json:"@odata.type"`
	DeviceLicensing bool   `json:"useDeviceLicensing"`
}

// Write adds one assignment by itself, or removes one.
func (k appAssignments) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	owner, _ := c.Ref.ScopeRef()
	id, err := h.Handle(ctx, owner, enroll.ID)
	if err != nil {
		return nil, err
	}
	to := assignable{k.c, mobileApp(id), "mobileAppAssignments", "#microsoft.graph.mobileAppAssignment"}
	switch c.Verb {
	case enroll.Create:
		target, group, err := directory.TargetOf(ctx, c, h)
		if err != nil {
			return nil, err
		}
		a := assignment{Type: to.of, Intent: c.After.Text("intent"), Target: target}
		if devices, vpp := c.After.Flag("deviceLicensing"); vpp {
			a.Settings = vppSettings{"#microsoft.graph.iosVppAppAssignmentSettings", devices}
		}
		return nil, to.add(ctx, a, fmt.Sprintf("require %s for %q", owner.Name, c.Ref.Name), group)
	case enroll.Delete:
		return nil, to.remove(ctx, c.Before, fmt.Sprintf("no longer require %s for %q", owner.Name, c.Ref.Name))
	}
	return nil, fmt.Errorf("%s: an assignment is added or removed, never changed", c.Ref)
}
