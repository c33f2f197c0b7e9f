package configurator

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// tenant is a simulated tenant and an engine that knows the kinds under test.
type tenant struct {
	*sim.Server
	c *graph.Client
	e *enroll.Engine
}

type credential struct{ s *sim.Server }

func (c credential) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
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
	e := &enroll.Engine{Kinds: Kinds(c), Rules: Rules(), Journal: noJournal{}, Settle: 150 * time.Millisecond, Poll: time.Millisecond}
	return &tenant{s, c, e}
}

type noJournal struct{}

func (noJournal) Intend(enroll.Change) (enroll.JournalEntry, error) { return noJournal{}, nil }
func (noJournal) Pending() []enroll.Ref                             { return nil }
func (noJournal) Done(map[enroll.Handle]string, error) error        { return nil }

// wanted are the objects of entries with these values.
func wanted(entries ...enroll.Fields) []enroll.Object {
	var list []enroll.Entry
	for _, f := range entries {
		list = append(list, enroll.Entry{Values: f})
	}
	out, _ := Objects(list)
	return out
}

func (n *tenant) plan(t *testing.T, want []enroll.Object) enroll.Plan {
	t.Helper()
	return n.e.Plan(want, n.e.Look(t.Context(), want), n.c.Now())
}

// apply carries out the plan of what is wanted.
func (n *tenant) apply(t *testing.T, want []enroll.Object) enroll.Result {
	t.Helper()
	p := n.plan(t, want)
	if enroll.Worst(p.Findings) == enroll.Error || len(p.Gaps) > 0 {
		t.Fatalf("the plan cannot be applied: %v %v", p.Findings, p.Gaps)
	}
	return n.e.Apply(t.Context(), p, nil, nil)
}

// settled applies and makes sure that all went well and that nothing is left to do.
func (n *tenant) settled(t *testing.T, want []enroll.Object) enroll.Result {
	t.Helper()
	r := n.apply(t, want)
	if len(r.Failed)+len(r.Unknown)+len(r.NotTried) > 0 {
		t.Fatalf("failed %v, unknown %v, not tried %v", r.Failed, r.Unknown, r.NotTried)
	}
	if p := n.plan(t, want); len(p.Changes) > 0 {
		t.Fatalf("still to do: %v", p.Changes)
	}
	return r
}

// bodies are what the writes of the log sent.
func (n *tenant) bodies(t *testing.T) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, r := range n.Requests() {
		if r.Write {
			var v map[string]any
			if err := json.Unmarshal(r.Body, &v); err != nil {
				t.Fatal(err)
			}
			out = append(out, v)
		}
	}
	return out
}

// imported are the imported devices, in order of serial number.
func (n *tenant) imported(t *testing.T) []DeviceFacts {
	t.Helper()
	var out []DeviceFacts
	for d, err := range Devices(t.Context(), n.c) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b DeviceFacts) int {
		if a.Serial < b.Serial {
			return -1
		}
		return 1
	})
	return out
}
