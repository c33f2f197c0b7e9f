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

// Texts are what advice can say of the statement with that id; none when it
// never speaks of it. What the answers fill in stands in braces.
func Texts(id string) []string {
	var out []string
	for _, table := range tables() {
		for _, t := range table {
			if ruleOf(t.key) == id {
				out = append(out, t.text)
			}
		}
	}
	return out
}
