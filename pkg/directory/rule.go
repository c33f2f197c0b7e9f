package directory

import (
	"strings"
	"unicode"
)

// RuleOfProfile is the membership rule that takes in the devices enrolled with
// the profile of that name (Microsoft docs pages on dynamic membership rules
// and on setup of automated device enrollment). A double quote inside the name
// is escaped with a backtick, as the first of them says.
func RuleOfProfile(name string) string {
	return `(device.enrollmentProfileName -eq "` + strings.ReplaceAll(name, `"`, "`\"") + `")`
}

// sameRule tells whether two rules read the same: white space and case outside
// quotes, and parentheses round the whole rule, make no difference.
func sameRule(a, b string) bool { return plainRule(a) == plainRule(b) }

func plainRule(rule string) string {
	var b strings.Builder
	space := false
	for word := range words(rule) {
		switch {
		case !word.quoted && strings.TrimSpace(word.text) == "":
			space = b.Len() > 0
			continue
		case space:
			b.WriteByte(' ')
			space = false
		}
		if word.quoted {
			b.WriteString(word.text)
		} else {
			b.WriteString(strings.ToLower(word.text))
		}
	}
	return unwrap(b.String())
}

// unwrap takes off parentheses that enclose the whole rule.
func unwrap(rule string) string {
	for strings.HasPrefix(rule, "(") && closing(rule) == len(rule)-1 {
		rule = strings.TrimSpace(rule[1 : len(rule)-1])
	}
	return rule
}

// closing is where the parenthesis that a rule begins with is closed, -1 when it is not.
func closing(rule string) int {
	depth, at := 0, 0
	for word := range words(rule) {
		if !word.quoted {
			switch word.text {
			case "(":
				depth++
			case ")":
				depth--
			}
		}
		if depth == 0 {
			return at
		}
		at += len(word.text)
	}
	return -1
}

// word is a piece of a rule: a quoted text with its quotes, a parenthesis, a
// run of white space, or a run of anything else.
type word struct {
	text   string
	quoted bool
}

func words(rule string) func(yield func(word) bool) {
	return func(yield func(word) bool) {
		for rule != "" {
			w := word{text: rule[:first(rule)]}
			w.quoted = rule[0] == '"' || rule[0] == '\''
			rule = rule[len(w.text):]
			if !yield(w) {
				return
			}
		}
	}
}

// first is the length of the first word of a rule that is not empty.
func first(rule string) int {
	switch quote := rule[0]; quote {
	case '"', '\'':
		escaped := false
		for i := 1; i < len(rule); i++ {
			switch {
			case escaped:
				escaped = false
			case rule[i] == '`':
				escaped = true
			case rule[i] == quote:
				return i + 1
			}
		}
		return len(rule)
	case '(', ')':
		return 1
	}
	blank := func(r rune) bool { return unicode.IsSpace(r) }
	if n := strings.IndexFunc(rule, func(r rune) bool { return !blank(r) }); n > 0 {
		return n
	} else if n < 0 {
		return len(rule)
	}
	if n := strings.IndexFunc(rule, func(r rune) bool { return blank(r) || strings.ContainsRune(`()"'`, r) }); n > 0 {
		return n
	}
	return len(rule)
}

// about tells whether a rule looks at devices, and at users: some word of it,
// outside quotes, begins with "device." or "user." (Microsoft docs page on
// dynamic membership rules: a rule is about one of the two).
func about(rule string) (devices, users bool) {
	for w := range words(rule) {
		if w.quoted {
			continue
		}
		for _, part := range strings.FieldsFunc(strings.ToLower(w.text), func(r rune) bool { return strings.ContainsRune("[],;", r) }) {
			devices = devices || strings.HasPrefix(part, "device.")
			users = users || strings.HasPrefix(part, "user.")
		}
	}
	return devices, users
}

// ProfilesIn are the names of enrollment profiles that a rule names.
func ProfilesIn(rule string) []string {
	var out []string
	named := false
	for w := range words(rule) {
		switch {
		case w.quoted && named && len(w.text) >= 2:
			out = append(out, strings.ReplaceAll(w.text[1:len(w.text)-1], "`\"", `"`))
		case !w.quoted && strings.Contains(strings.ToLower(w.text), "device.enrollmentprofilename"):
			named = true
		case !w.quoted && strings.Contains(strings.ToLower(w.text), "device."):
			named = false
		}
	}
	return out
}
