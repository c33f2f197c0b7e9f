package document

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// MaxCSV is the size of a list of serial numbers in bytes that is still read.
const MaxCSV = 16 << 20

// maxCSVFindings is how many problems of one list are reported.
const maxCSVFindings = 20

// serialFile reads the CSV file that the entry names. Findings give its lines
// and columns, never what stands there: the file may be another one than meant.
func (r *reader) serialFile(name string, at enroll.Origin) {
	data, bad := readFile(r.source, name)
	if bad != nil && r.source.Root == nil {
		bad.fix = "list the serial numbers under devices.serials, or " + bad.fix
	}
	if bad != nil {
		r.refuse(at, fileKey, bad.fix, "%s", bad.text)
		return
	}
	file := r.source.dir() + filepath.FromSlash(name)
	rows, found := csvSerials(file, data, func(s, text string, at enroll.Origin) {
		if r.addSerial(s, at) {
			r.addDetails(s, text, at)
		}
	})
	r.findings = append(r.findings, found...)
	if rows == 0 && len(found) == 0 {
		r.refuse(at, fileKey, "write one serial number on each line", "%s holds no serial number", quote(name))
	}
}

// readFile reads a file below the document's directory.
func readFile(s Source, name string) ([]byte, *problem) {
	name = filepath.FromSlash(name)
	switch {
	case s.Root == nil:
		return nil, wrong("read the document from a file", "a document from standard input has no directory in which %s could be", quote(name))
	case !filepath.IsLocal(name):
		return nil, wrong("copy it beside the document and name it without its directory", "%s is outside the document's directory", quote(name))
	}
	info, err := s.Root.Stat(name)
	switch _, fromSystem := errors.AsType[syscall.Errno](err); {
	case errors.Is(err, fs.ErrNotExist) && isLink(s.Root, name):
		return nil, wrong("copy the file itself beside the document", "%s is a link to what is not there", quote(name))
	case errors.Is(err, fs.ErrNotExist):
		return nil, wrong("the path is relative to the document's directory and must not lead out of it", "%s cannot be read: there is no such file in the document's directory", quote(name))
	case err != nil && !fromSystem: // os.Root refused it, not the system
		return nil, wrong("copy the file itself beside the document", "%s leads out of the document's directory by a link, and is not followed", quote(name))
	case err != nil:
		return nil, wrong("", "%s cannot be opened", quote(name))
	case !info.Mode().IsRegular():
		return nil, wrong("name a file with one serial number on each line", "%s is no file", quote(name))
	}
	f, err := s.Root.Open(name)
	if err != nil {
		return nil, wrong("", "%s cannot be opened", quote(name))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxCSV+1))
	switch {
	case err != nil:
		return nil, wrong("", "%s cannot be read to its end", quote(name))
	case len(data) > MaxCSV:
		return nil, wrong("split it over several profiles", "%s is larger than %d MiB", quote(name), MaxCSV>>20)
	}
	return data, nil
}

func isLink(root *os.Root, name string) bool {
	info, err := root.Lstat(name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// csvSerials calls add for every serial number of a list: RFC 4180, UTF-8, no
// header, serial[,description]. It returns how many rows there were.
func csvSerials(file string, data []byte, add func(serial, details string, at enroll.Origin)) (rows int, findings []enroll.Finding) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if line, col, ok := badByte(data); ok {
		return 0, []enroll.Finding{*refusal(enroll.Origin{File: file, Line: line, Col: col}, "save the file as CSV UTF-8", "the file is not UTF-8")}
	}
	report := func(line, column int, fix, text string) {
		at := enroll.Origin{File: file, Line: line, Col: runeColumn(data, line, column)}
		if len(findings) == maxCSVFindings {
			fix, text = "correct these first", "there are more problems in this file"
		}
		if len(findings) <= maxCSVFindings {
			findings = append(findings, *refusal(at, fix, "%s", text))
		}
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, findings
		}
		rows++
		if e, ok := errors.AsType[*csv.ParseError](err); ok {
			report(e.Line, e.Column, `a field with a quote in it is written in quotes, the quote doubled: "19"" rack"`, "broken quote")
			return rows, findings // where the next field begins is a guess
		}
		if err != nil {
			report(1, 1, "", "the file cannot be read as CSV")
			return rows, findings
		}
		if at, bad := badRow(row, rows == 1); bad != nil {
			line, column := in.FieldPos(at)
			report(line, column, bad.fix, bad.text)
			continue
		}
		s, bad := serial(row[0])
		line, column := in.FieldPos(0)
		if bad != nil {
			report(line, column, bad.fix, bad.text)
			continue
		}
		details := ""
		if len(row) == 2 {
			details = strings.TrimSpace(row[1])
		}
		add(s, details, enroll.Origin{File: file, Line: line, Col: column})
	}
}

// badRow finds what is wrong with the form of a row, and in which field.
func badRow(row []string, first bool) (int, *problem) {
	switch {
	case strings.ContainsAny(row[0], ";\t"):
		return 0, wrong("separate the columns with commas", "the columns are separated by semicolons or tabs")
	case first && isHeader(row[0]):
		return 0, wrong("delete the line", "this is a header, and the file has none")
	case len(row) > 2:
		return 2, wrong("a line is: serial number, and after a comma a description", "a third column")
	case len(row) == 2 && utf8.RuneCountInString(row[1]) > 128:
		return 1, wrong("", "the description is longer than 128 characters")
	}
	return 0, nil
}

func isHeader(field string) bool {
	word := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-.#", r) {
			return -1
		}
		return r
	}, strings.ToLower(field))
	switch word {
	case "serial", "serials", "serialnumber", "serialnumbers", "serialno", "deviceserial", "deviceserialnumber":
		return true
	}
	return false
}

// badByte is the place of the first byte that is not UTF-8.
func badByte(data []byte) (line, col int, found bool) {
	if utf8.Valid(data) {
		return 0, 0, false
	}
	line, col = 1, 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		if col++; r == '\n' {
			line, col = line+1, 1
		}
		i += size
	}
	return line, col, true
}

// runeColumn turns a column counted in bytes into one counted in characters.
func runeColumn(data []byte, line, column int) int {
	for range line - 1 {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			return column
		}
		data = data[i+1:]
	}
	return 1 + utf8.RuneCount(data[:min(max(column-1, 0), len(data))])
}
