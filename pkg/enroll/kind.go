package enroll

import (
	"context"
	"errors"
)

// Query asks a kind for objects. Names are the Refs that the wanted objects
// are or point to; All asks for everything there is (check, get). Never "all
// devices" unless asked.
type Query struct {
	Names []Ref
	Want  []Object // the desired objects of the kind, their Refs bound as far as the kinds in Reads allow
	All   bool
	Fresh bool // bypass every cache: verification after a write
}

// Owners are those of the objects that own what q asks for.
func (q Query) Owners(objects []Object) []Object {
	if q.All {
		return objects
	}
	asked := map[string]bool{}
	for _, r := range q.Names {
		asked[r.Scope] = true
	}
	for _, o := range q.Want {
		asked[o.Ref.Scope] = true
	}
	var out []Object
	for _, o := range objects {
		if asked[o.Ref.Owner()] {
			out = append(out, o)
		}
	}
	return out
}

// Kind is all that most things need: a name, an order, and a way to look.
type Kind interface {
	Name() KindName
	Reads() []KindName // kinds that must be known before Read
	After() []KindName // kinds that are written before this one
	// Read looks and decides nothing. What cannot be read is a Gap. It may
	// return more objects than were asked for; of things that have an owner it
	// returns all of that owner's, each with the handle ID: after a write they
	// are verified to be there and, where both have a Rest, unchanged.
	Read(ctx context.Context, q Query, known Snapshot) ([]Object, []Gap)
}

// Planner is a pure comparison of a kind's own. Kinds without it get Diff.
type Planner interface {
	Plan(want, have []Object, all Snapshot) ([]Change, []Finding)
}

// Writer performs exactly one Change. It returns NotYet while something the
// service mirrors lags behind, Lost when the answer to a request was lost, and
// any other error when nothing was written.
type Writer interface {
	Write(ctx context.Context, c Change, h Resolver) (map[Handle]string, error)
	// Permissions are those that writing c takes, any one of which suffices.
	Permissions(c Change) []string
}

// Verifier is for kinds whose changes are verified together, when the last of
// an owner is written: devices come in batches, and reading them is dear. It
// returns an error for each change that is not as asked, NotYet while it may
// still come, Lost where it could not look.
type Verifier interface {
	Verify(ctx context.Context, done []Change, known Snapshot) []error
}

// Resolver turns a Ref into a server id. It waits for a lagging one up to the engine's deadline.
type Resolver interface {
	Handle(ctx context.Context, r Ref, h Handle) (string, error)
}

type notYet struct{ error }

func (e notYet) Unwrap() error { return e.error }

type lost struct{ error }

func (e lost) Unwrap() error { return e.error }

// NotYet marks an error that time heals: the engine tries again until its deadline.
func NotYet(err error) error { return notYet{err} }

// Lost marks an error after which nobody knows whether the service acted: the
// engine looks until its deadline and never repeats blindly.
func Lost(err error) error { return lost{err} }

// IsNotYet tells whether err, or what it wraps, is NotYet.
func IsNotYet(err error) bool { _, ok := errors.AsType[notYet](err); return ok }

// IsLost tells whether err, or what it wraps, is Lost.
func IsLost(err error) bool { _, ok := errors.AsType[lost](err); return ok }
