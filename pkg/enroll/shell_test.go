package enroll

import "testing"

func TestShellWord(t *testing.T) {
	for _, tt := range []struct{ s, want string }{
		{"staff.yaml", "staff.yaml"},
		{"use=single-user", "use=single-user"},
		{"", "''"},
		{"Contoso ABM", "'Contoso ABM'"},
		{"$(reboot)", "'$(reboot)'"},
		{"`reboot`", "'`reboot`'"},
		{"{a,b}", "'{a,b}'"},
		{"a\nb", "'a\nb'"},
		{"=ls", "'=ls'"},
		{"O'Brien", `'O'\''Brien'`},
	} {
		if got := ShellWord(tt.s); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.s, got, tt.want)
		}
	}
}
