package guard

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/tenant"
)

// wanted are the objects of a file.
func wanted(t *testing.T, text string) []enroll.Object {
	t.Helper()
	doc, findings := document.Decode([]document.Source{{Name: "f.yaml", Data: []byte("apiVersion: intune-enroll/v1\n" + text)}})
	objects, said := doc.Objects()
	if len(findings)+len(said) > 0 {
		t.Fatalf("%v", lines(append(findings, said...)))
	}
	return objects
}

// online is what the online rule of that id says, with severity and message.
func online(t *testing.T, id string, want []enroll.Object, live enroll.Snapshot) []string {
	t.Helper()
	for _, r := range Rules(Limits{}) {
		if r.ID == id && !r.Offline {
			out := []string{}
			for _, f := range enroll.Evaluate([]enroll.Rule{r}, want, live, time.Time{}, true) {
				out = append(out, fmt.Sprintf("%s: %s", f.Severity, f.Message))
			}
			return out
		}
	}
	t.Fatalf("no online rule %s", id)
	return nil
}

func snapshot(objects ...enroll.Object) enroll.Snapshot {
	s := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{}}
	for _, o := range objects {
		s.Objects[o.Ref.Kind] = append(s.Objects[o.Ref.Kind], o)
	}
	return s
}

func dynamicGroup(name, profile string) enroll.Object {
	return enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: name}, Fields: enroll.Fields{"type": directory.TypeDynamicDevices, "rule": directory.RuleOfProfile(profile)}}
}

func liveProfile(name string, fields enroll.Fields) enroll.Object {
	return enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEProfile, Scope: "ade-token:Contoso ABM", Name: name}, Fields: fields}
}

func TestPolicyGroupsOnline(t *testing.T) {
	want := wanted(t, "companyPortal: {configPolicies: [{name: P, variant: userAffinity, assignTo: {groups: [G], excludeGroups: [X]}}]}\n")
	for _, tc := range []struct {
		name, id string
		live     enroll.Snapshot
		want     []string
	}{
		{"modern authentication", "X-41", snapshot(dynamicGroup("G", "staff"), liveProfile("Staff", enroll.Fields{"userAffinity": "user", "authentication": "setupAssistantModern"})),
			[]string{`error: group "G" takes in the devices of profile "staff", which brings Company Portal and its configuration itself`}},
		{"legacy without Company Portal", "X-41", snapshot(dynamicGroup("G", "Staff"), liveProfile("Staff", enroll.Fields{"userAffinity": "user", "authentication": "setupAssistantLegacy", "companyPortal.install": "none"})), []string{}},
		{"settings not read", "X-41", snapshot(dynamicGroup("G", "Staff"), liveProfile("Staff", nil)),
			[]string{`warning: group "G" takes in the devices of profile "Staff", which the file does not name: whether it brings Company Portal was not looked at`}},
		{"no such profile", "X-41", snapshot(dynamicGroup("G", "Staff")),
			[]string{`warning: group "G" takes in the devices of profile "Staff", which is neither in the file nor among the profiles that were looked at: whether it brings Company Portal cannot be seen`}},
		{"static group", "X-41", snapshot(enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: "G"}, Fields: enroll.Fields{"type": directory.TypeAssigned}}),
			[]string{`warning: group "G" names no profile: whether devices whose profile brings Company Portal are in it cannot be seen`}},
		{"could not look", "X-41", enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{}, Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.Group, Name: "G"}, Reason: "403"}}},
			[]string{"unknown: could not look: 403", `warning: group "G" is not in the file: whether devices whose profile brings Company Portal are in it cannot be seen`}},
		{"userless", "CFP-05", snapshot(dynamicGroup("G", "Kiosks"), liveProfile("Kiosks", enroll.Fields{"userAffinity": "none"})),
			[]string{`error: group "G" takes in the devices of profile "Kiosks", which have no user (userAffinity: none)`}},
		{"with a user", "CFP-05", snapshot(dynamicGroup("G", "Staff"), liveProfile("Staff", enroll.Fields{"userAffinity": "user"})), []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, online(t, tc.id, want, tc.live)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestAppGroupsOnline: what a group of the tenant says of the app, and that
// staging in the tenant is as good as staging in the file.
func TestAppGroupsOnline(t *testing.T) {
	kiosks := func(of ...enroll.Object) enroll.Snapshot {
		return snapshot(append(of, dynamicGroup("G", "Kiosks"), liveProfile("Kiosks", enroll.Fields{"userAffinity": "none"}))...)
	}
	staging := enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalPolicy, Name: "Staging"}, Fields: enroll.Fields{"variant": companyportal.DeviceStaging}}
	refused := []string{`error: group "G" takes in the devices of profile "Kiosks", which have no user (userAffinity: none)`}
	for _, tc := range []struct {
		name, app string
		live      enroll.Snapshot
		want      []string
	}{
		{"no staging", "source: vpp", kiosks(), refused},
		{"filtered", "source: vpp, filter: {name: F, mode: exclude}", kiosks(),
			[]string{`warning: group "G" takes in the devices of profile "Kiosks", which have no user (userAffinity: none), unless the filter keeps them out`}},
		{"staging", "source: vpp", kiosks(staging), []string{}},
		{"staging from the App Store", "source: store", kiosks(staging), refused},
		{"with a user", "source: vpp", snapshot(dynamicGroup("G", "Staff"), liveProfile("Staff", enroll.Fields{"userAffinity": "user"})), []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := wanted(t, "companyPortal: {app: {"+tc.app+", requiredFor: [G]}}\n")
			if d := cmp.Diff(tc.want, online(t, "CFP-05", want, tc.live)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPromiseOnline(t *testing.T) {
	const file = "ade: [{profiles: [{name: Staff, userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: %s}}]}]\n"
	vpp := wanted(t, fmt.Sprintf(file, "vpp, vppToken: Helsinki"))
	store := wanted(t, fmt.Sprintf(file, "appleId"))
	app := enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalApp, Name: "Company Portal (Contoso VPP)"}, Facts: companyportal.AppFacts{},
		Handles: map[enroll.Handle]string{"location": "Helsinki"}}
	storeApp := enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalApp, Name: "Company Portal (store)"}, Facts: companyportal.AppFacts{Store: true}}
	to := func(app enroll.Object, target enroll.Ref, more enroll.Fields) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.AppAssignment, Scope: app.Ref.Owner(), Name: target.Name},
			Fields: enroll.Fields{"target": target, "intent": "required", "deviceLicensing": true}.With(more)}
	}
	group := enroll.Ref{Kind: enroll.Group, Name: "G"}
	none := snapshot(app, storeApp)
	none.Objects[enroll.AppAssignment] = []enroll.Object{}
	for _, tc := range []struct {
		name string
		want []enroll.Object
		live enroll.Snapshot
		say  []string
	}{
		{"all devices", vpp, snapshot(app, to(app, directory.AllDevices(), nil)), []string{`ok: Company Portal (Contoso VPP) is required for "all devices", which takes in the devices of "Staff"`}},
		{"the profile's group", vpp, snapshot(app, dynamicGroup("G", "Staff"), to(app, group, nil)), []string{`ok: Company Portal (Contoso VPP) is required for "G", which takes in the devices of "Staff"`}},
		{"with a filter", vpp, snapshot(app, dynamicGroup("G", "Staff"), to(app, group, enroll.Fields{"filter": "include 1"})),
			[]string{`warning: devices of "Staff" count on Company Portal; Company Portal (Contoso VPP) is required for "G", and whether that takes them in cannot be seen`}},
		{"a group not looked up", vpp, snapshot(app, to(app, group, nil)),
			[]string{`warning: devices of "Staff" count on Company Portal; Company Portal (Contoso VPP) is required for "G", and whether that takes them in cannot be seen`}},
		{"user licences, available, excluded, another app", vpp, snapshot(app, storeApp, to(app, directory.AllDevices(), enroll.Fields{"deviceLicensing": false}),
			to(app, directory.AllDevices(), enroll.Fields{"intent": "available"}), to(app, directory.AllDevices(), enroll.Fields{"exclude": true}), to(storeApp, directory.AllDevices(), nil)),
			[]string{`warning: devices of "Staff" count on Company Portal, and Company Portal (Contoso VPP) has no required, device-licensed assignment`}},
		{"nothing assigned", vpp, none, []string{`warning: devices of "Staff" count on Company Portal, and Company Portal (Contoso VPP) has no required, device-licensed assignment`}},
		{"no such app", vpp, snapshot(storeApp, to(storeApp, directory.AllDevices(), nil)),
			[]string{`warning: devices of "Staff" count on Company Portal, and VPP token "Helsinki" does not have it, or is not in the tenant`}},
		{"not looked", vpp, snapshot(), []string{`warning: nothing in the file makes Company Portal a required app on devices of "Staff", and an enrollment policy does not install it`}},
		{"from the store", store, snapshot(app, storeApp, to(storeApp, directory.AllDevices(), enroll.Fields{"deviceLicensing": false})),
			[]string{`ok: Company Portal (store) is required for "all devices", which takes in the devices of "Staff"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.say, online(t, "CPI-04", tc.want, tc.live)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPromiseSaysWhatToDo(t *testing.T) {
	const file = "ade: [{profiles: [{name: Staff, userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: vpp}}]}]\n"
	for _, tc := range []struct{ name, groups, want string }{
		{"group in the file", "groups: [{name: G, devicesOfProfile: staff}]\n", `add companyPortal: {app: {source: vpp, requiredFor: ["G"], autoUpdate: true}} to the file`},
		{"no group", "", `add groups: [{name: "iOS - Staff", devicesOfProfile: "Staff"}] and companyPortal: {app: {source: vpp, requiredFor: ["iOS - Staff"], autoUpdate: true}} to the file`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found := promises(wanted(t, file+tc.groups), enroll.Snapshot{}, time.Time{})
			if len(found) != 1 || found[0].Fix != tc.want {
				t.Errorf("got %+v", found)
			}
		})
	}
}

// TestPromiseKept: the file itself requires the app for the devices of the profile.
func TestPromiseKept(t *testing.T) {
	const profile = "ade: [{profiles: [{name: Staff, userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: %s}}]}]\ngroups: [{name: G, devicesOfProfile: Staff}]\ncompanyPortal: {app: {%s}}\n"
	app := enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalApp, Name: "Company Portal (Contoso VPP)"}, Facts: companyportal.AppFacts{}, Handles: map[enroll.Handle]string{"location": "Helsinki", "token-name": "Contoso VPP"}}
	live := snapshot(app)
	live.Objects[enroll.AppAssignment] = []enroll.Object{}
	kept := []string{`ok: the file requires Company Portal for "G", which takes in the devices of "Staff"`}
	for _, tc := range []struct {
		name, install, app string
		offline            int
		online             []string
	}{
		{"by the same token", "vpp, vppToken: Contoso VPP", "source: vpp, vppToken: Contoso VPP, requiredFor: [G]", 0, kept},
		{"by another name of the token", "vpp, vppToken: Helsinki", "source: vpp, vppToken: Contoso VPP, requiredFor: [G]", 1, kept},
		{"by the store app that the file makes", "appleId", "source: store, requiredFor: [G]", 0, kept},
		{"with a filter", "vpp", "source: vpp, requiredFor: [G], filter: {name: F, mode: include}", 1,
			[]string{`warning: devices of "Staff" count on Company Portal, and Company Portal (Contoso VPP) has no required, device-licensed assignment`}},
		{"for another group", "vpp", "source: vpp, requiredFor: [H]", 1,
			[]string{`warning: devices of "Staff" count on Company Portal, and Company Portal (Contoso VPP) has no required, device-licensed assignment`}},
		{"by the wrong app", "appleId", "source: vpp, requiredFor: [G]", 1,
			[]string{`warning: devices of "Staff" count on Company Portal, and Intune does not have the app of the App Store`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := wanted(t, fmt.Sprintf(profile, tc.install, tc.app))
			if found := promises(want, enroll.Snapshot{}, time.Time{}); len(found) != tc.offline {
				t.Errorf("without a tenant: %v", lines(found))
			}
			e := enroll.Engine{}
			e.Kinds = []enroll.Kind{known(enroll.PortalApp), known(enroll.AppAssignment)}
			bound, _ := e.Bind(want, live)
			if d := cmp.Diff(tc.online, online(t, "CPI-04", bound, live)); d != "" {
				t.Error(d)
			}
		})
	}
}

// known is a kind that the engine binds names of.
type known enroll.KindName

func (k known) Name() enroll.KindName    { return enroll.KindName(k) }
func (k known) Reads() []enroll.KindName { return nil }
func (k known) After() []enroll.KindName { return nil }
func (k known) Read(context.Context, enroll.Query, enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	return nil, nil
}

// TestAlsoLooksAtWhatHangs: what shall go is deleted only after a look at whom it is assigned to.
func TestAlsoLooksAtWhatHangs(t *testing.T) {
	got := Also(wanted(t, "byod: {profiles: [{name: P, state: absent}]}\ncompanyPortal: {configPolicies: [{name: Q, state: absent}]}\n"))
	if d := cmp.Diff([]enroll.KindName{enroll.BYODAssignment, enroll.PolicyAssignment}, got); d != "" {
		t.Error(d)
	}
}

func TestAccountDrivenOnline(t *testing.T) {
	want := wanted(t, "ade: [{profiles: [{name: F, type: classicProfile, userAffinity: user, authentication: companyPortal, companyPortal: {install: vpp}}]}]\n")
	live := func(enrollment string) enroll.Snapshot {
		return snapshot(enroll.Object{Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: "B"}, Fields: enroll.Fields{"enrollment": enrollment}})
	}
	if got := online(t, "X-23", want, live("deviceWeb")); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	say := []string{`warning: users whom the account driven profile "B" reaches cannot sign in in Company Portal; whether users of these devices are among them cannot be seen`}
	if d := cmp.Diff(say, online(t, "X-23", want, live("accountDriven"))); d != "" {
		t.Error(d)
	}
}

func TestEmptyGroups(t *testing.T) {
	want := wanted(t, "groups: [{name: G, devicesOfProfile: Staff}, {name: H, devicesOfProfile: Mine}, {name: I, assigned: true}]\nade: [{profiles: [{name: Mine, userAffinity: none}]}]\n")
	for _, tc := range []struct {
		name string
		live enroll.Snapshot
		want []string
	}{
		{"there", snapshot(liveProfile("STAFF", nil)), []string{}},
		{"not there", snapshot(liveProfile("Other", nil)), []string{`warning: no profile is called "Staff", neither in the file nor on the tokens it names`}},
		{"not looked", snapshot(), []string{`warning: profile "Staff" is not in the file, and the file names no token whose profiles could be looked at`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, online(t, "X-35", want, tc.live)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAlso(t *testing.T) {
	underlies := func(more ...enroll.KindName) []enroll.KindName {
		return slices.Sorted(slices.Values(append(more, enroll.PushCertificate, enroll.License, tenant.Account, tenant.Restriction)))
	}
	for _, tc := range []struct {
		name, file string
		want       []enroll.KindName
	}{
		{"nothing", "ade: [{profiles: [{name: K, userAffinity: none}]}]\n", underlies()},
		{"a promise", "ade: [{profiles: [{name: S, userAffinity: user, authentication: setupAssistantModern, companyPortal: {install: vpp}}]}]\n", underlies(enroll.AppAssignment)},
		{"sign-in in Company Portal", "ade: [{profiles: [{name: F, type: classicProfile, userAffinity: user, authentication: companyPortal, companyPortal: {install: vpp}}]}]\n", underlies(enroll.BYODProfile)},
		{"a policy", "companyPortal: {configPolicies: [{name: P, variant: userAffinity, assignTo: {groups: [G]}}]}\n", []enroll.KindName{enroll.AppAssignment}},
		{"an app with licences", "companyPortal: {app: {source: vpp}}\n", []enroll.KindName{enroll.VPPToken}},
		{"an app that goes somewhere", "companyPortal: {app: {source: store, requiredFor: [G]}}\n", []enroll.KindName{enroll.PortalPolicy}},
		{"an app of the App Store", "companyPortal: {app: {source: store}}\n", nil},
		{"a group alone", "groups: [{name: G, devicesOfProfile: S}]\n", []enroll.KindName{enroll.ADEProfile, enroll.ConfiguratorProfile}},
		{"a group of Apple Configurator", "groups: [{name: G, devicesOfProfile: S}]\nconfigurator: {profiles: [{name: S, userAffinity: none}]}\n", underlies()},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, Also(wanted(t, tc.file))); d != "" {
				t.Error(d)
			}
		})
	}
}
