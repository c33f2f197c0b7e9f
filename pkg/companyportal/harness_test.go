package companyportal

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	azpolicy "github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// tenant is a simulated tenant and an engine that knows the kinds under test.
type tenant struct {
	*sim.Server
	c *graph.Client
	e *enroll.Engine
}

type credential struct{ s *sim.Server }

func (c credential) GetToken(context.Context, azpolicy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: c.s.AccessToken(c.s.GraphURL, false), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

func start(t *testing.T, o sim.Options) *tenant {
	t.Helper()
	s, err := sim.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	cloud, err := graph.CustomCloud(s.GraphURL, s.AuthorityURL, s.CA)
	if err != nil {
		t.Fatal(err)
	}
	c, err := graph.New(graph.Options{Cloud: cloud, Credential: credential{s}, MaxWait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	e := &enroll.Engine{Kinds: slices.Concat(directory.Kinds(c, nil), vpp.Kinds(c), Kinds(c)), Rules: Rules(), Journal: noJournal{}, Settle: 150 * time.Millisecond, Poll: time.Millisecond}
	return &tenant{s, c, e}
}

type noJournal struct{}

func (noJournal) Intend(enroll.Change) (enroll.JournalEntry, error) { return noJournal{}, nil }
func (noJournal) Pending() []enroll.Ref                             { return nil }
func (noJournal) Done(map[enroll.Handle]string, error) error        { return nil }

// plan looks and plans.
func (n *tenant) plan(t *testing.T, want []enroll.Object, also ...enroll.KindName) enroll.Plan {
	t.Helper()
	return n.e.Plan(want, n.e.Look(t.Context(), want, also...), n.c.Now())
}

// apply carries out the plan of what is wanted.
func (n *tenant) apply(t *testing.T, want []enroll.Object, also ...enroll.KindName) enroll.Result {
	t.Helper()
	p := n.plan(t, want, also...)
	if enroll.Worst(p.Findings) == enroll.Error || len(p.Gaps) > 0 {
		t.Fatalf("the plan cannot be applied: %v %v", p.Findings, p.Gaps)
	}
	return n.e.Apply(t.Context(), p, nil, nil)
}

// settled applies and makes sure that all went well and that nothing is left to do.
func (n *tenant) settled(t *testing.T, want []enroll.Object, also ...enroll.KindName) enroll.Result {
	t.Helper()
	r := n.apply(t, want, also...)
	if len(r.Failed)+len(r.Unknown)+len(r.NotTried) > 0 {
		t.Fatalf("failed %v, unknown %v, not tried %v", r.Failed, r.Unknown, r.NotTried)
	}
	if p := n.plan(t, want, also...); len(p.Changes) > 0 {
		t.Fatalf("still to do: %v", p.Changes)
	}
	return r
}

// writes are the requests that change the tenant.
func (n *tenant) writes() []string {
	var out []string
	for _, r := range n.Requests() {
		if r.Write {
			out = append(out, r.Method+" "+r.Path)
		}
	}
	return out
}
