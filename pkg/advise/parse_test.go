package advise

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		want     Answers
		says     string
	}{
		{"texts", `{"ownership": "corporate", "minOS": "17.0", "mfa": "required"}`, Answers{Ownership: "corporate", MinOS: "17.0", MFA: "required"}, ""},
		{"numbers and truths", `{"count": 500, "minOS": 14.8, "jit": true, "lob": false}`, Answers{Count: "500", MinOS: "14.8", JIT: "yes", LOB: "no"}, ""},
		{"nothing", `{}`, Answers{}, ""},
		{"with a byte order mark, as Windows PowerShell writes", "\ufeff{\"jit\": true}", Answers{JIT: "yes"}, ""},
		{"empty", ``, Answers{}, "the answers are not complete JSON: the text ends too early"},
		{"cut", `{"ownership": "corp`, Answers{}, "the answers are not complete JSON: the text ends too early"},
		{"a list", `[]`, Answers{}, `the answers are not a JSON object like {"ownership": "corporate"}`},
		{"not JSON", `{ownership: corporate}`, Answers{}, "the answers are not valid JSON at byte 1: invalid character 'o'"},
		{"more", `{} {}`, Answers{}, "something follows the JSON object with the answers"},
		{"unknown key", `{"owner": "corporate"}`, Answers{}, `no question is called "owner"; the questions are ownership, otherMdm, use, `},
		{"unknown value", `{"mfa": "maybe"}`, Answers{}, `mfa: "maybe" is not one of required, unwanted, indifferent`},
		{"all at once", `{"mfa": "maybe", "use": "kiosk"}`, Answers{}, "mfa: \"maybe\" is not one of required, unwanted, indifferent\nuse: \"kiosk\" is not one of single-user, userless, shared-ipad, entra-shared"},
		{"true is no value", `{"mfa": true}`, Answers{}, `mfa: "yes" is not one of`},
		{"a list as a value", `{"mfa": ["required"]}`, Answers{}, "mfa: the answer is neither a text nor a number; write it in quotes"},
		{"null", `{"mfa": null}`, Answers{}, "mfa: the answer is neither a text nor a number"},
		{"twice", `{"mfa": "required", "mfa": "unwanted"}`, Answers{}, "mfa is answered twice"},
		{"no number", `{"count": 0}`, Answers{}, `count: "0" is not a whole number from 1 to 10000000`},
		{"half a device", `{"count": 1.5}`, Answers{}, `count: "1.5" is not a whole number`},
		{"no version", `{"minOS": "iOS 17"}`, Answers{}, `minOS: "iOS 17" is not a version like 17.0, nor newest`},
		{"empty word", `{"mdmAuthority": ""}`, Answers{}, `mdmAuthority: "" is not a word`},
		{"does not go together", `{"ownership": "corporate", "enrolledAs": "account"}`, Answers{}, `enrolledAs: "account" does not go with ownership "corporate"`},
		{"too long", `{"mfa": "` + strings.Repeat("x", maxBytes) + `"}`, Answers{}, "the answers are longer than 65536 bytes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Parse(strings.NewReader(tc.in))
			if tc.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Error(diff)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%v does not say %q", err, tc.says)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"ownership": "corporate", "use": "single-user", "state": "new", "portal": "yes", "count": 3}`)
	f.Add(`{"minOS": "17.0", "jit": true}`)
	f.Fuzz(func(t *testing.T, in string) {
		a, err := Parse(strings.NewReader(in))
		if err != nil {
			return
		}
		for _, input := range inputs {
			value := a.Get(input.Key)
			if value == "" {
				continue
			}
			if err := a.Set(input.Key, value); err != nil {
				t.Errorf("parsed, and not accepted: %v", err)
			}
		}
		checkAdvice(t, a)
	})
}
