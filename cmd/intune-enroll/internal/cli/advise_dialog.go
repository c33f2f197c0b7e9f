package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
)

// dialog asks what still matters, or only what has to be answered, and tells
// how to give the same answers without questions.
func (f *factory) dialog(ctx context.Context, command string, given advise.Answers, onlyMissing bool) (advise.Answers, error) {
	a, asked := given, 0
	for q, ok := nextQuestion(a, onlyMissing); ok; q, ok = nextQuestion(a, onlyMissing) {
		value, err := f.askFor(ctx, q)
		if err != nil {
			return a, err
		}
		if err := a.Set(q.Key, value); err != nil {
			return a, err
		}
		asked++
	}
	if asked > 0 {
		f.say("\nthe same without questions: %s\n", term.Clean(command+" "+setFlags(a)))
	}
	return a, nil
}

// setFlags are the flags that give the answers.
func setFlags(a advise.Answers) string {
	var words []string
	for _, in := range advise.Inputs() {
		if value := a.Get(in.Key); value != "" {
			words = append(words, "--set", in.Key+"="+value)
		}
	}
	return shellLine(words...)
}

// nextQuestion is the next to ask. What is missing can stand behind questions
// with a default, which are then left alone.
func nextQuestion(a advise.Answers, onlyMissing bool) (advise.Question, bool) {
	if !onlyMissing {
		return advise.Next(a)
	}
	if len(advise.Missing(a)) == 0 {
		return advise.Question{}, false
	}
	open := advise.Questions(a)
	i := slices.IndexFunc(open, func(q advise.Question) bool { return q.Default == "" })
	if i < 0 {
		return advise.Question{}, false
	}
	return open[i], true
}

// triesPerQuestion bounds how often a question is put before the program gives up.
const triesPerQuestion = 3

// askFor puts one question until the answer is one of its values.
func (f *factory) askFor(ctx context.Context, q advise.Question) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n  %s\n", q.Text, q.Why)
	for i, c := range q.Choices {
		fmt.Fprintf(&b, "  %d  %s\n", i+1, c.Text)
	}
	b.WriteString("Answer")
	if q.Default != "" {
		fmt.Fprintf(&b, " [%s]", shownDefault(q))
	}
	question := b.String() + ":"
	for range triesPerQuestion {
		text, err := f.typed(ctx, question)
		if err != nil {
			return "", err
		}
		value := text
		if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(q.Choices) {
			value = q.Choices[n-1].Value
		}
		if value == "" {
			value = q.Default
		}
		var probe advise.Answers
		if err := probe.Set(q.Key, value); err == nil {
			return value, nil
		}
		question = "That is no answer to it. Type the number"
		if len(q.Choices) == 0 {
			question = "That is no answer to it. Type a number or a version such as 17.0"
		}
		question += ":"
	}
	return "", fail(codeUsage, "give the answer as a flag: --set "+q.Key+"=…", "no answer to: %s", q.Text)
}

// typed asks for something whose default Enter takes, and the end of the input
// does not.
func (f *factory) typed(ctx context.Context, question string) (string, error) {
	text, err := f.term.Ask(ctx, question)
	if errors.Is(err, term.ErrEnded) {
		return "", fail(codeDeclined, "", "%w", err)
	}
	return text, err
}

// shownDefault is what Enter stands for: the number of the choice.
func shownDefault(q advise.Question) string {
	i := slices.IndexFunc(q.Choices, func(c advise.Answer) bool { return c.Value == q.Default })
	if i < 0 {
		return q.Default
	}
	return strconv.Itoa(i + 1)
}
