package directory

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRuleOfProfile(t *testing.T) {
	tests := []struct{ name, profile, want string }{
		{"plain", "Staff iPhones", `(device.enrollmentProfileName -eq "Staff iPhones")`},
		{"apostrophe", "O'Brien", `(device.enrollmentProfileName -eq "O'Brien")`},
		{"quotes", `The "blue" ones`, "(device.enrollmentProfileName -eq \"The `\"blue`\" ones\")"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := RuleOfProfile(tt.profile)
			if got != tt.want {
				t.Errorf("RuleOfProfile(%q) = %s, want %s", tt.profile, got, tt.want)
			}
			if diff := cmp.Diff([]string{tt.profile}, ProfilesIn(got)); diff != "" {
				t.Errorf("ProfilesIn (-want +got):\n%s", diff)
			}
			if devices, users := about(got); !devices || users {
				t.Errorf("about(%s) = %t, %t; want devices only", got, devices, users)
			}
		})
	}
}

func TestSameRule(t *testing.T) {
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"identical", `(device.x -eq "A")`, `(device.x -eq "A")`, true},
		{"spaces, case and parentheses outside quotes", `( Device.X   -EQ "A" )`, `device.x -eq "A"`, true},
		{"case inside quotes", `device.x -eq "A"`, `device.x -eq "a"`, false},
		{"spaces inside quotes", `device.x -eq "A  B"`, `device.x -eq "A B"`, false},
		{"parentheses that do not enclose all", `(device.x -eq "A") or (device.x -eq "B")`, `device.x -eq "A") or (device.x -eq "B"`, false},
		{"parenthesis inside quotes", `(device.x -eq ")")`, `device.x -eq ")"`, true},
		{"another value", `device.x -eq "A"`, `device.x -eq "B"`, false},
		{"empty", "", "", true},
		{"unclosed", `(device.x -eq "A`, `device.x -eq "A`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := sameRule(tt.a, tt.b); got != tt.same {
				t.Errorf("sameRule = %t, want %t", got, tt.same)
			}
		})
	}
}

func TestAbout(t *testing.T) {
	tests := []struct {
		name, rule     string
		devices, users bool
	}{
		{"devices", `(device.deviceOwnership -eq "Company")`, true, false},
		{"users", `user.department -eq "Sales"`, false, true},
		{"a word inside quotes", `user.department -eq "device.x user.y"`, false, true},
		{"both", `user.a -eq "x" and device.b -eq "y"`, true, true},
		{"membership of users", `user.memberof -any (group.objectId -in ['8f6c1c2e-0000-4000-8000-000000000000'])`, false, true},
		{"neither", `true`, false, false},
		{"no rule", ``, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			devices, users := about(tt.rule)
			if devices != tt.devices || users != tt.users {
				t.Errorf("about = %t, %t; want %t, %t", devices, users, tt.devices, tt.users)
			}
		})
	}
}

func TestProfilesIn(t *testing.T) {
	tests := []struct {
		name, rule string
		want       []string
	}{
		{"two", `(device.enrollmentProfileName -eq "A") or (device.enrollmentProfileName -eq "B")`, []string{"A", "B"}},
		{"a list", `device.enrollmentProfileName -in ["A", "B"]`, []string{"A", "B"}},
		{"another property", `device.displayName -eq "A"`, nil},
		{"another property behind", `device.enrollmentProfileName -eq "A" and device.displayName -startsWith "B"`, []string{"A"}},
		{"unclosed", `device.enrollmentProfileName -eq "`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ProfilesIn(tt.rule)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzRule(f *testing.F) {
	for _, s := range []string{`(device.x -eq "A")`, `((`, `"`, "`\"", `user.a -in ["x","y"]`, "(\u00a0)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		if !sameRule(rule, rule) {
			t.Errorf("%q is not the same as itself", rule)
		}
		about(rule)
		ProfilesIn(rule)
		joined := ""
		for w := range words(rule) {
			if w.text == "" {
				t.Fatalf("%q has an empty word", rule)
			}
			joined += w.text
		}
		if joined != rule {
			t.Errorf("words of %q make %q", rule, joined)
		}
	})
}
