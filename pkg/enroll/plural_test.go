package enroll

import "testing"

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 devices", 1: "1 device", 2: "2 devices"} {
		if got := Plural(n, "device"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestRefString(t *testing.T) {
	for want, ref := range map[string]Ref{
		"ade-token":                         {Kind: ADEToken},
		"ade-token/Contoso ABM":             {Kind: ADEToken, Name: "Contoso ABM"},
		"ade-profile/iPhones (Contoso ABM)": {Kind: ADEProfile, Scope: "ade-token:Contoso ABM", Name: "iPhones"},
		"ade-devices (Contoso ABM)":         {Kind: ADEDevices, Scope: "ade-token:Contoso ABM"},
		"ade-devices":                       {Kind: ADEDevices, Scope: "ade-token:"},
	} {
		if got := ref.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
