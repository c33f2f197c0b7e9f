package starter

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/intune-enroll/intune-enroll/pkg/advise"
	"github.com/intune-enroll/intune-enroll/pkg/document"
)

// answers reads words like key=value.
func answers(t testing.TB, words string) advise.Answers {
	t.Helper()
	var a advise.Answers
	for word := range strings.FieldsSeq(words) {
		key, value, _ := strings.Cut(word, "=")
		if err := a.Set(key, value); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

const staff = "ownership=corporate use=single-user state=new portal=yes vpp=ok"

func TestWrite(t *testing.T) {
	a := answers(t, staff+" beforeCP=forbidden count=200001")
	got := Write(advise.Advise(a), a, Names{Tenant: "contoso.com", Profile: "Field phones", Group: "Field: phones", Token: "Contoso ABM", VPPToken: "Contoso VPP"},
		map[string]string{"ade": "automated Device Enrollment"}, "intune-enroll init")
	const want = `# Automated Device Enrollment; sign-in: company-portal; Company Portal: vpp.
# Written by:
#   intune-enroll init
# Not answered, and taken for granted: accTargeted=no, adeToken=ok, apns=ok, dem=no,
# iosBlocked=no, mdmAuthority=intune, mfa=indifferent, minOS=newest, otherMdm=no,
# wired=no.
#
# Mind: 200001 devices are more than the 200,000 that one ADE token or profile takes.
# Spread them over 2 tokens. (X-31)
# Why it is so: ADE-T03, CFG-T04, AUT-07, AUT-29, X-43, X-23, CPI-02, CPI-04, ADE-T02,
# ADE-T04, ADE-T05, X-25, AUT-05, EUA-01, GEN-09, GEN-10; "intune-enroll explain ID"
# tells each.
# Next: "intune-enroll validate" this file; "intune-enroll plan" shows what it would
# change, "intune-enroll apply" changes it, and "intune-enroll guide admin" lists what
# is done by hand.
apiVersion: intune-enroll/v1

tenant: contoso.com           # any other tenant is refused

groups:
  # A dynamic group of the devices that enroll with the profile below: assign apps and
  # settings to it.
  - name: "Field: phones"
    devicesOfProfile: Field phones

ade:
  - token: Contoso ABM
    # would give this profile to every device that syncs in from now on; left out, the
    # default stays as it is
    # defaultProfile: Field phones
    profiles:
      - name: Field phones
        type: classicProfile  # enrollment policies do not have what was asked for
        userAffinity: user    # cannot be changed later
        authentication: companyPortal
        companyPortal:
          install: vpp
          vppToken: Contoso VPP
          lockUntilInstalled: true  # the device stays in Company Portal until the user has signed in
        lockedEnrollment: true  # users cannot remove the management
        # deviceNameTemplate: "{{DEVICETYPE}}-{{SERIAL}}"  # names the devices
        # support: {department: IT, phone: "+1 425 555 0100"}  # shown in Setup Assistant
        # screens that users need not see; the whole list
        # setupAssistant: {hide: [applePay, siri, screenTime]}
        # Which devices get it: serial numbers that the token has synced. Take the #
        # away and put yours, or a CSV file beside this one:
        # devices: {serials: [F2LX00000011, F2LX00000012]}
        # devices: {file: serials.csv}  # serial number, then a description

companyPortal:
  # Company Portal with a licence of the device, installed by itself.
  app:
    source: vpp
    vppToken: Contoso VPP
    requiredFor: ["Field: phones"]
    # autoUpdate: true        # recommended: it updates by itself, and so does every other app of the token
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMakesAndAsk(t *testing.T) {
	for _, tc := range []struct {
		name, answers string
		makes         bool
		want          Asks
	}{
		{"phones of the staff", staff, true, Asks{true, true, true, "group to make of the devices that enroll with the profile", "Staff iPhones", "iOS - Staff iPhones"}},
		{"kiosks", "ownership=corporate use=userless state=new portal=yes", true, Asks{true, true, false, "group to make of the devices that enroll with the profile", "Kiosk devices", "iOS - Kiosk devices"}},
		{"by cable", "ownership=corporate use=single-user state=new portal=unwanted mac=yes", true, Asks{true, false, false, "group to make of the devices that enroll with the profile", "Staff iPhones", "iOS - Staff iPhones"}},
		{"personal", "ownership=personal", true, Asks{true, false, false, "group of the users who may enroll", "Personal devices", "All staff"}},
		{"enrolled", "ownership=corporate use=single-user state=enrolled profileCP=no vpp=ok", true, Asks{true, false, true, "group of exactly the devices that are enrolled already", "Company Portal - enrolled devices", "iOS - enrolled before Company Portal"}},
		{"app protection", "ownership=personal msAppsOnly=yes", false, Asks{}},
		{"blocked", "ownership=personal apns=none", false, Asks{true, false, false, "group of the users who may enroll", "Personal devices", "All staff"}},
		{"not answered", "ownership=corporate", false, Asks{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := answers(t, tc.answers)
			advice := advise.Advise(a)
			if diff := cmp.Diff([]any{tc.makes, tc.want}, []any{Makes(advice), Ask(advice, a)}); diff != "" {
				t.Error(diff)
			}
			if text := Write(advice, a, Names{}, nil, ""); (text != "") != tc.makes {
				t.Errorf("written: %q", text)
			}
		})
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"Contoso ABM": "Contoso ABM", "iOS - staff": "iOS - staff", "yes": `"yes"`, "Null": `"Null"`, "": `""`, "7 phones": `"7 phones"`,
		"- a": `"- a"`, "a: b": `"a: b"`, "a #b": `"a #b"`, "a ": `"a "`, `say "x"`: `"say \"x\""`, "Büro": `"Büro"`, "[a]": `"[a]"`, "a\nb": `"a\nb"`,
	} {
		if got := text(in); got != want {
			t.Errorf("%q is written %s, want %s", in, got, want)
		}
	}
}

// FuzzWrite: a name stands in the file as it is, or the file is refused; it
// never becomes another key, nor ends a comment.
func FuzzWrite(f *testing.F) {
	f.Add("Staff iPhones", "intune", "intune-enroll init")
	f.Add("a\n  - name: b", "x\napiVersion: other", "a\u2028b\rc")
	f.Add("# no", "", "--set x='\x00'")
	f.Fuzz(func(t *testing.T, name, authority, again string) {
		a := answers(t, "ownership=personal wholeDevice=yes lob=yes")
		advice := advise.Advise(a)
		advice.Assumed["mdmAuthority"] = authority
		text := Write(advice, a, Names{Profile: name, Group: name}, nil, again)
		doc, findings := document.Decode([]document.Source{{Name: "start.yaml", Data: []byte(text)}})
		if len(findings) > 0 || name == "" || !utf8.ValidString(name) {
			return
		}
		want := document.Normalize(name)
		if len(doc.BYOD) != 1 || doc.BYOD[0].Values.Text("name") != want || !cmp.Equal(doc.BYOD[0].Values.List("assignTo.groups"), []string{want}) {
			t.Errorf("%q became %+v in\n%s", name, doc.BYOD, text)
		}
	})
}
