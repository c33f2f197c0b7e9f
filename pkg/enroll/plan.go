package enroll

import (
	"fmt"
	"slices"
	"time"
)

// Plan compares what is wanted with what was seen. It is pure. Wanted objects
// that lie in a gap, or point into one, are left out, and the gap blocks the
// plan: it can be shown and saved, not applied.
func (e *Engine) Plan(want []Object, live Snapshot, now time.Time) Plan {
	bound, findings := e.Bind(want, live)
	p := Plan{Schema: SchemaVersion, Tool: e.Tool, Cloud: e.Cloud, Tenant: live.Tenant, At: now, Changes: []Change{}, Gaps: slices.Clone(live.Gaps), live: live}
	var seen []Object
	for _, o := range bound {
		hidden := false
		for i, g := range p.Gaps {
			if slices.ContainsFunc(reach(o), g.covers) {
				hidden, p.Gaps[i].Blocks = true, true
			}
		}
		_, there := live.Get(o.Ref)
		if !hidden && (there || o.State != Existing) {
			seen = append(seen, o)
		}
	}
	for _, k := range e.inOrder() {
		writer, ok := k.(Writer)
		mine := OfKind(seen, k.Name())
		if !ok || len(mine) == 0 {
			continue
		}
		var changes []Change
		if planner, ok := k.(Planner); ok {
			var said []Finding
			changes, said = planner.Plan(mine, live.Objects[k.Name()], live)
			findings = append(findings, said...)
		} else {
			changes = Diff(mine, live.Objects[k.Name()])
		}
		for i := range changes {
			if changes[i].Verb.Writes() {
				changes[i].Permissions = writer.Permissions(changes[i])
			}
		}
		p.Changes = append(p.Changes, changes...)
	}
	p.Findings = SortFindings(append(findings, Evaluate(e.Rules, bound, live, now, true)...))
	return p
}

// reach are the Refs that o cannot do without.
func reach(o Object) []Ref {
	out := append(refsIn(o.Fields), o.Ref)
	for _, r := range out {
		if owner, ok := r.ScopeRef(); ok {
			out = append(out, owner)
		}
	}
	return out
}

// OfKind are the objects of one kind, in their order.
func OfKind(objects []Object, kind KindName) []Object {
	var out []Object
	for _, o := range objects {
		if o.Ref.Kind == kind {
			out = append(out, o)
		}
	}
	return out
}

// ByRef are the objects by their Refs.
func ByRef(objects []Object) map[Ref]Object {
	out := make(map[Ref]Object, len(objects))
	for _, o := range objects {
		out[o.Ref] = o
	}
	return out
}

// inOrder are the kinds, each behind those that are written before it.
func (e *Engine) inOrder() []Kind {
	out := slices.Clone(e.Kinds)
	slices.SortStableFunc(out, func(a, b Kind) int {
		return len(e.closure(a.Name(), after)) - len(e.closure(b.Name(), after))
	})
	return out
}

// Compare says why a saved plan is no longer what would be done: a change that
// is new, different, or bigger. Changes of the saved plan that are done by now
// may be missing, so a half-finished apply goes on from the same plan.
func Compare(saved, fresh Plan) []string {
	type key struct {
		ref  Ref
		verb Verb
		path string
	}
	news, olds, serials := map[key]any{}, map[key]any{}, map[Ref]map[string]bool{}
	for _, c := range saved.Writes() {
		for _, f := range c.Fields {
			k := key{c.Ref, c.Verb, f.Path}
			news[k], olds[k] = f.New, f.Old
		}
		if len(c.Fields) == 0 {
			news[key{c.Ref, c.Verb, ""}] = nil
		}
		if serials[c.Ref] == nil {
			serials[c.Ref] = map[string]bool{}
		}
		for _, s := range c.Items.Add {
			serials[c.Ref][s] = true
		}
	}
	var out []string
	for _, c := range fresh.Writes() {
		for _, f := range c.Fields {
			k := key{c.Ref, c.Verb, f.Path}
			wanted, planned := news[k]
			switch {
			case !planned:
				out = append(out, fmt.Sprintf("%s: %s of %s was not planned", c.Ref, c.Verb, f.Path))
			case !Same(wanted, f.New):
				out = append(out, fmt.Sprintf("%s: %s would become %v, planned was %v", c.Ref, f.Path, f.New, wanted))
			case !Same(olds[k], f.Old):
				out = append(out, fmt.Sprintf("%s: %s is %v by now, the plan saw %v", c.Ref, f.Path, f.Old, olds[k]))
			}
		}
		if _, planned := news[key{c.Ref, c.Verb, ""}]; len(c.Fields) == 0 && !planned {
			out = append(out, fmt.Sprintf("%s: %s was not planned", c.Ref, c.Verb))
		}
		extra := 0
		for _, s := range c.Items.Add {
			if !serials[c.Ref][s] {
				extra++
			}
		}
		if extra > 0 {
			out = append(out, fmt.Sprintf("%s: not planned: %s", c.Ref, Plural(extra, "serial number")))
		}
	}
	slices.Sort(out)
	return out
}
