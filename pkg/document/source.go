package document

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// MaxFile is the size of a document file in bytes that is still read.
const MaxFile = 1 << 20

// Stdin is the name of the source that was read from standard input.
const Stdin = "<stdin>"

// Source is one document file as it was read.
type Source struct {
	Name string // as the user named it; findings carry it
	Data []byte
	Root *os.Root // the directory that files named in the document may lie in; nil for standard input
}

// Open reads the files at paths: a file, a directory (its *.yaml and *.yml
// files in order of name, not those of directories below it), or "-" for
// stdin. A file that is named twice is read once. Files are at most MaxFile
// bytes long.
func Open(paths []string, stdin io.Reader) ([]Source, error) {
	if len(paths) == 0 {
		return nil, errors.New("no document given: name a file or a directory with -f, or - for standard input")
	}
	o := opener{roots: map[string]*os.Root{}}
	for _, p := range paths {
		if err := o.add(p, stdin); err != nil {
			return nil, err
		}
	}
	return o.sources, nil
}

type opener struct {
	sources []Source
	seen    []fs.FileInfo
	stdin   bool
	roots   map[string]*os.Root
}

func (o *opener) add(path string, stdin io.Reader) error {
	if path == "-" {
		return o.addStdin(stdin)
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("open document: %w", err)
	}
	if !info.IsDir() {
		return o.addFile(path)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("list documents: %w", err)
	}
	found := false
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); e.IsDir() || ext != ".yaml" && ext != ".yml" {
			continue
		}
		found = true
		if err := o.addFile(filepath.Join(path, e.Name())); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("no *.yaml or *.yml file in directory %s: name the file itself if it is called otherwise", path)
	}
	return nil
}

func (o *opener) addStdin(stdin io.Reader) error {
	if o.stdin {
		return errors.New("standard input (-) is given twice: give it once")
	}
	if stdin == nil {
		return errors.New("there is no standard input to read the document from: name a file")
	}
	o.stdin = true
	data, err := readAll(stdin, Stdin, MaxFile)
	if err != nil {
		return err
	}
	o.sources = append(o.sources, Source{Name: Stdin, Data: data})
	return nil
}

func (o *opener) addFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open document: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open document: %w", err)
	}
	if info.IsDir() {
		return fmt.Errorf("%s is a directory, not a document", path)
	}
	if slices.ContainsFunc(o.seen, func(i fs.FileInfo) bool { return os.SameFile(i, info) }) {
		return nil
	}
	data, err := readAll(f, path, MaxFile)
	if err != nil {
		return err
	}
	root, err := o.root(filepath.Dir(path))
	if err != nil {
		return err
	}
	o.seen = append(o.seen, info)
	o.sources = append(o.sources, Source{Name: path, Data: data, Root: root})
	return nil
}

// root opens each directory once. A root stays open as long as its sources are
// in use; the garbage collector closes it.
func (o *opener) root(dir string) (*os.Root, error) {
	if r, ok := o.roots[dir]; ok {
		return r, nil
	}
	r, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the document's directory: %w", err)
	}
	o.roots[dir] = r
	return r, nil
}

func readAll(r io.Reader, name string, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("read %s: larger than %d KiB, which is more than a document may be: split it, or move serial numbers to a CSV file named by devices.file", name, limit>>10)
	}
	return data, nil
}

// dir is the directory of the source as the user would write it.
func (s Source) dir() string {
	return strings.TrimSuffix(s.Name, filepath.Base(s.Name))
}
