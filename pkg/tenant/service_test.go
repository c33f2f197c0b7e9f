package tenant

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

func TestServiceRules(t *testing.T) {
	org := func(authority string) enroll.Snapshot {
		return enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.Organization: {
			{Ref: enroll.Ref{Kind: enroll.Organization, Name: "Contoso"}, Facts: graph.Organization{Name: "Contoso", MDMAuthority: authority}}}}}
	}
	skus := func(list ...graph.SKU) enroll.Snapshot {
		s := enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.License: nil}}
		for _, k := range list {
			s.Objects[enroll.License] = append(s.Objects[enroll.License], enroll.Object{Ref: enroll.Ref{Kind: enroll.License, Name: k.PartNumber}, Facts: k})
		}
		return s
	}
	onTenant := enroll.Ref{Kind: enroll.Organization, Name: "Contoso"}
	intune := []graph.ServicePlan{{Name: "EXCHANGE_S_STANDARD", Status: "Success"}, {Name: "INTUNE_A", Status: "Success"}}
	onAccount := enroll.Ref{Kind: Account, Name: "Intune"}
	with := func(state string, s enroll.Snapshot) enroll.Snapshot {
		if s.Objects == nil {
			s.Objects = map[enroll.KindName][]enroll.Object{}
		}
		s.Objects[Account] = []enroll.Object{{Ref: onAccount, Facts: AccountFacts{State: state}}}
		return s
	}
	for _, tt := range []struct {
		name string
		live enroll.Snapshot
		out  []enroll.Finding
	}{
		{"authority intune", org("intune"), []enroll.Finding{{Rule: "X-01", Severity: enroll.OK, On: onTenant, Message: "the MDM authority is Intune"}}},
		{"authority not set", org("unknown"), []enroll.Finding{{Rule: "X-01", Severity: enroll.Error, On: onTenant, Message: "no MDM authority is set: nothing can enroll"}}},
		{"another authority", org("office365"), []enroll.Finding{{Rule: "X-01", Severity: enroll.Error, On: onTenant, Message: "the MDM authority is office365, not Intune"}}},
		{"authority not said", org(""), []enroll.Finding{{Rule: "X-01", Severity: enroll.Unknown, On: onTenant, Message: "the service did not say what the MDM authority is"}}},
		{"authority unreadable", enroll.Snapshot{Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.Organization}, Reason: "no"}}},
			[]enroll.Finding{{Rule: "X-01", Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.Organization}, Message: "could not look: no"}}},
		{"licensed", skus(graph.SKU{PartNumber: "SPE_E3", Status: "Enabled", Enabled: 100, Consumed: 12, Plans: intune}),
			[]enroll.Finding{{Rule: "X-02", Severity: enroll.OK, On: enroll.Ref{Kind: enroll.License, Name: "SPE_E3"}, Message: "subscription SPE_E3 brings Intune, 12 of 100 licences in use"}}},
		{"no licence", skus(graph.SKU{PartNumber: "O365", Status: "Enabled", Enabled: 5, Plans: intune[:1]}),
			[]enroll.Finding{{Rule: "X-02", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.License}, Message: "no subscription of the tenant brings Intune"}}},
		{"no subscription", skus(), []enroll.Finding{{Rule: "X-02", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.License}, Message: "no subscription of the tenant brings Intune"}}},
		{"suspended", skus(graph.SKU{PartNumber: "SPE_E3", Status: "Suspended", Enabled: 0, Plans: intune}),
			[]enroll.Finding{{Rule: "X-02", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.License}, Message: "no active subscription brings Intune: SPE_E3 is in state Suspended"}}},
		{"plan disabled", skus(graph.SKU{PartNumber: "SPE_E3", Status: "Enabled", Enabled: 5, Plans: []graph.ServicePlan{{Name: "INTUNE_A", Status: "Disabled"}}}),
			[]enroll.Finding{{Rule: "X-02", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.License}, Message: "no active subscription brings Intune: in SPE_E3 the service plan INTUNE_A is disabled"}}},
		{"plan pending", skus(graph.SKU{PartNumber: "SPE_E3", Status: "Enabled", Enabled: 5, Plans: []graph.ServicePlan{{Name: "INTUNE_A", Status: "PendingActivation"}}}),
			[]enroll.Finding{{Rule: "X-02", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.License}, Message: "no active subscription brings Intune: in SPE_E3 the service plan INTUNE_A is not provisioned (state PendingActivation)"}}},
		{"no licences in it, and another that is deleted", skus(graph.SKU{PartNumber: "SPE_E3", Status: "Enabled", Plans: intune}, graph.SKU{PartNumber: "EMS", Status: "Deleted", Plans: intune}),
			[]enroll.Finding{{Rule: "X-02", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.License}, Message: "no active subscription brings Intune: SPE_E3 has no licences, EMS is in state Deleted"}}},
		{"run out", skus(graph.SKU{PartNumber: "SPE_E3", Status: "Warning", Plans: intune}),
			[]enroll.Finding{{Rule: "X-02", Severity: enroll.Warning, On: enroll.Ref{Kind: enroll.License, Name: "SPE_E3"}, Message: "subscription SPE_E3 brings Intune and has run out: it works on while it can be renewed"}}},
		{"run out, and a new one", skus(graph.SKU{PartNumber: "EMS", Status: "Warning", Plans: intune}, graph.SKU{PartNumber: "SPE_E3", Status: "Enabled", Enabled: 100, Consumed: 12, Plans: intune}),
			[]enroll.Finding{{Rule: "X-02", Severity: enroll.OK, On: enroll.Ref{Kind: enroll.License, Name: "SPE_E3"}, Message: "subscription SPE_E3 brings Intune, 12 of 100 licences in use"}}},
		{"Intune is active by a plan not known", with("active", skus()), []enroll.Finding{
			{Rule: "X-02", Severity: enroll.Warning, On: enroll.Ref{Kind: enroll.License}, Message: "no subscription of the tenant brings Intune; one that is not known here may, for Intune gives the state of its own as active"},
			{Rule: "X-02", Severity: enroll.OK, On: onAccount, Message: "Intune gives the state of its own subscription as active"}}},
		{"Intune is disabled", with("disabled", skus()), []enroll.Finding{
			{Rule: "X-02", Severity: enroll.Error, On: onAccount, Message: "Intune gives the state of its own subscription as disabled"},
			{Rule: "X-02", Severity: enroll.Error, On: enroll.Ref{Kind: enroll.License}, Message: "no subscription of the tenant brings Intune"}}},
		{"Intune is pending", with("pending", enroll.Snapshot{}), []enroll.Finding{{Rule: "X-02", Severity: enroll.Warning, On: onAccount, Message: "Intune gives the state of its own subscription as pending"}}},
		{"a new state", with("resting", enroll.Snapshot{}), []enroll.Finding{{Rule: "X-02", Severity: enroll.Unknown, On: onAccount, Message: "Intune gives the state of its own subscription as resting, which is not known here"}}},
		{"no state", with("", enroll.Snapshot{}), nil},
		{"subscriptions unreadable", enroll.Snapshot{Objects: map[enroll.KindName][]enroll.Object{enroll.License: nil}, Gaps: []enroll.Gap{{Scope: enroll.Ref{Kind: enroll.License}, Reason: "no"}}},
			[]enroll.Finding{{Rule: "X-02", Severity: enroll.Unknown, On: enroll.Ref{Kind: enroll.License}, Message: "could not look: no"}}},
		{"nothing looked at", enroll.Snapshot{}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.out, enroll.Evaluate(serviceRules(), nil, tt.live, time.Time{}, true)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
