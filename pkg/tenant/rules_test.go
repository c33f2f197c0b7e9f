package tenant

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func said(t *testing.T, id string, want []enroll.Object, live enroll.Snapshot) []string {
	t.Helper()
	var rules []enroll.Rule
	for _, r := range Rules() {
		if r.ID == id {
			rules = append(rules, r)
		}
	}
	out := []string{}
	for _, f := range enroll.Evaluate(rules, want, live, time.Time{}, true) {
		out = append(out, string(f.Severity)+" "+f.Message)
	}
	return out
}

func TestLetsIn(t *testing.T) {
	restricted := func(facts ...RestrictionFacts) enroll.Snapshot {
		s := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{Restriction: {}}}
		for _, f := range facts {
			name := "Sales"
			if f.Default {
				name = "All users and all devices"
			}
			s.Objects[Restriction] = append(s.Objects[Restriction], enroll.Object{Ref: enroll.Ref{Kind: Restriction, Name: name}, Facts: f})
		}
		return s
	}
	personal := []enroll.Object{{Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: "Everyone else"}}, {Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: "Doctors"}}}
	kiosks := []enroll.Object{{Ref: enroll.Ref{Kind: enroll.ADEProfile, Name: "Kiosks"}, Fields: enroll.Fields{"userAffinity": "none"}}, {Ref: enroll.Ref{Kind: enroll.ADEProfile, Name: "Staff"}, Fields: enroll.Fields{"userAffinity": "user"}}}
	open := RestrictionFacts{Default: true}
	for _, tc := range []struct {
		name string
		want []enroll.Object
		live enroll.Snapshot
		find []string
	}{
		{"open", personal, restricted(open), []string{"ok the default restriction lets iPhones and iPads in"}},
		{"blocked", nil, restricted(RestrictionFacts{Default: true, Blocked: true, BlocksPersonal: true}), []string{"error the default restriction blocks iOS/iPadOS: nothing that it reaches enrolls"}},
		{"personal blocked, nobody wants them", nil, restricted(RestrictionFacts{Default: true, BlocksPersonal: true}), []string{"info the default restriction blocks personally owned iPhones and iPads; corporate ones enroll"}},
		{"personal blocked, the file wants them", personal, restricted(RestrictionFacts{Default: true, BlocksPersonal: true}), []string{`error the default restriction blocks personally owned iPhones and iPads, which "Doctors", "Everyone else" is for`}},
		{"a group is blocked", nil, restricted(open, RestrictionFacts{Priority: 1, Blocked: true}), []string{
			`warning restriction "Sales" (priority 1) blocks iOS/iPadOS: nothing that it reaches enrolls`, "ok the default restriction lets iPhones and iPads in"}},
		{"personal of a group", personal, restricted(open, RestrictionFacts{Priority: 2, BlocksPersonal: true}), []string{
			`warning restriction "Sales" (priority 2) blocks personally owned iPhones and iPads, which "Doctors", "Everyone else" is for`, "ok the default restriction lets iPhones and iPads in"}},
		{"all are blocked but a group", nil, restricted(RestrictionFacts{Default: true, Blocked: true}, RestrictionFacts{Priority: 1, BlocksPersonal: true}), []string{
			`warning the default restriction blocks iOS/iPadOS: only devices of users whom "Sales" lets in enroll, and none without a user`, `info restriction "Sales" (priority 1) blocks personally owned iPhones and iPads; corporate ones enroll`}},
		{"all are blocked but a group, and kiosks are wanted", kiosks, restricted(RestrictionFacts{Default: true, Blocked: true}, RestrictionFacts{Priority: 1}), []string{
			`error the default restriction blocks iOS/iPadOS, and devices without a user, which "Kiosks" is for, always come under it`}},
		{"personal ones of a group alone", personal, restricted(RestrictionFacts{Default: true, BlocksPersonal: true}, RestrictionFacts{Priority: 1}), []string{
			`warning the default restriction blocks personally owned iPhones and iPads, which "Doctors", "Everyone else" is for: only those of users whom "Sales" lets in enroll`}},
		{"personal ones of nobody", personal, restricted(RestrictionFacts{Default: true, BlocksPersonal: true}, RestrictionFacts{Priority: 1, BlocksPersonal: true}), []string{
			`error the default restriction blocks personally owned iPhones and iPads, which "Doctors", "Everyone else" is for`,
			`warning restriction "Sales" (priority 1) blocks personally owned iPhones and iPads, which "Doctors", "Everyone else" is for`}},
		{"a group is let in", nil, restricted(open, RestrictionFacts{Priority: 2}), []string{"ok the default restriction lets iPhones and iPads in"}},
		{"no default", nil, restricted(RestrictionFacts{Priority: 2}), []string{"unknown the service did not give the default restriction, which every tenant has"}},
		{"none at all", nil, restricted(), []string{"unknown the service did not give the default restriction, which every tenant has"}},
		{"not looked", nil, enroll.Snapshot{}, []string{}},
		{"could not look", nil, enroll.Snapshot{Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: Restriction}, Reason: "403"}}}, []string{"unknown could not look: 403"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.find, said(t, "X-05", tc.want, tc.live)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRoom(t *testing.T) {
	live := func(tokens, most int) enroll.Snapshot {
		s := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.ADEToken: make([]enroll.Object, tokens)}}
		s.Objects[Account] = []enroll.Object{{Ref: enroll.Ref{Kind: Account, Name: "Intune"}, Facts: AccountFacts{MaxTokens: most}}}
		return s
	}
	gap := live(1, 100)
	gap.Gaps = []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.ADEToken}, Reason: "500"}}
	for _, tc := range []struct {
		name string
		live enroll.Snapshot
		find []string
	}{
		{"room", live(2, 100), []string{"ok 2 of at most 100 enrollment program tokens"}},
		{"nearly full", live(90, 100), []string{"warning 90 of at most 100 enrollment program tokens: nearly full"}},
		{"full", live(100, 100), []string{"warning 100 of at most 100 enrollment program tokens: no further one can be added"}},
		{"not said", live(2, 0), []string{"unknown the service does not say how many enrollment program tokens the tenant may have"}},
		{"tokens not seen", gap, []string{"unknown could not look: 500"}},
		{"not looked", enroll.Snapshot{}, []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.find, said(t, "X-31", nil, tc.live)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
