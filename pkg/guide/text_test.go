package guide

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLanguages holds each language to the same keys, marks and values: those
// that pages use, and no others.
func TestLanguages(t *testing.T) {
	used := map[string]bool{"language": true}
	for _, key := range []string{"quote.open", "quote.close", "org.unknown", "contact.unknown", "footer.profile",
		"heading.needs", "heading.steps", "heading.done", "heading.privacy", "heading.help"} {
		used[key] = true
	}
	for _, o := range outlines() {
		used["title."+o.title()] = true
		used["code."+Audience{Variant: o.variant}.caption()] = true
		for _, l := range o.lines() {
			used[l.key] = true
		}
	}
	want := slices.Sorted(maps.Keys(used))
	english, err := loadWords(English)
	if err != nil {
		t.Fatal(err)
	}
	value := regexp.MustCompile(`\{[a-z]+\}`)
	for _, language := range Languages() {
		w, err := loadWords(language)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(w))); diff != "" {
			t.Errorf("keys of %s (-used +there):\n%s", language, diff)
		}
		for key, text := range w {
			if text != strings.TrimSpace(text) || text == "" {
				t.Errorf("%s: %s is empty or has space around it", language, key)
			}
			if strings.Count(text, "*")%2 != 0 {
				t.Errorf("%s: %s opens a label and does not close it", language, key)
			}
			for _, v := range value.FindAllString(text, -1) {
				if !strings.Contains(english[key], v) {
					t.Errorf("%s: %s has %s, which English does not have", language, key, v)
				}
			}
			for _, v := range []string{"{link}", "{contact}", "{profile}"} {
				if strings.Contains(english[key], v) && !strings.Contains(text, v) {
					t.Errorf("%s: %s lacks %s", language, key, v)
				}
			}
		}
	}
}

func TestLoadWordsOfUnknownLanguage(t *testing.T) {
	_, err := Users(nil, Sender{}, "", "fr")
	const want = `no instructions in language "fr": use one of de, en`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestFill(t *testing.T) {
	w := writer{values: map[string]string{"org": "A*B {link}\u202e\x1b[31m\n C", "link": "https://contoso.com"}, links: []string{"link"}}
	tests := []struct {
		name, text string
		want       Line
		err        string
	}{
		{"plain", "one two", Line{{Text: "one two"}}, ""},
		{"label", "tap *Install* now", Line{{Text: "tap "}, {Text: "Install", Label: true}, {Text: " now"}}, ""},
		{"values are not read again", "at {org}.", Line{{Text: "at A*B {link}[31m C."}}, ""},
		{"link", "go to {link}, or", Line{{Text: "go to "}, {Text: "https://contoso.com", Link: true}, {Text: ", or"}}, ""},
		{"unknown value", "{tenant}", nil, "text k: there is no value {tenant}"},
		{"open brace", "a {org", nil, "text k: there is no value {org}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.words = words{"k": tt.text}
			got, err := w.line("k")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("line (-want +got):\n%s", diff)
			}
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || err.Error() != tt.err) {
				t.Errorf("error %v, want %s", err, tt.err)
			}
		})
	}
	if _, err := (writer{words: words{}}).line("none"); err == nil {
		t.Error("a key without text is no error")
	}
}

func FuzzFill(f *testing.F) {
	f.Add("tap *Install* at {org}", "Contoso")
	f.Add("{", "}")
	f.Fuzz(func(t *testing.T, text, org string) {
		w := writer{words: words{"k": text}, values: map[string]string{"org": org}}
		l, err := w.line("k")
		if err != nil {
			return
		}
		if strings.ContainsAny(visible(org), "\x00\x1b\n\r\u200b\u202e") {
			t.Errorf("%q is not visible throughout", visible(org))
		}
		if want := strings.ReplaceAll(strings.ReplaceAll(text, "*", ""), "{org}", visible(org)); l.String() != want {
			t.Errorf("%q, want %q", l.String(), want)
		}
	})
}
