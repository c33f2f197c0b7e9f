package companyportal

import (
	"context"
	"fmt"
	"net/http"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
	"github.com/intune-enroll/intune-enroll/pkg/vpp"
)

// autoUpdates is the kind token-autoupdate: for each VPP token that has Company
// Portal, whether its apps update by themselves. Field: autoUpdate.
type autoUpdates struct{ c *graph.Client }

func (autoUpdates) Name() enroll.KindName    { return enroll.TokenAutoUpdate }
func (autoUpdates) Reads() []enroll.KindName { return []enroll.KindName{enroll.PortalApp} }
func (autoUpdates) After() []enroll.KindName { return nil }

// Read lists the tokens; each is found by all that the token is found by.
func (k autoUpdates) Read(ctx context.Context, _ enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	if gap, ok := known.GapIn(enroll.PortalApp); ok {
		gap.Scope = enroll.Ref{Kind: enroll.TokenAutoUpdate}
		return nil, []enroll.Gap{gap}
	}
	tokens, err := vpp.List(ctx, k.c)
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.TokenAutoUpdate}, err)}
	}
	var out []enroll.Object
	for _, t := range tokens {
		if _, has := appOf(known, t.Handles[enroll.ID]); !has {
			continue
		}
		facts, _ := t.Facts.(vpp.TokenFacts)
		t.Ref.Kind = enroll.TokenAutoUpdate
		t.Fields = enroll.Fields{"autoUpdate": facts.AutoUpdate}
		t.Rest = enroll.Rest(t.Raw, "automaticallyUpdateApps", "lastModifiedDateTime", "lastSyncDateTime", "lastSyncStatus", "state", "tokenActionResults", "@odata.context")
		out = append(out, t)
	}
	return out, nil
}

// appOf is the Company Portal of a token.
func appOf(known enroll.Snapshot, token string) (AppFacts, bool) {
	for _, a := range known.Objects[enroll.PortalApp] {
		if facts, ok := a.Facts.(AppFacts); ok && !facts.Store && facts.TokenID == token {
			return facts, true
		}
	}
	return AppFacts{}, false
}

// Plan says how far the switch reaches. A token without Company Portal is for
// the app's own plan to report.
func (autoUpdates) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	live := enroll.ByRef(have)
	var out []enroll.Change
	for _, w := range want {
		h, exists := live[w.Ref]
		if !exists {
			continue
		}
		c := enroll.Differ(w, h)
		if len(c.Fields) == 0 {
			continue
		}
		facts, _ := appOf(all, h.Handles[enroll.ID])
		on, _ := c.After.Flag("autoUpdate")
		text := fmt.Sprintf("a switch of the whole token: its other apps (%d) update by themselves too", facts.TokenApps-1)
		if !on {
			text = fmt.Sprintf("a switch of the whole token: its other apps (%d) no longer update by themselves either", facts.TokenApps-1)
		}
		c.Effects = []enroll.Effect{{On: enroll.Ref{Kind: enroll.VPPToken, Name: w.Ref.Name}, Text: text, N: facts.TokenApps}}
		out = append(out, c)
	}
	return out, nil
}

// Permissions are those that changing a token takes.
func (autoUpdates) Permissions(enroll.Change) []string { return []string{graph.ServiceConfigWrite} }

// Write turns the switch. Nothing else of the token is sent, its secret least of all.
func (k autoUpdates) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	on, ok := c.After.Flag("autoUpdate")
	if c.Verb != enroll.Update || !ok {
		return nil, fmt.Errorf("%s: a VPP token is neither made nor deleted here", c.Ref)
	}
	id, err := h.Handle(ctx, c.Ref, enroll.ID)
	if err != nil {
		return nil, err
	}
	_, err = k.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodPatch, Path: graph.Path("deviceAppManagement", "vppTokens", id), Class: graph.Put, Needs: k.Permissions(c),
		Body: map[string]any{"@odata.type": "#microsoft.graph.vppToken", "automaticallyUpdateApps": on}})
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("set the automatic updates of VPP token %q: %w", c.Ref.Name, err))
	}
	return nil, nil
}
