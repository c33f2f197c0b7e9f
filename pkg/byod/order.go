package byod

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// Plan makes and changes profiles, deletes those that shall go, then moves the
// others to their ranks. All of it goes in one lane: each step is planned for the
// order that the one before it leaves, and none changes ranks that a later one
// takes for unchanged.
func (profiles) Plan(want, have []enroll.Object, all enroll.Snapshot) ([]enroll.Change, []enroll.Finding) {
	p := ranking{live: map[enroll.Ref]enroll.Object{}}
	for _, o := range slices.SortedFunc(slices.Values(have), byRank) {
		p.order, p.live[o.Ref] = append(p.order, o.Ref), o
	}
	var gone []enroll.Object
	for _, w := range want {
		if w.State == enroll.Absent {
			gone = append(gone, w)
		}
	}
	want = slices.DeleteFunc(slices.Clone(want), func(w enroll.Object) bool { return w.State == enroll.Absent })
	for _, w := range want {
		rest := w
		rest.Fields = maps.Clone(w.Fields)
		delete(rest.Fields, "priority")
		_, ranked := w.Fields.Number("priority")
		if h, exists := p.live[w.Ref]; !exists {
			p.make(rest, ranked)
		} else if c := enroll.Differ(rest, h); len(c.Fields) > 0 {
			p.add(c)
		}
	}
	said := p.delete(gone, all)
	ranks, findings := p.ranks(want)
	p.move(ranks, want)
	return p.changes, append(said, findings...)
}

// delete plans what shall go, and takes it out of the order.
func (p *ranking) delete(gone []enroll.Object, all enroll.Snapshot) []enroll.Finding {
	var findings []enroll.Finding
	first, began := slices.Clone(p.order), len(p.changes)
	for _, w := range gone {
		h, exists := p.live[w.Ref]
		if !exists {
			continue
		}
		deletion, said := directory.Deletion(w, h, enroll.BYODAssignment, all)
		findings = append(findings, said...)
		for _, c := range deletion {
			p.add(c)
			p.order = slices.DeleteFunc(p.order, func(r enroll.Ref) bool { return r == w.Ref })
		}
	}
	if len(p.changes) > began {
		last := &p.changes[len(p.changes)-1]
		last.Effects = append(last.Effects, p.shifted(first, nil)...)
	}
	return findings
}

// ranks are the places the file asks for. A number behind the last profile
// and null mean the last place that no other entry asks for; one that another entry has
// already is left out (rule X-77 refuses it).
func (p *ranking) ranks(want []enroll.Object) (map[enroll.Ref]int, []enroll.Finding) {
	ranks := map[enroll.Ref]int{}
	var findings []enroll.Finding
	free := len(p.order)
	for _, w := range slices.Backward(slices.SortedStableFunc(slices.Values(want), byRank)) {
		n, ok := w.Fields.Number("priority")
		if reset(w) {
			n, ok = int64(len(p.order)), true
		}
		if !ok || free == 0 {
			continue
		}
		rank := min(int(n), free)
		if int(n) > len(p.order) {
			findings = append(findings, enroll.Finding{Rule: "X-77", Severity: enroll.Info, On: w.Ref, Path: "priority", Origin: w.Where("priority"),
				Message: fmt.Sprintf("priority %d of profile %q means rank %d: the number of profiles is %d", n, w.Ref.Name, rank, len(p.order))})
		}
		ranks[w.Ref], free = rank, rank-1
	}
	return ranks, findings
}

// byRank sorts by priority; null, which means last, comes last.
func byRank(a, b enroll.Object) int {
	rank := func(o enroll.Object) int64 {
		if reset(o) {
			return math.MaxInt64
		}
		n, _ := o.Fields.Number("priority")
		return n
	}
	return cmp.Compare(rank(a), rank(b))
}

// reset tells whether the file takes the rank of a profile back to the default, the last.
func reset(w enroll.Object) bool {
	v, given := w.Fields["priority"]
	return given && v == nil
}

// ranking is the order of profiles as it will be after the changes so far.
type ranking struct {
	order   []enroll.Ref
	live    map[enroll.Ref]enroll.Object
	changes []enroll.Change
}

// lane is the one in which profiles are written.
const lane = "byod-order"

// add plans a change.
func (p *ranking) add(c enroll.Change) {
	c.Lane = lane
	p.changes = append(p.changes, c)
}

// make plans a new profile, behind all others; its rank is shown where the file
// gives none.
func (p *ranking) make(w enroll.Object, ranked bool) {
	p.order = append(p.order, w.Ref)
	c := enroll.Make(w)
	rank := int64(len(p.order))
	c.After["priority"] = rank
	if !ranked {
		c.Fields = append(c.Fields, enroll.FieldChange{Path: "priority", New: rank, Default: true})
	}
	p.add(c)
}

// move brings profiles to their ranks, one write for each: those that go down
// first, the lowest rank first, then those that go up, the highest rank first.
// In this order no move upsets one before it, except that going up past a
// profile may shift one that was in its place, which then goes up in its turn.
func (p *ranking) move(ranks map[enroll.Ref]int, want []enroll.Object) {
	first := slices.Clone(p.order)
	began := len(p.changes)
	for {
		ref, ok := p.next(ranks)
		if !ok {
			break
		}
		from := slices.Index(p.order, ref) + 1
		p.order = slices.Insert(slices.DeleteFunc(p.order, func(r enroll.Ref) bool { return r == ref }), ranks[ref]-1, ref)
		rank := int64(ranks[ref])
		i := slices.IndexFunc(want, func(w enroll.Object) bool { return w.Ref == ref })
		p.add(enroll.Change{Ref: ref, Verb: enroll.Update, Op: setPriority, Origin: want[i].Where("priority"),
			Fields:  []enroll.FieldChange{{Path: "priority", New: rank}},
			Before:  p.live[ref],
			After:   enroll.Fields{"priority": rank, "order": p.shown()}, // the order is not sent: it is what is read back
			Because: []string{fmt.Sprintf("has rank %d before", from)},
			Undo:    enroll.Undo{Level: "full"},
		})
	}
	if len(p.changes) > began {
		last := &p.changes[len(p.changes)-1]
		last.Effects = append(last.Effects, p.shifted(first, ranks)...)
		last.Effects = append(last.Effects, enroll.Effect{Text: "order of profiles then: " + p.shown()})
	}
}

// next is the profile to move now: of those standing too high the one with the
// lowest rank to come, else of those standing too low the one with the highest.
func (p *ranking) next(ranks map[enroll.Ref]int) (enroll.Ref, bool) {
	var down, up enroll.Ref
	for i, ref := range p.order {
		rank, ranked := ranks[ref]
		switch {
		case ranked && i+1 < rank && (down == enroll.Ref{} || rank > ranks[down]):
			down = ref
		case ranked && i+1 > rank && (up == enroll.Ref{} || rank < ranks[up]):
			up = ref
		}
	}
	if (down != enroll.Ref{}) {
		return down, true
	}
	return up, up != enroll.Ref{}
}

// shifted are the effects on profiles that have no rank in the file.
func (p *ranking) shifted(first []enroll.Ref, ranks map[enroll.Ref]int) []enroll.Effect {
	var out []enroll.Effect
	for i, ref := range p.order {
		was := slices.Index(first, ref)
		if _, ranked := ranks[ref]; !ranked && was != i {
			out = append(out, enroll.Effect{On: ref, Text: fmt.Sprintf("rank %d becomes %d", was+1, i+1), N: i + 1})
		}
	}
	return out
}

func (p *ranking) shown() string {
	names := make([]string, len(p.order))
	for i, ref := range p.order {
		names[i] = ref.Name
		if name, ok := p.live[ref].Facts.(liveName); ok {
			names[i] = string(name)
		}
	}
	return shown(names)
}
