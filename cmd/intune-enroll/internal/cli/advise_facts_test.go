package cli

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/ade"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/companyportal"
	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/tenant"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

func TestFactsOf(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	in := func(days int) time.Time { return now.AddDate(0, 0, days) }
	push := func(at time.Time) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.PushCertificate}, Facts: graph.PushCertificate{Expires: at}}
	}
	token := func(name string, at time.Time) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEToken, Name: name}, Facts: ade.TokenFacts{Name: name, Expires: at}}
	}
	organization := func(authority string) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.Organization}, Facts: graph.Organization{MDMAuthority: authority}}
	}
	restriction := func(r tenant.RestrictionFacts) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: tenant.Restriction}, Facts: r}
	}
	profile := func(name, enrollment string) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: name}, Fields: enroll.Fields{"enrollment": enrollment}}
	}
	assigned := func(name string, to enroll.Ref) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.BYODAssignment, Scope: enroll.Ref{Kind: enroll.BYODProfile, Name: name}.Owner(), Name: to.Name}, Fields: enroll.Fields{"target": to}}
	}
	group := enroll.Ref{Kind: enroll.Group, Name: "Sales"}
	location := func(id, state string, at time.Time) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.VPPToken, Name: id}, Facts: vpp.TokenFacts{ID: id, State: state, Expires: at}}
	}
	app := func(id string, all, used int) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.PortalApp, Name: id}, Facts: companyportal.AppFacts{TokenID: id, Licences: all, Used: used}}
	}
	nothing := map[string]string{"apns": "none", "adeToken": "none", "mdmAuthority": "", "iosBlocked": "", "personalIosBlocked": "", "accTargeted": "no", "vpp": "none"}
	for _, tc := range []struct {
		name string
		live []enroll.Object
		want map[string]string // what differs from an empty tenant
	}{
		{"nothing there", nil, nil},
		{"in order", []enroll.Object{push(in(200)), token("A", in(31)), organization("intune"), restriction(tenant.RestrictionFacts{Default: true}), location("1", "valid", in(90)), app("1", 10, 9)},
			map[string]string{"apns": "ok", "adeToken": "ok", "mdmAuthority": "intune", "iosBlocked": "no", "personalIosBlocked": "no", "vpp": "ok"}},
		{"running out", []enroll.Object{push(in(30)), token("A", in(1)), organization("sccm")}, map[string]string{"apns": "expiring", "adeToken": "expiring", "mdmAuthority": "sccm"}},
		{"over", []enroll.Object{push(now), token("A", in(-400))}, map[string]string{"apns": "expired", "adeToken": "expired"}},
		{"no day", []enroll.Object{token("A", time.Time{})}, map[string]string{"adeToken": ""}},
		{"tokens of one state", []enroll.Object{token("A", in(90)), token("B", in(50))}, map[string]string{"adeToken": "ok"}},
		{"tokens that differ", []enroll.Object{token("A", in(90)), token("B", in(-1))}, map[string]string{"adeToken": ""}},
		{"platform blocked", []enroll.Object{restriction(tenant.RestrictionFacts{Default: true, Blocked: true})}, map[string]string{"iosBlocked": "yes", "personalIosBlocked": "yes"}},
		{"personal blocked", []enroll.Object{restriction(tenant.RestrictionFacts{Default: true, BlocksPersonal: true})}, map[string]string{"iosBlocked": "no", "personalIosBlocked": "yes"}},
		{"depends on the user", []enroll.Object{restriction(tenant.RestrictionFacts{Default: true, BlocksPersonal: true}), restriction(tenant.RestrictionFacts{Priority: 1})}, map[string]string{"iosBlocked": "no", "personalIosBlocked": ""}},
		{"web for all users", []enroll.Object{profile("W", "deviceWeb"), assigned("W", directory.AllUsers())}, nil},
		{"account driven for nobody", []enroll.Object{profile("A", "accountDriven"), assigned("W", directory.AllUsers())}, nil},
		{"account driven for all users", []enroll.Object{profile("A", "accountDriven"), assigned("A", group), assigned("A", directory.AllUsers())}, map[string]string{"accTargeted": "yes"}},
		{"choice for a group", []enroll.Object{profile("C", "userChoice"), assigned("C", group)}, map[string]string{"accTargeted": ""}},
		{"unknown offer for a group", []enroll.Object{profile("O", "other"), assigned("O", group)}, map[string]string{"accTargeted": ""}},
		{"no licence left", []enroll.Object{location("1", "valid", in(90)), app("1", 10, 10)}, map[string]string{"vpp": "bad"}},
		{"token expired", []enroll.Object{location("1", "expired", in(-1)), app("1", 10, 0)}, map[string]string{"vpp": "bad"}},
		{"token of another MDM", []enroll.Object{location("1", "assignedToExternalMDM", in(90)), app("1", 10, 0)}, map[string]string{"vpp": "bad"}},
		{"one of two works", []enroll.Object{location("1", "expired", in(-1)), app("1", 10, 0), location("2", "valid", in(9)), app("2", 10, 0)}, map[string]string{"vpp": "ok"}},
		{"token without the app", []enroll.Object{location("1", "valid", in(90))}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			live := enroll.Snapshot{At: now, Objects: map[enroll.KindName][]enroll.Object{}}
			for _, o := range tc.live {
				live.Objects[o.Ref.Kind] = append(live.Objects[o.Ref.Kind], o)
			}
			want, got := map[string]string{}, map[string]string{}
			for key, value := range nothing {
				want[key] = value
			}
			for key, value := range tc.want {
				want[key] = value
			}
			for _, f := range factsOf(live) {
				if got[f.key] = f.value; f.text == "" || f.gap != nil {
					t.Errorf("%+v", f)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestGapsAreNoFacts: what could not be looked at is never answered.
func TestGapsAreNoFacts(t *testing.T) {
	for _, kind := range advised() {
		live := enroll.Snapshot{Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: kind}, Reason: "no permission", Denied: true}}}
		unseen := slices.DeleteFunc(factsOf(live), func(f fact) bool { return f.gap == nil })
		if len(unseen) == 0 {
			t.Errorf("nothing is unknown without %s", kind)
		}
		for _, f := range unseen {
			if f.value != "" {
				t.Errorf("%s: %+v", kind, f)
			}
		}
	}
}

func TestTake(t *testing.T) {
	gap := &enroll.Gap{Reason: "no permission"}
	a := advise.Answers{Ownership: "personal", APNs: "ok", VPP: "none", MDMAuthority: "Intune"}
	got, err := take(&a, []fact{
		{key: "apns", value: "expired", text: "it lasted until 2026-01-01"}, {key: "adeToken", value: "ok", text: "fine"},
		{key: "mdmAuthority", value: "intune", text: "the same"}, {key: "vpp", text: "could not look", gap: gap}, {key: "iosBlocked", text: "could not look", gap: gap},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []fact{
		{key: "apns", value: "ok", text: "that is your answer, and it counts; the tenant says expired: it lasted until 2026-01-01"},
		{key: "adeToken", value: "ok", text: "fine"}, {key: "iosBlocked", text: "could not look", gap: gap},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(fact{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(advise.Answers{Ownership: "personal", APNs: "ok", ADEToken: "ok", VPP: "none", MDMAuthority: "Intune"}, a); diff != "" {
		t.Error(diff)
	}
	if _, err := take(&a, []fact{{key: "iosBlocked", value: "perhaps"}}); err == nil {
		t.Error("a value that is none of the question's was taken")
	}
}
