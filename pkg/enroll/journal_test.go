package enroll_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func TestJournalRemembersWhatIsPending(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	open := func(at time.Duration) *enroll.FileJournal {
		t.Helper()
		j, err := enroll.OpenJournal(dir, "../tenant", "test", now.Add(at))
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	intend := func(j *enroll.FileJournal, name string) enroll.JournalEntry {
		t.Helper()
		e, err := j.Intend(enroll.Change{Ref: group(name), Verb: enroll.Create})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	first := open(0)
	for name, outcome := range map[string]error{"done": nil, "failed": errors.New("403"), "unknown": enroll.Lost(errors.New("reset"))} {
		if err := intend(first, name).Done(nil, outcome); err != nil {
			t.Fatal(err)
		}
	}
	intend(first, "killed")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(first.Path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"at":"2026-`); err != nil { // cut short by the crash
		t.Fatal(err)
	}
	f.Close()

	second := open(time.Second)
	byName := cmpopts.SortSlices(func(a, b enroll.Ref) bool { return a.Name < b.Name })
	if diff := cmp.Diff([]enroll.Ref{group("killed"), group("unknown")}, second.Pending(), byName); diff != "" {
		t.Error(diff)
	}
	if err := intend(second, "killed").Done(nil, nil); err != nil {
		t.Fatal(err)
	}
	second.Close()
	third := open(2 * time.Second)
	if diff := cmp.Diff([]enroll.Ref{group("unknown")}, third.Pending()); diff != "" {
		t.Error(diff)
	}
	third.Close()
	if _, err := os.Stat(third.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty journal stays: %v", err)
	}
	if info, err := os.Stat(second.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v %v", info, err)
	}
	if late := open(48 * time.Hour); len(late.Pending()) != 0 {
		t.Errorf("a day later still pending: %v", late.Pending())
	}
	if filepath.Dir(filepath.Dir(second.Path)) != dir {
		t.Errorf("journal left its folder: %s", second.Path)
	}
	damaged := filepath.Join(filepath.Dir(second.Path), "0.jsonl")
	if err := os.WriteFile(damaged, []byte("garbage\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := enroll.OpenJournal(dir, "../tenant", "test", now.Add(time.Hour)); err == nil {
		t.Error("a damaged journal is passed over")
	}
	if err := os.Chtimes(damaged, now.Add(-48*time.Hour), now.Add(-48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]enroll.Ref{group("unknown")}, open(time.Hour).Pending()); diff != "" {
		t.Errorf("beside a journal of two days ago: %s", diff)
	}
}
