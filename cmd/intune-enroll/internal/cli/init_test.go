package cli

import (
	"context"
	"fmt"
	"io"
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
	command := func(f *factory, got *any) *cobra.Command {
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
			got, _, err := parse(t, command, strings.Fields(tc.args)...)
			if code := exitCode(err); code != tc.code {
				t.Errorf("exit code %d (%v), want %d", code, err, tc.code)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// beginnings are answers that lead to each sort of file there is.
func beginnings() []string {
	const (
		phones   = "ownership=corporate use=single-user state=new portal=yes "
		byCable  = "ownership=corporate use=single-user state=new portal=unwanted mac=yes "
		personal = "ownership=personal "
		enrolled = "ownership=corporate use=single-user state=enrolled profileCP=no "
		staged   = "ownership=corporate use=userless state=enrolled staging=yes "
	)
	return []string{
		phones, phones + "vpp=ok", phones + "jit=yes", phones + "jit=yes vpp=ok", phones + "jit=yes appleId=not-allowed",
		phones + "beforeCP=forbidden", phones + "beforeCP=forbidden vpp=ok",
		phones + "legacyOk=yes", phones + "legacyOk=yes vpp=ok", phones + "legacyOk=yes vpp=ok beforeCP=forbidden", phones + "legacyOk=yes entra=not-needed",
		"ownership=corporate use=userless state=new portal=yes", "ownership=corporate use=shared-ipad state=new portal=yes", "ownership=corporate use=entra-shared state=new portal=yes",
		byCable, byCable + "beforeCP=needed", byCable + "beforeCP=needed entra=not-needed", "ownership=corporate use=userless state=existing wipe=no mac=yes",
		personal, personal + "cpApp=wanted", personal + "userChoice=yes managedAppleIds=yes discovery=yes", personal + "perApp=yes managedAppleIds=yes discovery=yes",
		enrolled, enrolled + "vpp=ok", staged, staged + "vpp=ok",
	}
}

// outcome is what the form of the file follows from, "" where there is none.
func outcome(a advise.Answers) string {
	advice := advise.Advise(a)
	if !starter.Makes(advice) {
		return ""
	}
	return fmt.Sprint(advice.Option, " ", advice.Auth, " ", advice.CompanyPortal, " ", advice.LockUntilInstalled, " ",
		(advice.Option == advise.ADE || advice.Option == advise.NoOption) && a.Use != "single-user", " ", advice.Option == advise.ADE && a.Use == "userless", " ",
		advice.Option == advise.NoOption && a.VPP == "ok")
}

// TestBeginningsAreAll: they reach every value of the advice that a file can
// come from, and answers taken at random lead to no other sort of file.
func TestBeginningsAreAll(t *testing.T) {
	outcomes, reached := map[string]bool{"": true}, map[string]bool{string(advise.MAM): true}
	for _, words := range beginnings() {
		a := answersOf(t, words)
		advice := advise.Advise(a)
		outcomes[outcome(a)] = true
		reached[string(advice.Option)], reached[string(advice.Auth)], reached[string(advice.CompanyPortal)] = true, true, true
	}
	for _, v := range slices.Concat(texts(advise.Options()), texts(advise.Auths()), texts(advise.CompanyPortals())) {
		if !reached[v] {
			t.Errorf("no beginning leads to %s", v)
		}
	}
	random := rand.New(rand.NewPCG(2026, 11))
	for range 1000 {
		var a advise.Answers
		for _, in := range advise.Inputs() {
			// What stands against every enrollment is left at its default.
			if len(in.Choices) == 0 || in.Text == "" && in.Key != "legacyOk" || in.Key == "otherMdm" || in.Key == "dem" || random.IntN(3) == 0 && in.Default != "" {
				continue
			}
			if err := a.Set(in.Key, in.Choices[random.IntN(len(in.Choices))].Value); err != nil {
				t.Fatal(err)
			}
		}
		if o := outcome(a); a.Check() == nil && !outcomes[o] {
			t.Errorf("no beginning leads to %s: %+v", o, a)
		}
	}
}

func answersOf(t *testing.T, words string) advise.Answers {
	t.Helper()
	var a advise.Answers
	for word := range strings.FieldsSeq(words) {
		key, value, _ := strings.Cut(word, "=")
		if err := a.Set(key, value); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func texts[T ~string](values []T) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

// TestEveryBeginning: each file breaks no rule, is applied, and leaves nothing
// to change.
func TestEveryBeginning(t *testing.T) {
	t.Parallel()
	var side errgroup.Group
	side.SetLimit(4)
	for _, words := range beginnings() {
		side.Go(func() error { begin(t, words); return nil })
	}
	_ = side.Wait() // begin reports
}

func begin(t *testing.T, answers string) {
	t.Helper()
	b := newBench(t, sim.Options{})
	file := filepath.Join(b.dir, "start.yaml")
	args := []string{"init", "--out", file, "--no-input"}
	for word := range strings.FieldsSeq(answers) {
		args = append(args, "--set", word)
	}
	if code, said := b.run(t.Context(), args...); code != 0 {
		t.Errorf("%s: init ended with %d: %s", answers, code, said)
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	for _, step := range [][]string{
		{"apply", "-f", file, "--yes", "--confirm", b.server.TenantID},
		{"plan", "-f", file, "--detailed-exitcode"},
	} {
		if code, said := b.run(t.Context(), step...); code != 0 {
			t.Errorf("%s: %s ended with %d: %s\n%s", answers, step[0], code, said, text)
			return
		}
	}
	if v := b.server.Violations(); len(v) > 0 {
		t.Errorf("%s: %v", answers, v)
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
