package graph

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestOutcome(t *testing.T) {
	if Outcome(nil) != nil {
		t.Error("a write that went well has an error")
	}
	lost, refused := &Error{Class: Create, Sent: true}, &Error{Class: Create, Status: 400}
	if err := Outcome(lost); !enroll.IsLost(err) || !errors.Is(err, error(lost)) {
		t.Errorf("got %v", err)
	}
	if err := Outcome(refused); enroll.IsLost(err) || !errors.Is(err, error(refused)) {
		t.Errorf("got %v", err)
	}
}

func TestGap(t *testing.T) {
	scope := enroll.Ref{Kind: "group", Name: "iOS - pilots"}
	for _, tt := range []struct {
		name   string
		err    error
		denied bool
	}{
		{"denied", &Error{Status: 403}, true},
		{"not signed in", &Error{Status: 401}, true},
		{"credential refused", &SignInError{What: "x"}, true},
		{"outage", &Error{Status: 503}, false},
		{"no network", &SignInError{Unreachable: true}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := enroll.Gap{Scope: scope, Reason: tt.err.Error(), Denied: tt.denied}
			if diff := cmp.Diff(want, Gap(scope, tt.err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
