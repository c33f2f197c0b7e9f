package advise

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// maxBytes bounds an answers file; all answers together take about 1 KiB.
const maxBytes = 64 << 10

// Parse reads answers from a JSON object: keys and values of Inputs, numbers
// for count, true and false also for yes and no. Everything that is wrong is
// reported at once: unknown and repeated keys, values that are none of the key's.
func Parse(r io.Reader) (Answers, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return Answers{}, fmt.Errorf("read the answers: %w", err)
	}
	if len(data) > maxBytes {
		return Answers{}, fmt.Errorf("the answers are longer than %d bytes", maxBytes)
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	d.UseNumber()
	return parse(d)
}

func parse(d *json.Decoder) (Answers, error) {
	start, err := d.Token()
	if err != nil {
		return Answers{}, notJSON(err)
	}
	if start != json.Delim('{') {
		return Answers{}, errors.New(`the answers are not a JSON object like {"ownership": "corporate"}`)
	}
	var a Answers
	var wrong []error
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return Answers{}, notJSON(err)
		}
		key, ok := token.(string)
		if !ok {
			return Answers{}, errors.New("the answers are not valid JSON: a key is not a text")
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return Answers{}, notJSON(err)
		}
		if seen[key] {
			wrong = append(wrong, fmt.Errorf("%s is answered twice", key))
			continue
		}
		seen[key] = true
		text, err := asText(value)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", key, err))
			continue
		}
		if err := a.Set(key, text); err != nil {
			wrong = append(wrong, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return Answers{}, notJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Answers{}, errors.New("something follows the JSON object with the answers")
	}
	if len(wrong) > 0 {
		return Answers{}, errors.Join(wrong...)
	}
	return a, a.Check()
}

// Check says which answers cannot be true together.
func (a Answers) Check() error {
	if a.EnrolledAs != "" && a.Ownership != "" && personalEnrollment(a.EnrolledAs) != a.personal() {
		return fmt.Errorf("enrolledAs: %q does not go with ownership %q; corporate devices are enrolled as ade or configurator, personal ones as device or account", a.EnrolledAs, a.Ownership)
	}
	return nil
}

// personalEnrollment tells whether a value of enrolledAs is for personal devices.
func personalEnrollment(as string) bool { return as == "device" || as == "account" }

func asText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		if v {
			return "yes", nil
		}
		return "no", nil
	default:
		return "", errors.New("the answer is neither a text nor a number; write it in quotes")
	}
}

func notJSON(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the answers are not complete JSON: the text ends too early")
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("the answers are not valid JSON at byte %s: %w", strconv.FormatInt(syntax.Offset, 10), err)
	}
	return fmt.Errorf("read the answers: %w", err)
}
