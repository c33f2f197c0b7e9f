package guide

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/mail"
	"net/url"
	"strings"
)

//go:embed page.html
var pageHTML string

// HTML writes pages as one document that needs nothing but itself: no script,
// no request to anywhere. Each page prints on a sheet of its own; screens may
// be light or dark, wide or narrow.
func HTML(w io.Writer, pages ...Page) error {
	if len(pages) == 0 {
		return fmt.Errorf("there is no page to write")
	}
	t, err := template.New("page").Funcs(template.FuncMap{
		"code":    func(c Code) (template.HTML, error) { return drawing(c.Link, c.Caption) },
		"contact": contactLink,
		"logo": func(s Sender) template.URL {
			if s.Logo == nil {
				return ""
			}
			return s.Logo.uri
		},
	}).Parse(pageHTML)
	if err != nil {
		return fmt.Errorf("read the template: %w", err)
	}
	return t.Execute(w, pages)
}

// contactLink makes an address to tap of a contact that is a mail address, a
// phone number or a web page and nothing else; "" for any other text.
func contactLink(s string) template.URL {
	s = strings.TrimSpace(s)
	digits := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "/", "").Replace(s)
	switch a, err := mail.ParseAddress(s); {
	case err == nil && a.Address == s:
		return template.URL("mailto:" + url.PathEscape(s))
	case len(digits) > 4 && strings.Trim(strings.TrimPrefix(digits, "+"), "0123456789") == "":
		return template.URL("tel:" + digits)
	}
	if u, err := url.Parse(s); err == nil && u.Scheme == "https" && u.Host != "" {
		return template.URL(u.String())
	}
	return ""
}
