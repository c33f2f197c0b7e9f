package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// notDevice refuses what a file must not take the place of: /dev/null would be
// gone for every other program.
func notDevice(path string) error {
	if at, err := os.Stat(path); err == nil && !at.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", path)
	}
	return nil
}

// replaceable tells beforehand whether [replaceFile] can write a file.
func replaceable(path string) error {
	if err := notDevice(path); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".intune-enroll-*")
	if err != nil {
		return err
	}
	return errors.Join(tmp.Close(), os.Remove(tmp.Name()))
}

// newFile writes a file whole, or not at all where there is one: the error is
// then [fs.ErrExist].
func newFile(path string, content []byte, mode os.FileMode) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// replaceFile writes a file whole or not at all: beside its place first, then
// moved there. A reader never sees half of it.
func replaceFile(path string, content []byte, mode os.FileMode) (err error) {
	if err := notDevice(path); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".intune-enroll-*") // made with 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	if _, err := tmp.Write(content); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := errors.Join(tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
