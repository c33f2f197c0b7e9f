package directory

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// GraphApp is the application id of Microsoft Graph, the same in every tenant
// (Microsoft docs page on first-party applications).
const GraphApp = "00000003-0000-0000-c000-000000000000"

// App is an app registration that shall be made.
type App struct {
	Name        string
	Permissions []string    // application permissions of Microsoft Graph
	Federation  *Federation // whose tokens it trusts; nil: nobody's
	Pause       time.Duration
}

// Federation is a federated credential.
type Federation struct {
	Name      string   `json:"name"`
	Issuer    string   `json:"issuer"`
	Subject   string   `json:"subject"`
	Audiences []string `json:"audiences"`
}

// Registered is what Register made; empty members were not.
type Registered struct{ ClientID, ApplicationID, PrincipalID, FederationID string }

// ErrExists says that there is an app registration of that name.
var ErrExists = errors.New("there is an app registration of that name")

// Register makes an app registration, its service principal and its federated
// credential, in this order (Microsoft docs pages on application and
// federatedIdentityCredential). It asks for permissions and grants none: an
// administrator consents. Nothing that exists is touched. Where the answer to a
// request was lost it looks before it goes on.
func Register(ctx context.Context, c *graph.Client, a App) (Registered, error) {
	var made Registered
	if a.Pause == 0 {
		a.Pause = 2 * time.Second
	}
	existing, err := find(ctx, c, "/applications", "displayName", a.Name)
	if err != nil {
		return made, err
	}
	if existing != nil {
		return made, fmt.Errorf("%w, %q with client id %s: choose another name with --name, or delete it first", ErrExists, a.Name, existing.AppID)
	}
	roles, err := roleIDs(ctx, c, a.Permissions)
	if err != nil {
		return made, err
	}
	var access []map[string]string
	for _, id := range roles {
		access = append(access, map[string]string{"id": id, "type": "Role"})
	}
	app, err := a.make(ctx, c, "/applications", map[string]any{
		"displayName": a.Name, "signInAudience": "AzureADMyOrg",
		"requiredResourceAccess": []any{map[string]any{"resourceAppId": GraphApp, "resourceAccess": access}},
	}, "displayName", a.Name)
	if err != nil {
		return made, fmt.Errorf("make the app registration: %w", err)
	}
	made.ApplicationID, made.ClientID = app.ID, app.AppID
	principal, err := a.make(ctx, c, "/servicePrincipals", map[string]any{"appId": app.AppID}, "appId", app.AppID)
	if err != nil {
		return made, fmt.Errorf("make its service principal: %w", err)
	}
	made.PrincipalID = principal.ID
	if a.Federation == nil {
		return made, nil
	}
	credential, err := a.make(ctx, c, graph.Path("applications", app.ID, "federatedIdentityCredentials"), a.Federation, "", a.Federation.Name)
	if err != nil {
		return made, fmt.Errorf("make its federated credential: %w", err)
	}
	made.FederationID = credential.ID
	return made, nil
}

// registration is an application, a service principal or a credential.
type registration struct{ ID, AppID, Name, DisplayName string }

// attempts are how often a new thing is asked for while the directory copies
// what it hangs on.
const attempts = 10

// make posts one thing. A 404 or 400 that follows the making of what it hangs on
// is waited out; what was lost is looked for.
func (a App) make(ctx context.Context, c *graph.Client, path string, body any, by, name string) (registration, error) {
	for n := 0; ; n++ {
		r, err := graph.Get[registration](ctx, c, graph.Call{API: graph.V1, Method: http.MethodPost, Path: path, Body: body, Class: graph.Create, Needs: []string{graph.ApplicationWrite}})
		e, answered := errors.AsType[*graph.Error](err)
		lost := graph.IsLost(err)
		lags := answered && (e.Status == http.StatusNotFound || e.Status == http.StatusBadRequest) && path != "/applications"
		if err == nil || n == attempts || !lost && !lags {
			return r, err
		}
		select {
		case <-ctx.Done():
			return r, context.Cause(ctx)
		case <-time.After(a.Pause):
		}
		if !lost {
			continue
		}
		for range attempts {
			found, ferr := find(ctx, c, path, by, name)
			if ferr != nil {
				return r, enroll.Lost(errors.Join(err, ferr))
			}
			if found != nil {
				return *found, nil
			}
			select {
			case <-ctx.Done():
				return r, context.Cause(ctx)
			case <-time.After(a.Pause):
			}
		}
		return r, enroll.Lost(err)
	}
}

// find looks for the one thing of that name; by is the member to filter by, ""
// lists all.
func find(ctx context.Context, c *graph.Client, path, by, name string) (*registration, error) {
	// Not only the permission to read: who has that alone would be refused next.
	call := graph.Call{API: graph.V1, Method: http.MethodGet, Path: path, Needs: []string{graph.ApplicationWrite}}
	if by != "" {
		call.Query = url.Values{"$filter": {by + " eq '" + strings.ReplaceAll(name, "'", "''") + "'"}}
	}
	list, err := graph.List[registration](ctx, c, call)
	if err != nil {
		return nil, fmt.Errorf("look for %q: %w", name, err)
	}
	for _, r := range list {
		if slices.ContainsFunc([]string{r.AppID, r.Name, r.DisplayName}, func(s string) bool { return strings.EqualFold(s, name) }) {
			return &r, nil
		}
	}
	return nil, nil
}

// roleIDs are the ids of application permissions of Microsoft Graph in this cloud.
func roleIDs(ctx context.Context, c *graph.Client, names []string) ([]string, error) {
	list, err := graph.List[struct {
		AppRoles []struct{ ID, Value string }
	}](ctx, c, graph.Call{API: graph.V1, Method: http.MethodGet, Path: "/servicePrincipals", Needs: []string{graph.ApplicationWrite},
		Query: url.Values{"$filter": {"appId eq '" + GraphApp + "'"}}})
	if err != nil {
		return nil, fmt.Errorf("look up the permissions of Microsoft Graph: %w", err)
	}
	ids := map[string]string{}
	for _, p := range list {
		for _, r := range p.AppRoles {
			ids[r.Value] = r.ID
		}
	}
	var out, unknown []string
	for _, name := range names {
		if ids[name] == "" {
			unknown = append(unknown, name)
			continue
		}
		out = append(out, ids[name])
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("this cloud's Microsoft Graph has no permission %s", strings.Join(unknown, ", "))
	}
	return out, nil
}
