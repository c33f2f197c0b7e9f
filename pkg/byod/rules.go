package byod

import (
	"fmt"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Rules are those about enrollment profiles for personal devices.
func Rules() []enroll.Rule {
	const (
		docs    = "https://learn.microsoft.com/en-us/intune/intune-service/enrollment/"
		account = docs + "apple-account-driven-user-enrollment"
		web     = docs + "web-based-device-enrollment-ios"
	)
	usersOnly := enroll.Rule{ID: "BYO-08", Severity: enroll.Error, Title: "enrollment profiles for personal devices go to users",
		Why:  "Before it enrolls a personal device is in no group: a profile assigned to a device group reaches nobody, and the service does not support it.",
		Fix:  "assign the profile to a group of users, or to all users",
		Link: web}
	offline, online := usersOnly, usersOnly
	offline.Offline, offline.Check = true, deviceGroups
	online.Needs, online.Check = []enroll.KindName{enroll.Group}, groupsSeen
	gone := enroll.Rule{ID: "X-88", Severity: enroll.Info, Title: "user enrollment with Company Portal is retired",
		Why:  "It enrolls no new devices: Apple dropped it with iOS 18, Microsoft supports enrolled devices only.",
		Fix:  "change the profile to accountDriven or deviceWeb",
		Link: account}
	noneNew, noneLeft := gone, gone
	noneNew.Offline, noneNew.Check = true, retired
	noneLeft.Needs, noneLeft.Check = []enroll.KindName{enroll.BYODProfile}, retired
	return []enroll.Rule{
		offline, online,
		{ID: "X-75", Severity: enroll.Warning, Title: "web based enrollment goes with just in time registration",
			Why:  "Without the SSO extension policy the Company Portal app does not know a device that enrolled in the browser.",
			Fix:  "make an SSO extension policy and say justInTime: true, or send users a web clip to portal.manage.microsoft.com",
			Link: web, Check: webWithoutJIT},
		{ID: "X-77", Severity: enroll.Error, Title: "each rank is given once",
			Why:  "Where several profiles reach a user the one with the highest rank counts: two profiles cannot have one rank.",
			Fix:  "give each profile a priority of its own, or leave it out",
			Link: account, Check: sameRank},
		{ID: "X-81", Severity: enroll.Info, Title: "account driven enrollment needs managed Apple accounts",
			Why:  "The user signs in to the device with a managed Apple account; federation of Apple Business Manager with Microsoft Entra saves making them one by one.",
			Fix:  "federate your domain in Apple Business Manager, or make managed Apple accounts by hand",
			Link: account, Check: reminder("users sign in with managed Apple accounts: set up federation in Apple Business Manager, or make the accounts there")},
		{ID: "X-82", Severity: enroll.Info, Title: "account driven enrollment needs service discovery",
			Why:  "The device asks the web server of the user's domain where to enroll; without an answer it says that the account does not support the expected services.",
			Fix:  "serve https://<domain of the sign-in name>/.well-known/com.apple.remotemanagement as application/json",
			Link: account, Check: reminder("each sign-in domain serves /.well-known/com.apple.remotemanagement with the address of Intune and your tenant id")},
		{ID: "X-83", Severity: enroll.Info, Title: "account driven enrollment needs just in time registration",
			Why:  "It registers through Microsoft Authenticator and an SSO extension policy; Company Portal has no part in it.",
			Fix:  "make an SSO extension policy with device_registration {{DEVICEREGISTRATION}}, and make Microsoft Authenticator a required app, both for the same users",
			Link: account, Check: reminder("the users get an SSO extension policy and Microsoft Authenticator as a required app")},
		noneNew, noneLeft,
		{ID: "ACC-10", Severity: enroll.Warning, Title: "a group gets one kind of enrollment",
			Why:  "Where two profiles reach a user the higher rank counts; and a device enrolled by account cannot be switched to device enrollment without enrolling again.",
			Fix:  "assign the group to one profile only",
			Link: account, Check: twoProfiles},
	}
}

// entry is what the file says of a desired profile.
func entry(o enroll.Object) enroll.Entry { e, _ := o.Facts.(enroll.Entry); return e }

// profilesIn are the desired profiles.
func profilesIn(want []enroll.Object) []enroll.Object { return enroll.OfKind(want, enroll.BYODProfile) }

func deviceGroups(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	return groupsSeen(want, enroll.Snapshot{}, time.Time{})
}

// groupsSeen looks at what the groups hold that profiles are assigned to. A
// group that is neither live nor made by the file is for others to report.
func groupsSeen(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, a := range enroll.OfKind(want, enroll.BYODAssignment) {
		target, _ := a.Fields["target"].(enroll.Ref)
		group, ok := directory.Find(target, want, live)
		if !ok {
			continue
		}
		owner, _ := a.Ref.ScopeRef()
		f := enroll.Finding{On: a.Ref, Path: "target", Origin: a.Where("target")}
		switch directory.Holds(group) {
		case directory.HoldsDevices:
			f.Message = fmt.Sprintf("profile %q is assigned to %q, a group of devices", owner.Name, target.Name)
		case directory.HoldsBoth:
			f.Severity, f.Message = enroll.Warning, fmt.Sprintf("profile %q is assigned to %q, which holds devices beside users; only the users count", owner.Name, target.Name)
		case directory.HoldsNothing:
			if _, seen := group.Facts.(directory.GroupFacts); !seen {
				continue // made by this file: it is empty because it is new
			}
			f.Severity, f.Message = enroll.Warning, fmt.Sprintf("cannot tell whether %q, assigned to profile %q, is for users: it has no members", target.Name, owner.Name)
		case directory.CannotTell:
			f.Severity, f.Message = enroll.Warning, fmt.Sprintf("cannot tell whether %q, assigned to profile %q, holds users: %s", target.Name, owner.Name, directory.WhyUnknown(group))
		case directory.HoldsUsers:
			continue
		}
		out = append(out, f)
	}
	return out
}

func webWithoutJIT(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, p := range profilesIn(want) {
		jit, _ := entry(p).Values.Flag("justInTime")
		if p.Fields.Text("enrollment") == DeviceWeb && !jit {
			out = append(out, enroll.Finding{On: p.Ref, Path: "justInTime", Origin: p.Where("justInTime"),
				Message: fmt.Sprintf("profile %q enrolls in the browser without just in time registration", p.Ref.Name)})
		}
	}
	return out
}

func sameRank(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	first := map[int64]enroll.Object{}
	var out []enroll.Finding
	for _, p := range profilesIn(want) {
		rank, ok := p.Fields.Number("priority")
		if !ok {
			continue
		}
		if other, taken := first[rank]; taken {
			out = append(out, enroll.Finding{On: p.Ref, Path: "priority", Origin: p.Where("priority"),
				Message: fmt.Sprintf("profile %q has priority %d, which profile %q has at %s", p.Ref.Name, rank, other.Ref.Name, other.Where("priority"))})
			continue
		}
		first[rank] = p
	}
	return out
}

// reminder says what is done by hand for each profile that offers account driven enrollment.
func reminder(text string) func([]enroll.Object, enroll.Snapshot, time.Time) []enroll.Finding {
	return func(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
		var out []enroll.Finding
		for _, p := range profilesIn(want) {
			if e := p.Fields.Text("enrollment"); e == AccountDriven || e == UserChoice {
				out = append(out, enroll.Finding{On: p.Ref, Path: "enrollment", Origin: p.Where("enrollment"),
					Message: fmt.Sprintf("by hand, for profile %q: %s", p.Ref.Name, text)})
			}
		}
		return out
	}
}

// retired refuses what the file asks for, and tells of what the tenant has.
func retired(want []enroll.Object, live enroll.Snapshot, _ time.Time) []enroll.Finding {
	var out []enroll.Finding
	for _, p := range profilesIn(want) {
		if p.Fields.Text("enrollment") == Retired {
			out = append(out, enroll.Finding{Severity: enroll.Error, On: p.Ref, Path: "enrollment", Origin: p.Where("enrollment"),
				Message: fmt.Sprintf("profile %q asks for user enrollment with Company Portal, which is retired", p.Ref.Name),
				Fix:     "write enrollment: accountDriven, or enrollment: deviceWeb"})
		}
	}
	for _, p := range live.Objects[enroll.BYODProfile] {
		if p.Fields.Text("enrollment") == Retired {
			out = append(out, enroll.Finding{On: p.Ref, Path: "enrollment",
				Message: fmt.Sprintf("profile %q offers user enrollment with Company Portal, which enrolls no new devices", p.Ref.Name)})
		}
	}
	return out
}

func twoProfiles(want []enroll.Object, _ enroll.Snapshot, _ time.Time) []enroll.Finding {
	first := map[enroll.Ref]enroll.Object{}
	ranks := map[string]int64{} // of the profiles that have one in the file
	for _, p := range profilesIn(want) {
		if n, ok := p.Fields.Number("priority"); ok {
			ranks[directory.ScopeOf(p, want)] = n
		}
	}
	assignments := enroll.OfKind(want, enroll.BYODAssignment)
	var out []enroll.Finding
	for _, a := range assignments {
		target, _ := a.Fields["target"].(enroll.Ref)
		two, _ := a.Ref.ScopeRef()
		f := enroll.Finding{On: a.Ref, Path: "target", Origin: a.Where("target")}
		if other, taken := first[target]; taken {
			one, _ := other.Ref.ScopeRef()
			f.Message = fmt.Sprintf("%q gets profile %q and profile %q (%s); the higher rank counts", target.Name, two.Name, one.Name, other.Where("target"))
			out = append(out, f)
			continue
		}
		first[target] = a
		for _, all := range assignments {
			before, ranked := ranks[all.Ref.Scope]
			if all.Fields["target"] != directory.AllUsers() || target == directory.AllUsers() || !ranked || before >= ranks[a.Ref.Scope] {
				continue
			}
			one, _ := all.Ref.ScopeRef()
			f.Message = fmt.Sprintf("%q never gets profile %q: profile %q goes to all users and has the higher rank", target.Name, two.Name, one.Name)
			f.Fix = "give the profile for all users the lower rank: a larger number in priority"
			out = append(out, f)
		}
	}
	return out
}
