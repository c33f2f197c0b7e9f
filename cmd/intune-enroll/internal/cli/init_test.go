package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
	"github.com/intune-enroll/intune-enroll/pkg/starter"
)

func TestInitOptions(t *testing.T) {
	make := func(f *factory, got *any) *cobra.Command {
		return newInit(f, func(_ context.Context, _ *factory, o initOptions) error { *got = o; return nil })
	}
	for _, tc := range []struct {
		name, args string
		want       any
		code       int
	}{
		{"all", "init --set lob=yes --from-tenant --tenant contoso.com --profile P --group G --token T --vpp-token V --out o.yaml --force",
			initOptions{Advise: adviseOptions{Set: []string{"lob=yes"}, FromTenant: true}, Names: starter.Names{Tenant: "contoso.com", Profile: "P", Group: "G", Token: "T", VPPToken: "V"}, Out: "o.yaml", Force: true}, 0},
		{"any tenant", "init --tenant organizations --answers a.json", initOptions{Advise: adviseOptions{Answers: "a.json"}}, 0},
		{"force alone", "init --force", nil, 3},
		{"another format", "init -o json", nil, 3},
		{"an argument", "init staff.yaml", nil, 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, _, err := parse(t, make, strings.Fields(tc.args)...)
			if code := exitCode(err); code != tc.code {
				t.Errorf("exit code %d (%v), want %d", code, err, tc.code)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// beginnings are answers that lead to each outcome there is, by outcome.
func beginnings(t *testing.T) map[string]advise.Answers {
	t.Helper()
	out := map[string]advise.Answers{}
	reached := map[string]bool{}
	random := rand.New(rand.NewPCG(2026, 11))
	for range 30_000 {
		var a advise.Answers
		for _, in := range advise.Inputs() {
			// The tenant is in order, and nothing stands against an enrollment but the wishes.
			if len(in.Choices) == 0 || in.Text == "" && in.Key != "legacyOk" || in.Key == "otherMdm" || in.Key == "dem" || random.IntN(3) == 0 && in.Default != "" {
				continue
			}
			if err := a.Set(in.Key, in.Choices[random.IntN(len(in.Choices))].Value); err != nil {
				t.Fatal(err)
			}
		}
		advice := advise.Advise(a)
		if len(advice.Missing) > 0 || a.Check() != nil || !starter.Makes(advice) {
			continue
		}
		for _, v := range []string{string(advice.Option), string(advice.Auth), string(advice.CompanyPortal)} {
			reached[v] = true
		}
		key := fmt.Sprintf("%s %s %s", advice.Option, advice.Auth, advice.CompanyPortal)
		switch {
		case advice.Option == advise.ADE:
			key += fmt.Sprintf(" %s lock=%t", a.Use, advice.LockUntilInstalled)
		case advice.Option == advise.NoOption:
			key += fmt.Sprintf(" %s token=%t", a.Use, a.VPP == "ok")
		}
		out[key] = a
	}
	for _, values := range [][]string{texts(advise.Options()), texts(advise.Auths()), texts(advise.CompanyPortals())} {
		for _, v := range values {
			if !reached[v] && v != string(advise.MAM) {
				t.Errorf("no answers lead to a file with %s", v)
			}
		}
	}
	return out
}

func texts[T ~string](values []T) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

// TestEveryBeginning: the file of every outcome breaks no rule, is applied, and
// leaves nothing to change.
func TestEveryBeginning(t *testing.T) {
	t.Parallel()
	all := beginnings(t)
	if len(all) < 25 {
		t.Errorf("only %d outcomes: %v", len(all), slices.Sorted(maps.Keys(all)))
	}
	var side errgroup.Group
	side.SetLimit(4)
	for name, answers := range all {
		side.Go(func() error { begin(t, name, answers); return nil })
	}
	_ = side.Wait() // begin reports
}

func begin(t *testing.T, name string, answers advise.Answers) {
	t.Helper()
	b := newBench(t, sim.Options{})
	file := filepath.Join(b.dir, "start.yaml")
	args := []string{"init", "--out", file, "--no-input"}
	for _, in := range advise.Inputs() {
		if v := answers.Get(in.Key); v != "" {
			args = append(args, "--set", in.Key+"="+v)
		}
	}
	if code, said := b.run(t.Context(), args...); code != 0 {
		t.Errorf("%s: init ended with %d: %s\n%v", name, code, said, args)
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	for _, step := range [][]string{
		{"validate", file},
		{"apply", "-f", file, "--yes", "--confirm", b.server.TenantID},
		{"plan", "-f", file, "--detailed-exitcode"},
	} {
		if code, said := b.run(t.Context(), step...); code != 0 {
			t.Errorf("%s: %s ended with %d: %s\n%s", name, step[0], code, said, text)
			return
		}
	}
	if v := b.server.Violations(); len(v) > 0 {
		t.Errorf("%s: %v", name, v)
	}
	_ = b.server.Close() // many are open; the bench closes it once more
}

func TestInitAsksForNames(t *testing.T) {
	asks := starter.Asks{Profile: true, Token: true, VPPToken: true, Group: "group of X", DefaultProfile: "P", DefaultGroup: "G"}
	for _, tc := range []struct {
		name, typed string
		given, want starter.Names
		shown       []string
	}{
		{"all", "My phones,,Token 1,", starter.Names{}, starter.Names{Profile: "My phones", Token: "Token 1"},
			[]string{"Name in the file [P]:", "Name of the group of X [G]:", "Name of the enrollment program token [there is only one]:", "Name of the location (VPP) token with Company Portal [there is only one]:"}},
		{"given", "", starter.Names{Profile: "A", Group: "B", Token: "C", VPPToken: "D"}, starter.Names{Profile: "A", Group: "B", Token: "C", VPPToken: "D"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var shown strings.Builder
			f := newFactory(Process{In: strings.NewReader(""), Out: io.Discard, Err: &shown, Env: environment()})
			f.term = &term.Streams{In: &lines{strings.Split(tc.typed, ",")}, Out: io.Discard, Err: &shown, InTTY: true, ErrTTY: true}
			got := tc.given
			if err := f.askNames(t.Context(), asks, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			for _, s := range tc.shown {
				if !strings.Contains(shown.String(), s) {
					t.Errorf("nothing shows %q:\n%s", s, shown.String())
				}
			}
		})
	}
}
