package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/intune-enroll/intune-enroll/pkg/document"
	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// largestPlan is the size of a plan file that is still read: 200,000 serial
// numbers stand in it several times.
const largestPlan = 64 << 20

// savePlan writes a plan so that only its owner can read it, and whole or not
// at all.
func savePlan(path string, p enroll.Plan) error {
	raw, err := json.MarshalIndent(p, "", "  ")
	if err == nil {
		err = replaceFile(path, append(raw, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	return nil
}

// loadPlan reads a saved plan and the document in it.
func loadPlan(path string) (enroll.Plan, document.Document, error) {
	bad := func(err error) (enroll.Plan, document.Document, error) {
		return enroll.Plan{}, document.Document{}, fail(codePlanInvalid, "make a new one: intune-enroll plan -f FILE --out "+enroll.ShellWord(path), "read plan %s: %w", path, err)
	}
	file, err := os.Open(path)
	if err != nil {
		return bad(err)
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, largestPlan+1))
	if err != nil {
		return bad(err)
	}
	if len(raw) > largestPlan {
		return bad(fmt.Errorf("it is larger than %d MiB", largestPlan>>20))
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var p enroll.Plan
	if err := d.Decode(&p); err != nil {
		return bad(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return bad(errors.New("there is something behind the plan"))
	}
	if p.Schema != enroll.SchemaVersion {
		return bad(fmt.Errorf("it has schemaVersion %q, and this program reads %q", p.Schema, enroll.SchemaVersion))
	}
	if len(p.Document) == 0 {
		return bad(errors.New("it holds no document"))
	}
	var doc document.Document
	if err := json.Unmarshal(p.Document, &doc); err != nil {
		return bad(err)
	}
	return p, doc, nil
}
