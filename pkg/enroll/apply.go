package enroll

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// State is where a change is on its way.
type State string

// The states of a change, as events tell them.
const (
	Started     State = "started"
	Waiting     State = "waiting" // for something that lags, or to learn what a lost answer did
	DoneState   State = "done"    // written and seen
	FailedState State = "failed"
	UnknownDone State = "unknown" // nobody knows whether the service acted
)

// Event tells how a change goes on.
type Event struct {
	Change Change
	State  State
	Err    error
}

// Outcome is a change and what became of it.
type Outcome struct {
	Change Change
	Err    error
}

// Result is what Apply did. Every write of the plan is in exactly one list.
type Result struct{ Done, Failed, NotTried, Unknown []Outcome }

// task is a list of changes that go one after another.
type task struct {
	kind    Kind
	lane    string
	changes []Change
	first   int // position of the first change in the plan
	running bool
	ended   bool
	fault   *Fault
}

// Apply carries out the writes of a plan that Plan made in this process. Kinds
// go in order; within a kind changes of one owner go one after another, others
// side by side. Each is written down, sent, and read back. The first failure
// stops what has not begun. When stop is closed, changes under way are finished
// and no other begins; when ctx ends, everything stops at once.
func (e *Engine) Apply(ctx context.Context, p Plan, stop <-chan struct{}, on func(Event)) Result {
	r := &run{e: e, now: p.live.clone(), stop: stop, on: on, made: map[Ref]map[Handle]string{}}
	r.pending = e.Journal.Pending()
	tasks := e.tasks(p.Writes())
	limit := e.Limit
	if limit == 0 {
		limit = 4
	}
	ended := make(chan *task)
	for running := 0; ; running-- {
		for _, t := range tasks {
			if running < limit && !t.running && !t.ended && !r.halted() && e.ready(t, tasks) {
				t.running = true
				running++
				go func() {
					t.fault = caught(func() { r.do(ctx, t) })
					ended <- t
				}()
			}
		}
		if running == 0 {
			break
		}
		t := <-ended
		if t.fault != nil {
			panic(t.fault) //nolint:forbidigo // passes on the panic of another goroutine
		}
		t.running, t.ended = false, true
	}
	for _, t := range tasks {
		if !t.ended {
			for _, c := range t.changes {
				r.result.NotTried = append(r.result.NotTried, Outcome{Change: c})
			}
		}
	}
	return r.result
}

// tasks groups changes by kind and lane.
func (e *Engine) tasks(changes []Change) []*task {
	var out []*task
	for i, c := range changes {
		lane := c.Lane
		if lane == "" {
			lane = c.Ref.Scope
		}
		if lane == "" {
			lane = c.Ref.Name
		}
		at := slices.IndexFunc(out, func(t *task) bool { return t.kind.Name() == c.Ref.Kind && t.lane == lane })
		if at < 0 {
			out = append(out, &task{kind: e.kind(c.Ref.Kind), lane: lane, first: i})
			at = len(out) - 1
		}
		out[at].changes = append(out[at].changes, c)
	}
	return out
}

// ready tells whether all that t depends on has ended: tasks of kinds written
// before its own, and earlier tasks that make or change a thing it touches.
// What only deletes goes the other way round: after its own kind and after the
// kinds that build on it, so that nothing loses what it still hangs on.
func (e *Engine) ready(t *task, all []*task) bool {
	before := e.closure(t.kind.Name(), after)[1:]
	for _, other := range all {
		if other == t || other.ended {
			continue
		}
		if !other.deletes() && slices.Contains(before, other.kind.Name()) {
			return false
		}
		if t.deletes() && (!other.deletes() && other.kind.Name() == t.kind.Name() || slices.Contains(e.closure(other.kind.Name(), after)[1:], t.kind.Name())) {
			return false
		}
		if other.first < t.first && touches(t, other) {
			return false
		}
	}
	return true
}

// deletes tells whether the task does nothing but delete.
func (t *task) deletes() bool {
	return !slices.ContainsFunc(t.changes, func(c Change) bool { return c.Verb != Delete })
}

func touches(t, earlier *task) bool {
	for _, c := range t.changes {
		for _, o := range earlier.changes {
			if o.Ref == c.Ref || slices.Contains(c.Needs, o.Ref) {
				return true
			}
		}
	}
	return false
}

// run is one Apply under way.
type run struct {
	e       *Engine
	stop    <-chan struct{}
	on      func(Event)
	pending []Ref

	mu     sync.Mutex
	now    Snapshot // what is there, as far as seen by now
	made   map[Ref]map[Handle]string
	failed bool
	result Result
}

func (r *run) halted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed || r.stopped()
}

func (r *run) stopped() bool {
	select {
	case <-r.stop:
		return true
	default:
		return false
	}
}

// settle records the outcome of a change and tells of it.
func (r *run) settle(c Change, err error) {
	r.mu.Lock()
	o, state := Outcome{c, err}, DoneState
	switch {
	case err == nil:
		r.result.Done = append(r.result.Done, o)
	case IsLost(err):
		state = UnknownDone
		r.failed, r.result.Unknown = true, append(r.result.Unknown, o)
	case errors.Is(err, errNotTried):
		r.failed = true
		r.result.NotTried = append(r.result.NotTried, o)
		r.mu.Unlock()
		return
	default:
		state = FailedState
		r.failed, r.result.Failed = true, append(r.result.Failed, o)
	}
	r.mu.Unlock()
	r.tell(Event{c, state, err})
}

func (r *run) tell(ev Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on != nil {
		r.on(ev)
	}
}

// errNotTried marks a change that was not sent because the run ended before it.
var errNotTried = errors.New("not tried")

// do carries out one task.
func (r *run) do(ctx context.Context, t *task) {
	verifier, together := t.kind.(Verifier)
	var written []Change
	for i, c := range t.changes {
		if r.halted() || ctx.Err() != nil {
			for _, left := range t.changes[i:] {
				r.settle(left, errNotTried)
			}
			break
		}
		if o, ok := r.snapshot().Get(c.Ref); ok && c.Verb != Create {
			c.Before = o // an earlier change of this run may have moved it
		}
		r.tell(Event{c, Started, nil})
		entry, err := r.write(ctx, t.kind, c)
		if err == nil && !together {
			err = r.verify(ctx, t.kind, c)
		}
		// Only what was seen is done: until then a later run looks for it.
		if entry != nil {
			if jerr := entry.Done(r.handles(c.Ref), err); jerr != nil && err == nil {
				err = jerr
			}
		}
		if err == nil && together {
			written = append(written, c)
			continue
		}
		r.settle(c, err)
	}
	if len(written) > 0 {
		for i, err := range r.verifyAll(ctx, verifier, written) {
			r.settle(written[i], err)
		}
	}
}

// write sends one change: written down first, again while something lags, and
// after a lost answer looked up and never repeated. The entry is nil when
// nothing was sent.
func (r *run) write(ctx context.Context, k Kind, c Change) (JournalEntry, error) {
	if c.Verb == Create && slices.Contains(r.pending, c.Ref) {
		r.tell(Event{c, Waiting, fmt.Errorf("an earlier run may have made %s; looking for it first", c.Ref)})
		switch there, err := r.await(ctx, k, c); {
		case err != nil:
			return nil, fmt.Errorf("look for %s, which an earlier run may have made: %w", c.Ref, err)
		case there:
			return r.e.Journal.Intend(c) // it is adopted: verified by the caller
		}
	}
	entry, err := r.e.Journal.Intend(c)
	if err != nil {
		return nil, err
	}
	handles, err := r.send(ctx, k.(Writer), c)
	if IsLost(err) {
		r.tell(Event{c, Waiting, err})
		there, lookErr := r.await(ctx, k, c)
		switch {
		case there:
			err = nil
		case lookErr == nil && c.Verb != Create:
			err = fmt.Errorf("the service did not do it: %w", errors.Unwrap(err))
		case lookErr != nil:
			err = Lost(fmt.Errorf("%w; looking for it: %w", err, lookErr))
		}
	}
	if err == nil {
		r.mu.Lock()
		r.made[c.Ref] = mergeHandles(r.made[c.Ref], handles)
		r.mu.Unlock()
	}
	return entry, err
}

// handles are the ids that this run got for ref.
func (r *run) handles(ref Ref) map[Handle]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.made[ref]
}

// send performs the write, again while it answers NotYet, until the deadline.
func (r *run) send(ctx context.Context, w Writer, c Change) (map[Handle]string, error) {
	wait := r.e.wait()
	for {
		handles, err := w.Write(ctx, c, r)
		if !IsNotYet(err) {
			return handles, err
		}
		r.tell(Event{c, Waiting, err})
		if !wait.again(ctx, r.stop) {
			if r.stopped() || ctx.Err() != nil {
				return nil, fmt.Errorf("%w: %w", errNotTried, err)
			}
			return nil, fmt.Errorf("still not ready after %s: %w", wait.spent(), errors.Unwrap(err))
		}
	}
}

// await looks until the deadline whether c has taken effect. For a create that
// stays absent it returns false; when nobody could look at the end, the error.
func (r *run) await(ctx context.Context, k Kind, c Change) (bool, error) {
	wait := r.e.wait()
	for {
		var unseen error
		if v, ok := k.(Verifier); ok {
			err := v.Verify(ctx, []Change{c}, r.snapshot())[0]
			if err == nil {
				return true, nil
			}
			if IsLost(err) {
				unseen = err
			}
		} else if objects, gap := r.read(ctx, k, c); gap != nil {
			unseen = errors.New(gap.Reason)
		} else {
			found, err := find(objects, c, r.handles(c.Ref))
			if err != nil {
				return false, err
			}
			if c.Verb == Delete && found == nil || found != nil && c.Verb != Delete && len(unlike(c, *found)) == 0 {
				return true, nil
			}
			if c.Verb == Create && found != nil {
				return false, fmt.Errorf("there is a %s now, but not as asked: %s", c.Ref, unlike(c, *found)[0])
			}
		}
		if !wait.again(ctx, nil) {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			return false, unseen
		}
	}
}

// wait is a deadline with growing pauses.
type wait struct {
	from, until time.Time
	next, most  time.Duration
}

func (e *Engine) wait() *wait {
	settle, poll := e.Settle, e.Poll
	if settle == 0 {
		settle = 90 * time.Second
	}
	if poll == 0 {
		poll = 500 * time.Millisecond
	}
	now := time.Now()
	return &wait{from: now, until: now.Add(settle), next: poll, most: 10 * poll}
}

func (w *wait) left() bool           { return time.Now().Before(w.until) }
func (w *wait) spent() time.Duration { return time.Since(w.from).Round(time.Second) }

// again pauses and tells whether to try once more. A closed stop ends the waiting.
func (w *wait) again(ctx context.Context, stop <-chan struct{}) bool {
	if !w.left() {
		return false
	}
	t := time.NewTimer(w.next)
	defer t.Stop()
	w.next = min(w.next*3/2, w.most)
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	case <-stop:
		return false
	}
}
