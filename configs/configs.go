// Package configs holds the files that come with the program: example
// documents, each of which validates, and the JSON Schema of a document.
package configs

import (
	"embed"
	"io/fs"
)

//go:generate go test -run TestSchemaIsFresh -update .

//go:embed schema.json examples
var files embed.FS

// Contoso is the example that shows every part, and runs against the
// simulator's scenario contoso. It names the file staff.csv beside it.
const Contoso = "contoso.yaml"

// Examples are the example documents (*.yaml) and the lists that they name (*.csv).
func Examples() fs.FS {
	sub, err := fs.Sub(files, "examples")
	if err != nil {
		return files // cannot happen: the name is a constant and the folder is embedded
	}
	return sub
}

// Schema is the JSON Schema (draft 2020-12) of a document.
func Schema() ([]byte, error) { return files.ReadFile("schema.json") }
