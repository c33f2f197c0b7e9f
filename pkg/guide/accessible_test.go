package guide

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// documents are HTML documents with every page there is: each by itself, and
// all of a language together.
func documents(t *testing.T) map[string][]Page {
	t.Helper()
	var pic bytes.Buffer
	if err := png.Encode(&pic, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	logo, err := NewLogo(pic.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	from := contoso()
	from.Logo = logo
	out := map[string][]Page{}
	for _, language := range Languages() {
		pages, err := Users(everybody(t), from, "", language)
		if err != nil {
			t.Fatal(err)
		}
		out["all."+language] = pages
		for _, p := range pages {
			out[fmt.Sprintf("%s.%s.%s", p.Profile.Kind, p.Profile.Name, language)] = []Page{p}
		}
		admin, err := Admin(readDocument(t, "admin.yaml"), contosoKnown(), language, "a.yaml")
		if err != nil {
			t.Fatal(err)
		}
		out["admin."+language] = []Page{admin}
	}
	return out
}

// eachDocument runs a test on every document.
func eachDocument(t *testing.T, test func(t *testing.T, pages []Page, all []*html.Node)) {
	t.Helper()
	for name, pages := range documents(t) {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := HTML(&out, pages...); err != nil {
				t.Fatal(err)
			}
			test(t, pages, elements(t, out.Bytes()))
		})
	}
}

// TestAccessible looks at what readers of the screen rely on: languages,
// landmarks, headings, lists, and names for what is no text. It holds what an
// audit in a browser found to be in order (axe-core).
func TestAccessible(t *testing.T) {
	eachDocument(t, func(t *testing.T, pages []Page, all []*html.Node) {
		language, level, captions := pages[0].Language, 0, []string{}
		count := map[string]int{}
		for _, e := range all {
			count[e.Data]++
			switch e.Data {
			case "html", "article":
				if attribute(e, "lang") != language {
					t.Errorf("%s is in language %q, want %q", e.Data, attribute(e, "lang"), language)
				}
			case "meta":
				if attribute(e, "name") == "viewport" && attribute(e, "content") != "width=device-width, initial-scale=1" {
					t.Errorf("the viewport is %q: readers must be free to enlarge", attribute(e, "content"))
				}
			case "h1", "h2", "h3", "h4", "h5", "h6":
				if n := int(e.Data[1] - '0'); n > level+1 {
					t.Errorf("a heading of level %d follows one of level %d", n, level)
				} else {
					level = n
				}
				if strings.TrimSpace(content(e)) == "" {
					t.Error("a heading says nothing")
				}
			case "li":
				if e.Parent.Data != "ul" && e.Parent.Data != "ol" {
					t.Errorf("an item stands in %s", e.Parent.Data)
				}
			case "ul", "ol":
				for c := range e.ChildNodes() {
					if c.Type == html.ElementNode && c.Data != "li" {
						t.Errorf("%s stands in a list", c.Data)
					}
				}
				if attribute(e, "class") == "check" && attribute(e, "role") != "list" {
					t.Error("a list without marks is not read out as a list by every browser")
				}
			case "svg":
				if attribute(e, "role") != "img" {
					t.Errorf("a QR code has the role %q", attribute(e, "role"))
				}
				captions = append(captions, attribute(e, "aria-label"))
			case "img":
				if attribute(e, "alt") != "Contoso" {
					t.Errorf("the logo is called %q", attribute(e, "alt"))
				}
			case "title", "a", "figcaption":
				if strings.TrimSpace(content(e)) == "" {
					t.Errorf("a %s says nothing", e.Data)
				}
			case "input":
				if e.Parent.Data != "label" || strings.TrimSpace(content(e.Parent)) == "" {
					t.Error("a box to tick has no label")
				}
			}
		}
		var want []string
		for _, p := range pages {
			if p.Code != nil {
				want = append(want, p.Code.Caption)
			}
		}
		if diff := cmp.Diff(want, captions, cmp.Transformer("sorted", func(s []string) []string { return slices.Sorted(slices.Values(s)) })); diff != "" {
			t.Errorf("names of QR codes (-want +got):\n%s", diff)
		}
		for _, each := range []string{"article", "h1"} {
			if count[each] != len(pages) {
				t.Errorf("%d %s, want one for each of %d pages", count[each], each, len(pages))
			}
		}
		for _, once := range []string{"html", "title", "main"} {
			if count[once] != 1 {
				t.Errorf("%d %s, want one", count[once], once)
			}
		}
	})
}

// TestSelfContained: a page asks nobody for anything, and runs nothing.
func TestSelfContained(t *testing.T) {
	const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
	eachDocument(t, func(t *testing.T, _ []Page, all []*html.Node) {
		guarded := false
		for _, e := range all {
			switch e.Data {
			case "script", "link", "iframe", "frame", "object", "embed", "audio", "video", "source", "picture", "form", "base", "use", "image":
				t.Errorf("the page has a %s", e.Data)
			case "meta":
				switch attribute(e, "http-equiv") {
				case "":
				case "Content-Security-Policy":
					guarded = attribute(e, "content") == policy
				default:
					t.Errorf("the page asks for %s", attribute(e, "http-equiv"))
				}
			case "style":
				for _, bad := range []string{"url(", "@import", "@font-face", "image-set", "\\"} {
					if strings.Contains(content(e), bad) {
						t.Errorf("the style has %s", bad)
					}
				}
			}
			for _, a := range e.Attr {
				switch {
				case a.Key == "src" && strings.HasPrefix(a.Val, "data:image/"):
				case a.Key == "href" && e.Data == "a":
				case slices.Contains([]string{"src", "href", "srcset", "poster", "background", "style", "ping"}, a.Key), strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s has %s=%q", e.Data, a.Key, a.Val)
				}
			}
		}
		if !guarded {
			t.Errorf("the page does not forbid requests: want the policy %q", policy)
		}
	})
}

// TestOneSheet keeps pages from growing longer than a sheet of Letter holds,
// by lines of the width that print has. In a browser the longest page, with a
// logo, a title of two lines and 52 by this count, just filled the sheet.
func TestOneSheet(t *testing.T) {
	const width, most = 113, 50
	for _, language := range Languages() {
		for _, p := range documents(t)["all."+language] {
			lines := 0
			for _, s := range p.Sections {
				lines += 2 // the heading and the space around it
				for _, item := range s.Items {
					lines += (utf8.RuneCountInString(item.Text.String()) + width - 1) / width
				}
			}
			if lines > most {
				t.Errorf("%s in %s has %d lines: more than %d do not fit on one sheet", p.Profile, language, lines, most)
			}
		}
	}
}

func content(e *html.Node) string {
	var b strings.Builder
	for n := range e.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

// TestContrast: every colour of text stands out from every background, on
// light and dark screens and on paper (WCAG 2.2, success criterion 1.4.3:
// 4.5 to 1). The style has no colours but these.
func TestContrast(t *testing.T) {
	blocks := regexp.MustCompile(`:root \{[^}]*\}`)
	schemes := blocks.FindAllString(pageHTML, -1)
	if len(schemes) != 3 {
		t.Fatalf("%d sets of colours, want those for light, dark and paper", len(schemes))
	}
	rest := blocks.ReplaceAllString(pageHTML, "")
	if stray := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgb|hsl`).FindAllString(rest, -1); stray != nil {
		t.Errorf("colours beside the sets: %v", stray)
	}
	used := func(property string) []string {
		var out []string
		for _, m := range regexp.MustCompile(`[ {]`+property+`: var\(--(\w+)\)`).FindAllStringSubmatch(rest, -1) {
			out = append(out, m[1])
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	texts, papers := used("color"), used("background")
	if diff := cmp.Diff([][]string{{"accent", "ink", "soft"}, {"box", "paper", "plate"}}, [][]string{texts, papers}); diff != "" {
		t.Errorf("colours of texts and backgrounds (-want +got):\n%s", diff)
	}
	papers = slices.DeleteFunc(papers, func(p string) bool { return p == "plate" }) // lies behind the logo, never behind text
	colours := regexp.MustCompile(`--(\w+): (#[0-9a-f]+)`)
	for i, scheme := range schemes {
		set := map[string]string{}
		for _, m := range colours.FindAllStringSubmatch(scheme, -1) {
			set[m[1]] = m[2]
		}
		for _, text := range texts {
			for _, paper := range papers {
				a, b := luminance(t, set[text]), luminance(t, set[paper])
				if ratio := (math.Max(a, b) + .05) / (math.Min(a, b) + .05); ratio < 4.5 {
					t.Errorf("set %d: %s on %s has a contrast of %.2f", i+1, text, paper, ratio)
				}
			}
		}
	}
}

// luminance is that of a colour as WCAG 2.2 defines it.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	digits := strings.TrimPrefix(colour, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	if len(digits) != 6 {
		t.Fatalf("colour %q", colour)
	}
	var sum float64
	for i, share := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += share * c
	}
	return sum
}
