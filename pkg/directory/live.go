package directory

import (
	"encoding/json"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// OwnerOf is how assignments name the thing of kind that the entry at place i
// asks for: by its name, or by its id where another entry has that name too.
func OwnerOf(kind enroll.KindName, entries []enroll.Entry, i int) enroll.Ref {
	r := enroll.Ref{Kind: kind, Name: entries[i].Values.Text("name")}
	id := entries[i].Values.Text("id")
	for j, e := range entries {
		if j != i && id != "" && e.Values.Text("name") == r.Name {
			return enroll.Ref{Kind: kind, Name: id}
		}
	}
	return r
}

// ScopeOf is the scope of the assignments that are wanted for o, as [OwnerOf]
// gave it, or as binding did: live things of one name have names that differ.
func ScopeOf(o enroll.Object, want []enroll.Object) string {
	owner, same := o.Ref, 0
	for _, other := range want {
		if other.Ref == o.Ref {
			same++
		}
	}
	if same > 1 && o.Pinned != "" {
		owner.Name = o.Pinned
	}
	return owner.Owner()
}

// ReadAssignments reads the assignments of the owners at one time. What fails
// for one of them is a gap of that owner.
func ReadAssignments(kind enroll.KindName, owners []enroll.Object, read func(owner enroll.Object) ([]enroll.Object, error)) ([]enroll.Object, []enroll.Gap) {
	return graph.SideBySide(owners, func(o enroll.Object) ([]enroll.Object, []enroll.Gap) {
		list, err := read(o)
		if err != nil {
			return nil, []enroll.Gap{graph.Gap(enroll.Ref{Kind: kind, Scope: o.Ref.Owner()}, err)}
		}
		return list, nil
	})
}

// Assigned is the object for a live assignment of owner. The members named are
// left out of what is verified unchanged.
func Assigned(kind enroll.KindName, owner enroll.Ref, raw json.RawMessage, known enroll.Snapshot, unverified ...string) (enroll.Object, error) {
	var a struct {
		ID     string
		Target json.RawMessage
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return enroll.Object{}, err
	}
	t, err := ReadTarget(a.Target, known)
	if err != nil {
		return enroll.Object{}, err
	}
	return enroll.Object{
		Ref:    enroll.Ref{Kind: kind, Scope: owner.Owner(), Name: t.Ref.Name},
		Fields: t.Fields(), Handles: map[enroll.Handle]string{enroll.ID: a.ID}, Raw: raw, Rest: enroll.Rest(raw, append(unverified, "@odata.context")...),
	}, nil
}
