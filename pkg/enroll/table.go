package enroll

// Type is the shape of a value in the file.
type Type string

// The types. Names are texts that name objects (groups, tokens); a Choice is one of Values.
const (
	Text    Type = "text"
	Flag    Type = "flag"
	Number  Type = "number"
	Choice  Type = "choice"
	Choices Type = "choices" // a list of Values, each once
	Texts   Type = "texts"   // a list of texts, each once
	Files   Type = "files"   // a list of files beside the document with a certificate each; their contents (DER in base64) take the place of their names
	Mapping Type = "mapping" // a mapping whose keys have rows of their own
	Either  Type = "either"  // one of Values, or a mapping whose keys have rows of their own
)

// Key is one row of a slice's table of keys. Decoder, JSON Schema, explain,
// diff and docs all read the same row.
type Key struct {
	Path     string // dotted, from the entry: "companyPortal.install"
	Type     Type
	Values   []string // of Choice, Choices and Either
	Refused  []string // of Choice: values that another sort of entry has, read so that a rule says why this one has not
	Required string   // when it is required, in words: "always", "with userAffinity: user"; "" is never
	Default  any      // sent and shown on create where the file leaves the key out; nil: nothing is sent
	Fixed    bool     // cannot be changed once the object exists
	BackEnds []string // the types of object that have it; empty: all
	Member   string   // the Graph member, or the setting id
	Doc      string   // one sentence
	Min, Max int64    // Number: the range; Text: length in characters; lists: number of items. Both 0: no limit
	Pattern  string   // Text: a regular expression it must match whole
	Hint     string   // what to say where Pattern does not match
}

// Entry is one decoded mapping of a file: values by dotted path, nil for an
// explicit null, and where each stands.
type Entry struct {
	Values Fields            `json:"values"`
	Origin Origin            `json:"origin"`
	At     map[string]Origin `json:"at,omitempty"`
}

// Where is the place of path, or of the entry when the path does not stand there.
func (e Entry) Where(path string) Origin {
	if at, ok := e.At[path]; ok {
		return at
	}
	return e.Origin
}

// Presence is what the entry's key state says.
func (e Entry) Presence() Presence { return Presence(e.Values.Text("state")) }

// StateKey is the row of key state, for kinds of things that can be deleted.
func StateKey() Key {
	return Key{Path: "state", Type: Choice, Values: []string{string(Absent), string(Existing)},
		Doc: "absent deletes it; existing wants it to be there already, and then only its name is required; left out, it is made where it is not there."}
}

// Has tells whether the file says anything for path, null included.
func (e Entry) Has(path string) bool { _, ok := e.Values[path]; return ok }
