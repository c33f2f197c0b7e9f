package advise

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// pick fills every input of a that is still open with one of its values, chosen by next.
func pick(a Answers, next func(n int) int) Answers {
	for _, in := range inputs {
		if at := in.at(&a); *at == "" {
			tries := in.tries(a)
			*at = tries[next(len(tries))]
		}
	}
	return a
}

// checkAdvice looks whether an advice is one of those there can be.
func checkAdvice(t *testing.T, a Answers) {
	t.Helper()
	got := Advise(a)
	if diff := cmp.Diff(got, Advise(a)); diff != "" {
		t.Fatalf("two advices for the same answers: %s", diff)
	}
	if !slices.Contains(Options(), got.Option) || !slices.Contains(Auths(), got.Auth) || !slices.Contains(CompanyPortals(), got.CompanyPortal) {
		t.Fatalf("no such outcome: %s %s %s", got.Option, got.Auth, got.CompanyPortal)
	}
	worst := OK
	for _, m := range got.Messages {
		switch m.Severity {
		case enroll.Error:
			worst = Blocked
		case enroll.Warning:
			if worst == OK {
				worst = Warn
			}
		case enroll.Info:
		default:
			t.Fatalf("severity %q of %s", m.Severity, m.Rule)
		}
		if m.Text == "" || strings.ContainsAny(strings.ReplaceAll(m.Text, "{{DEVICEREGISTRATION}}", ""), "{}") {
			t.Fatalf("text of %s: %q", m.Rule, m.Text)
		}
		if !slices.Contains(got.Rules, m.Rule) {
			t.Fatalf("%s is not among %v", m.Rule, got.Rules)
		}
	}
	if len(got.Missing) > 0 {
		worst = Blocked
	}
	if got.Status != worst {
		t.Fatalf("status is %s, the messages say %s", got.Status, worst)
	}
	if got.Status == Blocked && len(got.Missing) == 0 && len(got.Messages) == 0 {
		t.Fatal("blocked without a reason")
	}
	seen := []Option{got.Option}
	for _, r := range got.Against {
		if r.Text == "" || r.Rule == "" || slices.Contains(seen, r.Option) {
			t.Fatalf("reason against: %+v", r)
		}
		seen = append(seen, r.Option)
	}
	filled := complete(a)
	if all := len(got.Missing) == 0 && !filled.settled(); all && len(got.Against) < len(Options())-2 {
		t.Fatalf("%s: a reason is missing in %v", got.Option, got.Against)
	}
}

func FuzzAdvise(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte("\x01\x02\x03\x00\x01\x01\x02\x00"))
	f.Add([]byte(strings.Repeat("\x00", 48)))
	f.Add([]byte(strings.Repeat("\x02\x01", 24)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a Answers
		for i, in := range inputs {
			if i >= len(data) {
				break
			}
			// One more than there are values: open. Two more: no value at all.
			values := slices.Concat(in.Values(), in.samples, []string{"", "nonsense"})
			*in.at(&a) = values[int(data[i])%len(values)]
		}
		checkAdvice(t, a)
	})
}

func TestAdviseIsTotal(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		checkAdvice(t, pick(Answers{}, random.IntN))
	}
}

// TestEveryTextIsCited finds texts without use, and keys without text.
func TestEveryTextIsCited(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	cited := map[string]bool{}
	texts := 0
	for _, table := range tables() {
		texts += len(table)
	}
	for n := 0; n < 60_000 && (n%1_000 > 0 || len(cited) < texts); n++ {
		s := decide(likely(random))
		for _, c := range s.cited {
			cited[c.key] = true
		}
		if !s.settled() {
			for _, o := range Options() {
				if key := s.why(o); key != "" { // nothing speaks against what was chosen
					cited[key] = true
				}
			}
		}
	}
	id := regexp.MustCompile(`^(GEN|ADE|AUT|CPI|EUA|CFG|CAU|CCP|CFP|EUC|BYO|DEV|WEB|CHO|ACC|EUB|X|C|DD)-T?\d\d$`)
	for _, table := range tables() {
		for _, x := range table {
			if !id.MatchString(ruleOf(x.key)) {
				t.Errorf("%q does not begin with the id of a rule", x.key)
			}
			if !cited[x.key] {
				t.Errorf("nothing cites %q", x.key)
			}
			if !strings.HasSuffix(x.text, ".") && !strings.HasSuffix(x.text, "intune-enroll check") {
				t.Errorf("%q does not end like a sentence", x.key)
			}
		}
	}
	for key := range cited {
		if _, ok := textOf(key); !ok {
			t.Errorf("%q has no text", key)
		}
	}
}

// likely answers at random, most inputs by their default, so that rare combinations are met.
func likely(random *rand.Rand) Answers {
	var a Answers
	for _, in := range inputs {
		if in.fallback == "" && in.Key != "enrolledAs" && in.Key != "inProgram" && random.IntN(4) > 0 {
			*in.at(&a) = in.Default
		}
	}
	return pick(a, random.IntN)
}

func TestMissing(t *testing.T) {
	for _, tc := range []struct {
		name, answers string
		want          []string
	}{
		{"nothing answered", "", []string{"ownership", "use", "state", "profileCP", "wipe", "portal"}},
		{"corporate", "corporate", []string{"use", "state", "profileCP", "wipe", "portal"}},
		{"new", "corporate single-user new", []string{"portal"}},
		{"in use", "corporate single-user existing", []string{"wipe", "portal"}},
		{"in use, not to be reset", "corporate userless existing wipe=no", nil},
		{"enrolled", "corporate single-user enrolled", []string{"profileCP"}},
		{"another MDM keeps it", "otherMdm=yes-staying", nil},
		{"personal", "personal", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Advise(answers(t, tc.answers))
			if diff := cmp.Diff(tc.want, got.Missing); diff != "" {
				t.Error(diff)
			}
			if len(tc.want) > 0 && (got.Option != NoOption || got.Status != Blocked) {
				t.Errorf("%s %s", got.Option, got.Status)
			}
		})
	}
}

func TestAssumed(t *testing.T) {
	for _, tc := range []struct {
		name, answers string
		want          map[string]string
	}{
		{"ADE", "corporate otherMdm=no single-user new wired=no portal=yes dem=no minOS=newest jit=no beforeCP=needed count=5",
			map[string]string{"vpp": "none", "appleId": "allowed", "apns": "ok", "adeToken": "ok", "mdmAuthority": "intune", "iosBlocked": "no"}},
		{"another MDM keeps it", "otherMdm=yes-staying", map[string]string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Advise(answers(t, tc.answers)).Assumed); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func BenchmarkDecide(b *testing.B) {
	a := Answers{Ownership: "corporate", Use: "single-user", State: "new", Portal: "yes"}
	for b.Loop() {
		decide(a)
	}
}
