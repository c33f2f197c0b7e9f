package cli

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/term"
	"github.com/intune-enroll/intune-enroll/pkg/advise"
)

func TestAdviseOptions(t *testing.T) {
	got, _, err := parse(t, noted(newAdvise), "advise", "--answers", "a.json", "--set", "lob=yes", "--set", "count=3")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(adviseOptions{Answers: "a.json", Set: []string{"lob=yes", "count=3"}}, got); diff != "" {
		t.Error(diff)
	}
}

// lines gives one line for each reading, as a terminal does.
type lines struct{ left []string }

func (l *lines) Read(p []byte) (int, error) {
	if len(l.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, l.left[0]+"\n")
	l.left = l.left[1:]
	return n, nil
}

func TestDialog(t *testing.T) {
	const ended = "the input ended without an answer"
	for _, tc := range []struct {
		name, typed string
		given       advise.Answers
		onlyMissing bool
		want        advise.Answers
		shown       []string
		says        string
	}{
		{"all questions", "2,,,,,,,,,,2,,,", advise.Answers{}, false,
			advise.Answers{Ownership: "personal", OtherMDM: "no", Use: "single-user", State: "existing", DEM: "no", WholeDevice: "no", LOB: "no", PerApp: "no", MSAppsOnly: "no", UserChoice: "no", CPApp: "unwanted", Supervised: "no", MDMUpdates: "no", MinOS: "newest"},
			[]string{"Who owns the devices?\n  Enrollment for the organization's devices and for personal ones has nothing in common.\n  1  the organization\n  2  their users\nAnswer:", "the same without questions: intune-enroll advise --set ownership=personal --set otherMdm=no"}, ""},
		{"only what is missing", "yes", advise.Answers{Ownership: "corporate", Use: "single-user", State: "new"}, true,
			advise.Answers{Ownership: "corporate", Use: "single-user", State: "new", Portal: "yes"}, []string{"  3  it does not exist in this country or region\nAnswer:"}, ""},
		{"nothing is missing", "", advise.Answers{Ownership: "personal"}, true, advise.Answers{Ownership: "personal"}, nil, ""},
		{"wrong, then right", "4,portal,2", advise.Answers{Ownership: "corporate", Use: "single-user", State: "new"}, true,
			advise.Answers{Ownership: "corporate", Use: "single-user", State: "new", Portal: "unwanted"}, []string{"That is no answer to it. Type the number:"}, ""},
		{"no answer", ",,", advise.Answers{}, false, advise.Answers{}, nil, "no answer to: Who owns the devices?"},
		{"end of input", "", advise.Answers{}, false, advise.Answers{}, nil, ended},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var shown strings.Builder
			f := newFactory(Process{In: strings.NewReader(""), Out: io.Discard, Err: &shown, Env: environment()})
			f.term = &term.Streams{In: &lines{strings.Split(tc.typed, ",")}, Out: io.Discard, Err: &shown, InTTY: true, ErrTTY: true}
			got, err := f.dialog(t.Context(), "intune-enroll advise", tc.given, tc.onlyMissing)
			if tc.says != "" {
				code := exitRefused
				if tc.says == ended {
					code = exitFailed
				}
				if err == nil || !strings.Contains(err.Error(), tc.says) || exitCode(err) != code {
					t.Errorf("%v does not say %q", err, tc.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n%s", diff, shown.String())
			}
			for _, s := range tc.shown {
				if !strings.Contains(shown.String(), s) {
					t.Errorf("nothing shows %q:\n%s", s, shown.String())
				}
			}
		})
	}
}

// TestAdviseNames finds values of the advice that are not told in words.
func TestAdviseNames(t *testing.T) {
	names := adviseNames()
	var values []string
	for _, o := range advise.Options() {
		values = append(values, string(o))
	}
	for _, a := range advise.Auths() {
		values = append(values, string(a))
	}
	for _, p := range advise.CompanyPortals() {
		values = append(values, string(p))
	}
	for _, v := range values {
		if v != "none" && names[v] == "" {
			t.Errorf("%s has no name", v)
		}
	}
}
