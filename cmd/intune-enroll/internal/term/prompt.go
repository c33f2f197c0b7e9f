package term

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"
)

// ErrCannotAsk says that nobody is there to answer. The caller names the flag
// that answers instead.
var ErrCannotAsk = errors.New("nobody can be asked here")

// CanAsk tells whether a question would reach a person: stdin and stderr are
// terminals, and neither --no-input nor a CI system says otherwise.
func (s *Streams) CanAsk() bool { return s.InTTY && s.ErrTTY && !s.NoInput }

// Ask puts a question, broken between words, on stderr and gives the line that was typed, without
// white space round it. The end of the input is an empty answer.
func (s *Streams) Ask(ctx context.Context, question string) (string, error) {
	if !s.CanAsk() {
		return "", ErrCannotAsk
	}
	if s.Width > 0 {
		question = Wrap(question, s.Width)
	}
	if _, err := fmt.Fprint(s.Err, question+" "); err != nil {
		return "", fmt.Errorf("ask: %w", err)
	}
	line := make(chan string, 1)
	go func() {
		// What ends the input early is an empty answer, and that is no consent.
		text, _ := bufio.NewReader(s.In).ReadString('\n')
		line <- text
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(s.Err)
		return "", context.Cause(ctx)
	case text := <-line:
		return strings.TrimSpace(text), nil
	}
}

// hyphen stands in for one while a text is broken into lines. It is of the area
// for private use.
const hyphen = "\ue02d"

// Wrap breaks a text into lines between words, and not at the hyphens of flags
// and ids, which are pasted.
func Wrap(text string, width int) string {
	return strings.ReplaceAll(lipgloss.Wrap(strings.ReplaceAll(text, "-", hyphen), width, ""), hyphen, "-")
}
