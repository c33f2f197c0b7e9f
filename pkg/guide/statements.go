package guide

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

//go:embed statements.json
var statementsJSON []byte

// Statement is one statement of Microsoft's enrollment guide for iOS and
// iPadOS, of the pages it leads to, or a decision made between them. Ids are
// for ever. What carries it is not said here: rules, advice and instructions
// name the statements they carry.
type Statement struct {
	ID string `json:"id"`
	// Kinds are what it is to the program: prerequisite, decision, field, error,
	// warning, automated, manual, user, reference; valid and invalid for
	// combinations; contradiction, of Microsoft's pages, and how it is resolved.
	Kinds     []string `json:"kinds"`
	Text      string   `json:"text"`
	See       string   `json:"see,omitempty"`       // the statement whose rule, advice or text covers this one
	Key       string   `json:"key,omitempty"`       // the key of the file that says it
	Reference string   `json:"reference,omitempty"` // why nothing needs to carry it
}

// Statements are all statements, family by family.
func Statements() ([]Statement, error) {
	var out []Statement
	if err := json.Unmarshal(statementsJSON, &out); err != nil {
		return nil, fmt.Errorf("read the statements: %w", err)
	}
	return out, nil
}

// Carried are the ids of statements that instructions for users, or the
// administrator's checklist, carry.
func Carried() (users, admin []string) {
	u, a := map[string]bool{}, map[string]bool{}
	for _, o := range outlines() {
		for _, l := range o.lines() {
			for _, id := range l.rules() {
				u[id] = true
			}
		}
	}
	for _, c := range chapters() {
		for _, t := range c.tasks {
			for _, id := range t.rules() {
				a[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(u)), slices.Sorted(maps.Keys(a))
}
