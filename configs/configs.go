// Package configs holds the files that come with the program: example
// documents, each of which validates, and the JSON Schema of a document
// (schema.json, for editors; the program makes the same from its tables).
package configs

import (
	"embed"
	"io/fs"
)

//go:generate go test -run TestSchemaIsFresh -update .

//go:embed examples
var files embed.FS

// Contoso is the example that shows every part, and runs against the
// simulator's scenario contoso. It names the list staff.csv beside it.
const Contoso = "contoso.yaml"

// Examples are the example documents (*.yaml) and the lists of serial numbers
// that they name (*.csv).
func Examples() fs.FS {
	sub, err := fs.Sub(files, "examples")
	if err != nil {
		return files // cannot happen: the name is a constant and the folder is embedded
	}
	return sub
}
