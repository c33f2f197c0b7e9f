package guide

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/boombuler/barcode/qr"
	"golang.org/x/net/html"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// evil is a page whose names try to be more than text.
func evil(t *testing.T) Page {
	t.Helper()
	pages, err := Users([]Audience{{Profile: enroll.Ref{Kind: enroll.BYODProfile, Name: "](javascript:alert(1)) <script>alert(2)</script> **x**"}, Variant: BYODWeb}},
		Sender{Name: "# <img src=x onerror=alert(3)>\n\n1. | `x`", Contact: "javascript:alert(4)\u202e"}, "", English)
	if err != nil {
		t.Fatal(err)
	}
	return pages[0]
}

func TestNamesStayText(t *testing.T) {
	p := evil(t)
	var md, page bytes.Buffer
	if err := Markdown(&md, p); err != nil {
		t.Fatal(err)
	}
	marks := regexp.MustCompile(`\\.`).ReplaceAllString(md.String(), "")
	for _, bad := range []string{"<script", "<img", "](", "\u202e", "`", "**x"} {
		if strings.Contains(marks, bad) {
			t.Errorf("Markdown holds %q unescaped", bad)
		}
	}
	if err := HTML(&page, p); err != nil {
		t.Fatal(err)
	}
	for _, e := range elements(t, page.Bytes()) {
		switch {
		case e.Data == "script":
			t.Error("a script came into the page")
		case e.Data == "img":
			t.Error("a picture came into the page")
		case e.Data == "a" && !strings.HasPrefix(attribute(e, "href"), "https://"):
			t.Errorf("a link leads to %s", attribute(e, "href"))
		}
	}
}

func TestHTMLWithoutPages(t *testing.T) {
	if err := HTML(&bytes.Buffer{}); err == nil {
		t.Error("a document without pages is no error")
	}
}

func elements(t *testing.T, page []byte) []*html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			out = append(out, n)
		}
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func TestTextFitsMail(t *testing.T) {
	for _, language := range Languages() {
		pages, err := Users(everybody(t), contoso(), "", language)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := Text(&out, pages...); err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(l, "\n")); n > width && !strings.Contains(l, "https://") {
				t.Errorf("%d characters: %s", n, l)
			}
		}
	}
}

func TestClouds(t *testing.T) {
	web := []Audience{{Profile: enroll.Ref{Kind: enroll.BYODProfile, Name: "Own"}, Variant: BYODWeb}}
	tests := []struct{ cloud, link, step string }{
		{"global", "https://portal.manage.microsoft.com/enrollment/webenrollment/ios", "Open Safari on the device and go to https://portal.manage.microsoft.com/enrollment/webenrollment/ios"},
		{"gcc-high", "https://portal.manage.microsoft.us/enrollment/webenrollment/ios", "Open Safari on the device and go to https://portal.manage.microsoft.us/enrollment/webenrollment/ios"},
		{"dod", "https://portal.manage.microsoft.us/enrollment/webenrollment/ios", "Open Safari on the device and go to https://portal.manage.microsoft.us/enrollment/webenrollment/ios"},
		{"china", helpPersonal, "Ask your IT support for the address where it begins, and open it on the device in Safari."},
	}
	for _, tt := range tests {
		t.Run(tt.cloud, func(t *testing.T) {
			pages, err := Users(web, Sender{}, tt.cloud, English)
			if err != nil {
				t.Fatal(err)
			}
			if got := pages[0].Code.Link; got != tt.link {
				t.Errorf("the code leads to %s, want %s", got, tt.link)
			}
			if got := pages[0].Sections[1].Items[0].Text.String(); got != tt.step {
				t.Errorf("the first step is %q, want %q", got, tt.step)
			}
		})
	}
}

// TestDrawing reads the modules back from the SVG's path and holds them
// against those of the code.
func TestDrawing(t *testing.T) {
	svg, err := drawing(storePage, `Company "Portal"`)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(svg), `aria-label="Company &#34;Portal&#34;"`) {
		t.Errorf("the label is not escaped: %s", svg)
	}
	code, err := qr.Encode(storePage, qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	side := code.Bounds().Dx()
	got := image.NewGray(image.Rect(0, 0, side, side))
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(string(svg), -1) {
		x, y, n := number(t, m[1]), number(t, m[2]), number(t, m[3])
		if m[3] != m[4] {
			t.Fatalf("%s is not closed", m[0])
		}
		for i := range n {
			got.SetGray(x-quiet+i, y-quiet, color.Gray{Y: 255})
		}
	}
	for y := range side {
		for x := range side {
			if dark(code, x, y) != (got.GrayAt(x, y).Y == 255) {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
	if _, err := drawing(strings.Repeat("x", 4000), ""); err == nil {
		t.Error("a text too long for a code is no error")
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNewLogo(t *testing.T) {
	var other bytes.Buffer
	if err := gif.Encode(&other, image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.Black}), nil); err != nil {
		t.Fatal(err)
	}
	var picture, wide bytes.Buffer
	for out, width := range map[*bytes.Buffer]int{&picture: 4, &wide: maxSide + 1} {
		if err := png.Encode(out, image.NewRGBA(image.Rect(0, 0, width, 1))); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "the logo is neither PNG nor JPEG; save it as one of these"},
		{"another format", other.Bytes(), "the logo is neither PNG nor JPEG; save it as one of these"},
		{"HTML", []byte("<svg onload=alert(1)>"), "the logo is neither PNG nor JPEG; save it as one of these"},
		{"cut off", picture.Bytes()[:picture.Len()-20], "the logo is damaged; save it again"},
		{"too wide", wide.Bytes(), "the logo has 4097 x 1 pixels, and may have 4096 x 4096; make it smaller"},
		{"too large", make([]byte, MaxLogo+1), "the logo is larger than the 524288 bytes allowed; make it smaller"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := NewLogo(tt.data); err == nil || err.Error() != tt.want {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

func TestContactLink(t *testing.T) {
	tests := []struct{ contact, want string }{
		{"helpdesk@contoso.com", "mailto:helpdesk@contoso.com"},
		{"+358 9 123-4567", "tel:+35891234567"},
		{"https://help.contoso.com/phones", "https://help.contoso.com/phones"},
		{"the help desk, +358 9 123 4567", ""},
		{"javascript:alert(1)", ""},
		{"http://help.contoso.com", ""},
		{"Help <helpdesk@contoso.com>", ""},
		{"4567", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := string(contactLink(tt.contact)); got != tt.want {
			t.Errorf("contact %q leads to %q, want %q", tt.contact, got, tt.want)
		}
	}
}

func TestContact(t *testing.T) {
	a := Audience{Profile: enroll.Ref{Kind: enroll.ADEProfile, Name: "Kiosks"}, Variant: ADEUserless}
	tests := []struct{ name, flag, support, want string }{
		{"of the command line", "Helen", "Contoso IT, 1234", "Anything else: ask Helen."},
		{"of the profile", "", "Contoso IT, 1234", "Anything else: ask Contoso IT, 1234."},
		{"none", "", "", "Anything else: ask your IT support."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a.Support = tt.support
			pages, err := Users([]Audience{a}, Sender{Contact: tt.flag}, "", English)
			if err != nil {
				t.Fatal(err)
			}
			help := pages[0].Sections[len(pages[0].Sections)-1].Items
			if got := help[len(help)-1].Text.String(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
