package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// errLocked says that another process holds the lock.
var errLocked = errors.New("locked")

// lock lets one apply to a tenant run on this machine at a time. The lock is
// the system's own on an open file: it ends with the process that holds it,
// however that ends, so a file left behind locks nothing.
func lock(dir, tenant string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the journal folder: %w", err)
	}
	path := filepath.Join(dir, "apply-"+strings.Map(plainName, tenant)+".lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the tenant: %w", err)
	}
	if err := lockFile(file); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(file, 200)) // only told to people
		_ = file.Close()                                   // nothing was written
		if errors.Is(err, errLocked) {
			return nil, fail(codeLocked, "wait for it to end, then run the same command again",
				"another apply to this tenant is running on this machine: %s", strings.TrimSpace(string(holder)))
		}
		return nil, fmt.Errorf("lock the tenant with %s: %w", path, err)
	}
	err = file.Truncate(0)
	if err == nil {
		_, err = fmt.Fprintf(file, "process %d, since %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the tenant with %s: %w", path, err), file.Close())
	}
	return func() { _ = file.Close() }, nil // closing ends the lock; nothing is left to lose
}

func plainName(r rune) rune {
	if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return r
	}
	return '_'
}
