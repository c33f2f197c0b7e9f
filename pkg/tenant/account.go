package tenant

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Account is the kind of the Intune account itself: one object, only read.
const Account enroll.KindName = "intune-account"

// AccountFacts is what the account says of itself.
type AccountFacts struct {
	MaxTokens int    // how many enrollment program tokens it may have; 0: the service does not say
	State     string // of Intune's own subscription; "": the service does not say
}

type accounts struct{ c *graph.Client }

func (accounts) Name() enroll.KindName    { return Account }
func (accounts) Reads() []enroll.KindName { return nil }
func (accounts) After() []enroll.KindName { return nil }

// Read reads the root of device management over beta. The state has to be asked
// for (recorded portal traffic, 2026: it is not in the default answer).
func (k accounts) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	a, err := graph.Get[struct {
		MaxTokens int    `json:"maximumDepTokens"`
		State     string `json:"subscriptionState"`
	}](ctx, k.c, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: "/deviceManagement", Class: graph.Read,
		Query: url.Values{"$select": {"maximumDepTokens,subscriptionState"}}, Needs: []string{graph.ServiceConfigRead}})
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: Account}, fmt.Errorf("read the Intune account: %w", err))}
	}
	return []enroll.Object{{Ref: enroll.Ref{Kind: Account, Name: "Intune"}, Facts: AccountFacts(a)}}, nil
}
