package enroll_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestSharedItems(t *testing.T) {
	holds := func(name string, items ...string) enroll.Object {
		return enroll.Object{Ref: enroll.Ref{Kind: enroll.ADEDevices, Name: name}, Items: items}
	}
	one, two, three := holds("one", "A", "B", "C"), holds("two", "D", "E"), holds("three", "E", "C", "A", "F")
	want := []enroll.Shared{{First: two, Second: three, Items: []string{"E"}}, {First: one, Second: three, Items: []string{"C", "A"}}}
	if diff := cmp.Diff(want, enroll.SharedItems([]enroll.Object{one, two, three})); diff != "" {
		t.Error(diff)
	}
}
