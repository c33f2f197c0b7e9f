package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// wire is a Document in a saved plan: values typed as in the file, lists of
// serial numbers folded in, places kept.
type wire struct {
	APIVersion string         `json:"apiVersion"`
	Tenant     *Guard         `json:"tenant,omitempty"`
	Groups     []enroll.Entry `json:"groups,omitempty"`
	ADE        []Token        `json:"ade,omitempty"`
	Mac        []enroll.Entry `json:"configurator,omitempty"`
	BYOD       []enroll.Entry `json:"byod,omitempty"`
	App        *enroll.Entry  `json:"app,omitempty"`
	Policies   []enroll.Entry `json:"policies,omitempty"`
}

// MarshalJSON is the form of the document in a saved plan.
func (d Document) MarshalJSON() ([]byte, error) {
	w := wire{APIVersion: APIVersion, Groups: d.Groups, ADE: d.ADE, Mac: d.Mac, BYOD: d.BYOD, App: d.App, Policies: d.Policies}
	if d.Tenant.Value != "" {
		w.Tenant = &d.Tenant
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON wrote. Whatever the tables of keys do
// not allow is refused, as it is in a file, so that an edited plan can hold
// nothing that a file could not; it can name no file either.
func (d *Document) UnmarshalJSON(raw []byte) error { return d.unmarshal(raw, tables()) }

func (d *Document) unmarshal(raw []byte, t keyTables) error {
	in := json.NewDecoder(bytes.NewReader(raw))
	in.DisallowUnknownFields()
	in.UseNumber()
	var w wire
	if err := in.Decode(&w); err != nil {
		return fmt.Errorf("read the document in the plan: %w", err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return errors.New("read the document in the plan: text after its end")
	}
	if w.APIVersion != APIVersion {
		return fmt.Errorf("the document in the plan is not of version %s", APIVersion)
	}
	out := Document{Groups: w.Groups, ADE: w.ADE, Mac: w.Mac, BYOD: w.BYOD, App: w.App, Policies: w.Policies}
	if w.Tenant != nil {
		out.Tenant = *w.Tenant
		if problem := out.Tenant.problem(); problem != "" {
			return errors.New(problem)
		}
	}
	if err := out.retype(t); err != nil {
		return fmt.Errorf("the document in the plan: %w", err)
	}
	if again := duplicates(out); len(again) > 0 {
		return fmt.Errorf("the document in the plan: %s", again[0].Message)
	}
	*d = out
	return nil
}

// retype gives the values of all entries the types that the tables ask for.
func (d *Document) retype(t keyTables) error {
	if err := retype(t.group, d.Groups...); err != nil {
		return err
	}
	for _, token := range d.ADE {
		if err := retype(t.token, token.Entry); err != nil {
			return err
		}
		if err := retype(t.profile, token.Profiles...); err != nil {
			return err
		}
	}
	if err := retype(t.mac, d.Mac...); err != nil {
		return err
	}
	if err := retype(t.byod, d.BYOD...); err != nil {
		return err
	}
	if d.App != nil {
		if err := retype(t.app, *d.App); err != nil {
			return err
		}
	}
	return retype(t.policy, d.Policies...)
}

func retype(keys []enroll.Key, entries ...enroll.Entry) error {
	for _, e := range entries {
		if e.Values == nil {
			return fmt.Errorf("an entry without values (%s)", e.Origin)
		}
		for _, path := range e.Values.Paths() {
			v, err := retyped(keys, path, e.Values[path])
			if err != nil {
				return fmt.Errorf("%s: %w", quote(path), err)
			}
			e.Values[path] = v
		}
		for _, k := range keys {
			if _, nested := above(k.Path); required(k, e) && !nested && e.Values[k.Path] == nil {
				return fmt.Errorf("%s is missing", k.Path)
			}
		}
	}
	return nil
}

func retyped(keys []enroll.Key, path string, v any) (any, error) {
	key, ok := find(keys, path)
	switch {
	case !ok || key.Type == enroll.Mapping || path == fileKey:
		return nil, errors.New("no such key")
	case v == nil:
		return nil, nil
	}
	typed, ok := fromJSON(key.Type, v)
	if !ok {
		return nil, fmt.Errorf("is no %s", key.Type)
	}
	if path == serialsKey {
		list := typed.([]string)
		for i, s := range list {
			clean, bad := serial(s)
			if bad != nil {
				return nil, errors.New(bad.text)
			}
			list[i] = clean
		}
		return enroll.Set(list...), nil
	}
	clean, bad := check(key, typed)
	if list, ok := clean.([]string); ok && key.Type == enroll.Files {
		bad = foldedCertificates(list)
	}
	if bad != nil {
		return nil, errors.New(bad.text)
	}
	return clean, nil
}

// fromJSON is the value as check takes it, false when it is of another type.
func fromJSON(t enroll.Type, v any) (any, bool) {
	switch t {
	case enroll.Flag:
		b, ok := v.(bool)
		return b, ok
	case enroll.Number:
		n, _ := v.(json.Number)
		i, err := n.Int64()
		return i, err == nil
	case enroll.Choices, enroll.Texts, enroll.Files:
		items, ok := v.([]any)
		out := make([]string, 0, len(items))
		for _, item := range items {
			s, isText := item.(string)
			ok = ok && isText
			out = append(out, s)
		}
		return out, ok
	default:
		s, ok := v.(string)
		return s, ok
	}
}
