package cli

import (
	"cmp"
	"context"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/render"
)

func newVersion(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version of this program",
		Args:  noArgs,
		RunE: f.reporting(func(context.Context, []string) (render.Report, error) {
			b := f.build()
			return render.Report{Build: &b}, nil
		}),
	}
}

// build says what program this is: what the linker was told, else what the Go
// command left in the binary.
func (f *factory) build() render.Build {
	b := render.Build{Version: f.process.Version, Commit: f.process.Commit, Date: f.process.Date, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		b.Version = cmp.Or(b.Version, "unknown")
		return b
	}
	b.Version = cmp.Or(b.Version, info.Main.Version, "(devel)")
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = cmp.Or(b.Commit, s.Value)
		case "vcs.time":
			b.Date = cmp.Or(b.Date, s.Value)
		}
	}
	return b
}

// tool is name and version, as plans and reports carry it.
func (f *factory) tool() string { return "intune-enroll " + f.build().Version }
