package document

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
)

// lines are findings as line:col message | fix.
func lines(findings []enroll.Finding) []string {
	out := []string{}
	for _, f := range findings {
		s := fmt.Sprintf("%d:%d %s", f.Origin.Line, f.Origin.Col, f.Message)
		if f.Fix != "" {
			s += " | " + f.Fix
		}
		out = append(out, s)
	}
	return out
}

const head = "apiVersion: intune-enroll/v1\n"

// inProfile is a file whose profile has the given lines after its name and affinity, from line 6 on.
func inProfile(body string) string {
	return head + "ade:\n  - profiles:\n      - name: P\n        userAffinity: user\n" + indent(body)
}

func indent(body string) string {
	return "        " + strings.ReplaceAll(strings.TrimSuffix(body, "\n"), "\n", "\n        ") + "\n"
}

func TestDecodeRefuses(t *testing.T) {
	const start = `write at least "apiVersion: intune-enroll/v1" and one of groups, ade, configurator, byod, companyPortal`
	for _, tc := range []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", []string{"1:1 the file is empty | " + start}},
		{"comments only", "# hello\n", []string{"1:1 the file is empty | " + start}},
		{"a list", "- a\n", []string{"1:1 the file is a list, it should be a mapping of keys to values | " + start}},
		{"no version", "groups: []\n", []string{"1:1 apiVersion is missing | write apiVersion: intune-enroll/v1 as the first line"}},
		{"other version", "apiVersion: intune-enroll/v2\n", []string{"1:13 apiVersion is not one this version of intune-enroll reads | write apiVersion: intune-enroll/v1"}},
		{"unknown top key", head + "group: []\n", []string{`2:1 unknown key "group": did you mean "groups"? | valid here: apiVersion, tenant, groups, ade, configurator, byod, companyPortal`}},
		{"twice", head + "groups: []\ngroups: []\n", []string{`3:1 key "groups" stands twice; the first is at f.yaml:2:1 | delete one of the two`}},
		{"tab", head + "groups:\n\t- name: a\n", []string{"3:1 not YAML: found character '<U+0009>' that cannot start any token"}},
		{"tab within a line", head + "groups:\n  - {name: ä😀,\tassigned: true}\n", []string{"3:15 not YAML: tab character cannot use as a map key directly | put spaces in place of tabs"}},
		{"unclosed", head + "groups: [\n", []string{"2:9 not YAML: sequence end token ']' not found"}},
		{"not UTF-8", head + "groups: \xff\n", []string{"2:9 the file is not UTF-8 | save it as UTF-8"}},
		{"UTF-16", "\xff\xfea\x00", []string{"1:1 the file is UTF-16 | save it as UTF-8"}},
		{"escape", head + "tenant: \x1b[31m\n", []string{"2:9 control character U+001B | delete it"}},
		{"old Mac line ends", "apiVersion: x\rgroups: []\r", []string{"1:14 a carriage return stands alone | save it with line feeds (LF or CRLF)"}},
		{"two documents", head + "---\ngroups: []\n", []string{"2:1 a second YAML document begins here (---) | put the second one in a file of its own and give both with -f"}},
		{"directive", "%YAML 1.2\n---\n" + head, []string{"1:1 YAML directives (%) are not used in this file | delete the line"}},
		{"tag", head + "tenant: !!str 12\n", []string{`2:9 tags such as "!!str" are not used in this file | put a text that looks like something else in quotes`}},
		{"merge", head + "a: &a {}\nb:\n  <<: *a\n", []string{"4:3 merge keys (<<) are not used in this file | write the keys out, or use an alias for a whole value"}},
		{"complex key", head + "? a\n: b\n", []string{"2:1 complex keys (?) are not used in this file"}},
		{"number as key", head + "1: a\n", []string{"2:1 a key is a plain word such as name or profiles"}},
		{"unknown alias", head + "groups: *x\n", []string{"2:9 alias *x has no anchor &x before it"}},
		{"alias of itself", head + "groups: &x [*x]\n", []string{"2:13 alias *x has no anchor &x before it"}},
		{"anchor twice", head + "groups: &x []\nade: &x []\n", []string{"3:6 anchor &x stands twice"}},
		{"section of the wrong shape", head + "groups: {}\nbyod: []\ncompanyPortal: {app: 1}\n", []string{
			"2:9 groups is a list, this is a mapping | begin each entry with a dash (-)",
			"3:7 byod wants a mapping, this is a list",
			"4:22 companyPortal.app wants a mapping, this is a number"}},
		{"entry of the wrong shape", head + "groups:\n  - a\n  -\n", []string{
			"3:5 groups wants a mapping of keys to values in each entry, this is a text",
			"4:5 groups wants a mapping of keys to values in each entry, this is nothing"}},
		{"tenant", head + "tenant: Contoso\n", []string{`2:9 tenant is neither an id nor a domain: "Contoso" | write the tenant's id or one of its verified domains, such as contoso.com`}},
		{"missing", head + "ade:\n  - profiles:\n      - id: x\n        companyPortal:\n          vppToken: A\n", []string{
			"4:9 name is missing in a profile of ade | The name.",
			"4:9 userAffinity is missing in a profile of ade",
			"5:9 companyPortal.install is missing in a profile of ade"}},
		{"unknown keys", inProfile("userAfinity: x\ncompanyPortal: {instal: vpp}\nfoo: 1"), []string{
			`6:9 unknown key "userAfinity" in a profile of ade: did you mean "userAffinity"? | valid here: name, id, description, userAffinity, lockedEnrollment, companyPortal, support, setupAssistant, syncWithComputers, sharedIPad, devices, state`,
			"7:24 companyPortal.install is missing in a profile of ade",
			`7:25 unknown key "instal" in companyPortal of a profile of ade: did you mean "install"? | valid here: install, vppToken`,
			`8:9 unknown key "foo" in a profile of ade | valid here: name, id, description, userAffinity, lockedEnrollment, companyPortal, support, setupAssistant, syncWithComputers, sharedIPad, devices, state`}},
		{"unknown key of a token", head + "ade:\n  - tokn: A\n", []string{`3:5 unknown key "tokn" in a token of ade: did you mean "token"? | valid here: token, defaultProfile, profiles`}},
		{"wrong types", inProfile("lockedEnrollment: yes\nid: 12\ndescription: [a]\nsharedIPad: {maxCachedUsers: 1.5}\nsetupAssistant: {hide: siri}\ncompanyPortal: vpp\nsyncWithComputers: {certificates: [true]}"), []string{
			`6:27 lockedEnrollment wants true or false, this is the text "yes" | write true or false without quotes; yes, no, on and off are texts in YAML`,
			`7:13 id wants a text, this is the number 12 | put it in quotes: "12"`,
			"8:22 description wants a text, this is a list",
			"9:38 sharedIPad.maxCachedUsers wants a whole number, this is the number 1.5",
			`10:32 setupAssistant.hide wants a list, this is the text "siri" | write [siri]`,
			"11:24 companyPortal wants a mapping, this is a text | valid below it: install, vppToken; to leave them all alone, delete the line",
			`12:44 syncWithComputers.certificates wants a text, this is the truth value true | put it in quotes: "true"`}},
		{"numbers", inProfile("sharedIPad:\n  maxCachedUsers: 25"), []string{"7:27 sharedIPad.maxCachedUsers is 25, it must be from 1 to 24"}},
		{"octal", inProfile("sharedIPad:\n  maxCachedUsers: 010"), []string{"7:27 sharedIPad.maxCachedUsers wants a whole number, this is the number 010"}},
		{"choices", inProfile("companyPortal: {install: VPP}\nsetupAssistant: {hide: [siri, sirri, siri, 1]}\nsyncWithComputers: maybe"), []string{
			`6:34 companyPortal.install does not know "VPP": did you mean "vpp"? | valid: vpp, appleId, none`,
			`7:39 setupAssistant.hide does not know "sirri": did you mean "siri"? | valid: siri, applePay, screenTime`,
			`7:46 "siri" stands twice in setupAssistant.hide; the first is at f.yaml:7:33 | delete one of the two`,
			`7:52 setupAssistant.hide wants a text, this is the number 1 | put it in quotes: "1"`,
			`8:28 syncWithComputers does not know "maybe" | valid: allow, deny, or a mapping`}},
		{"texts", inProfile("support: {phone: call me}\nid: \" a\"\ndescription: |\n  one\n  two\n"), []string{
			`6:26 support.phone does not take "call me" | digits, spaces and +`,
			"7:13 id begins or ends with white space | delete it; for a text of several lines write |- instead of |",
			"8:22 description begins or ends with white space | delete it; for a text of several lines write |- instead of |"}},
		{"escapes in names", head + "groups:\n  - name: \"a\\e[31m\"\n  - name: \"a\\nb\"\n  - name: \"a\\u202eb\"\n  - name: ''\n  - name: abcdefghijklmnopqrstu\n", []string{
			"3:11 name holds the character U+001B | delete it: such characters cannot be seen, and terminals obey them",
			"4:11 name holds the character U+000A | delete it: such characters cannot be seen, and terminals obey them",
			"5:11 name holds the character U+202E | delete it: such characters cannot be seen, and terminals obey them",
			"6:11 name is an empty text",
			"7:11 name is 21 characters long, 20 are allowed"}},
		{"null", inProfile("companyPortal:\nname2: ~\ndevices: {serials: }"), []string{
			"6:9 companyPortal wants a mapping, this is nothing | valid below it: install, vppToken; to leave them all alone, delete the line",
			`7:9 unknown key "name2" in a profile of ade: did you mean "name"? | valid here: name, id, description, userAffinity, lockedEnrollment, companyPortal, support, setupAssistant, syncWithComputers, sharedIPad, devices, state`,
			"8:19 devices.serials has no value | list serial numbers, or delete the line"}},
		{"null where required", head + "groups:\n  - name:\n", []string{"3:5 name has no value, and it is required"}},
		{"one name", head + "groups:\n  - name: a\n  - name: A\n  - name: a\n", []string{
			`4:11 group "A" differs from "a" at f.yaml:3:11 in upper and lower case only | rename one of the two, delete one, or tell them apart with id`,
			`5:11 group "a" stands twice; the first is at f.yaml:3:11 | rename one of the two, delete one, or tell them apart with id`}},
		{"one id", inProfile("id: x") + "      - name: Q\n        userAffinity: none\n        id: X\n", []string{`9:13 two entries have the id "x"; the first is at f.yaml:6:13 | delete one of the two`}},
		{"one serial list", inProfile("devices:\n  serials:\n    - f2lx00000001\n    - F2LX 0000001\n    - 353912345678901\n    - 12345678\n    - F2LX-0000001\n    - F2LX\n    - ' F2LX00000001 '\n    - []\n    - ABCDEFGHIJKLMNO\n    - \"\""), []string{
			"9:15 the serial number has a space inside | write it in one piece",
			"10:15 this looks like an IMEI, not like a serial number | use the serial number: 8 to 14 letters and digits",
			"12:15 the serial number holds a character other than A-Z and 0-9 | a serial number is 8 to 14 of A-Z and 0-9",
			"13:15 the serial number is 4 characters long | a serial number is 8 to 14 of A-Z and 0-9",
			"14:15 the same serial number stands at f.yaml:8:15 | delete one of the two",
			"15:15 devices.serials wants serial numbers, this is a list",
			"16:15 the serial number is 15 characters long | a serial number is 8 to 14 of A-Z and 0-9",
			"17:15 the serial number is empty"}},
		{"token left out beside a named one", head + "ade:\n  - token: A\n  - defaultProfile: P\n", []string{"4:5 this entry names no token, and another one does | name the token in every entry of ade"}},
		{"no file beside standard input", inProfile("devices: {file: a.csv}"), []string{`6:25 a document from standard input has no directory in which "a.csv" could be | list the serial numbers under devices.serials, or read the document from a file`}},
		{"deep", head + "tenant: " + strings.Repeat("[", 40) + "\n", []string{"2:41 values are nested more than 32 deep"}},
		{"dashes", head + strings.Repeat("- ", 40) + "\n", []string{"2:65 values are nested more than 32 deep"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, got := decode([]Source{{Name: "f.yaml", Data: []byte(tc.in)}}, testTables())
			if d := cmp.Diff(tc.want, lines(got)); d != "" {
				t.Errorf("findings (-want +got):\n%s", d)
			}
			for _, f := range got {
				if f.Severity != enroll.Error || f.Rule == "" || f.Origin.File != "f.yaml" {
					t.Errorf("incomplete finding: %+v", f)
				}
			}
		})
	}
}

func TestDecodeValues(t *testing.T) {
	in := "\ufeff---\r\n" + strings.ReplaceAll(head+`tenant: contoso.com
groups: &g
  - {name: "e\u0301", assigned: true}
ade:
  - token: Contoso ABM
    defaultProfile: P
    profiles:
      - name: P
        userAffinity: user
        description: |-
          one
          two
        lockedEnrollment: null
        companyPortal:
          install: vpp
        support: {phone: +358 1}
        setupAssistant: {hide: [siri, applePay]}
        syncWithComputers: deny
        sharedIPad: {maxCachedUsers: 10}
        devices: {serials: [f2lx00000002, 12345678]}
  - token: Contoso ABM
byod: {profiles: [{name: B, assignTo: {allUsers: true}}]}
companyPortal:
  app: {source: vpp}
  configPolicies: []
`, "\n", "\r\n")
	got, findings := decode([]Source{{Name: "f.yaml", Data: []byte(in)}}, testTables())
	if len(findings) > 0 {
		t.Fatalf("findings: %v", lines(findings))
	}
	at := func(line, col int) enroll.Origin { return enroll.Origin{File: "f.yaml", Line: line, Col: col} }
	want := Document{
		Tenant: Guard{"contoso.com", at(3, 9)},
		Groups: []enroll.Entry{{Values: enroll.Fields{"name": "é", "assigned": true}, Origin: at(5, 5),
			At: map[string]enroll.Origin{"name": at(5, 12), "assigned": at(5, 33)}}},
		ADE: []Token{{
			Entry: enroll.Entry{Values: enroll.Fields{"token": "Contoso ABM", "defaultProfile": "P"}, Origin: at(7, 5),
				At: map[string]enroll.Origin{"token": at(7, 12), "defaultProfile": at(8, 21)}},
			Profiles: []enroll.Entry{{Origin: at(10, 9),
				Values: enroll.Fields{"name": "P", "userAffinity": "user", "description": "one\ntwo", "lockedEnrollment": nil,
					"companyPortal.install": "vpp", "support.phone": "+358 1", "setupAssistant.hide": []string{"applePay", "siri"},
					"syncWithComputers": "deny", "sharedIPad.maxCachedUsers": int64(10), "devices.serials": []string{"12345678", "F2LX00000002"}},
				At: map[string]enroll.Origin{"name": at(10, 15), "userAffinity": at(11, 23), "description": at(12, 22), "lockedEnrollment": at(15, 9),
					"companyPortal": at(16, 9), "companyPortal.install": at(17, 20), "support": at(18, 18), "support.phone": at(18, 26),
					"setupAssistant": at(19, 25), "setupAssistant.hide": at(19, 32), "setupAssistant.hide[siri]": at(19, 33), "setupAssistant.hide[applePay]": at(19, 39),
					"syncWithComputers": at(20, 28), "sharedIPad": at(21, 21), "sharedIPad.maxCachedUsers": at(21, 38),
					"devices": at(22, 18), "devices.serials": at(22, 28)}}}}},
		BYOD: []enroll.Entry{{Origin: at(24, 19), Values: enroll.Fields{"name": "B", "assignTo.allUsers": true},
			At: map[string]enroll.Origin{"name": at(24, 26), "assignTo": at(24, 39), "assignTo.allUsers": at(24, 50)}}},
		App: &enroll.Entry{Origin: at(26, 8), Values: enroll.Fields{"source": "vpp"}, At: map[string]enroll.Origin{"source": at(26, 17)}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("document (-want +got):\n%s", d)
	}
	raw, err := got.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var back Document
	if err := back.unmarshal(raw, testTables()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, back); d != "" {
		t.Errorf("after a way through JSON (-want +got):\n%s", d)
	}
}

func TestDecodeFilesTogether(t *testing.T) {
	a := Source{Name: "a.yaml", Data: []byte(head + "tenant: contoso.com\ngroups:\n  - name: G\nade:\n  - token: T\n    defaultProfile: P\n    profiles:\n      - {name: P, userAffinity: none}\ncompanyPortal: {app: {source: vpp}}\n")}
	b := Source{Name: "b.yaml", Data: []byte(head + "tenant: fabrikam.com\ngroups:\n  - name: G\nade:\n  - token: T\n    defaultProfile: Q\n    profiles:\n      - {name: P, userAffinity: none}\n      - {name: Q, userAffinity: none}\ncompanyPortal: {app: {source: store}}\n")}
	doc, got := decode([]Source{a, b}, testTables())
	want := []string{
		`2:9 tenant "fabrikam.com" differs from tenant "contoso.com" at a.yaml:2:9 | name one tenant in all files that are read together`,
		`4:11 group "G" stands twice; the first is at a.yaml:4:11 | rename one of the two, delete one, or tell them apart with id`,
		"7:21 defaultProfile differs from that of the same token at a.yaml:7:21 | keep one of the two",
		`9:16 profile of the token "P" stands twice; the first is at a.yaml:9:16 | rename one of the two, delete one, or tell them apart with id`,
		"11:17 companyPortal.app stands twice; the first is at a.yaml:10:22 | keep one of the two",
	}
	if d := cmp.Diff(want, lines(got)); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
	if len(doc.ADE) != 1 || len(doc.ADE[0].Profiles) != 3 {
		t.Errorf("entries of one token are not one: %+v", doc.ADE)
	}
}

func TestAliases(t *testing.T) {
	in := head + "byod:\n  profiles:\n    - name: A\n      assignTo: &to {groups: [G]}\n    - name: B\n      assignTo: *to\n"
	doc, got := decode([]Source{{Name: "f.yaml", Data: []byte(in)}}, testTables())
	if len(got) > 0 || !cmp.Equal(doc.BYOD[1].Values, enroll.Fields{"name": "B", "assignTo.groups": []string{"G"}}) {
		t.Errorf("%v %+v", lines(got), doc.BYOD)
	}
	var bomb strings.Builder
	bomb.WriteString(head + "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 9 {
		fmt.Fprintf(&bomb, "b%d: &a%d [%s]\n", i, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	_, got = decode([]Source{{Name: "f.yaml", Data: []byte(bomb.String())}}, testTables())
	if len(got) != 1 || got[0].Message != "aliases repeat more than 10000 values" {
		t.Errorf("bomb: %v", lines(got))
	}
}

func TestTooManyKeys(t *testing.T) {
	_, got := decode([]Source{{Name: "f.yaml", Data: []byte(head + strings.Repeat("a: b\n", maxKeys))}}, testTables())
	if d := cmp.Diff([]string{"20001:2 more than 20000 keys in one file | split the file"}, lines(got)); d != "" {
		t.Error(d)
	}
}

func TestSerialFile(t *testing.T) {
	for _, tc := range []struct {
		name, csv string
		want      []string // findings: file:line:col message
		serials   []string
	}{
		{"plain", "F2LX00000001\nf2lx00000002,Anna's\n", nil, []string{"F2LX00000001", "F2LX00000002"}},
		{"BOM, CRLF, quotes, no last line end", "\ufeffF2LX00000001\r\n\r\n\"F2LX00000002\",\"a \"\"b\"\", c\nd\"", nil, []string{"F2LX00000001", "F2LX00000002"}},
		{"semicolons", "F2LX00000001;Anna\n", []string{"s.csv:1:1 the columns are separated by semicolons or tabs"}, nil},
		{"broken quote", "F2LX00000001\nF2LX00000002,å\"b\n", []string{"s.csv:2:15 broken quote"}, nil},
		{"open quote", "\"F2LX00000001\n", []string{"s.csv:1:15 broken quote"}, nil},
		{"third column", "F2LX00000001,a,b\n", []string{"s.csv:1:16 a third column"}, nil},
		{"not UTF-8", "F2LX00000001\nF2LX00000002,\xe5\n", []string{"s.csv:2:14 the file is not UTF-8"}, nil},
		{"header", "Serial Number\nF2LX00000001\n", []string{"s.csv:1:1 this is a header, and the file has none"}, nil},
		{"long description", "F2LX00000001," + strings.Repeat("å", 129) + "\n", []string{"s.csv:1:14 the description is longer than 128 characters"}, nil},
		{"bad serials", "SECRET-LINE\nF2LX 0000001\n353912345678901\n,x\n", []string{
			"s.csv:1:1 the serial number holds a character other than A-Z and 0-9", "s.csv:2:1 the serial number has a space inside",
			"s.csv:3:1 this looks like an IMEI, not like a serial number", "s.csv:4:1 the serial number is empty"}, nil},
		{"twice", "F2LX00000001\nF2LX00000001\nF2LX00000009\n", []string{
			"s.csv:2:1 the same serial number stands at s.csv:1:1", "s.csv:3:1 the same serial number stands at f.yaml:7:21"}, nil},
		{"empty", "\n", []string{`f.yaml:8:17 "s.csv" holds no serial number`}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "s.csv"), tc.csv)
			var inline string
			if tc.name == "twice" {
				inline = "\n  serials: [F2LX00000009]"
			} else {
				inline = "\n  # none here"
			}
			write(t, filepath.Join(dir, "f.yaml"), inProfile("devices:"+inline+"\n  file: s.csv"))
			sources, err := Open([]string{filepath.Join(dir, "f.yaml")}, nil)
			if err != nil {
				t.Fatal(err)
			}
			doc, findings := decode(sources, testTables())
			var got []string
			for _, f := range findings {
				got = append(got, strings.ReplaceAll(f.Origin.String()+" "+f.Message, dir+string(filepath.Separator), ""))
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("findings (-want +got):\n%s", d)
			}
			if tc.serials == nil {
				return
			}
			values := doc.ADE[0].Profiles[0].Values
			if d := cmp.Diff(enroll.Fields{"name": "P", "userAffinity": "user", "devices.serials": tc.serials}, values); d != "" {
				t.Errorf("values (-want +got):\n%s", d)
			}
		})
	}
}

func TestSerialFileStaysInside(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "out.csv"), "F2LX00000001\n")
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "d", "s.csv"), "F2LX00000001\n")
	for link, to := range map[string]string{"link.csv": filepath.Join(dir, "out.csv"), "up.csv": "../out.csv", "up": "..", "dangling.csv": "gone.csv"} {
		if err := os.Symlink(to, filepath.Join(dir, "d", link)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"../out.csv":                  `"../out.csv" is outside the document's directory`,
		"link.csv":                    `"link.csv" leads out of the document's directory by a link, and is not followed`,
		"up.csv":                      `"up.csv" leads out of the document's directory by a link, and is not followed`,
		"up/out.csv":                  `"up/out.csv" leads out of the document's directory by a link, and is not followed`,
		"dangling.csv":                `"dangling.csv" is a link to what is not there`,
		"s.csv/below":                 `"s.csv/below" cannot be opened`,
		"none.csv":                    `"none.csv" cannot be read: there is no such file in the document's directory`,
		".":                           `"." is no file`,
		filepath.Join(dir, "out.csv"): quote(filepath.Join(dir, "out.csv")) + " is outside the document's directory",
	} {
		file := filepath.Join(dir, "d", "f.yaml")
		write(t, file, inProfile("devices: {file: "+name+"}"))
		sources, err := Open([]string{file}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, findings := decode(sources, testTables())
		if len(findings) != 1 || findings[0].Message != want {
			t.Errorf("%s: %v", name, lines(findings))
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
