package guide

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// usedKeys are the keys that pages for these readers ask for.
func usedKeys(readers string) []string {
	used := map[string]bool{"quote.open": true, "quote.close": true}
	if readers == forAdmin {
		used["title"], used["intro"], used["users.all"], used["token.unnamed"] = true, true, true, true
		for _, c := range chapters() {
			used[c.heading] = true
			for _, task := range c.tasks {
				used[task.key] = true
			}
		}
		return slices.Sorted(maps.Keys(used))
	}
	for _, key := range []string{"org.unknown", "contact.unknown", "footer.profile",
		"heading.needs", "heading.steps", "heading.done", "heading.privacy", "heading.help"} {
		used[key] = true
	}
	for _, o := range outlines() {
		used["title."+o.title()] = true
		_, caption := Audience{Variant: o.variant}.begin("")
		used[caption] = true
		for _, l := range o.lines() {
			used[l.key] = true
		}
	}
	return slices.Sorted(maps.Keys(used))
}

// TestLanguages holds each language to the same keys and values: those that
// pages use, and no others.
func TestLanguages(t *testing.T) {
	value := regexp.MustCompile(`\{[a-zA-Z]+\}`)
	smallStart := regexp.MustCompile(`(^|[.?!] )\{(org|contact)\}`)
	values := func(text string) []string {
		found := value.FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for _, readers := range []string{forUsers, forAdmin} {
		want := usedKeys(readers)
		english, err := loadWords(readers, English)
		if err != nil {
			t.Fatal(err)
		}
		for _, language := range Languages() {
			w, err := loadWords(readers, language)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(w))); diff != "" {
				t.Errorf("keys for %s in %s (-used +there):\n%s", readers, language, diff)
			}
			for key, text := range w {
				if text != strings.TrimSpace(text) || text == "" {
					t.Errorf("%s: %s is empty or has space around it", language, key)
				}
				if smallStart.MatchString(text) {
					t.Errorf("%s: %s begins a sentence with a value, which is written small when nobody gave one", language, key)
				}
				if strings.Count(text, "*")%2 != 0 {
					t.Errorf("%s: %s opens a label and does not close it", language, key)
				}
				if diff := cmp.Diff(values(english[key]), values(text)); diff != "" {
					t.Errorf("values in %s of %s (-English +there):\n%s", key, language, diff)
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
