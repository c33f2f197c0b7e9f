package advise

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answers reads "key=value key=value", with a few words for what comes often.
func answers(t *testing.T, text string) Answers {
	t.Helper()
	var a Answers
	for word := range strings.FieldsSeq(text) {
		key, value, ok := strings.Cut(word, "=")
		switch {
		case ok:
		case word == "corporate" || word == "personal":
			key, value = "ownership", word
		case word == "new" || word == "existing" || word == "enrolled":
			key, value = "state", word
		default:
			key, value = "use", word
		}
		if err := a.Set(key, value); err != nil {
			t.Fatalf("%s: %v", word, err)
		}
	}
	if err := a.Check(); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestScenarios holds the sample scenarios of the guide's restatement, S01 to
// S60 as far as they are about advice, and others that follow from the
// procedure. A "-" means that the scenario does not say.
func TestScenarios(t *testing.T) {
	const s01 = "corporate single-user new portal=yes "
	const s16 = "corporate single-user new portal=no-country mac=yes mfa=unwanted entra=not-needed serials=yes "
	const s25 = "personal single-user existing wipe=no lob=yes managedAppleIds=yes "
	for _, tc := range []struct {
		name, answers, want, rules, not string
	}{
		{"S01", s01 + "count=500 vpp=ok mfa=required beforeCP=needed", "ade sa-modern vpp ok", "ADE-T02 ADE-T03 ADE-T04 ADE-T05 AUT-15 AUT-22 CPI-04", ""},
		{"S02", s01 + "vpp=ok beforeCP=forbidden mfa=indifferent", "ade company-portal vpp ok", "AUT-07 AUT-29 CPI-04 X-43", ""},
		{"S03", s01 + "vpp=ok beforeCP=forbidden mfa=required secondFactor=same-device", "ade sa-modern vpp warn", "AUT-02 AUT-07 X-43 X-25", ""},
		{"S04 second factor elsewhere", s01 + "vpp=ok beforeCP=forbidden mfa=required secondFactor=other-device", "ade company-portal vpp ok", "AUT-02 AUT-07 AUT-29 X-43", ""},
		{"S05", s01 + "vpp=none appleId=allowed", "ade sa-modern apple-id warn", "AUT-21 CPI-02 CPI-08 EUA-05 EUA-08", ""},
		{"S06 no way for Company Portal", s01 + "vpp=none appleId=not-allowed", "ade sa-modern none blocked", "CPI-09 EUA-08", ""},
		{"S07", s01 + "vpp=none appleId=not-allowed jit=yes", "ade sa-modern-jit none warn", "X-24 X-72", ""},
		{"S08 bad token", s01 + "vpp=bad", "ade sa-modern vpp blocked", "X-44 CPI-04", ""},
		{"S09", "corporate userless new portal=yes", "ade none none ok", "ADE-T06 ADE-18 EUA-06", ""},
		{"S10", "corporate shared-ipad new portal=yes", "ade none none ok", "ADE-21 X-50 X-25", ""},
		{"S11 Entra shared", "corporate entra-shared new portal=yes", "ade none none ok", "ADE-18 X-51 X-25", ""},
		{"S12", "corporate single-user existing wipe=yes portal=yes inProgram=no mac=yes mfa=required", "ac-setup-assistant company-portal apple-id ok", "ADE-T08 CFG-T06 CAU-04 CCP-03", "CFG-T04"},
		{"S13 wiped and listed", "corporate single-user existing wipe=yes portal=yes inProgram=yes vpp=ok", "ade sa-modern vpp ok", "ADE-T08 DD-01", ""},
		{"S14", "corporate userless existing wipe=no mac=yes", "ac-direct none none ok", "CFG-T06 CFG-T09 CFP-03 CFP-05 EUC-04", ""},
		{"S15", "corporate single-user existing wipe=no mac=yes", "none none none blocked", "X-30 X-62 BYO-T08 BYO-09 GEN-10", ""},
		{"S16", s16, "ac-setup-assistant setup-assistant none warn", "CFG-T03 CAU-03 CAU-09 CAU-11 CAU-13 EUC-03", ""},
		{"S18", "corporate single-user new portal=unwanted mac=no", "none none none blocked", "CFG-T02 CFG-13", ""},
		{"S19", s01 + "wired=yes mac=yes count=20", "ac-setup-assistant company-portal apple-id ok", "CFG-T01 CAU-03", "CFG-T04 CFG-T07"},
		{"S21", s16 + "count=6000", "ac-setup-assistant setup-assistant none warn", "CFG-T07 X-60", ""},
		{"S22", s01 + "dem=yes", "ade sa-modern apple-id blocked", "ADE-T10 BYO-T07 BYO-T08 DEV-04", ""},
		{"S23 DEM with Configurator", s16 + "dem=yes", "ac-setup-assistant setup-assistant none blocked", "CFG-T12 BYO-T08", ""},
		{"S24", "personal single-user existing dem=yes", "byod-device none store-by-user warn", "BYO-T07 DEV-04 X-90", ""},
		{"S25", s25 + "discovery=yes", "byod-account none none ok", "ACC-09 BYO-03 ACC-03 X-83", ""},
		{"S27", s25 + "discovery=no", "byod-web none none warn", "X-82 ACC-09", "X-81"},
		{"S28", "personal msAppsOnly=yes", "mam none none ok", "ACC-08 GEN-11", ""},
		{"S30", "personal wholeDevice=yes cpApp=wanted", "byod-device none store-by-user ok", "DEV-01 DEV-02 EUB-01", ""},
		{"S31 whole device and own apps", "personal wholeDevice=yes lob=yes managedAppleIds=yes discovery=yes", "byod-web none none warn", "DEV-02 ACC-06", ""},
		{"S32", "personal perApp=yes managedAppleIds=yes discovery=yes minOS=14.8", "byod-device none store-by-user blocked", "X-06 X-80 WEB-01", ""},
		{"S33", "personal userChoice=yes managedAppleIds=yes discovery=yes", "byod-choice none store-by-user ok", "CHO-01 CHO-02 BYO-08", ""},
		{"S34 choice without discovery", "personal userChoice=yes managedAppleIds=yes", "byod-choice none store-by-user blocked", "CHO-01 CHO-02 X-82 X-83 X-84", "X-81"},
		{"S35", "personal userless", "none none none blocked", "BYO-T09 ADE-T07 CFG-T10", ""},
		{"S36", "personal ask=ade", "byod-web none none blocked", "ADE-T07", ""},
		{"S37", "personal ask=configurator", "byod-web none none blocked", "CFG-T10", ""},
		{"S38 stays with the other MDM", s01 + "otherMdm=yes-staying apns=expired iosBlocked=yes", "mam none none ok", "ADE-T09 CFG-T11 BYO-T06 GEN-11", "GEN-08 X-05"},
		{"S39", s01 + "otherMdm=yes-leaving vpp=ok", "ade sa-modern vpp blocked", "ADE-T09 X-33", ""},
		{"S40", "personal existing otherMdm=yes-leaving wipe=no", "byod-web none none blocked", "BYO-T06", ""},
		{"S42", "corporate single-user enrolled profileCP=no vpp=ok", "none none config-policy ok", "CPI-11 CPI-12 CPI-13 CPI-14 X-40", ""},
		{"S43", "corporate single-user enrolled profileCP=yes vpp=ok", "none none none blocked", "X-41 CPI-11", ""},
		{"S44 enrolled by Configurator", "corporate single-user enrolled enrolledAs=configurator profileCP=no", "none none config-policy warn", "CCP-06 CCP-07 CCP-08 CCP-09 CCP-10 C-07", ""},
		{"S45", "corporate userless enrolled staging=yes", "none none config-policy warn", "X-42 EUA-06", ""},
		{"enrolled without a user", "corporate userless enrolled vpp=ok", "none none none blocked", "EUA-06 CFP-05", ""},
		{"staging through Configurator", "corporate userless enrolled enrolledAs=configurator staging=yes", "none none none blocked", "CFP-05", ""},
		{"S46", s01 + "legacyOk=yes mfa=required", "ade sa-modern apple-id blocked", "AUT-09 X-21", ""},
		{"S47 legacy and just in time", s01 + "legacyOk=yes jit=yes vpp=ok", "ade sa-modern vpp blocked", "X-24", "AUT-09"},
		{"S48", s01 + "legacyOk=yes mfa=unwanted entra=required vpp=ok", "ade sa-legacy vpp warn", "AUT-12 AUT-13 AUT-21 EUA-02", ""},
		{"legacy without registration", s01 + "legacyOk=yes entra=not-needed", "ade sa-legacy none warn", "AUT-09 AUT-10 AUT-11 AUT-13 AUT-21 X-20 EUA-03", ""},
		{"S49", s01 + "beforeCP=forbidden vpp=ok accTargeted=yes", "ade sa-modern vpp warn", "X-23", ""},
		{"S50", s01 + "apns=expired vpp=ok", "ade sa-modern vpp blocked", "GEN-08 X-10 X-11 X-12 X-13", ""},
		{"S50 personal, apps only", "personal msAppsOnly=yes apns=expired iosBlocked=yes mdmUpdates=yes", "mam none none blocked", "GEN-08 X-12", "X-05 DEV-03"},
		{"push certificate expiring", s01 + "apns=expiring vpp=ok", "ade sa-modern vpp warn", "GEN-08", ""},
		{"S51 no ADE token", s01 + "adeToken=none vpp=ok", "ade sa-modern vpp blocked", "ADE-13", ""},
		{"ADE token does not matter", "personal adeToken=none", "byod-web none none ok", "WEB-01 WEB-02 DD-02", "ADE-13"},
		{"S52", "personal enrolled perApp=yes managedAppleIds=yes discovery=yes", "byod-account none none blocked", "ACC-10 ACC-11", ""},
		{"the reverse of S52", "personal enrolled enrolledAs=account", "byod-web none none blocked", "ACC-10 ACC-11", ""},
		{"enrolled the same way", "personal enrolled enrolledAs=account lob=yes managedAppleIds=yes discovery=yes", "byod-account none none ok", "", "ACC-10 ACC-11"},
		{"S56", s01 + "vpp=ok mdmUpdates=yes ask=byod-device", "ade sa-modern vpp blocked", "BYO-T08 DEV-03", ""},
		{"S56 forced", s01 + "vpp=ok mdmUpdates=yes ask=byod-device force=BYO-T08", "byod-device none store-by-user warn", "BYO-T08 DEV-03", ""},
		{"overruled in vain", s01 + "vpp=ok force=BYO-T08", "ade sa-modern vpp warn", "BYO-T08", ""},
		{"Configurator overruled in vain", s01 + "vpp=ok mac=yes force=CFG-T04", "ade sa-modern vpp warn", "CFG-T04", ""},
		{"ADE overruled in vain", "personal force=ADE-T08", "byod-web none none warn", "ADE-T08", ""},
		{"S57 restriction", "personal personalIosBlocked=yes", "byod-web none none blocked", "X-05", ""},
		{"personal block and ADE", s01 + "vpp=ok personalIosBlocked=yes", "ade sa-modern vpp ok", "", "X-05"},
		{"S59", "personal supervised=yes", "byod-web none none blocked", "ADE-T01 X-71", ""},
		{"S60", s01 + "vpp=ok mdmAuthority=sccm", "ade sa-modern vpp blocked", "X-01 GEN-05", ""},
		{"authority in other letters", s01 + "vpp=ok mdmAuthority=Intune", "ade sa-modern vpp ok", "", "X-01"},

		{"shared iPad in use", "corporate shared-ipad existing wipe=no portal=yes", "ade none none blocked", "ADE-18 ADE-21 X-50 X-33", ""},
		{"shared iPad without portal", "corporate shared-ipad new portal=no-country", "ade none none blocked", "ADE-18 X-33", ""},
		{"kiosk in use, no Mac", "corporate userless existing wipe=no", "ac-direct none none blocked", "CFG-13 CFG-T06", ""},
		{"cable but no Mac", s01 + "wired=yes", "ac-setup-assistant company-portal apple-id blocked", "CFG-T01 CFG-13", ""},
		{"not listed, no Mac", "corporate single-user existing wipe=yes portal=yes", "none none none blocked", "CFG-13 X-33 ADE-T08", ""},
		{"kiosks through Configurator", "corporate userless new portal=unwanted mac=yes", "ac-direct none none ok", "CFP-03 C-13", ""},
		{"no serial numbers", "corporate single-user new portal=unwanted mac=yes serials=no", "ac-setup-assistant company-portal apple-id blocked", "CAU-11 X-62", ""},
		{"Configurator, device at once", "corporate single-user new portal=unwanted mac=yes beforeCP=needed", "ac-setup-assistant setup-assistant apple-id warn", "CAU-03 CAU-14 EUC-02", ""},
		{"Configurator, device at once and passwords", "corporate single-user new portal=unwanted mac=yes beforeCP=needed pwPrompts=yes", "ac-setup-assistant company-portal apple-id blocked", "CAU-09 CAU-01", ""},
		{"Configurator without Apple Account", "corporate single-user new portal=unwanted mac=yes appleId=not-allowed", "ac-setup-assistant company-portal apple-id blocked", "CCP-03 CCP-04", ""},
		{"supervision by direct enrollment", "corporate userless existing wipe=no mac=yes supervised=yes", "ac-direct none none blocked", "X-45 X-63", ""},
		{"updates by policy through Configurator", "corporate userless existing wipe=no mac=yes mdmUpdates=yes", "ac-direct none none warn", "DEV-03", ""},
		{"lock without token", s01 + "beforeCP=forbidden", "ade company-portal apple-id warn", "AUT-07 X-43 CPI-08 EUA-01", ""},
		{"lock and just in time", s01 + "beforeCP=forbidden jit=yes vpp=ok", "ade company-portal vpp warn", "X-24 X-43", ""},
		{"just in time before needed", s01 + "beforeCP=needed jit=yes vpp=ok", "ade sa-modern-jit vpp ok", "X-24 X-72", "AUT-22"},
		{"nothing wanted", s01 + "mfa=unwanted entra=not-needed vpp=ok", "ade sa-modern vpp ok", "AUT-21 X-20", "DD-03"},
		{"old phones", s01 + "vpp=ok minOS=16.7", "ade sa-modern vpp blocked", "X-06 GEN-07", ""},
		{"old kiosks", "corporate userless new portal=yes minOS=15.8", "ade none none warn", "X-06 GEN-07", ""},
		{"very old kiosks", "corporate userless new portal=yes minOS=14.8", "ade none none blocked", "X-06 GEN-07", ""},
		{"leaving another MDM on 25", s01 + "otherMdm=yes-leaving vpp=ok minOS=18.0", "ade sa-modern vpp blocked", "ADE-T09", "X-33"},
		{"too many for a token", s01 + "vpp=ok count=200001", "ade sa-modern vpp warn", "X-31", ""},
		{"as many as a token takes", s01 + "vpp=ok count=200000", "ade sa-modern vpp ok", "", "X-31"},
		{"too many for Configurator", s16 + "count=75001", "ac-setup-assistant setup-assistant none blocked", "X-60 CFG-T07", ""},
		{"many by direct enrollment", "corporate userless existing wipe=no mac=yes count=75001", "ac-direct none none warn", "CFG-T07 X-60", ""},
		{"too many for a DEM", "personal dem=yes count=1001", "byod-device none store-by-user blocked", "X-90", ""},
		{"DEM and wishes", "personal dem=yes perApp=yes userChoice=yes cpApp=unwanted", "byod-device none store-by-user warn", "X-90 C-21 DEV-04", ""},
		{"Configurator where ADE is possible", s01 + "vpp=ok mac=yes ask=configurator", "ade sa-modern vpp blocked", "CFG-T04", ""},
		{"the same, forced", s01 + "vpp=ok mac=yes ask=configurator force=CFG-T04", "ac-setup-assistant company-portal apple-id warn", "CFG-T04", ""},
		{"ADE for devices not listed, forced", "corporate single-user existing wipe=yes portal=yes vpp=ok ask=ade force=ADE-T08", "ade sa-modern vpp warn", "ADE-T08 X-33", ""},
		{"force helps nobody else", "personal ask=ade force=ADE-T08", "byod-web none none blocked", "ADE-T07", ""},
		{"personal, another way asked for", "personal ask=byod-account", "byod-web none none warn", "X-81", ""},
		{"the web without managed accounts", "personal perApp=yes discovery=yes", "byod-web none none warn", "WEB-03 X-81 ACC-02", "X-82"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Advise(answers(t, tc.answers))
			if diff := cmp.Diff(tc.want, strings.Join([]string{string(got.Option), string(got.Auth), string(got.CompanyPortal), string(got.Status)}, " ")); diff != "" {
				t.Errorf("(-want +got)\n%s\n%s", diff, got.Rules)
			}
			for rule := range strings.FieldsSeq(tc.rules) {
				if !slices.Contains(got.Rules, rule) {
					t.Errorf("rule %s is not among %v", rule, got.Rules)
				}
			}
			for rule := range strings.FieldsSeq(tc.not) {
				if slices.Contains(got.Rules, rule) {
					t.Errorf("rule %s is among %v", rule, got.Rules)
				}
			}
		})
	}
}

func TestLockAndAwait(t *testing.T) {
	for _, tc := range []struct {
		name, answers string
		lock, await   bool
	}{
		{"lock", "corporate single-user new portal=yes vpp=ok beforeCP=forbidden", true, false},
		{"second factor on the device", "corporate single-user new portal=yes vpp=ok beforeCP=forbidden mfa=required", false, true},
		{"no token", "corporate single-user new portal=yes beforeCP=forbidden", false, false},
		{"bad token", "corporate single-user new portal=yes beforeCP=forbidden vpp=bad", false, false},
		{"legacy", "corporate single-user new portal=yes beforeCP=forbidden vpp=ok legacyOk=yes", true, false},
		{"kiosk", "corporate userless new portal=yes", false, true},
		{"shared iPad", "corporate shared-ipad new portal=yes", false, false},
		{"personal", "personal", false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Advise(answers(t, tc.answers))
			if diff := cmp.Diff([]bool{tc.lock, tc.await}, []bool{got.LockUntilInstalled, got.AwaitFinalConfiguration}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWaysOutInOrder(t *testing.T) {
	got := Advise(answers(t, "corporate single-user existing wipe=no mac=yes"))
	var texts []string
	for _, m := range got.Messages {
		if strings.Contains(m.Text, "way out") {
			texts = append(texts, strings.SplitN(m.Text, ",", 2)[0])
		}
	}
	if diff := cmp.Diff([]string{"First way out: accept a reset after a backup. ADE or Apple Configurator can then enroll the devices with their users.", "Second way out", "Third way out"}, texts); diff != "" {
		t.Error(diff)
	}
}

func TestTextsAreFilledIn(t *testing.T) {
	for _, tc := range []struct{ name, answers, rule, says string }{
		{"files", "corporate single-user new portal=unwanted mac=yes count=6000", "X-60", "split the 6000 devices into 2 files"},
		{"tokens", "corporate single-user new portal=yes vpp=ok count=500000", "X-31", "500000 devices are more than the 200,000 that one ADE token or profile takes. Spread them over 3 tokens"},
		{"version", "personal minOS=16.1", "X-06", "iOS 16.1 is too old"},
		{"authority", "personal mdmAuthority=sccm", "X-01", `is "sccm", not Intune`},
		{"wishes", "personal dem=yes userChoice=yes cpApp=unwanted", "DEV-04", "cannot be met: a choice for the user; enrollment on the web, without the app."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Advise(answers(t, tc.answers))
			if !slices.ContainsFunc(got.Messages, func(m Message) bool { return m.Rule == tc.rule && strings.Contains(m.Text, tc.says) }) {
				t.Errorf("no message of %s says %q: %+v", tc.rule, tc.says, got.Messages)
			}
		})
	}
}
