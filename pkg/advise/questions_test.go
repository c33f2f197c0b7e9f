package advise

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAskedQuestionsMatter follows dialogs and looks, for every two answers to
// a question that is asked, for answers to what is still open with which the
// advice is not the same.
func TestAskedQuestionsMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 3 {
		truth := likely(random)
		var a Answers
		for q, ok := Next(a); ok; q, ok = Next(a) {
			in, _ := input(q.Key)
			values := in.tries(complete(a))
			decides := false
			for i, one := range values {
				for _, other := range values[:i] {
					said, outcomes := differ(random, a, in, one, other)
					decides = decides || outcomes || said && q.Default == ""
					if in.Type == Choice && !said {
						t.Errorf("%+v\n%s is asked, and %s and %s give the same advice", a, q.Key, one, other)
					}
				}
			}
			if !decides {
				t.Errorf("%+v\n%s is asked, and its answer changes nothing", a, q.Key)
			}
			*in.at(&a) = truth.Get(q.Key)
		}
	}
}

func differ(random *rand.Rand, a Answers, in Input, one, other string) (said, outcomes bool) {
	for range 1_000 {
		b := likely(random)
		for _, known := range inputs {
			if value := *known.at(&a); value != "" {
				*known.at(&b) = value
			}
		}
		*in.at(&b) = one
		first := decide(b)
		*in.at(&b) = other
		second := decide(b)
		said = said || changesAdvice(first, second)
		outcomes = outcomes || changesOutcome(first, second)
		if said && outcomes {
			break
		}
	}
	return said, outcomes
}

// TestQuestionsSuffice answers only what is asked, and gets the advice that all answers give.
func TestQuestionsSuffice(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	most := 0
	for range 8 {
		truth := likely(random)
		a := truth
		for _, in := range inputs {
			if in.Text != "" {
				*in.at(&a) = ""
			}
		}
		n := 0
		for q, ok := Next(a); ok; q, ok = Next(a) {
			if err := a.Set(q.Key, truth.Get(q.Key)); err != nil {
				t.Fatal(err)
			}
			n++
		}
		most = max(most, n)
		want, got := outcomeOf(decide(truth)), outcomeOf(decide(a))
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("%+v\nafter %d questions %+v\n(-all +asked)\n%s", truth, n, a, diff)
		}
		if missing := Missing(a); len(missing) > 0 {
			t.Errorf("nothing left to ask, and missing: %v", missing)
		}
	}
	t.Logf("at most %d questions", most)
}

func TestQuestionsInOrder(t *testing.T) {
	for _, tc := range []struct {
		name, answers string
		want          []string
	}{
		{"the first", "", []string{"ownership"}},
		{"required ones end the list", "corporate", []string{"otherMdm", "use"}},
		{"stays with another MDM", "corporate otherMdm=yes-staying", nil},
		{"enrolled without a user", "corporate otherMdm=no userless enrolled enrolledAs=configurator dem=no minOS=newest", nil},
		{"a lock was wished for", "corporate otherMdm=no single-user new wired=no portal=yes inProgram=yes dem=no count=1 minOS=newest jit=no beforeCP=forbidden", []string{"accTargeted", "mfa", "secondFactor", "vpp", "appleId"}},
		{"no lock", "corporate otherMdm=no single-user new wired=no portal=yes inProgram=yes dem=no count=1 minOS=newest jit=no beforeCP=needed", []string{"vpp", "appleId"}},
		{"with a token", "corporate otherMdm=no single-user new wired=no portal=yes inProgram=yes dem=no count=1 minOS=newest jit=no beforeCP=needed vpp=ok", nil},
		{"personal, all managed", "personal otherMdm=no single-user existing dem=no wholeDevice=yes userChoice=no supervised=no mdmUpdates=no minOS=newest", []string{"lob", "perApp", "cpApp"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, q := range Questions(answers(t, tc.answers)) {
				got = append(got, q.Key)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestQuestionHasItsWords(t *testing.T) {
	q, ok := Next(answers(t, "personal otherMdm=no single-user enrolled"))
	want := Question{Key: "enrolledAs", Text: "How were they enrolled?", Why: "What can still be changed without enrolling again depends on it.", Default: "device",
		Choices: []Answer{{"device", "personal, the whole device (Company Portal or web)"}, {"account", "personal, account driven"}}}
	if diff := cmp.Diff(want, q); diff != "" || !ok {
		t.Error(diff)
	}
}

func TestInputs(t *testing.T) {
	seen := map[*string]bool{}
	var a Answers
	for _, in := range Inputs() {
		at := in.at(&a)
		if seen[at] {
			t.Errorf("%s shares its field with another key", in.Key)
		}
		seen[at] = true
		if (in.Text == "") != (in.Why == "") {
			t.Errorf("%s: a question says why, and what is not asked has neither", in.Key)
		}
		if in.Type == Choice && len(in.Choices) < 2 || in.Type != Choice && len(in.samples) < 2 {
			t.Errorf("%s has fewer than two values", in.Key)
		}
		for _, value := range append(in.Values(), in.samples...) {
			if err := a.Set(in.Key, value); err != nil {
				t.Error(err)
			}
			if got := a.Get(in.Key); got != value {
				t.Errorf("%s: set %q, got %q", in.Key, value, got)
			}
		}
		for _, c := range in.Choices {
			if c.Text == "" {
				t.Errorf("%s=%s says nothing", in.Key, c.Value)
			}
		}
		for _, value := range []string{in.Default, in.fallback} {
			if value != "" {
				if _, err := in.accept(value); err != nil {
					t.Errorf("%s: %v", in.Key, err)
				}
			}
		}
	}
}
