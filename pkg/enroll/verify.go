package enroll

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// snapshot is what is there, as far as seen by now.
func (r *run) snapshot() Snapshot {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now.clone()
}

// clone is s with lists of its own.
func (s Snapshot) clone() Snapshot {
	all := s.Objects
	s.Objects = make(map[KindName][]Object, len(all))
	for k, objects := range all {
		s.Objects[k] = slices.Clone(objects)
	}
	return s
}

// read looks at the thing of a change afresh.
func (r *run) read(ctx context.Context, k Kind, c Change) ([]Object, *Gap) {
	want := Object{Ref: c.Ref, Fields: c.After, Handles: c.Before.Handles}
	objects, gaps := k.Read(ctx, Query{Names: []Ref{c.Ref}, Want: []Object{want}, Fresh: true}, r.snapshot())
	for _, g := range gaps {
		if g.covers(c.Ref) {
			return nil, &g
		}
	}
	return objects, nil
}

// find is the object that c is about among those read, nil when it is not
// there. Two of one name where one was to be made is an error.
func find(objects []Object, c Change, made map[Handle]string) (*Object, error) {
	id := made[ID]
	if id == "" {
		id = c.Before.Handles[ID]
	}
	var found []Object
	for _, o := range objects {
		sameName := o.Ref.Kind == c.Ref.Kind && o.Ref.Scope == c.Ref.Scope && (o.Ref.Name == c.Ref.Name || baseName(o) == c.Ref.Name)
		switch {
		case id != "" && o.Handles[ID] == id:
			return &o, nil
		case sameName && (id == "" || o.Handles[ID] == ""):
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return &found[0], nil
	default:
		return nil, fmt.Errorf("there are %d of %s now: %s; remove the one too many in the admin center", len(found), c.Ref, names(found))
	}
}

// unlike says where o is not as c asked: member, asked, stored.
func unlike(c Change, o Object) []string {
	var out []string
	for _, path := range c.After.Paths() {
		asked, stored := c.After[path], o.Fields[path]
		if !Same(asked, stored) && !(empty(asked) && empty(stored)) {
			out = append(out, fmt.Sprintf("%s: asked %v, stored %v", path, asked, stored))
		}
	}
	if c.Verb != Update {
		return out
	}
	for _, path := range c.Before.Fields.Paths() {
		if _, sent := c.After[path]; !sent && !Same(c.Before.Fields[path], o.Fields[path]) {
			out = append(out, fmt.Sprintf("%s was not sent and changed from %v to %v", path, c.Before.Fields[path], o.Fields[path]))
		}
	}
	if c.Before.Rest != "" && o.Rest != c.Before.Rest {
		out = append(out, "members that were not sent changed: "+firstDifference(c.Before.Rest, o.Rest))
	}
	return out
}

// empty tells whether a value means "nothing there": the service gives back
// null, "" and [] for one another.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []string:
		return len(v) == 0
	case []Ref:
		return len(v) == 0
	}
	return false
}

// firstDifference shows two long texts from where they part.
func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	i = max(0, i-20)
	cut := func(s string) string {
		return strings.ToValidUTF8(s[min(i, len(s)):min(i+80, len(s))], "")
	}
	return fmt.Sprintf("…%s… is now …%s…", cut(a), cut(b))
}

// verify reads back until c is stored as asked and nothing beside it changed, or the deadline.
func (r *run) verify(ctx context.Context, k Kind, c Change) error {
	wait := r.e.wait()
	for {
		err := r.asAsked(ctx, k, c)
		if err == nil {
			return nil
		}
		r.tell(Event{c, Waiting, err})
		if !wait.again(ctx, r.stop) {
			if r.stopped() || ctx.Err() != nil {
				return Lost(fmt.Errorf("written, and not verified before the interrupt: %w", err))
			}
			if IsLost(err) {
				return fmt.Errorf("written, and not seen after %s: %w", wait.spent(), err)
			}
			return fmt.Errorf("written, but not as asked after %s: %w", wait.spent(), err)
		}
	}
}

// asAsked looks once. What it saw becomes the present state when all is well;
// a Lost error says that it could not be seen.
func (r *run) asAsked(ctx context.Context, k Kind, c Change) error {
	objects, gap := r.read(ctx, k, c)
	if gap != nil {
		return Lost(fmt.Errorf("read back: %s", gap.Reason))
	}
	made := r.handles(c.Ref)
	o, err := find(objects, c, made)
	switch {
	case err != nil:
		return err
	case c.Verb == Delete && o != nil:
		return errors.New("it is still there")
	case c.Verb != Delete && o == nil:
		return Lost(errors.New("it is not there yet"))
	case o != nil:
		if diff := unlike(c, *o); len(diff) > 0 {
			return errors.New(strings.Join(diff, "; "))
		}
	}
	renewed, err := neighbours(c, o, r.snapshot().Objects[c.Ref.Kind], objects)
	if err != nil {
		return err
	}
	r.keep(c, o, made)
	r.renew(c.Ref.Kind, renewed)
	return nil
}

// neighbours checks that the things of the same owner are as they were: a
// write that replaces a whole list shows here. One that is the same in all but
// its id counts as there: such a write may give new ids, which are returned.
// Mine is what c itself made or changed.
func neighbours(c Change, mine *Object, before, now []Object) (renewed map[Ref]string, err error) {
	if c.Ref.Scope == "" {
		return nil, nil
	}
	renewed, taken := map[Ref]string{}, map[string]bool{}
	if mine != nil {
		taken[mine.Handles[ID]] = true
	}
	for _, b := range before {
		taken[b.Handles[ID]] = true
	}
	for _, b := range before {
		if b.Ref == c.Ref || b.Ref.Scope != c.Ref.Scope || b.Handles[ID] == "" {
			continue
		}
		at := slices.IndexFunc(now, func(o Object) bool { return o.Handles[ID] == b.Handles[ID] })
		if at < 0 && b.Rest != "" {
			if at = slices.IndexFunc(now, func(o Object) bool {
				return o.Ref.Scope == b.Ref.Scope && baseName(o) == baseName(b) && o.Rest == b.Rest && !taken[o.Handles[ID]]
			}); at >= 0 {
				renewed[b.Ref], taken[now[at].Handles[ID]] = now[at].Handles[ID], true
			}
		}
		if at < 0 {
			return nil, fmt.Errorf("%s (id %s), which this does not touch, is gone", b.Ref, b.Handles[ID])
		}
		if b.Rest != "" && now[at].Rest != "" && b.Rest != now[at].Rest {
			return nil, fmt.Errorf("%s, which this does not touch, changed: %s", b.Ref, firstDifference(b.Rest, now[at].Rest))
		}
	}
	return renewed, nil
}

// renew takes new ids of things that are otherwise as they were.
func (r *run) renew(kind KindName, ids map[Ref]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, o := range r.now.Objects[kind] {
		if id := ids[o.Ref]; id != "" {
			r.now.Objects[kind][i].Handles = mergeHandles(o.Handles, map[Handle]string{ID: id})
		}
	}
}

// keep takes o as the present state of what c changed.
func (r *run) keep(c Change, o *Object, made map[Handle]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	objects := slices.DeleteFunc(r.now.Objects[c.Ref.Kind], func(x Object) bool { return x.Ref == c.Ref })
	if o != nil {
		o.Ref, o.Handles = c.Ref, mergeHandles(o.Handles, made)
		objects = append(objects, *o)
	}
	r.now.Objects[c.Ref.Kind] = objects
}

// verifyAll verifies changes of a kind that checks them together.
func (r *run) verifyAll(ctx context.Context, v Verifier, written []Change) []error {
	wait := r.e.wait()
	for {
		errs := v.Verify(ctx, written, r.snapshot())
		at := slices.IndexFunc(errs, func(err error) bool { return err != nil })
		if at < 0 {
			return errs
		}
		r.tell(Event{written[at], Waiting, errs[at]})
		if !wait.again(ctx, r.stop) {
			for i, err := range errs {
				if err != nil && (r.stopped() || ctx.Err() != nil) {
					errs[i] = Lost(fmt.Errorf("written, and not verified before the interrupt: %w", err))
				}
			}
			return errs
		}
	}
}

// Handle is as Resolver says: from what this run made, from what was seen, or
// by looking until the deadline.
func (r *run) Handle(ctx context.Context, ref Ref, h Handle) (string, error) {
	wait := r.e.wait()
	for {
		id := r.handles(ref)[h]
		if o, ok := r.snapshot().Get(ref); ok && id == "" {
			id = o.Handles[h]
		}
		if id != "" {
			return id, nil
		}
		k := r.e.kind(ref.Kind)
		if k == nil {
			return "", fmt.Errorf("nothing here knows %s", ref)
		}
		objects, gap := r.read(ctx, k, Change{Ref: ref})
		if gap == nil {
			if o, err := find(objects, Change{Ref: ref}, r.handles(ref)); err == nil && o != nil && o.Handles[h] != "" {
				r.keep(Change{Ref: ref}, o, r.handles(ref))
				return o.Handles[h], nil
			}
		}
		if !wait.again(ctx, r.stop) {
			if r.stopped() || ctx.Err() != nil {
				return "", fmt.Errorf("%w: %s has no %s yet", errNotTried, ref, h)
			}
			if gap != nil {
				return "", fmt.Errorf("look up %s: %s", ref, gap.Reason)
			}
			return "", fmt.Errorf("%s has no %s after %s", ref, h, wait.spent())
		}
	}
}
