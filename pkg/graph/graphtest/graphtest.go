// Package graphtest gives the tests of slices a simulated tenant, a client that
// is signed in to it, and an engine over the kinds under test. No program
// imports it.
package graphtest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// Tenant is a simulated tenant as an application sees it.
type Tenant struct {
	*sim.Server
	Client *graph.Client
	Engine *enroll.Engine // without kinds and rules until Knows
}

// Start starts a simulator that ends with the test, and signs in to it.
func Start(t testing.TB, o sim.Options) *Tenant {
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
	n := &Tenant{Server: s, Client: Client(t, s, false)}
	n.Engine = &enroll.Engine{Journal: noJournal{}, Settle: 500 * time.Millisecond, Poll: time.Millisecond}
	return n
}

// Client is a client of the simulator that waits for nothing long; delegated
// signs in a person in place of an application.
func Client(t testing.TB, s *sim.Server, delegated bool) *graph.Client {
	t.Helper()
	cloud, err := graph.CustomCloud(s.GraphURL, s.AuthorityURL, s.CA)
	if err != nil {
		t.Fatal(err)
	}
	c, err := graph.New(graph.Options{Cloud: cloud, Credential: credential{s, delegated}, MaxWait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// credential hands out the simulator's own tokens, so that no test has to sign in.
type credential struct {
	s         *sim.Server
	delegated bool
}

func (c credential) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: c.s.AccessToken(c.s.GraphURL, c.delegated), ExpiresOn: time.Now().Add(time.Hour)}, nil
}

type noJournal struct{}

func (noJournal) Intend(enroll.Change) (enroll.JournalEntry, error) { return noJournal{}, nil }
func (noJournal) Pending() []enroll.Ref                             { return nil }
func (noJournal) Done(map[enroll.Handle]string, error) error        { return nil }

// Knows gives the engine its rules and kinds.
func (n *Tenant) Knows(rules []enroll.Rule, kinds ...[]enroll.Kind) *Tenant {
	n.Engine.Rules, n.Engine.Kinds = rules, slices.Concat(kinds...)
	return n
}

// Plan looks and plans.
func (n *Tenant) Plan(t testing.TB, want []enroll.Object, also ...enroll.KindName) enroll.Plan {
	t.Helper()
	return n.Engine.Plan(want, n.Engine.Look(t.Context(), want, also...), n.Client.Now())
}

// Apply carries out the plan of what is wanted; a plan that cannot be applied ends the test.
func (n *Tenant) Apply(t testing.TB, want []enroll.Object, also ...enroll.KindName) enroll.Result {
	t.Helper()
	p := n.Plan(t, want, also...)
	if enroll.Worst(p.Findings) == enroll.Error || len(p.Gaps) > 0 {
		t.Fatalf("the plan cannot be applied: %v %v", p.Findings, p.Gaps)
	}
	return n.Engine.Apply(t.Context(), p, nil, nil)
}

// Settled applies and makes sure that all went well and that nothing is left to do.
func (n *Tenant) Settled(t testing.TB, want []enroll.Object, also ...enroll.KindName) enroll.Result {
	t.Helper()
	r := n.Apply(t, want, also...)
	if len(r.Failed)+len(r.Unknown)+len(r.NotTried) > 0 {
		t.Fatalf("failed %v, unknown %v, not tried %v", r.Failed, r.Unknown, r.NotTried)
	}
	if p := n.Plan(t, want, also...); len(p.Changes) > 0 {
		t.Fatalf("still to do: %v", p.Changes)
	}
	return r
}

// Survives lets each of the writes, named as [sim.Fault] matches them, go wrong
// once in each way while an apply runs, applies again, and wants the tenant that
// an undisturbed apply leaves. Begin makes the same tenant each time.
func Survives(t *testing.T, begin func(*testing.T) *Tenant, want func() []enroll.Object, writes ...string) {
	t.Helper()
	good := begin(t)
	good.Settled(t, want())
	state := string(good.State())
	for _, w := range writes {
		for _, f := range []sim.Fault{
			{Do: "drop-before"}, {Do: "drop-after"}, {Do: "cut-body"}, {Do: "html"}, {Do: "ignore-write"}, {Do: "status", Status: 409},
			{Do: "status", Status: 429, RetryAfter: "0"}, {Do: "status", Status: 500}, {Do: "status", Status: 503},
		} {
			t.Run(fmt.Sprintf("%s %s %d", w, f.Do, f.Status), func(t *testing.T) {
				t.Parallel()
				n := begin(t)
				f.Match = w
				n.SetFaults([]sim.Fault{f})
				for n.FaultsLeft() > 0 { // a busy machine may end an apply before the write
					if r := n.Apply(t, want()); n.FaultsLeft() > 0 && len(r.Failed)+len(r.Unknown) == 0 {
						t.Fatal("the fault did not come: nothing is written so")
					}
				}
				n.Engine.Settle = 5 * time.Second
				n.Settled(t, want())
				if diff := cmp.Diff(state, string(n.State())); diff != "" {
					t.Errorf("the tenant differs from one without faults:\n%s", diff)
				}
			})
		}
	}
}

// Waves is in how many waves of requests look asks the tenant. On a busy machine
// requests that go out together may not overlap, so that there seem to be more:
// what takes more than most is looked at again, with slower answers.
func Waves(s *sim.Server, most int, look func()) int {
	waves := 0
	for _, delay := range []time.Duration{30 * time.Millisecond, 200 * time.Millisecond, time.Second} {
		s.SetFaults([]sim.Fault{{Do: "delay", Delay: delay, Times: math.MaxInt}})
		s.ResetLog()
		look()
		if waves = s.Waves(); waves <= most {
			break
		}
	}
	s.SetFaults(nil)
	return waves
}

// Writes are the requests that change the tenant, as "METHOD /path".
func (n *Tenant) Writes() []string {
	var out []string
	for _, r := range n.Requests() {
		if r.Write {
			out = append(out, r.Method+" "+r.Path)
		}
	}
	return out
}
