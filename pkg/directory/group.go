package directory

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// groups is the kind group.
type groups struct{ c *graph.Client }

// GroupFacts is what is known of a live group beside its type and rule.
type GroupFacts struct {
	Users   int    // all below the group; -1: not counted, or cannot tell
	Devices int    // likewise
	Unseen  string // why the members could not be counted; empty when they were, or need not be
}

func (groups) Name() enroll.KindName    { return enroll.Group }
func (groups) Reads() []enroll.KindName { return nil }
func (groups) After() []enroll.KindName { return nil }

// members of a group that are asked for.
const groupSelect = "id,displayName,groupTypes,securityEnabled,mailEnabled,membershipRule,membershipRuleProcessingState,isAssignableToRole"

// Read looks up the names and ids of the query together, then counts the
// members of the static groups found. A directory is never listed: without
// names nothing is read, even when everything is asked for.
func (g groups) Read(ctx context.Context, q enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	var refs []enroll.Ref
	for _, r := range q.Names {
		if r.Name != "" && !slices.Contains(refs, r) {
			refs = append(refs, r)
		}
	}
	calls := make([]graph.Call, len(refs))
	for i, r := range refs {
		calls[i] = lookup(r.Name)
	}
	answers, errs := g.c.Batch(ctx, graph.V1, calls)
	found := map[string]live{}
	var gaps []enroll.Gap
	for i, r := range refs {
		err := errs[i]
		if graph.IsNotFound(err) && guid(r.Name) {
			continue
		}
		var items []live
		if err == nil {
			items, err = g.items(ctx, calls[i], answers[i].Body)
		}
		if err != nil {
			gaps = append(gaps, graph.Gap(r, fmt.Errorf("look up group %q: %w", r.Name, err)))
			continue
		}
		for _, item := range items {
			found[item.ID] = item
		}
	}
	out := make([]enroll.Object, 0, len(found))
	for _, item := range found {
		out = append(out, item.object())
	}
	slices.SortFunc(out, func(a, b enroll.Object) int {
		return cmp.Or(cmp.Compare(a.Ref.Name, b.Ref.Name), cmp.Compare(a.Handles[enroll.ID], b.Handles[enroll.ID]))
	})
	g.count(ctx, out)
	return out, gaps
}

// lookup is the request that finds a group: by its id where the name is one,
// else by its exact name. Graph compares names without regard to case; the
// engine tells the spellings apart.
func lookup(name string) graph.Call {
	c := graph.Call{API: graph.V1, Method: http.MethodGet, Path: "/groups", Class: graph.Read, Needs: []string{graph.GroupRead},
		Query: url.Values{"$select": {groupSelect}}}
	if guid(name) {
		c.Path = graph.Path("groups", name)
		return c
	}
	c.Query.Set("$filter", "displayName eq '"+strings.ReplaceAll(name, "'", "''")+"'")
	return c
}

func guid(name string) bool {
	ok, err := regexp.MatchString(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`, name)
	return ok && err == nil
}

// live is a group as Graph gives it.
type live struct {
	ID, DisplayName, MembershipRule string
	GroupTypes                      []string
	SecurityEnabled, MailEnabled    bool
	raw                             json.RawMessage
}

func decode(raw json.RawMessage) (live, error) {
	item := live{raw: raw}
	if err := json.Unmarshal(raw, &item); err != nil {
		return live{}, fmt.Errorf("the answer is no group: %w", err)
	}
	if item.ID == "" {
		return live{}, errors.New("the answer is no group: it has no id")
	}
	return item, nil
}

// items are the groups in the answer to a look-up; a list that goes on is read again whole.
func (g groups) items(ctx context.Context, call graph.Call, body json.RawMessage) ([]live, error) {
	var page struct {
		Value []json.RawMessage `json:"value"`
		Next  string            `json:"@odata.nextLink"`
	}
	if !call.Query.Has("$filter") {
		page.Value = []json.RawMessage{body}
	} else if err := json.Unmarshal(body, &page); err != nil {
		return nil, fmt.Errorf("the answer is no list: %w", err)
	}
	if page.Next != "" {
		all, err := graph.List[json.RawMessage](ctx, g.c, call)
		if err != nil {
			return nil, err
		}
		page.Value = all
	}
	var out []live
	for _, raw := range page.Value {
		item, err := decode(raw)
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, nil
}

func (l live) object() enroll.Object {
	fields := enroll.Fields{"type": l.kind()}
	if l.is("DynamicMembership") {
		fields["rule"] = l.MembershipRule
	}
	return enroll.Object{Ref: enroll.Ref{Kind: enroll.Group, Name: l.DisplayName}, Fields: fields,
		Handles: map[enroll.Handle]string{enroll.ID: l.ID}, Raw: l.raw, Facts: GroupFacts{Users: -1, Devices: -1}}
}

// is tells whether Graph calls the group one of a type.
func (l live) is(groupType string) bool {
	return slices.ContainsFunc(l.GroupTypes, func(t string) bool { return strings.EqualFold(t, groupType) })
}

func (l live) kind() string {
	dynamic := l.is("DynamicMembership")
	devices, users := about(l.MembershipRule)
	switch {
	case dynamic && devices && !users:
		return TypeDynamicDevices
	case dynamic && users && !devices:
		return TypeDynamicUsers
	case dynamic:
		return TypeDynamic
	case l.is("Unified"):
		return TypeMicrosoft365
	case !l.SecurityEnabled:
		return TypeMail
	default:
		return TypeAssigned
	}
}

// count fills in how many users and devices the static groups hold: all counts
// together, like the look-ups, so that forty groups take no longer than one.
// Counting devices takes a permission of its own; where it is missing, or the
// count fails, the group stays as it is with the reason.
func (g groups) count(ctx context.Context, objects []enroll.Object) {
	var static []int
	var calls []graph.Call
	for i, o := range objects {
		if !isDynamic(o) {
			id := o.Handles[enroll.ID]
			static = append(static, i)
			calls = append(calls, members(id, "user", graph.GroupRead), members(id, "device", graph.DeviceRead))
		}
	}
	if len(calls) == 0 {
		return
	}
	answers, errs := g.c.Batch(ctx, graph.V1, calls)
	for at, i := range static {
		var facts GroupFacts
		var userErr, deviceErr error
		facts.Users, userErr = headcount(answers[2*at].Body, errs[2*at])
		facts.Devices, deviceErr = headcount(answers[2*at+1].Body, errs[2*at+1])
		switch {
		case userErr != nil:
			facts.Unseen = "its users could not be counted: " + userErr.Error()
		case deviceErr != nil:
			facts.Unseen = "its devices could not be counted: " + deviceErr.Error()
		}
		objects[i].Facts = facts
	}
}

// members is the request that counts the members of one type below a group, an
// advanced query (Microsoft docs page on group transitive members).
func members(id, of, permission string) graph.Call {
	return graph.Call{API: graph.V1, Method: http.MethodGet, Class: graph.Read, Eventual: true, Needs: []string{permission},
		Path: graph.Path("groups", id, "transitiveMembers", "microsoft.graph."+of, "$count")}
}

// headcount reads a count, -1 with an error: the text of a number, which inside
// a batch comes as a string in base64 (Microsoft docs page on JSON batching).
// The base64 of a number never looks like a number.
func headcount(body json.RawMessage, err error) (int, error) {
	if err != nil {
		return -1, err
	}
	text := strings.TrimPrefix(string(body), "\ufeff")
	var quoted string
	if json.Unmarshal(body, &quoted) == nil {
		text = quoted
		if raw, err := base64.StdEncoding.DecodeString(quoted); err == nil {
			if _, err := strconv.Atoi(quoted); err != nil {
				text = string(raw)
			}
		}
	}
	n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(text, "\ufeff")))
	if err != nil || n < 0 {
		return -1, errors.New("the answer is no number")
	}
	return n, nil
}
