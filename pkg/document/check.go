package document

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// problem is what is wrong with a value, worded to follow the key's path.
type problem struct{ text, fix string }

func wrong(fix, format string, args ...any) *problem {
	return &problem{text: fmt.Sprintf(format, args...), fix: fix}
}

// check holds a typed value (bool, int64, string or []string, never nil) against its
// row and returns it in canonical form: texts in NFC, lists as sorted sets.
func check(k enroll.Key, v any) (any, *problem) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case int64:
		if (k.Min != 0 || k.Max != 0) && (v < k.Min || v > k.Max) {
			return nil, wrong("", "is %d, it must be from %d to %d", v, k.Min, k.Max)
		}
		return v, nil
	case string:
		s, bad := checkItem(k, v)
		if n := int64(utf8.RuneCountInString(s)); bad == nil && n < k.Min {
			return nil, wrong("", "is shorter than %s", enroll.Plural(int(k.Min), "character"))
		} else if bad == nil && k.Max != 0 && n > k.Max {
			return nil, wrong("", "is %s long, %d are allowed", enroll.Plural(int(n), "character"), k.Max)
		}
		if bad != nil {
			return nil, bad
		}
		return s, nil
	case []string:
		if n := int64(len(v)); n < k.Min || k.Max != 0 && n > k.Max {
			return nil, wrong("", "has %s, from %d to %d are allowed", enroll.Plural(int(n), "item"), k.Min, k.Max)
		}
		out := make([]string, len(v))
		for i, item := range v {
			s, bad := checkItem(k, item)
			if bad != nil {
				return nil, bad
			}
			out[i] = s
		}
		return enroll.Set(out...), nil
	default:
		return nil, wrong("", "is of an unknown type")
	}
}

// checkItem holds one text against its row: a value of its own, or an item of a list.
func checkItem(k enroll.Key, s string) (string, *problem) {
	if len(k.Values) > 0 {
		if slices.Contains(k.Values, s) || slices.Contains(k.Refused, s) {
			return s, nil
		}
		p := wrong("valid: "+strings.Join(k.Values, ", "), "does not know %s", quote(s))
		if near := Nearest(s, k.Values); near != "" {
			p.text += fmt.Sprintf(": did you mean %q?", near)
		}
		if k.Type == enroll.Either {
			p.fix += ", or a mapping"
		}
		return "", p
	}
	s = Normalize(s)
	switch {
	case strings.TrimSpace(s) != s:
		return "", wrong("delete it; for a text of several lines write |- instead of |", "begins or ends with white space")
	case s == "" && (k.Type == enroll.Texts || k.Type == enroll.Files || k.Required == "always" || k.Min > 0):
		return "", wrong("", "is an empty text")
	}
	if r, ok := unprintable(s, k.Path == descriptionKey); ok {
		return "", wrong("delete it: such characters cannot be seen, and terminals obey them", "holds the character U+%04X", r)
	}
	if k.Pattern != "" {
		fits, err := matches(k.Pattern, s)
		if err != nil {
			return "", wrong("", "cannot be checked: %v", err)
		}
		if !fits {
			hint := k.Hint
			if hint == "" {
				hint = "it must match " + k.Pattern
			}
			return "", wrong(hint, "does not take %s", quote(s))
		}
	}
	return s, nil
}

// compiled are the patterns of the tables: a list may have a hundred thousand
// items, and compiling takes far longer than matching.
var compiled sync.Map

// matches tells whether the pattern of a row fits the whole text.
func matches(pattern, s string) (bool, error) {
	if re, ok := compiled.Load(pattern); ok {
		return re.(*regexp.Regexp).MatchString(s), nil
	}
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if err != nil {
		return false, err
	}
	compiled.Store(pattern, re)
	return re.MatchString(s), nil
}

// descriptionKey is the one text that may have several lines.
const descriptionKey = "description"

// unprintable is the first control, line separating, direction changing or
// zero width character of s.
func unprintable(s string, lines bool) (rune, bool) {
	for _, r := range s {
		switch {
		case lines && r == '\n':
		case r < ' ', r >= 0x7f && r < 0xa0,
			r == 0x2028, r == 0x2029,
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069,
			r == 0x200b, r == 0xfeff:
			return r, true
		}
	}
	return 0, false
}

// guid and domain are the two shapes of a tenant.
const (
	guid   = `^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`
	domain = `^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`
)

func (g Guard) problem() string {
	if regexp.MustCompile(guid).MatchString(g.Value) || len(g.Value) <= 253 && regexp.MustCompile(domain).MatchString(g.Value) {
		return ""
	}
	return "tenant is neither an id nor a domain: " + quote(g.Value)
}
