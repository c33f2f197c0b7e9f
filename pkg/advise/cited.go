package advise

import (
	"maps"
	"slices"
)

// Cited are the ids of all statements that advice can speak of.
func Cited() []string {
	ids := map[string]bool{}
	for _, table := range tables() {
		for _, t := range table {
			ids[ruleOf(t.key)] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}
