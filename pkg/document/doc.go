// Package document reads the YAML files that say what a tenant should hold.
//
// Reading is strict: a key that no table knows, a key that stands twice, a
// value of the wrong type and a name that could not be told from another by
// eye are findings, each with file, line and column, and all of them are
// reported at once. What keys there are, and what they may hold, stands in the
// slices' tables ([enroll.Key]); this package only walks them. The JSON Schema
// comes from the same tables.
//
// Files named by the document (lists of serial numbers) are read at once and
// folded into it, so that a Document needs nothing but itself: it goes into a
// saved plan as JSON and comes back from there with the same checks.
package document
