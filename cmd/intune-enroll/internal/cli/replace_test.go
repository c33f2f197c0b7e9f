package cli

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

// What is no file stays what it is: a device, a pipe, a socket, a folder.
func TestReplaceNoFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir) // the path of a socket is short
	l, err := net.Listen("unix", "socket")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if err := os.Symlink("socket", "link"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"socket", "link", dir} {
		before, err := os.Lstat(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := replaceFile(name, []byte("x"), 0o644); err == nil {
			t.Errorf("%s was replaced", name)
		}
		if after, err := os.Lstat(name); err != nil || after.Mode() != before.Mode() {
			t.Errorf("%s is another thing now: %v", name, err)
		}
	}
	left, err := filepath.Glob(".intune-enroll-*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
