package advise

import "slices"

// Question is one that is worth asking now.
type Question struct {
	Key     string
	Text    string
	Why     string
	Choices []Answer // empty: a number or a version is typed
	Default string   // "": it has to be answered
}

// Questions are the questions that still matter after the answers a, in the
// order in which to ask them. A question matters when two of its answers lead
// to a different option, way to sign in, way of Company Portal or status, be
// it together with an answer to one other question that is still open; one of
// Missing always does. While such a one is open the list ends there: what
// follows depends on it. Ask the first, Set the answer, and call again.
func Questions(a Answers) []Question {
	var out []Question
	for q := range open(a) {
		out = append(out, q)
		if q.Default == "" {
			break
		}
	}
	return out
}

// Next is the first of Questions; ok is false when nothing is left to ask.
func Next(a Answers) (q Question, ok bool) {
	for q := range open(a) {
		return q, true
	}
	return Question{}, false
}

// open runs through the questions that matter.
func open(a Answers) func(yield func(Question) bool) {
	return func(yield func(Question) bool) {
		var others []Input
		for _, in := range inputs {
			if in.Text != "" && *in.at(&a) == "" {
				others = append(others, in)
			}
		}
		for _, in := range others {
			byDefault, ok := in.defaultFor(a)
			if !matters(a, in, others, changesOutcome) && (ok || !slices.Contains(Missing(a), in.Key)) {
				continue
			}
			q := Question{Key: in.Key, Text: in.Text, Why: in.Why, Choices: in.choicesFor(complete(a)), Default: byDefault}
			if !yield(q) {
				return
			}
		}
	}
}

// Missing are the keys without an answer and without a default whose answer
// makes a difference, if only to a message: nothing can be advised before they
// are answered.
func Missing(a Answers) []string {
	var required []Input
	for _, in := range inputs {
		if _, ok := in.defaultFor(a); *in.at(&a) == "" && !ok {
			required = append(required, in)
		}
	}
	var out []string
	for _, in := range required {
		if matters(a, in, required, changesAdvice) {
			out = append(out, in.Key)
		}
	}
	return out
}

// assumed are the defaults taken for what was not answered, where another
// answer alone would change the outcome.
func assumed(a Answers) map[string]string {
	out := map[string]string{}
	filled := complete(a)
	for _, in := range inputs {
		if (in.Text != "" || in.fact) && *in.at(&a) == "" && changes(a, in, changesOutcome) {
			out[in.Key] = *in.at(&filled)
		}
	}
	return out
}

// outcome is what a question has to change to be asked.
type outcome struct {
	option Option
	auth   Auth
	portal CompanyPortal
	status Status
}

func outcomeOf(s *situation) outcome {
	return outcome{s.Option, s.Auth, s.CompanyPortal, s.status()}
}

func changesOutcome(one, other *situation) bool { return outcomeOf(one) != outcomeOf(other) }

func changesAdvice(one, other *situation) bool {
	return changesOutcome(one, other) || !slices.Equal(one.cited, other.cited)
}

// matters tells whether two answers to in differ, alone or together with the
// answer to one of the others.
func matters(a Answers, in Input, others []Input, differ func(one, other *situation) bool) bool {
	if changes(a, in, differ) {
		return true
	}
	return slices.ContainsFunc(others, func(other Input) bool {
		if other.Key == in.Key {
			return false
		}
		return slices.ContainsFunc(other.tries(complete(a)), func(value string) bool {
			b := a
			*other.at(&b) = value
			return changes(b, in, differ)
		})
	})
}

// changes tells whether two answers to in differ, everything else being as in a.
func changes(a Answers, in Input, differ func(one, other *situation) bool) bool {
	var first *situation
	for _, value := range in.tries(complete(a)) {
		*in.at(&a) = value
		got := decide(a)
		if first == nil {
			first = got
		} else if differ(first, got) {
			return true
		}
	}
	return false
}

// choicesFor are the choices that go with the answers a.
func (in Input) choicesFor(a Answers) []Answer {
	if in.Key != "enrolledAs" {
		return in.Choices
	}
	return slices.DeleteFunc(slices.Clone(in.Choices), func(c Answer) bool {
		return personalEnrollment(c.Value) != a.personal()
	})
}

// tries are the values that are tried to see whether the answer matters.
func (in Input) tries(a Answers) []string {
	if in.Type != Choice {
		return in.samples
	}
	return values(in.choicesFor(a))
}
