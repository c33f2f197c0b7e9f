package cli

import (
	"bufio"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/intune-enroll/intune-enroll/pkg/document"
)

// adeAssignOptions are the flags of ade assign.
type adeAssignOptions struct {
	oneOff
	Token, Profile, File string
}

func newADEAssign(f *factory) *cobra.Command {
	var o adeAssignOptions
	cmd := &cobra.Command{
		Use:   "assign [SERIAL...|-]",
		Short: "Give devices a profile that is there already",
		Long: `Give devices an enrollment profile that is there already: serial numbers as
arguments, one on each line of standard input (-), or from a CSV file.

They go to the service in batches; after a stop the same command does what is
left. Devices that are enrolled notice only after they are wiped: the plan
counts them, and "ade devices list --profile NAME --state enrolled" lists them.` + oneOffLong,
		Example: `  intune-enroll ade assign --profile "Staff iPhones" F2LX00000011 F2LX00000012
  intune-enroll ade assign --profile "Staff iPhones" --file staff.csv --max-moves 500 --yes
  intune-enroll ade devices list --unassigned -o csv | cut -d, -f1 | tail -n +2 | intune-enroll ade assign --profile Kiosks - --yes`,
		RunE: f.runOneOff(&o.oneOff, func(flags *pflag.FlagSet, args []string) (yaml.MapSlice, error) { return o.document(f, args) }),
	}
	cmd.Flags().StringVar(&o.Token, "token", "", "token of the profile, by name or id; may be left out where there is one")
	cmd.Flags().StringVar(&o.Profile, "profile", "", "name of the profile")
	addSerialFile(cmd, &o.File)
	o.addFlags(cmd)
	return cmd
}

// document is the section that flags and arguments ask for.
func (o *adeAssignOptions) document(f *factory, args []string) (yaml.MapSlice, error) {
	const help = "intune-enroll ade assign --help"
	switch {
	case o.Profile == "":
		return nil, fail(codeUsage, help, "which profile the devices get is not said: use --profile")
	case len(args) == 0 && o.File == "":
		return nil, fail(codeUsage, help, "which devices get the profile is not said: name serial numbers, - for standard input, or --file CSV")
	case len(args) > 0 && o.File != "", slices.Contains(args, "-") && len(args) > 1:
		return nil, fail(codeUsage, help, "serial numbers come from one place: arguments, - for standard input, or --file CSV")
	}
	var devices yaml.MapSlice
	switch {
	case o.File != "":
		o.Dir = filepath.Dir(o.File) // the document lies beside the list
		devices = yaml.MapSlice{{Key: "file", Value: filepath.Base(o.File)}}
	case args[0] == "-":
		serials, err := inputLines(f.process.In)
		if err != nil {
			return nil, fail(codeFileInvalid, help, "read serial numbers from standard input: %w", err)
		}
		devices = yaml.MapSlice{{Key: "serials", Value: serials}}
	default:
		devices = yaml.MapSlice{{Key: "serials", Value: args}}
	}
	return adeSection(o.Token, "", append(existing(o.Profile), yaml.MapItem{Key: "devices", Value: devices})), nil
}

// inputLines are the lines of a text that hold something.
func inputLines(r io.Reader) ([]string, error) {
	if r == nil {
		return nil, errors.New("there is none")
	}
	var out []string
	in := bufio.NewScanner(io.LimitReader(r, document.MaxCSV+1))
	read := 0
	for in.Scan() {
		if read += len(in.Bytes()) + 1; read > document.MaxCSV {
			return nil, errors.New("it is too long; split it")
		}
		if line := strings.TrimSpace(in.Text()); line != "" {
			out = append(out, line)
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, errors.New("it holds none")
	}
	return out, nil
}

// addSerialFile adds flag --file for a CSV file, in place of the one of all
// commands, which names documents.
func addSerialFile(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVarP(file, "file", "f", "", "CSV file of serial numbers: serial number, then optionally a description; no header")
	_ = cmd.MarkFlagFilename("file", "csv") // the flag exists: it was just added
}
