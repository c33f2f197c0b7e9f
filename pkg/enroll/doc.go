// Package enroll is the kernel of intune-enroll: values that say what a tenant
// should hold and what it does hold, one pure planner that compares the two,
// and one executor that carries a plan out, one write request after another.
//
// It knows nothing of Microsoft Graph: what a kind of object is and how it is
// read and written comes from the slices (packages ade, byod, companyportal,
// directory, …) through the small interfaces in kind.go. It imports the
// standard library only.
//
// The ideas it rests on:
//   - A Change is exactly one write request. Journal, interrupt, verification
//     and resume are then the same thing.
//   - Objects carry Refs (kind, owner, name), never server ids. The engine
//     turns a Ref into an id through the kind that owns the name.
//   - What could not be looked at is a Gap. A Gap makes rules Unknown and
//     changes impossible to apply; it never looks like health.
package enroll
