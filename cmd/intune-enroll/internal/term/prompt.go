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

// ErrEnded says that the input ended before an answer was typed (Ctrl-D).
var ErrEnded = errors.New("the input ended without an answer")

// CanAsk tells whether a question would reach a person: stdin and stderr are
// terminals, and neither --no-input nor a CI system says otherwise.
func (s *Streams) CanAsk() bool { return s.InTTY && s.ErrTTY && !s.NoInput }

// Ask puts a question, broken between words, on stderr and gives the line that
// was typed, without white space round it.
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
		text, err := bufio.NewReader(s.In).ReadString('\n')
		if err != nil && text == "" {
			close(line)
			return
		}
		line <- text
	}()
	select {
	case <-ctx.Done():
		fmt.Fprintln(s.Err)
		return "", context.Cause(ctx)
	case text, typed := <-line:
		if !typed {
			fmt.Fprintln(s.Err)
			return "", ErrEnded
		}
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
