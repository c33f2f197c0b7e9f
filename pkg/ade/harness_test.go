package ade

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/graph/graphtest"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// profileEntry is a decoded profile with the given values.
func profileEntry(name string, values enroll.Fields) enroll.Entry {
	return enroll.Entry{
		Values: enroll.Fields{pathName: name}.With(values),
		Origin: enroll.Origin{File: "contoso.yaml", Line: 5, Col: 9},
		At:     map[string]enroll.Origin{},
	}
}

// tokenEntry is a decoded entry of ade.
func tokenEntry(values enroll.Fields) enroll.Entry {
	return enroll.Entry{Values: values, Origin: enroll.Origin{File: "contoso.yaml", Line: 2, Col: 5}, At: map[string]enroll.Origin{}}
}

// modern is the recommended profile of a device with a user.
func modern() enroll.Fields {
	return enroll.Fields{pathAffinity: AffinityUser, pathAuth: AuthModern, pathInstall: InstallVPP}
}

// kiosk is a profile of a device without a user.
func kiosk() enroll.Fields { return enroll.Fields{pathAffinity: AffinityNone} }

// classicPortal is a classic profile that locks the device to Company Portal.
func classicPortal() enroll.Fields {
	return enroll.Fields{
		pathType: ClassicProfile, pathAffinity: AffinityUser, pathAuth: AuthPortal,
		pathInstall: InstallVPP, pathVPPToken: "Contoso VPP", pathLock: true,
	}
}

// noJournal writes nothing down.
type noJournal struct{}

func (noJournal) Intend(enroll.Change) (enroll.JournalEntry, error) { return noJournal{}, nil }
func (noJournal) Pending() []enroll.Ref                             { return nil }
func (noJournal) Done(map[enroll.Handle]string, error) error        { return nil }

// tenant is a simulated tenant, a client of it, and an engine with the kinds of this package.
type tenant struct {
	*sim.Server
	c *graph.Client
	e *enroll.Engine
}

// asPerson is the tenant as a person sees it.
func (x tenant) asPerson(t *testing.T) tenant {
	t.Helper()
	return x.with(graphtest.Client(t, x.Server, true))
}

func newTenant(t testing.TB, o sim.Options) tenant {
	t.Helper()
	n := graphtest.Start(t, o)
	return tenant{Server: n.Server}.with(n.Client)
}

// with is the tenant seen through a client.
func (x tenant) with(c *graph.Client) tenant {
	kinds := append(Kinds(c), vpp.Kinds(c)...)
	for _, k := range directory.Kinds(c, nil) {
		if k.Name() == enroll.Group || k.Name() == enroll.GroupOwner {
			kinds = append(kinds, k)
		}
	}
	for i, k := range kinds {
		if p, ok := k.(profiles); ok {
			p.pause = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
			kinds[i] = p
		}
	}
	return tenant{x.Server, c, &enroll.Engine{Kinds: kinds, Rules: Rules(), Journal: noJournal{}, Settle: 2 * time.Second, Poll: time.Millisecond}}
}

// closeNow ends the simulator; it may be closed again.
func (x tenant) closeNow(t testing.TB) {
	t.Helper()
	if err := x.Close(); err != nil {
		t.Error(err)
	}
}

// plan looks at the tenant and compares.
func (x tenant) plan(t *testing.T, token enroll.Entry, profiles ...enroll.Entry) enroll.Plan {
	t.Helper()
	want, findings := Objects(token, profiles)
	p := x.e.Plan(want, x.e.Look(t.Context(), want), time.Now())
	p.Findings = append(findings, p.Findings...)
	return p
}

// apply plans and applies; every error finding, gap and failure ends the test.
func (x tenant) apply(t *testing.T, token enroll.Entry, profiles ...enroll.Entry) enroll.Plan {
	t.Helper()
	p := x.plan(t, token, profiles...)
	for _, f := range p.Findings {
		if f.Severity == enroll.Error {
			t.Fatalf("finding: %s %s", f.Rule, f.Message)
		}
	}
	if len(p.Gaps) > 0 {
		t.Fatalf("gaps: %+v", p.Gaps)
	}
	r := x.e.Apply(t.Context(), p, nil, nil)
	for _, o := range append(append(r.Failed, r.Unknown...), r.NotTried...) {
		t.Errorf("%s %s: %v", o.Change.Verb, o.Change.Ref, o.Err)
	}
	if t.Failed() {
		t.FailNow()
	}
	return p
}

// settled fails unless a new plan has nothing to write.
func (x tenant) settled(t *testing.T, token enroll.Entry, profiles ...enroll.Entry) {
	t.Helper()
	p := x.plan(t, token, profiles...)
	for _, c := range p.Writes() {
		t.Errorf("second plan: %s %s %s %+v", c.Verb, c.Ref, c.Op, c.Fields)
	}
}

// writes are the requests that changed something, as "METHOD path".
func (x tenant) writes() []sim.Request {
	var out []sim.Request
	for _, r := range x.Requests() {
		if r.Write {
			out = append(out, r)
		}
	}
	return out
}

// body is the body of the only write whose method and path end as given.
func (x tenant) body(t *testing.T, method, suffix string) map[string]any {
	t.Helper()
	for _, r := range x.writes() {
		if r.Method == method && strings.HasSuffix(r.Path, suffix) {
			var v map[string]any
			if err := json.Unmarshal(r.Body, &v); err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("no %s …%s among the requests", method, suffix)
	return nil
}
