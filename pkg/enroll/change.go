package enroll

import (
	"encoding/json"
	"time"
)

// Verb says what a change does; its glyph is what the plan shows.
type Verb string

// The verbs. Manual is a step at Apple or in a portal that no request can do;
// Note has something to say and does nothing.
const (
	Create Verb = "create"
	Update Verb = "update"
	Delete Verb = "delete"
	Manual Verb = "manual"
	Note   Verb = "note"
)

// Glyph is the sign of the verb in a plan: + ~ - ! i.
func (v Verb) Glyph() string {
	switch v {
	case Create:
		return "+"
	case Update:
		return "~"
	case Delete:
		return "-"
	case Manual:
		return "!"
	default:
		return "i"
	}
}

// Writes tells whether a change of this verb sends a request.
func (v Verb) Writes() bool { return v == Create || v == Update || v == Delete }

// FieldChange is one field that a change moves.
type FieldChange struct {
	Path    string `json:"path"`
	Old     any    `json:"old,omitempty"`
	New     any    `json:"new"`
	Default bool   `json:"default,omitempty"` // the file does not say it: the default on create
}

// Change is exactly one write request, or one line of text for Manual and Note.
type Change struct {
	Ref         Ref           `json:"ref"`
	Verb        Verb          `json:"verb"`
	Op          string        `json:"op,omitempty"` // the slice's own name of the write where a kind has several: "batch 3/200"; for Manual and Note the text
	Fields      []FieldChange `json:"fields,omitempty"`
	Before      Object        `json:"before,omitzero"` // as it is now; zero for Create
	After       Fields        `json:"after,omitempty"` // what is sent
	Items       Items         `json:"items,omitzero"`  // of set-valued changes
	Needs       []Ref         `json:"needs,omitempty"` // turned into handles before the write
	Lane        string        `json:"-"`               // changes of one lane run one after another; "" is the kind and owner, or the object itself when it belongs to the tenant
	Effects     []Effect      `json:"effects,omitempty"`
	Undo        Undo          `json:"undo,omitzero"`
	Confirm     string        `json:"confirm,omitempty"` // why the tenant's name has to be typed; "" is not
	Because     []string      `json:"because,omitempty"`
	Permissions []string      `json:"permissions,omitempty"` // any one of them suffices; from the Writer
	Origin      Origin        `json:"origin,omitzero"`
}

// Items are the members that a set-valued change adds: serial numbers. From
// counts where they are now, by profile name ("" is no profile); Total is the
// size of the whole set when it goes in batches.
type Items struct {
	Add   []string       `json:"add,omitempty"`
	From  map[string]int `json:"from,omitempty"`
	Total int            `json:"total,omitempty"`
}

// Effect is what a change does to things that the file does not name.
type Effect struct {
	On   Ref    `json:"on,omitzero"`
	Text string `json:"text"`
	N    int    `json:"n,omitempty"`
}

// Undo says beforehand how far a change can be taken back: full, partial or none, and why.
type Undo struct {
	Level string `json:"level,omitempty"`
	Why   string `json:"why,omitempty"`
}

// SchemaVersion is the version of every JSON output: fields are only added within it.
const SchemaVersion = "1"

// Plan is the difference between a document and a tenant: a value that is
// shown, saved and reviewed. It holds no URL, no secret and no request:
// applying looks again and plans again from Document.
type Plan struct {
	Schema   string          `json:"schemaVersion"`
	Tool     string          `json:"tool"`
	Tenant   string          `json:"tenant"`
	Cloud    string          `json:"cloud"`
	At       time.Time       `json:"at"`
	Document json.RawMessage `json:"document,omitempty"`
	Changes  []Change        `json:"changes"` // in the order they are shown
	Findings []Finding       `json:"findings"`
	Gaps     []Gap           `json:"gaps"`

	live Snapshot // what it was made from: ids and raw bodies for Apply
}

// Writes are the changes that send a request.
func (p Plan) Writes() []Change {
	var out []Change
	for _, c := range p.Changes {
		if c.Verb.Writes() {
			out = append(out, c)
		}
	}
	return out
}

// Blocked is the first gap that keeps the plan from being applied.
func (p Plan) Blocked() (Gap, bool) {
	for _, g := range p.Gaps {
		if g.Blocks {
			return g, true
		}
	}
	return Gap{}, false
}
