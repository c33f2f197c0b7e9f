package companyportal

import (
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEncoded(t *testing.T) {
	tests := []struct{ name, want string }{
		{UserAffinity, "<dict>\n    <key>IntuneCompanyPortalEnrollmentAfterUDA</key>\n    <dict>\n        <key>IntuneDeviceId</key>\n        <string>{{deviceid}}</string>\n        <key>UserId</key>\n        <string>{{userid}}</string>\n    </dict>\n</dict>"},
		{DeviceStaging, "<dict>\n    <key>IntuneUDAUserlessDevice</key>\n    <string>{{SIGNEDDEVICEID}}</string>\n</dict>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := encoded(tt.name)
			raw, decodeErr := base64.StdEncoding.DecodeString(got)
			if err != nil || decodeErr != nil {
				t.Fatal(err, decodeErr)
			}
			if diff := cmp.Diff(tt.want, string(raw)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if v := variantOf(got); v != tt.name {
				t.Errorf("reads back as %s", v)
			}
		})
	}
	if _, err := encoded(Other); err == nil {
		t.Error("other can be sent")
	}
}

func TestVariantOf(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no spaces", `<dict><key>IntuneUDAUserlessDevice</key><string>{{SIGNEDDEVICEID}}</string></dict>`, DeviceStaging},
		{"in a plist", `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE plist><plist version="1.0"><dict><key>IntuneUDAUserlessDevice</key><string>{{SIGNEDDEVICEID}}</string></dict></plist>`, DeviceStaging},
		{"comment and CRLF", "<dict>\r\n<!-- ours -->\r\n<key>IntuneUDAUserlessDevice</key>\r\n<string>{{SIGNEDDEVICEID}}</string>\r\n</dict>", DeviceStaging},
		{"keys the other way round", `<dict><key>IntuneCompanyPortalEnrollmentAfterUDA</key><dict><key>UserId</key><string>{{userid}}</string><key>IntuneDeviceId</key><string>{{deviceid}}</string></dict></dict>`, UserAffinity},
		{"another case", `<dict><key>intuneudauserlessdevice</key><string>{{SIGNEDDEVICEID}}</string></dict>`, Other},
		{"another value", `<dict><key>IntuneUDAUserlessDevice</key><string>{{deviceid}}</string></dict>`, Other},
		{"one key more", `<dict><key>IntuneUDAUserlessDevice</key><string>{{SIGNEDDEVICEID}}</string><key>a</key><string>b</string></dict>`, Other},
		{"a key twice", `<dict><key>IntuneUDAUserlessDevice</key><string>x</string><key>IntuneUDAUserlessDevice</key><string>{{SIGNEDDEVICEID}}</string></dict>`, Other},
		{"another type of value", `<dict><key>IntuneUDAUserlessDevice</key><true/></dict>`, Other},
		{"a key without value", `<dict><key>IntuneUDAUserlessDevice</key></dict>`, Other},
		{"text between", `<dict>x<key>IntuneUDAUserlessDevice</key><string>{{SIGNEDDEVICEID}}</string></dict>`, Other},
		{"an array", `<array/>`, Other},
		{"no XML", `hello`, Other},
		{"cut", `<dict><key>Intune`, Other},
		{"empty", ``, Other},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := variantOf(base64.StdEncoding.EncodeToString([]byte(tt.text))); got != tt.want {
				t.Errorf("variantOf = %s, want %s", got, tt.want)
			}
		})
	}
	if got := variantOf("not base64!"); got != Other {
		t.Errorf("variantOf of no base64 = %s", got)
	}
}

func FuzzVariantOf(f *testing.F) {
	for _, v := range variants() {
		text, _ := settingsOf(v)
		f.Add(text)
	}
	f.Add(`<dict><key>a</key><dict><key>b</key><dict><key>c</key><dict></dict></dict></dict></dict>`)
	f.Add(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><dict><key>&a;</key></dict>`)
	f.Fuzz(func(t *testing.T, text string) {
		if got := variantOf(base64.StdEncoding.EncodeToString([]byte(text))); got != Other && len(text) < len("<dict><key>IntuneUDAUserlessDevice</key>") {
			t.Errorf("%q reads as %s", text, got)
		}
	})
}
