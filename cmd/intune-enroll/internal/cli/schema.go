package cli

import (
	"bytes"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/pkg/document"
)

func newSchema(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the file, for editors",
		Long: `Print the JSON Schema of the file. Editors with the YAML language server use it
when the file begins with:

  # yaml-language-server: $schema=./schema.json`,
		Example: "  intune-enroll schema > schema.json",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			f.cobraError = false
			raw, err := document.Schema()
			if err != nil {
				return err
			}
			if _, err := f.term.Out.Write(append(bytes.TrimRight(raw, "\n"), '\n')); err != nil {
				return fail(codeOutput, "", "write the schema: %w", err)
			}
			return nil
		},
	}
}
