package enroll

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// The ids of findings about names; they are no rules of the guide.
const (
	nameUnknown   = "name-unknown"
	nameAmbiguous = "name-ambiguous"
	nameCase      = "name-case"
	nameTwice     = "name-twice"
	idUnknown     = "id-unknown"
)

// Bind replaces every Ref of the wanted objects, as the file has it (a name, an
// id, nothing where only one exists), by the Ref of the live object, and
// reports what is unknown, ambiguous or named twice. It is pure. What lies in a
// gap stays as it is: the plan cannot be applied then.
func (e *Engine) Bind(want []Object, live Snapshot) ([]Object, []Finding) {
	b := binder{live: live, normalize: e.normalize, known: func(k KindName) bool { _, ok := live.Objects[k]; return ok || e.kind(k) != nil }}
	return b.bind(want)
}

type binder struct {
	live      Snapshot
	known     func(KindName) bool // other kinds are left as the file has them
	normalize func(string) string
	bound     map[Ref]Ref // wanted objects: as written -> as bound
	findings  []Finding
}

func (b *binder) bind(want []Object) ([]Object, []Finding) {
	out := slices.Clone(want)
	b.bound = map[Ref]Ref{}
	// The tenant's own objects first: they own the others.
	for _, owned := range []bool{false, true} {
		for i := range out {
			o := &out[i]
			if (o.Ref.Scope != "") != owned {
				continue
			}
			written := o.Ref
			o.Ref.Scope = b.scope(o.Ref.Scope, *o, "")
			if o.NamedBy == "" {
				o.Ref = b.own(*o)
				b.bound[Ref{Kind: written.Kind, Scope: o.Ref.Scope, Name: b.normalize(written.Name)}] = o.Ref
			}
		}
	}
	for i := range out {
		o := &out[i]
		o.Fields = o.Fields.With(nil)
		for _, path := range o.Fields.Paths() {
			switch v := o.Fields[path].(type) {
			case Ref:
				o.Fields[path] = b.point(v, *o, path)
			case []Ref:
				refs := slices.Clone(v)
				for j, r := range refs {
					refs[j] = b.point(r, *o, path)
				}
				o.Fields[path] = RefSet(refs...)
			}
		}
		if target, ok := o.Fields[o.NamedBy].(Ref); ok && o.NamedBy != "" {
			o.Ref.Name = target.Name
		}
	}
	b.twice(out)
	return out, SortFindings(b.findings)
}

// own finds the live object that a wanted one is, or leaves its name: it is to be made.
func (b *binder) own(o Object) Ref {
	r := o.Ref
	r.Name = b.normalize(r.Name)
	if !b.known(r.Kind) || b.gapped(r) {
		return r
	}
	ask := r
	if o.Pinned != "" {
		ask.Name = o.Pinned
	}
	got, err := Resolve(b.live.Objects[r.Kind], ask)
	switch {
	case err == nil && o.Pinned != "" && r.Name != "" && b.normalize(baseName(got)) != r.Name:
		b.report(idUnknown, o, "id", fmt.Sprintf("id %s is %q in the tenant, the file calls it %q; renaming is not done here, because groups and filters find devices by the profile's name", o.Pinned, baseName(got), r.Name))
		return r
	case err == nil:
		return got.Ref
	case errors.Is(err, ErrUnknownName) && o.State == Absent:
		r.Name = ask.Name // gone; a thing of the same name and another id is not meant
	case errors.Is(err, ErrUnknownName) && o.State == Existing:
		message := fmt.Sprintf("the tenant has no %s %q, and the file says state: %s", r.Kind, cmp.Or(o.Pinned, r.Name), Existing)
		if near := similar(b.live.Objects[r.Kind], r); near != "" {
			message += "; there is " + near
		}
		b.report(nameUnknown, o, "name", message)
	case errors.Is(err, ErrUnknownName) && o.Pinned != "":
		b.report(idUnknown, o, "id", fmt.Sprintf("the tenant has no %s with id %s", r.Kind, o.Pinned))
	case !errors.Is(err, ErrUnknownName):
		b.report(ruleFor(err), o, "name", fmt.Sprintf("%s %q: %v", r.Kind, r.Name, err))
	}
	return r
}

// point finds what a field points to, among the wanted objects and the live ones.
func (b *binder) point(r Ref, o Object, path string) Ref {
	r.Scope = b.scope(r.Scope, o, path)
	r.Name = b.normalize(r.Name)
	if to, ok := b.bound[r]; ok {
		return to
	}
	if !b.known(r.Kind) || r.Kind == Audience || b.gapped(r) {
		return r
	}
	got, err := Resolve(b.live.Objects[r.Kind], r)
	if err == nil {
		return got.Ref
	}
	message := fmt.Sprintf("%s %q: %v", r.Kind, r.Name, err)
	if r.Name == "" {
		message = fmt.Sprintf("no %s is named, and the tenant does not have exactly one: %v", r.Kind, err)
	}
	if errors.Is(err, ErrUnknownName) {
		message = fmt.Sprintf("the tenant has no %s %q, and the file makes none", r.Kind, r.Name)
		if near := similar(b.live.Objects[r.Kind], r); near != "" {
			message += "; there is " + near
		}
	}
	if o.State == Absent && errors.Is(err, ErrUnknownName) {
		b.note(Warning, ruleFor(err), o, path, message+": nothing to remove")
		return r
	}
	b.report(ruleFor(err), o, path, message)
	return r
}

// scope binds the owner in a Scope.
func (b *binder) scope(scope string, o Object, path string) string {
	owner, ok := Ref{Scope: scope}.ScopeRef()
	if !ok {
		return scope
	}
	return b.point(owner, o, path).Owner()
}

// gapped tells whether r, or what owns it, lies in a gap.
func (b *binder) gapped(r Ref) bool {
	if slices.ContainsFunc(b.live.Gaps, func(g Gap) bool { return g.covers(r) }) {
		return true
	}
	owner, ok := r.ScopeRef()
	return ok && b.gapped(owner)
}

// twice reports wanted objects that are one and the same thing.
func (b *binder) twice(want []Object) {
	first := map[Ref]Object{}
	for _, o := range want {
		if other, ok := first[o.Ref]; ok {
			b.report(nameTwice, o, "", fmt.Sprintf("%s stands in the file twice; the first is at %s", o.Ref, other.Origin))
			continue
		}
		first[o.Ref] = o
	}
}

func (b *binder) report(rule string, o Object, path, message string) {
	b.note(Error, rule, o, path, message)
}

func (b *binder) note(severity Severity, rule string, o Object, path, message string) {
	f := Finding{Rule: rule, Severity: severity, Message: message, On: o.Ref, Path: path, Origin: o.Where(path)}
	if !slices.ContainsFunc(b.findings, func(g Finding) bool { return g.Rule == f.Rule && g.Message == f.Message && g.Origin == f.Origin }) {
		b.findings = append(b.findings, f)
	}
}

func ruleFor(err error) string {
	switch {
	case errors.Is(err, ErrAmbiguousName):
		return nameAmbiguous
	case errors.Is(err, ErrNameCase):
		return nameCase
	default:
		return nameUnknown
	}
}

// covers tells whether the gap hides r.
func (g Gap) covers(r Ref) bool {
	return g.Scope.Kind == r.Kind &&
		(g.Scope.Scope == "" || g.Scope.Scope == r.Scope) &&
		(g.Scope.Name == "" || g.Scope.Name == r.Name)
}
