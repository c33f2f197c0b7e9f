package graph

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// collect reads all pages, as far as they go.
func collect(t *testing.T, b *bench, call Call) (items []string, err error) {
	t.Helper()
	for raw, e := range b.Pages(t.Context(), call) {
		if e != nil {
			err = e
			continue
		}
		items = append(items, string(raw))
	}
	return items, err
}

func TestPages(t *testing.T) {
	var b *bench
	next := func(value, link string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			link := strings.ReplaceAll(link, "BASE", b.url)
			answer(200, fmt.Sprintf(`{"value":%s,"@odata.nextLink":%q}`, value, link))(w, r)
		}
	}
	same := next(`[1]`, "BASE/beta/deviceManagement/depOnboardingSettings?$skiptoken=1")
	var n, pages atomic.Int32
	counting := func(value string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			next(value, fmt.Sprintf("BASE/beta/x?$skiptoken=%d", n.Add(1)))(w, r)
		}
	}
	for _, tt := range []struct {
		name    string
		service http.HandlerFunc
		want    []string
		err     string
	}{
		{"one page", answer(200, `{"value":[1,2]}`), []string{"1", "2"}, ""},
		{"none", answer(200, `{"value":[]}`), nil, ""},
		{"three pages, one empty, link verbatim", script(next(`[1]`, "BASE/beta/x/y%2Fz?$skiptoken=a%20b"), func(w http.ResponseWriter, r *http.Request) {
			if r.RequestURI != "/tenant/base/beta/x/y%2Fz?$skiptoken=a%20b" {
				t.Errorf("the link was changed: %s", r.RequestURI)
			}
			next(`[]`, "BASE/beta/last")(w, r)
		}, answer(200, `{"value":[3]}`)), []string{"1", "3"}, ""},
		{"a fault on the second page passes", script(same, answer(503, ""), answer(200, `{"value":[2]}`)), []string{"1", "2"}, ""},
		{"an error on the second page", script(same, answer(403, "")), []string{"1"}, "403 Forbidden"},
		{"a link seen before", same, []string{"1", "1"}, "a page it gave before"},
		{"the same items under new links", counting(`[1]`), []string{"1", "1"}, "the same items again"},
		{"never ending", func(w http.ResponseWriter, r *http.Request) { counting(fmt.Sprintf("[%d]", pages.Add(1)))(w, r) }, []string{"1", "2", "3", "4", "5"}, "gave 5 pages and links to more"},
		{"another host", next(`[1]`, "https://graph.contoso.com/beta/x"), []string{"1"}, `leads to "https://graph.contoso.com"`},
		{"another port", next(`[1]`, "http://127.0.0.1:1/beta/x"), []string{"1"}, "refused"},
		{"another scheme", next(`[1]`, strings.Replace("BASE/beta/x", "BASE", "https://127.0.0.1", 1)), []string{"1"}, "refused"},
		{"user information", func(w http.ResponseWriter, r *http.Request) {
			next(`[1]`, strings.Replace(b.url, "http://", "http://me:"+canary+"@", 1)+"/beta/x")(w, r)
		}, []string{"1"}, "refused"},
		{"not an address", next(`[1]`, "http://[::"), []string{"1"}, "not an address"},
		{"not a list", answer(200, `{"id":"1"}`), nil, "not a list"},
		{"null for an item", answer(200, `{"value":[1,null]}`), nil, "an item that is null"},
		{"null for a list", answer(200, `{"value":null}`), nil, "not a list"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b = newBench(t, tt.service)
			b.maxPages = 5
			got, err := collect(t, b, read())
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) || err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("got %v, want %q", err, tt.err)
			}
		})
	}
}

func TestPagesStopsAtEmptyPagesWithoutEnd(t *testing.T) {
	var n atomic.Int32
	var b *bench
	b = newBench(t, func(w http.ResponseWriter, r *http.Request) {
		answer(200, fmt.Sprintf(`{"value":[],"@odata.nextLink":"%s/beta/x?$skiptoken=%d"}`, b.url, n.Add(1)))(w, r)
	})
	if _, err := collect(t, b, read()); err == nil || n.Load() != maxEmptyPages {
		t.Errorf("%d pages, %v", n.Load(), err)
	}
}

func TestPagesAreReadAsTheyAreTaken(t *testing.T) {
	var n atomic.Int32
	var b *bench
	b = newBench(t, func(w http.ResponseWriter, r *http.Request) {
		answer(200, fmt.Sprintf(`{"value":[1,2],"@odata.nextLink":"%s/beta/x?$skiptoken=%d"}`, b.url, n.Add(1)))(w, r)
	})
	for _, err := range b.Pages(t.Context(), read()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if n.Load() != 1 {
		t.Errorf("%d pages read for one item", n.Load())
	}
}

func TestPagesRefusesWrites(t *testing.T) {
	b := newBench(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	if _, err := collect(t, b, with(http.MethodPost, Create)); err == nil {
		t.Error("accepted")
	}
}
