package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/intune-enroll/intune-enroll/pkg/configurator"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// exportsFile holds, beside the journals of a tenant, which .mobileconfig was
// exported when and where to; never what is in it.
const exportsFile = "exports.json"

type exports struct {
	Schema string                  `json:"schemaVersion"`
	Files  []configurator.Exported `json:"exports"`
}

// remember writes down that a file was exported, in place of what is known of
// that file. Files that are gone are forgotten.
func (f *factory) remember(tenant string, made configurator.Exported) error {
	path, err := f.exportsPath(tenant)
	if err != nil {
		return err
	}
	known, err := readExports(path)
	if err != nil {
		return err
	}
	known = slices.DeleteFunc(known, func(e configurator.Exported) bool { return e.File == made.File })
	raw, err := json.MarshalIndent(exports{enroll.SchemaVersion, append(known, made)}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return replaceFile(path, append(raw, '\n'), 0o600)
}

// exported are the files that were exported from the tenant on this machine
// and are still there.
func (f *factory) exported(tenant string) ([]configurator.Exported, error) {
	path, err := f.exportsPath(tenant)
	if err != nil {
		return nil, nil //nolint:nilerr // without a folder nothing was remembered
	}
	return readExports(path)
}

func (f *factory) exportsPath(tenant string) (string, error) {
	set, err := f.settings()
	if err != nil {
		return "", err
	}
	if set.Journal == "" || !filepath.IsLocal(tenant) {
		return "", fail(codeUsage, "name one with --journal DIR", "no folder to remember it in: the environment names no home")
	}
	return filepath.Join(set.Journal, tenant, exportsFile), nil
}

func readExports(path string) ([]configurator.Exported, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what was exported: %w", err)
	}
	var known exports
	if err := json.Unmarshal(raw, &known); err != nil {
		return nil, fmt.Errorf("read what was exported: %s is damaged: %w; delete it and export again", path, err)
	}
	return slices.DeleteFunc(known.Files, func(e configurator.Exported) bool {
		_, err := os.Stat(e.File)
		return errors.Is(err, fs.ErrNotExist)
	}), nil
}
