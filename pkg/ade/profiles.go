package ade

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// ProfileFacts is what a live ade-profile says of itself beside its fields.
type ProfileFacts struct {
	Type  string   // EnrollmentPolicy or ClassicProfile
	Hangs *Hanging // of one that the file wants to go
}

// profiles reads and writes the iOS/iPadOS enrollment profiles of tokens, of
// both back ends. Profiles of macOS and other platforms are not ours.
type profiles struct {
	c            *graph.Client
	template     *templateCheck
	certificates *certificates
	pause        func(ctx context.Context, d time.Duration) error // between two tries of a policy PUT
}

func (profiles) Name() enroll.KindName    { return enroll.ADEProfile }
func (profiles) Reads() []enroll.KindName { return []enroll.KindName{enroll.ADEToken, enroll.VPPToken} }
func (profiles) After() []enroll.KindName { return []enroll.KindName{enroll.Group} }

// Read lists the profiles of the wanted tokens. Settings of a policy take
// requests of their own and are read for wanted ones only: the others come
// without Fields.
func (k profiles) Read(ctx context.Context, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	k.certificates.learn(q.Want)
	return graph.SideBySide(q.Owners(known.Objects[enroll.ADEToken]), func(token enroll.Object) ([]enroll.Object, []enroll.Gap) {
		return k.ofToken(ctx, token, q, known)
	})
}

func (k profiles) ofToken(ctx context.Context, token enroll.Object, q enroll.Query, known enroll.Snapshot) ([]enroll.Object, []enroll.Gap) {
	owner, tokenID := token.Ref.Owner(), token.Handles[enroll.ID]
	var inToken []listed
	var policies []policy
	var errs [2]error
	var side enroll.Together
	side.Go(func() { inToken, errs[0] = k.listProfiles(ctx, tokenID) })
	side.Go(func() { policies, errs[1] = k.listPolicies(ctx, tokenID) })
	side.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: enroll.ADEProfile, Scope: owner}, err)}
		}
	}
	mirrors := map[string]string{} // last segment of a policy's id -> id of its mirror
	for _, p := range policies {
		mirrors[lastSegment(p.ID)] = ""
	}
	var out []enroll.Object
	var gaps []enroll.Gap
	for _, l := range inToken {
		_, isPolicy := mirrors[lastSegment(l.ID)]
		switch {
		case isPolicy:
			mirrors[lastSegment(l.ID)] = l.ID
		case l.Type != typeClassic && l.Type != "":
		case strings.HasPrefix(l.ID, mirrorPrefix):
			o := mirrorOnly(owner, tokenID, l)
			out = append(out, o)
			if wants(q, o) {
				gaps = append(gaps, graph.Gap(o.Ref, fmt.Errorf("%s is an enrollment policy, and the service does not list it among the policies; "+
					"it may be new, or hidden from this account by scope tags", o.Ref)))
			}
		default:
			o, err := classicObject(owner, l, known)
			out = append(out, o)
			if err != nil {
				gaps = append(gaps, graph.Gap(o.Ref, err))
			}
		}
	}
	read, more := k.withSettings(ctx, owner, tokenID, policies, mirrors, q)
	out, gaps = append(out, read...), append(gaps, more...)
	return out, append(gaps, k.withHanging(ctx, tokenID, out, q)...)
}

// withSettings makes the objects of policies, with the settings of those that q wants.
func (k profiles) withSettings(ctx context.Context, owner, tokenID string, policies []policy, mirrors map[string]string, q enroll.Query) ([]enroll.Object, []enroll.Gap) {
	objects, gaps := make([]enroll.Object, len(policies)), make([]*enroll.Gap, len(policies))
	var side enroll.Together
	for i, p := range policies {
		objects[i] = p.object(owner, tokenID, mirrors[lastSegment(p.ID)])
		if !wants(q, objects[i]) {
			continue
		}
		side.Go(func() {
			live, err := k.readSettings(ctx, p.ID)
			if err != nil {
				gap := graph.Gap(objects[i].Ref, fmt.Errorf("read the settings of %s: %w", objects[i].Ref, err))
				gaps[i] = &gap
				return
			}
			objects[i].Fields, objects[i].Rest = p.fields(live), p.rest(live)
		})
	}
	side.Wait()
	var missing []enroll.Gap
	for _, g := range gaps {
		if g != nil {
			missing = append(missing, *g)
		}
	}
	return objects, missing
}

// wants tells whether q asks for o by name or by one of its ids.
func wants(q enroll.Query, o enroll.Object) bool {
	if q.All {
		return true
	}
	for _, r := range q.Names {
		if r.Kind != o.Ref.Kind || r.Scope != o.Ref.Scope {
			continue
		}
		if r.Name == o.Ref.Name || r.Name == o.Ref.Name+" ("+o.Handles[enroll.ID]+")" {
			return true
		}
		for _, id := range o.Handles {
			if strings.EqualFold(r.Name, id) {
				return true
			}
		}
	}
	return false
}

// mirrorOnly is a policy that shows among the token's profiles and not (yet,
// or not to this account) among the policies: its settings cannot be read.
func mirrorOnly(owner, tokenID string, l listed) enroll.Object {
	id := lastSegment(l.ID)
	return enroll.Object{
		Ref:     enroll.Ref{Kind: enroll.ADEProfile, Scope: owner, Name: l.Name},
		Handles: map[enroll.Handle]string{enroll.ID: id, enroll.Mirror: l.ID, enroll.Default: tokenID + "_" + id},
		Raw:     l.raw,
		Facts:   ProfileFacts{Type: EnrollmentPolicy},
	}
}

// Permissions are those of the back end.
func (k profiles) Permissions(c enroll.Change) []string {
	if c.Before.Fields.With(c.After).Text(pathType) == ClassicProfile {
		return []string{graph.ServiceConfigWrite}
	}
	return policyWrite()
}

// Write makes, changes or deletes one profile.
func (k profiles) Write(ctx context.Context, c enroll.Change, h enroll.Resolver) (map[enroll.Handle]string, error) {
	token, ok := c.Ref.ScopeRef()
	if !ok {
		return nil, fmt.Errorf("%s belongs to no token", c.Ref)
	}
	tokenID, err := h.Handle(ctx, token, enroll.ID)
	if err != nil {
		return nil, err
	}
	classic := c.Before.Fields.With(c.After).Text(pathType) == ClassicProfile
	switch {
	case c.Verb == enroll.Create && classic:
		return k.createClassic(ctx, tokenID, c, h)
	case c.Verb == enroll.Create:
		return k.createPolicy(ctx, tokenID, c)
	case c.Verb == enroll.Update && classic:
		return nil, k.patchClassic(ctx, tokenID, c, h)
	case c.Verb == enroll.Update:
		return nil, k.putPolicy(ctx, c, h)
	case c.Verb == enroll.Delete:
		return nil, k.delete(ctx, tokenID, c, classic)
	}
	return nil, fmt.Errorf("%s cannot be written by %s", c.Ref, c.Verb)
}
