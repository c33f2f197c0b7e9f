package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
)

const (
	// maxPages ends a list that does not end by itself. 200,000 devices at 20
	// a page are 10,000 pages.
	maxPages = 20_000
	// maxEmptyPages is how many pages without an item may follow each other;
	// Graph may answer some when it filters.
	maxEmptyPages = 200
)

// Pages gives the items of a collection, page after page, as the caller takes
// them. After an error it gives nothing more. A link to another host, a link
// seen before and a list without end are errors.
func (c *Client) Pages(ctx context.Context, call Call) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		if call.Method != http.MethodGet || call.Class != Read {
			yield(nil, fmt.Errorf("list %s: only a GET of class Read has pages", call.Path))
			return
		}
		seen := map[[sha256.Size]byte]bool{}
		var link *url.URL
		var last [sha256.Size]byte // the items of the page before
		empty := 0
		for n := 1; ; n++ {
			items, next, err := c.page(ctx, call, link)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			empty++
			if len(items) > 0 {
				empty = 0
			}
			mark, these := sha256.Sum256([]byte(next)), sha256.Sum256(joined(items))
			switch {
			case seen[mark]:
				err = errors.New("the service links to a page it gave before: the list has no end")
			case len(items) > 0 && these == last:
				err = errors.New("the service gives the same items again under another link: the list has no end")
			case n >= c.maxPages:
				err = fmt.Errorf("the service gave %d pages and links to more: the list has no end", n)
			case empty >= maxEmptyPages:
				err = fmt.Errorf("the service gave %d empty pages in a row and links to more: the list has no end", empty)
			default:
				link, err = c.follow(next)
			}
			if err != nil {
				yield(nil, fmt.Errorf("list %s: page %d: %w", call.Path, n+1, err))
				return
			}
			seen[mark], last = true, these
		}
	}
}

// joined is the items of a page as one text.
func joined(items []json.RawMessage) []byte {
	var out []byte
	for _, item := range items {
		out = append(append(out, item...), '\n')
	}
	return out
}

func (c *Client) page(ctx context.Context, call Call, link *url.URL) ([]json.RawMessage, string, error) {
	a, err := c.send(ctx, call, link)
	if err != nil {
		return nil, "", err
	}
	var page struct {
		Value *[]json.RawMessage `json:"value"`
		Next  string             `json:"@odata.nextLink"`
	}
	if err := json.Unmarshal(a.Body, &page); err != nil || page.Value == nil {
		return nil, "", fmt.Errorf("list %s: the answer is not a list (a member value with an array): ask for one object with Do", call.Path)
	}
	if slices.ContainsFunc(*page.Value, func(item json.RawMessage) bool { return string(item) == "null" }) {
		return nil, "", fmt.Errorf("list %s: the answer has an item that is null", call.Path)
	}
	return *page.Value, page.Next, nil
}

// follow accepts a link to the cloud's own host only.
func (c *Client) follow(next string) (*url.URL, error) {
	u, err := url.Parse(next)
	if err != nil {
		return nil, errors.New("the link to the next page is not an address")
	}
	if !sameHost(u, c.endpoint) || u.User != nil {
		return nil, fmt.Errorf("the link to the next page leads to %q and not to %s: refused", clean(u.Scheme+"://"+u.Host), c.endpoint.Host)
	}
	return u, nil
}
