package directory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// The service principal that puts devices into a group while they enroll, and
// has to own the group for that (Microsoft docs page on enrollment time
// grouping; some tenants show it as Intune Autopilot ConfidentialClient).
const (
	provisioningName = "Intune Provisioning Client"
	provisioningApp  = "f1346770-5b25-470b-88bd-d5744ab7952c"
)

// Provisioned wants Intune's provisioning client among the owners of a group.
// Owners are added where this one is missing, and never taken away.
func Provisioned(group enroll.Ref, at enroll.Origin) enroll.Object {
	return enroll.Object{
		Ref:    enroll.Ref{Kind: enroll.GroupOwner, Scope: group.Owner(), Name: provisioningName},
		Origin: at, Fields: enroll.Fields{},
	}
}

// OwnerFacts says how it is with the provisioning client and one group.
type OwnerFacts struct {
	Owns    bool
	Missing bool   // the tenant has no such service principal
	Unseen  string // why it cannot be told; empty when it can
}

// owners is the kind group-owner.
type owners struct{ c *graph.Client }

func (owners) Name() enroll.KindName    { return enroll.GroupOwner }
func (owners) Reads() []enroll.KindName { return []enroll.KindName{enroll.Group} }
func (owners) After() []enroll.KindName { return []enroll.KindName{enroll.Group} }

// Read looks at the owners of the groups that the query is about. There is an
// object for a group unless all it lacks is the owner.
func (k owners) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	scopes := map[string]bool{}
	for _, r := range q.Names {
		scopes[r.Scope] = r.Scope != ""
	}
	for _, o := range q.Want {
		scopes[o.Ref.Scope] = o.Ref.Scope != ""
	}
	if len(scopes) == 0 {
		return nil, nil
	}
	var mu sync.Mutex
	var side enroll.Together
	owned, gaps := map[string][]owner{}, []enroll.Gap(nil)
	for _, g := range known.Objects[enroll.Group] {
		scope := g.Ref.Owner()
		if !scopes[scope] {
			continue
		}
		side.Go(func() {
			list, err := k.of(ctx, g.Handles[enroll.ID])
			mu.Lock()
			defer mu.Unlock()
			owned[scope] = list
			if err != nil {
				gaps = append(gaps, graph.Gap(enroll.Ref{Kind: enroll.GroupOwner, Scope: scope}, fmt.Errorf("list the owners of %s: %w", g.Ref, err)))
			}
		})
	}
	principal, perr := k.principal(ctx)
	side.Wait()
	slices.SortFunc(gaps, func(a, b enroll.Gap) int { return cmp.Compare(a.Scope.Scope, b.Scope.Scope) })
	var out []enroll.Object
	for _, scope := range slices.Sorted(maps.Keys(scopes)) {
		facts := OwnerFacts{Missing: perr == nil && principal == ""}
		if perr != nil {
			facts.Unseen = perr.Error()
		}
		for _, o := range owned[scope] {
			if strings.EqualFold(o.AppID, provisioningApp) || principal != "" && strings.EqualFold(o.ID, principal) {
				facts = OwnerFacts{Owns: true}
			}
		}
		if facts != (OwnerFacts{}) {
			out = append(out, enroll.Object{Ref: enroll.Ref{Kind: enroll.GroupOwner, Scope: scope, Name: provisioningName}, Facts: facts})
		}
	}
	return out, gaps
}

// owner is a directory object that owns a group. Without the permission to
// read its type, Graph gives its id alone (Microsoft docs page on listing
// group owners).
type owner struct{ ID, AppID string }

// of lists the owners of a group. v1.0 leaves service principals out of them
// (the same page).
func (k owners) of(ctx context.Context, groupID string) ([]owner, error) {
	return graph.List[owner](ctx, k.c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: graph.Path("groups", groupID, "owners"), Needs: []string{graph.GroupRead},
	})
}

// principal is the id of the service principal in this tenant, "" when there is none.
func (k owners) principal(ctx context.Context) (string, error) {
	list, err := graph.List[owner](ctx, k.c, graph.Call{
		API: graph.V1, Method: http.MethodGet, Path: "/servicePrincipals", Needs: []string{graph.ApplicationRead},
		Query: url.Values{"$filter": {"appId eq '" + provisioningApp + "'"}, "$select": {"id,appId"}},
	})
	if err != nil {
		return "", fmt.Errorf("look up the service principal %s: %w", provisioningName, err)
	}
	for _, p := range list {
		if strings.EqualFold(p.AppID, provisioningApp) {
			return p.ID, nil
		}
	}
	return "", nil
}

// makePrincipal is how an administrator makes the service principal.
const makePrincipal = "make it once: az ad sp create --id " + provisioningApp

// Plan adds the owner where it is missing. Where that cannot be told, nothing
// is planned: the service says so when the group is used.
func (owners) Plan(want, have []enroll.Object, _ enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	live := map[enroll.Ref]OwnerFacts{}
	for _, o := range have {
		live[o.Ref], _ = o.Facts.(OwnerFacts)
	}
	var changes []enroll.Change
	var findings []enroll.Finding
	for _, w := range want {
		group, _ := w.Ref.ScopeRef()
		f := enroll.Finding{Rule: "X-55", On: w.Ref, Origin: w.Origin}
		switch facts := live[w.Ref]; {
		case facts.Owns:
		case facts.Missing:
			f.Severity, f.Fix = enroll.Error, makePrincipal
			f.Message = fmt.Sprintf("the tenant has no service principal %s, which has to own group %q", provisioningName, group.Name)
			findings = append(findings, f)
		case facts.Unseen != "":
			f.Severity = enroll.Warning
			f.Fix = fmt.Sprintf("grant %s, or see in the Entra admin center that %s (%s) is an owner of the group", graph.ApplicationRead, provisioningName, provisioningApp)
			f.Message = fmt.Sprintf("cannot tell whether %s owns group %q: %s", provisioningName, group.Name, facts.Unseen)
			findings = append(findings, f)
		default:
			c := enroll.Make(w)
			c.Undo = enroll.Undo{Level: "none", Why: "owners are not taken away here; remove it in the Entra admin center"}
			c.Effects = []enroll.Effect{{On: group, Text: "Intune itself becomes an owner of the group, so that it may put devices into it while they enroll"}}
			changes = append(changes, c)
		}
	}
	return changes, findings
}

// Permissions are those that adding an owner takes.
func (owners) Permissions(enroll.Change) []string { return []string{graph.GroupWrite} }

// Write adds the owner by reference (Microsoft docs page on adding group owners).
func (k owners) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	group, ok := c.Ref.ScopeRef()
	if !ok || c.Verb != enroll.Create {
		return nil, fmt.Errorf("%s: an owner is only ever added to a group", c.Ref)
	}
	id, err := h.Handle(ctx, group, enroll.ID)
	if err != nil {
		return nil, err
	}
	principal, err := k.principal(ctx)
	if err == nil && principal == "" {
		err = errors.New("the tenant has no service principal " + provisioningName + "; " + makePrincipal)
	}
	if err != nil {
		return nil, fmt.Errorf("add an owner to %s: %w", group, err)
	}
	root := strings.TrimSuffix(k.c.Cloud().GraphEndpoint, "/")
	_, err = k.c.Do(ctx, graph.Call{
		API: graph.V1, Method: http.MethodPost, Path: graph.Path("groups", id, "owners", "$ref"), Class: graph.Create, Needs: k.Permissions(c),
		Body: map[string]string{"@odata.id": root + "/v1.0/directoryObjects/" + principal},
	})
	if graph.IsNotFound(err) {
		return nil, enroll.NotYet(fmt.Errorf("add %s to the owners of %s: %w", provisioningName, group, err))
	}
	if err != nil {
		return nil, graph.Outcome(fmt.Errorf("add %s to the owners of %s: %w", provisioningName, group, err))
	}
	return nil, nil
}
