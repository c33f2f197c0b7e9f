package guide

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

//go:embed texts/*.json
var textFiles embed.FS

// English is the language with texts for everything.
const English = "en"

// words are the texts of one language by key. In a text, *…* is a label as it
// stands on the screen, and {name} is filled in.
type words map[string]string

// Languages are the languages that instructions exist in, for users and for
// administrators.
func Languages() []string { return []string{"de", English} }

// The readers that there are texts for.
const (
	forUsers = "users"
	forAdmin = "admin"
)

func loadWords(readers, language string) (words, error) {
	if !slices.Contains(Languages(), language) {
		return nil, fmt.Errorf("no instructions in language %q: use one of %s", language, strings.Join(Languages(), ", "))
	}
	file := readers + "." + language + ".json"
	raw, err := textFiles.ReadFile("texts/" + file)
	if err != nil {
		return nil, fmt.Errorf("read the texts: %w", err)
	}
	var w words
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, fmt.Errorf("read the texts in %s: %w", file, err)
	}
	return w, nil
}

// Span is a stretch of text. A Label stands on the screen of the device word
// for word; a Link is an address.
type Span struct {
	Text        string
	Label, Link bool
}

// Line is one paragraph or list item.
type Line []Span

// String is the line without marks.
func (l Line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

// MarshalText makes a Line a plain text in JSON.
func (l Line) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// writer makes lines of one language with the values of one page, by name.
// Values come from files, flags and the tenant: nothing in them is taken for a
// mark of ours, and what cannot be seen is taken out. The values that links
// names are addresses.
type writer struct {
	words  words
	values map[string]string
	links  []string
}

func (w writer) line(key string) (Line, error) {
	text, ok := w.words[key]
	if !ok {
		return nil, fmt.Errorf("no text for %s", key)
	}
	var out Line
	for i, part := range strings.Split(text, "*") {
		spans, err := w.fill(part, i%2 == 1)
		if err != nil {
			return nil, fmt.Errorf("text %s: %w", key, err)
		}
		out = append(out, spans...)
	}
	return out, nil
}

// fill puts the values in. What a value holds is not looked at again.
func (w writer) fill(text string, label bool) ([]Span, error) {
	var out []Span
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			out = append(out, Span{Text: plain.String(), Label: label})
			plain.Reset()
		}
	}
	for {
		before, rest, opened := strings.Cut(text, "{")
		plain.WriteString(before)
		if !opened {
			flush()
			return out, nil
		}
		name, after, closed := strings.Cut(rest, "}")
		value, known := w.values[name]
		if !closed || !known {
			return nil, fmt.Errorf("there is no value {%s}", name)
		}
		if text = after; slices.Contains(w.links, name) {
			flush()
			out = append(out, Span{Text: value, Link: true})
			continue
		}
		plain.WriteString(visible(value))
	}
}

// visible takes out what a reader could not see and a renderer might obey:
// control, format (zero width, direction) and line separating characters.
func visible(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		default:
			return r
		}
	}, s)), " ")
}
