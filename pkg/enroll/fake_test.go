package enroll_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// shelf is a kind in memory: its objects, what its writes do, and how often it was asked.
type shelf struct {
	name    enroll.KindName
	reads   []enroll.KindName
	after   []enroll.KindName
	mu      sync.Mutex
	objects []enroll.Object
	gaps    []enroll.Gap
	hidden  map[string]int // name -> reads for which it stays invisible
	writes  []string
	on      func(s *shelf, c enroll.Change) error // before the write takes effect; its error is the answer
	after2  func(s *shelf, c enroll.Change) error // after it took effect
	mirror  int                                   // reads until an object has its mirror handle
}

func (s *shelf) Name() enroll.KindName    { return s.name }
func (s *shelf) Reads() []enroll.KindName { return s.reads }
func (s *shelf) After() []enroll.KindName { return s.after }

func (s *shelf) Read(_ context.Context, _ enroll.Query, _ enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []enroll.Object
	for _, o := range s.objects {
		if s.hidden[o.Ref.Name] > 0 {
			s.hidden[o.Ref.Name]--
			continue
		}
		o.Handles = map[enroll.Handle]string{enroll.ID: o.Handles[enroll.ID]}
		if s.mirror > 0 {
			s.mirror--
		} else {
			o.Handles[enroll.Mirror] = "mirror-" + o.Handles[enroll.ID]
		}
		out = append(out, o)
	}
	return out, slices.Clone(s.gaps)
}

func (s *shelf) Permissions(enroll.Change) []string { return []string{"Shelf.ReadWrite.All"} }

func (s *shelf) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	for _, need := range c.Needs {
		if need.Kind == enroll.Audience {
			continue
		}
		if _, err := h.Handle(ctx, need, enroll.Mirror); err != nil {
			return nil, fmt.Errorf("write %s: %w", c.Ref, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.on != nil {
		if err := s.on(s, c); err != nil {
			return nil, err
		}
	}
	s.writes = append(s.writes, string(c.Verb)+" "+c.Ref.Name)
	id := "id-" + c.Ref.Name
	switch c.Verb {
	case enroll.Create:
		s.objects = append(s.objects, enroll.Object{Ref: c.Ref, Fields: c.After, Handles: map[enroll.Handle]string{enroll.ID: id}, Rest: "{}"})
	case enroll.Update:
		for i, o := range s.objects {
			if o.Ref == c.Ref {
				s.objects[i].Fields = o.Fields.With(c.After)
				id = o.Handles[enroll.ID]
			}
		}
	case enroll.Delete:
		s.objects = slices.DeleteFunc(s.objects, func(o enroll.Object) bool { return o.Ref == c.Ref })
	}
	if s.after2 != nil {
		if err := s.after2(s, c); err != nil {
			return nil, err
		}
	}
	return map[enroll.Handle]string{enroll.ID: id}, nil
}

// paper is a Journal in memory.
type paper struct {
	mu      sync.Mutex
	lines   []string
	pending []enroll.Ref
	broken  bool
}

func (p *paper) Pending() []enroll.Ref { return p.pending }

func (p *paper) Intend(c enroll.Change) (enroll.JournalEntry, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken {
		return nil, errors.New("write the journal: no space left on device")
	}
	p.lines = append(p.lines, "intent "+c.Ref.String())
	return entry{p, c.Ref}, nil
}

type entry struct {
	p   *paper
	ref enroll.Ref
}

func (e entry) Done(_ map[enroll.Handle]string, err error) error {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	state := "done "
	if enroll.IsLost(err) {
		state = "unknown "
	} else if err != nil {
		state = "failed "
	}
	e.p.lines = append(e.p.lines, state+e.ref.String())
	return nil
}
