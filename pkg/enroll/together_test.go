package enroll_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// broken is a kind with a fault of the program in it.
type broken struct{ *shelf }

func (broken) Read(context.Context, enroll.Query, enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	panic("out of range")
}

// unwritable is a kind whose fault shows when it writes.
type unwritable struct{ *shelf }

func (unwritable) Write(context.Context, enroll.Change, enroll.Resolver) (map[enroll.Handle]string, error) {
	panic("out of range")
}

// fault is the panic of f in the goroutine that called it.
func fault(t *testing.T, f func()) *enroll.Fault {
	t.Helper()
	var got *enroll.Fault
	func() {
		defer func() { got, _ = recover().(*enroll.Fault) }()
		f()
	}()
	if got == nil {
		t.Fatal("no fault came out")
	}
	return got
}

// TestFaultComesOut: a panic beside the main goroutine is one that it can catch.
func TestFaultComesOut(t *testing.T) {
	want := []enroll.Object{wanted(group("G"), enroll.Fields{"type": "assigned"})}
	e, groups, _, _, _ := tenant()
	for name, f := range map[string]func(){
		"together": func() {
			var side enroll.Together
			var ran atomic.Int32
			side.Go(func() { panic("out of range") })
			side.Go(func() { ran.Add(1) })
			defer func() {
				if ran.Load() != 1 {
					t.Error("the other one was not waited for")
				}
			}()
			side.Wait()
		},
		"look": func() {
			e.Kinds = []enroll.Kind{broken{groups}}
			e.Look(t.Context(), want)
		},
		"apply": func() {
			e.Kinds = []enroll.Kind{unwritable{groups}}
			apply(t, e, want)
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := fault(t, f)
			if got.Value != "out of range" || !strings.Contains(got.String(), "together_test.go") {
				t.Errorf("got %v", got)
			}
		})
	}
}
