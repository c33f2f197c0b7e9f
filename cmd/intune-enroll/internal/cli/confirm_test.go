package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

func movesTo(profile, op string, from map[string]int) enroll.Change {
	return enroll.Change{Ref: enroll.Ref{Kind: enroll.ADEDevices, Scope: "ade-token:Contoso ABM", Name: profile}, Verb: enroll.Update, Op: op, Items: enroll.Items{From: from}}
}

func TestConfirm(t *testing.T) {
	group := enroll.Change{Ref: enroll.Ref{Kind: enroll.Group, Name: "A"}, Verb: enroll.Create}
	taken := enroll.Change{Ref: enroll.Ref{Kind: enroll.ADEDefault, Name: "default"}, Verb: enroll.Update, Confirm: "the default is taken away from profile Old"}
	deleted := enroll.Change{Ref: enroll.Ref{Kind: enroll.BYODProfile, Name: "Old"}, Verb: enroll.Delete}
	tests := []struct {
		name    string
		changes []enroll.Change
		typed   string // "": nobody can be asked
		yes     bool
		confirm string
		want    int
		says    string
	}{
		{"yes", []enroll.Change{group}, "yes\n", false, "", 0, ""},
		{"Yes", []enroll.Change{group}, "Yes\n", false, "", 1, ""},
		{"no", []enroll.Change{group}, "no\n", false, "", 1, ""},
		{"--yes", []enroll.Change{group}, "", true, "", 0, ""},
		{"nobody there", []enroll.Change{group}, "", false, "", 3, "--yes"},
		{"default taken away needs the name", []enroll.Change{taken}, "", true, "", 3, "--confirm 8f6c"},
		{"name typed", []enroll.Change{taken}, "Contoso\n", true, "", 0, ""},
		{"yes is not the name", []enroll.Change{taken}, "yes\n", true, "", 1, ""},
		{"--confirm by name", []enroll.Change{taken}, "", true, "Contoso", 0, ""},
		{"--confirm by id", []enroll.Change{deleted}, "", true, "8F6C", 0, ""},
		{"--confirm another tenant", []enroll.Change{deleted}, "", true, "Fabrikam", 3, "is not this tenant"},
		{"--confirm is not --yes", []enroll.Change{taken}, "", false, "Contoso", 3, "--yes"},
		{"few moves", []enroll.Change{movesTo("Staff", "batch 1/2", map[string]int{"Old": 1, "": 90}), movesTo("Staff", "batch 2/2", map[string]int{"Old": 1})}, "", true, "", 0, ""},
		{"many moves", []enroll.Change{movesTo("Staff", "batch 1/2", map[string]int{"Old": 2}), movesTo("Staff", "batch 2/2", map[string]int{"Older": 1})}, "", true, "", 3, "--max-moves 3"},
		{"number typed", []enroll.Change{movesTo("Staff", "", map[string]int{"Old": 3})}, "3\n", true, "", 0, ""},
		{"another number typed", []enroll.Change{movesTo("Staff", "", map[string]int{"Old": 3})}, "2\n", true, "", 1, ""},
		{"few to each of two profiles", []enroll.Change{movesTo("A", "", map[string]int{"Old": 2}), movesTo("B", "", map[string]int{"Old": 2})}, "", true, "", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var shown bytes.Buffer
			asked := tt.typed != ""
			f := &factory{
				term:   &term.Streams{In: strings.NewReader(tt.typed), Err: &shown, InTTY: asked, ErrTTY: asked},
				global: globalFlags{Yes: tt.yes, Confirm: tt.confirm},
			}
			err := f.confirm(t.Context(), render.Tenant{ID: "8f6c", Name: "Contoso"}, enroll.Plan{Changes: tt.changes}, 2)
			if got := exitCode(err); got != tt.want {
				t.Errorf("exit code %d (%v), want %d", got, err, tt.want)
			}
			if tt.says != "" && !strings.Contains(err.Error()+explain(err).do, tt.says) {
				t.Errorf("%v; %s: nothing of %q", err, explain(err).do, tt.says)
			}
			if asked && !strings.Contains(shown.String(), "Contoso") {
				t.Errorf("asked %q", shown.String())
			}
		})
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir() + "/journal"
	release, err := lock(dir, "8f6c")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock(dir, "8f6c"); explain(err).code != codeLocked || !strings.Contains(err.Error(), "process ") {
		t.Errorf("second lock: %v", err)
	}
	other, err := lock(dir, "9a0b")
	if err != nil {
		t.Fatalf("another tenant: %v", err)
	}
	other()
	release()
	again, err := lock(dir, "8f6c") // the file of the first is still there
	if err != nil {
		t.Fatalf("after release: %v", err)
	}
	again()
}

func TestChoose(t *testing.T) {
	rules := []enroll.Rule{
		{ID: "GEN-08", Needs: []enroll.KindName{enroll.PushCertificate}},
		{ID: "ADE-13", Needs: []enroll.KindName{enroll.ADEToken}},
		{ID: "X-41", Needs: []enroll.KindName{enroll.Group}},
		{ID: "X-41", Offline: true},
		{ID: "FILE-1"},
	}
	tests := []struct {
		name  string
		o     checkOptions
		kinds []enroll.KindName
		ids   []string
		code  int
	}{
		{"all", checkOptions{}, []enroll.KindName{enroll.Organization, enroll.PushCertificate, enroll.ADEToken}, []string{"GEN-08", "ADE-13", "X-41", "FILE-1"}, 0},
		{"only a kind", checkOptions{Only: []string{"ade-token"}}, []enroll.KindName{enroll.Organization, enroll.ADEToken}, []string{"ADE-13"}, 0},
		{"only a rule", checkOptions{Only: []string{"GEN-08"}}, []enroll.KindName{enroll.Organization, enroll.PushCertificate}, []string{"GEN-08"}, 0},
		{"without a kind", checkOptions{Skip: []string{"ade-token"}}, []enroll.KindName{enroll.Organization, enroll.PushCertificate}, []string{"GEN-08", "X-41", "FILE-1"}, 0},
		{"without a rule", checkOptions{Skip: []string{"GEN-08"}}, []enroll.KindName{enroll.Organization, enroll.ADEToken}, []string{"ADE-13", "X-41", "FILE-1"}, 0},
		{"unknown", checkOptions{Skip: []string{"GEN-99"}}, nil, nil, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			kinds, chosen, err := choose(rules, tt.o)
			if got := exitCode(err); got != tt.code {
				t.Fatalf("exit code %d (%v), want %d", got, err, tt.code)
			}
			var ids []string
			for _, r := range chosen {
				ids = append(ids, r.ID)
			}
			if diff := cmp.Diff(tt.kinds, kinds); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.ids, ids); diff != "" {
				t.Error(diff)
			}
		})
	}
}
