package enroll

import "strings"

// ShellWord is s as one word of a command that can be pasted into a POSIX
// shell, which then does nothing with it: names come from tenants. PowerShell
// takes it too unless s holds an apostrophe.
func ShellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./@:+=,", r)
	}
	// zsh looks for a command where a word begins with an equals sign.
	if s != "" && s[0] != '=' && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
