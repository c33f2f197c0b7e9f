package ade

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// tags reads scope tags. It is asked only where a file names some.
type tags struct{ c *graph.Client }

func (tags) Name() enroll.KindName    { return enroll.ScopeTag }
func (tags) Reads() []enroll.KindName { return nil }
func (tags) After() []enroll.KindName { return nil }

func (k tags) Read(ctx context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	list, err := graph.List[json.RawMessage](ctx, k.c, graph.Call{
		API: graph.Beta, Method: http.MethodGet, Path: graph.Path("deviceManagement", "roleScopeTags"), Needs: []string{graph.RBACRead},
	})
	if err != nil {
		return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.ScopeTag}, err)}
	}
	var out []enroll.Object
	for _, raw := range list {
		var w struct {
			ID   string `json:"id"`
			Name string `json:"displayName"`
		}
		if err := json.Unmarshal(raw, &w); err != nil {
			return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.ScopeTag}, err)}
		}
		out = append(out, enroll.Object{
			Ref: enroll.Ref{Kind: enroll.ScopeTag, Name: w.Name}, Handles: map[enroll.Handle]string{enroll.ID: w.ID}, Raw: raw,
		})
	}
	return out, nil
}

// tagTable translates between names and ids of scope tags. Profiles carry tags
// by id, so that a plan without tags need not read them.
type tagTable struct{ names map[string]string } // id -> name

func tagNames(all enroll.Snapshot) tagTable {
	t := tagTable{map[string]string{}}
	for _, o := range all.Objects[enroll.ScopeTag] {
		t.names[o.Handles[enroll.ID]] = o.Ref.Name
	}
	return t
}

// byID is o with its scope tags by id.
func (t tagTable) byID(o enroll.Object) enroll.Object {
	refs, ok := o.Fields[pathTags].([]enroll.Ref)
	if !ok {
		return o
	}
	refs = slices.Clone(refs)
	for i, r := range refs {
		for id, name := range t.names {
			if name == r.Name {
				refs[i].Name = id
			}
		}
	}
	o.Fields = o.Fields.With(enroll.Fields{pathTags: enroll.RefSet(refs...)})
	return o
}

// shown is c with names in what people see of its scope tags.
func (t tagTable) shown(c enroll.Change) enroll.Change {
	for i, f := range c.Fields {
		if f.Path == pathTags {
			c.Fields[i].Old, c.Fields[i].New = t.named(f.Old), t.named(f.New)
		}
	}
	return c
}

func (t tagTable) named(value any) any {
	refs, ok := value.([]enroll.Ref)
	if !ok {
		return value
	}
	refs = slices.Clone(refs)
	for i, r := range refs {
		if name := t.names[r.Name]; name != "" {
			refs[i].Name = name
		}
	}
	return enroll.RefSet(refs...)
}
