package enroll

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Journal keeps what is about to be done, before it is done.
type Journal interface {
	// Intend writes c down and makes it durable before the request leaves.
	Intend(c Change) (JournalEntry, error)
	// Pending are the things that an earlier run was about to create when it
	// ended without knowing how that went.
	Pending() []Ref
}

// JournalEntry is one intended change.
type JournalEntry interface {
	// Done writes the outcome down: nil, or the error; a Lost error leaves it pending.
	Done(h map[Handle]string, err error) error
}

// FileJournal is a Journal of one apply: a file of JSON lines, readable by its
// owner only, each line on disk before Intend returns.
type FileJournal struct {
	Path    string
	file    *os.File
	pending []Ref
	mu      sync.Mutex // of the file
	next    int        // the number of the next line
}

// line is one line of a journal.
type line struct {
	Schema  string            `json:"schemaVersion,omitempty"` // first line
	Tenant  string            `json:"tenant,omitempty"`        // first line
	Tool    string            `json:"tool,omitempty"`          // first line
	At      time.Time         `json:"at"`
	Seq     int               `json:"seq"`
	State   string            `json:"state"` // begin, intent, done, failed, unknown
	Change  *Change           `json:"change,omitempty"`
	Raw     json.RawMessage   `json:"before,omitempty"` // the object before the change, as the service gave it
	Handles map[Handle]string `json:"handles,omitempty"`
	Of      int               `json:"of,omitempty"` // the intent that an outcome belongs to
	Error   string            `json:"error,omitempty"`
}

// OpenJournal begins the journal of one apply in dir, which it makes when it is
// missing, and reads what earlier runs against this tenant left pending.
func OpenJournal(dir, tenant, tool string, now time.Time) (*FileJournal, error) {
	folder := filepath.Join(dir, safeName(tenant))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the journal folder: %w", err)
	}
	pending, err := pendingIn(folder, now.Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(folder, now.UTC().Format("20060102T150405.000000000Z")+".jsonl"), os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("begin the journal: %w", err)
	}
	j := &FileJournal{Path: file.Name(), file: file, pending: pending}
	if _, err := j.write(line{Schema: SchemaVersion, Tenant: tenant, Tool: tool, State: "begin"}); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// Close closes the file. A journal without an intent is removed: it says nothing.
func (j *FileJournal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.file.Close()
	if j.next <= 1 && err == nil {
		err = os.Remove(j.Path)
	}
	return err
}

// Pending is as Journal says.
func (j *FileJournal) Pending() []Ref { return j.pending }

// Intend is as Journal says.
func (j *FileJournal) Intend(c Change) (JournalEntry, error) {
	n, err := j.write(line{State: "intent", Change: &c, Raw: c.Before.Raw, Handles: c.Before.Handles})
	if err != nil {
		return nil, err
	}
	return fileEntry{j, n}, nil
}

type fileEntry struct {
	journal *FileJournal
	seq     int
}

// Done is as JournalEntry says.
func (e fileEntry) Done(h map[Handle]string, err error) error {
	l := line{State: "done", Of: e.seq, Handles: h}
	if err != nil {
		l.State, l.Error = "failed", err.Error()
		if IsLost(err) {
			l.State = "unknown"
		}
	}
	_, werr := e.journal.write(l)
	return werr
}

func (j *FileJournal) write(l line) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := j.next
	j.next++
	l.Seq, l.At = n, time.Now().UTC()
	out, err := json.Marshal(l)
	if err != nil {
		return n, fmt.Errorf("write the journal: %w", err)
	}
	if _, err := j.file.Write(append(out, '\n')); err != nil {
		return n, fmt.Errorf("write the journal: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return n, fmt.Errorf("write the journal: %w", err)
	}
	return n, nil
}

// pendingIn reads the journals of a tenant, oldest first: an intended create is
// pending until a later line tells how it went, or a later run did it. What is
// older than since is not: the service shows a new object within minutes. Files
// that end before it are not read, however many have gathered.
func pendingIn(folder string, since time.Time) ([]Ref, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("read earlier journals: %w", err)
	}
	slices.Sort(files)
	var pending []Ref
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			return nil, fmt.Errorf("read earlier journals: %w", err)
		}
		if info.ModTime().Before(since) {
			continue
		}
		intents := map[int]Ref{}
		err = readLines(f, func(l line) {
			switch {
			case l.State == "intent" && l.Change != nil && l.Change.Verb == Create && l.At.After(since):
				intents[l.Seq] = l.Change.Ref
				if !slices.Contains(pending, l.Change.Ref) {
					pending = append(pending, l.Change.Ref)
				}
			case l.State == "done" || l.State == "failed":
				if ref, ok := intents[l.Of]; ok {
					pending = slices.DeleteFunc(pending, func(r Ref) bool { return r == ref })
				}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return pending, nil
}

// readLines reads a journal. The last line may be cut short by a crash; it is left out then.
func readLines(path string, each func(line)) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read earlier journals: %w", err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read journal %s: %w", path, err)
		}
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return fmt.Errorf("journal %s is damaged: %w; move it away if it is not needed any more", path, err)
		}
		each(l)
	}
}

// safeName makes a folder name of a tenant id.
func safeName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, strings.TrimLeft(s, "."))
}
