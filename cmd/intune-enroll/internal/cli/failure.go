package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// failure is an error that knows its code and what to do next.
type failure struct {
	code    code
	message string
	do      string // "" when there is nothing sensible to say
	cause   error
}

func (f *failure) Error() string { return f.message }
func (f *failure) Unwrap() error { return f.cause }

// fail makes a failure with a message of its own.
func fail(c code, do, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &failure{code: c, message: err.Error(), do: do, cause: errors.Unwrap(err)}
}

// errFound says that the command did its work and there is something.
var errFound error = &failure{code: codeFound, message: "there is something to look at"}

// stopped is why the context of a command ended before its time.
type stopped struct {
	code code
	text string
}

func (s stopped) Error() string { return s.text }

// explain finds out what kind of failure an error is.
func explain(err error) *failure {
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}
	out := &failure{code: codeFailed, message: err.Error(), cause: err}
	if d, ok := errors.AsType[interface {
		error
		Do() string
	}](err); ok {
		out.do = d.Do()
	}
	if s, ok := errors.AsType[stopped](err); ok {
		out.code = s.code
		return out
	}
	_, fromService := errors.AsType[*graph.Error](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		out.code, out.do = codeTimeout, "give it more time with --timeout, or look why the service is slow with --debug"
	case errors.Is(err, context.Canceled):
		out.code = codeInterrupted
	case errors.Is(err, term.ErrCannotAsk):
		out.code = codeConfirmation
	case graph.IsSignIn(err):
		out.code = codeSignIn
	case graph.IsDenied(err):
		out.code = codePermission
	case graph.Unreachable(err):
		out.code = codeUnreachable
	case fromService:
		out.code = codeService
	}
	return out
}

// asError is the failure as reports carry it; nil when there is none.
func asError(err error) *render.Error {
	if err == nil {
		return nil
	}
	f := explain(err)
	if f.code == codeFound {
		return nil
	}
	return &render.Error{Code: string(f.code), Message: f.message, Do: f.do}
}
