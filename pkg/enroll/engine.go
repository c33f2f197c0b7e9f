package enroll

import (
	"context"
	"slices"
	"time"
)

// Engine looks, plans and applies with the kinds and rules it is given. Its
// fields are set once, before use.
type Engine struct {
	Kinds     []Kind // a visible slice; the order breaks ties
	Rules     []Rule
	Journal   Journal
	Settle    time.Duration       // how long a lagging or lost thing is waited for; 0: 90 s
	Poll      time.Duration       // the first wait between two looks, growing to ten times that; 0: 500 ms
	Limit     int                 // changes side by side; 0: 4
	Normalize func(string) string // makes two spellings of one name equal (Unicode NFC); nil: as it is
	Tool      string              // name and version, for the plan
	Cloud     string
}

func (e *Engine) normalize(s string) string {
	if e.Normalize == nil {
		return s
	}
	return e.Normalize(s)
}

func (e *Engine) kind(name KindName) Kind {
	for _, k := range e.Kinds {
		if k.Name() == name {
			return k
		}
	}
	return nil
}

// closure is k and every kind reached from it through next.
func (e *Engine) closure(k KindName, next func(Kind) []KindName) []KindName {
	seen := []KindName{k}
	for i := 0; i < len(seen); i++ {
		kind := e.kind(seen[i])
		if kind == nil {
			continue
		}
		for _, n := range next(kind) {
			if !slices.Contains(seen, n) {
				seen = append(seen, n)
			}
		}
	}
	return seen
}

func reads(k Kind) []KindName { return k.Reads() }
func after(k Kind) []KindName { return k.After() }

// Look reads what the wanted objects are and point to, and all of the kinds in
// also. Kinds are read side by side: each starts as soon as those in its Reads
// are known. It returns what was seen; what was not is in Gaps.
func (e *Engine) Look(ctx context.Context, want []Object, also ...KindName) Snapshot {
	names := refsByKind(want)
	var kinds []Kind
	for _, k := range e.Kinds {
		wanted := func(n KindName) bool { return len(names[n]) > 0 || slices.Contains(also, n) }
		if slices.ContainsFunc(e.Kinds, func(other Kind) bool {
			return wanted(other.Name()) && slices.Contains(e.closure(other.Name(), reads), k.Name())
		}) {
			kinds = append(kinds, k)
		}
	}
	type seen struct {
		done    chan struct{}
		objects []Object
		gaps    []Gap
	}
	all := map[KindName]*seen{}
	for _, k := range kinds {
		all[k.Name()] = &seen{done: make(chan struct{})}
	}
	var side Together
	for _, k := range kinds {
		side.Go(func() {
			mine := all[k.Name()]
			defer close(mine.done)
			known := Snapshot{Objects: map[KindName][]Object{}}
			for _, n := range e.closure(k.Name(), reads)[1:] {
				if s := all[n]; s != nil {
					<-s.done
					known.Objects[n], known.Gaps = s.objects, append(known.Gaps, s.gaps...)
				}
			}
			q := e.query(k.Name(), want, known)
			q.All = slices.Contains(also, k.Name())
			if !q.All && len(q.Names) == 0 && len(q.Want) == 0 {
				q.All = true // only read because another kind needs it
			}
			mine.objects, mine.gaps = k.Read(ctx, q, known)
			mine.objects = setApart(mine.objects)
		})
	}
	side.Wait()
	out := Snapshot{Objects: map[KindName][]Object{}}
	for _, k := range kinds {
		s := all[k.Name()]
		out.Objects[k.Name()] = s.objects
		out.Gaps = append(out.Gaps, s.gaps...)
	}
	return out
}

// query is what the file wants of a kind, bound as far as known allows.
func (e *Engine) query(kind KindName, want []Object, known Snapshot) Query {
	b := binder{live: known, normalize: e.normalize, known: func(k KindName) bool { _, ok := known.Objects[k]; return ok && k != kind }}
	bound, _ := b.bind(want)
	q := Query{Names: refsByKind(bound)[kind]}
	for _, o := range bound {
		if o.Ref.Kind != kind {
			continue
		}
		q.Want = append(q.Want, o)
		if o.Pinned != "" {
			q.Names = append(q.Names, Ref{Kind: kind, Scope: o.Ref.Scope, Name: o.Pinned})
		}
	}
	return q
}

// refsByKind are all Refs that objects are, belong to and point to.
func refsByKind(objects []Object) map[KindName][]Ref {
	out := map[KindName][]Ref{}
	add := func(r Ref) {
		if !slices.Contains(out[r.Kind], r) {
			out[r.Kind] = append(out[r.Kind], r)
		}
	}
	for _, o := range objects {
		refs := append(refsIn(o.Fields), o.Ref)
		for _, r := range refs {
			add(r)
			if owner, ok := r.ScopeRef(); ok {
				add(owner)
			}
		}
	}
	return out
}
