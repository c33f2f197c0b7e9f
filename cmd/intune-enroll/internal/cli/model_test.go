package cli

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

var (
	seeds     = flag.Int("seeds", 4, "how many random tenants TestAnyDocument makes")
	firstSeed = flag.Uint64("seed", 1, "the first of them")
)

// TestAnyDocument applies random files to random tenants, each several times
// over: changed in between, and once more in a twin of the tenant where a
// request goes wrong. After an apply nothing is left to do, nothing is doubled
// and nothing of others has changed; after a refusal nothing was written; and
// the twin ends as the tenant did.
func TestAnyDocument(t *testing.T) {
	t.Parallel()
	for n := range *seeds {
		seed := *firstSeed + uint64(n)
		t.Run(fmt.Sprint(seed), func(t *testing.T) { t.Parallel(); tell(t, seed) })
	}
}

// story is one random tenant, its twin, and the file that it is brought to.
type story struct {
	*generator
	calm, torn *bench
	kill       context.CancelFunc
	text       string
	lines      map[int]*wish // of the file
}

func tell(t *testing.T, seed uint64) {
	t.Helper()
	s := &story{generator: &generator{Rand: rand.New(rand.NewPCG(seed, 0))}}
	o := s.tenant()
	s.calm = newBench(t, o)
	o.OnKill = func() { s.kill() }
	s.torn = newBench(t, o)
	key := newKey(t)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(1, 0, 0)}
	certificate, err := x509.CreateCertificate(crand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []*bench{s.calm, s.torn} {
		b.settle = 6 * time.Second // some of what is asked is never ready, and a busy machine is slow
		if err := os.WriteFile(filepath.Join(b.dir, "mac.cer"), certificate, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.origin = s.calm.server.Things()
	for chapter := range 4 {
		s.live = s.calm.server.Things()
		s.change()
		s.fit(t)
		t.Logf("seed %d, chapter %d, scenario %s %+v:\n%s", seed, chapter, o.Scenario, o.Differences, s.text)
		if !s.keeps(t) || t.Failed() {
			return
		}
	}
}

// write puts the file beside both tenants: one entry on a line.
func (s *story) write(t *testing.T) {
	t.Helper()
	var lines []string
	s.text, s.lines = "", map[int]*wish{}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	add("apiVersion: intune-enroll/v1")
	above := ""
	for _, part := range sections() {
		top, below, _ := strings.Cut(part.path, ".")
		if !slices.ContainsFunc(s.entries, func(e *wish) bool { return e.section == part.path }) {
			continue
		}
		if top != above {
			add("%s:", top)
			above = top
		}
		if below != "" && top != "ade" {
			add("  %s:", below)
		}
		for _, e := range s.entries {
			if e.section != part.path {
				continue
			}
			value, err := json.Marshal(e.nested())
			if err != nil {
				t.Fatal(err)
			}
			switch part.path {
			case "ade.profiles":
				token, err := json.Marshal(e.token)
				if err != nil {
					t.Fatal(err)
				}
				add(`    - {"token": %s, "profiles": [%s]}`, token, value)
			case "companyPortal.app":
				lines[len(lines)-1] += " " + string(value)
			default:
				add("    - %s", value)
			}
			s.lines[len(lines)] = e
		}
	}
	s.text = strings.Join(lines, "\n") + "\n"
	for _, b := range []*bench{s.calm, s.torn} {
		if err := os.WriteFile(filepath.Join(b.dir, "random.yaml"), []byte(s.text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// fit writes entries that are refused anew, and drops them at last.
func (s *story) fit(t *testing.T) {
	t.Helper()
	const rounds = 30
	for round := range rounds {
		s.write(t)
		command := "plan"
		if round < rounds-10 && round%4 != 3 {
			command = "validate"
		}
		var out, said bytes.Buffer
		code := s.calm.into(t.Context(), &out, &said, command, "-f", filepath.Join(s.calm.dir, "random.yaml"), "-o", "json")
		var r struct{ Findings []enroll.Finding }
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatalf("%s ended with %d and this is no JSON: %v\n%s\n%s", command, code, err, out.String(), said.String())
		}
		refused := false
		for _, f := range r.Findings {
			e := s.lines[f.Origin.Line]
			if f.Severity != enroll.Error || e == nil {
				continue
			}
			refused = true
			delete(s.lines, f.Origin.Line)
			if round < rounds-10 {
				s.mend(e, f.Path)
			} else {
				s.entries = slices.DeleteFunc(s.entries, func(other *wish) bool { return other == e })
			}
		}
		if !refused && command == "plan" {
			return
		}
	}
}

// keeps applies the file, and holds the program to what it promises. It tells
// whether the story can go on.
func (s *story) keeps(t *testing.T) bool {
	t.Helper()
	file := []string{"-f", filepath.Join(s.calm.dir, "random.yaml")}
	applying := append([]string{"apply", "--yes", "--confirm", s.calm.server.TenantID, "--max-moves", "1000"}, file...)
	planned, plan := s.calm.run(t.Context(), append([]string{"plan"}, file...)...)
	if strings.Contains(plan, "X-55") { // no application may set an enrollment time group
		s.calm.auth, s.torn.auth = "device-code", "device-code"
	}
	before := s.calm.server.Things()
	s.calm.server.ResetLog()
	code, said := s.calm.run(t.Context(), applying...)
	requests := s.calm.server.Requests()
	s.calm.auth = "client-secret"
	after := s.calm.server.Things()
	switch {
	case strings.Contains(said, hangsOnIt):
		return false
	case planned != code:
		t.Errorf("plan ended with %d, apply with %d:\n%s\n%s", planned, code, plan, said)
		return false
	case code != exitOK:
		if diff := cmp.Diff(before, after); diff != "" || slices.ContainsFunc(requests, func(r sim.Request) bool { return r.Write }) {
			t.Errorf("refused with %d, and written all the same:\n%s\n%s", code, diff, said)
		}
		t.Logf("refused with %d: %s", code, said)
		return true
	}
	t.Log(said)
	if v := s.calm.server.Violations(); len(v) > 0 {
		t.Errorf("never to be sent: %v", v)
	}
	for _, path := range changed(before, after) {
		if why := s.foreign(path, before, after); why != "" {
			t.Errorf("%s: %s\n before %s\n after  %s", path, why, before[path], after[path])
		}
	}
	for what, n := range doubled(after) {
		if n > max(1, doubled(before)[what]) {
			t.Errorf("%s is there %d times", what, n)
		}
	}
	if code, more := s.calm.run(t.Context(), append([]string{"plan", "--detailed-exitcode"}, file...)...); code != exitOK {
		t.Errorf("after the apply there is something to do: %d\n%s\n--- after\n%s", code, more, said)
	}
	s.calm.server.ResetLog()
	code, more := s.calm.run(t.Context(), applying...)
	if i := slices.IndexFunc(s.calm.server.Requests(), func(r sim.Request) bool { return r.Write }); i >= 0 || code != exitOK {
		t.Errorf("the second apply ended with %d and writes: %v\n%s", code, i >= 0, more)
	}
	s.disturb(t, requests)
	return true
}

// hangsOnIt is how the simulator refuses to delete a profile that devices have.
// What Graph does then is not established: the plan says what hangs on it, and
// goes on where the tenant's name is typed.
const hangsOnIt = "The profile is the default of its token or assigned to devices."

// disturb applies the file in the twin where one request goes wrong, and again.
func (s *story) disturb(t *testing.T, requests []sim.Request) {
	t.Helper()
	applying := []string{"apply", "--yes", "--confirm", s.torn.server.TenantID, "--max-moves", "1000", "-f", filepath.Join(s.torn.dir, "random.yaml")}
	way := pick(s.generator, []sim.Fault{{Do: "kill"}, {Do: "kill-after"}, {Do: "kill-after"}, {Do: "drop-before"}, {Do: "drop-after"}, {Do: "status", Status: 500}, {Do: "cut-body"}})
	writes := slices.DeleteFunc(slices.Clone(requests), func(r sim.Request) bool { return !r.Write })
	if len(writes) > 0 {
		way.At = pick(s.generator, writes).N - requests[0].N + 1
	} else {
		way.At = s.IntN(len(requests)) + 1
	}
	s.torn.server.ResetLog()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	s.kill = kill
	at := way.At
	way.At += s.last
	s.torn.server.SetFaults([]sim.Fault{way})
	first, said := s.torn.run(ctx, applying...)
	s.torn.server.SetFaults(nil)
	again, more := s.torn.run(t.Context(), applying...)
	s.torn.auth = "client-secret"
	if log := s.torn.server.Requests(); len(log) > 0 {
		s.last = log[len(log)-1].N
	}
	if again != exitOK {
		t.Errorf("%s at request %d ended with %d, and the next apply with %d:\n%s\n--- second\n%s", way.Do, at, first, again, said, more)
		return
	}
	if diff := cmp.Diff(string(s.calm.server.State()), string(s.torn.server.State())); diff != "" {
		t.Errorf("%s at request %d ended with %d, and the next apply in another tenant:\n%s\n%s\n--- second\n%s", way.Do, at, first, diff, said, more)
	}
}
