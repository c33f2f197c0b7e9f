package byod

import "slices"

// What a profile offers, as field "enrollment" has it. The last two are only
// found: user enrollment with Company Portal is retired, and any other mix of
// options is not one that the admin center makes.
const (
	DeviceCompanyPortal = "deviceCompanyPortal"
	DeviceWeb           = "deviceWeb"
	UserChoice          = "userChoice"
	AccountDriven       = "accountDriven"
	Retired             = "user"
	Other               = "other"
)

func choices() []string {
	return []string{DeviceCompanyPortal, DeviceWeb, UserChoice, AccountDriven}
}

// offer is what Graph keeps of the choice: one type as default, and a type for
// each owner that the user may say the device has.
type offer struct {
	Default string   `json:"defaultEnrollmentType"`
	Options []option `json:"availableEnrollmentTypeOptions"`
}

type option struct {
	Type       string `json:"@odata.type,omitempty"`
	Owner      string `json:"ownerType"`
	Enrollment string `json:"enrollmentType"`
}

const optionType = "#microsoft.graph.appleOwnerTypeEnrollmentType"

// offerOf is what is sent for a choice. The three single ones are as peers
// send them; the user's choice is inferred from the type's shape (a company
// device enrolls as a device, a personal one by account) and read back.
func offerOf(enrollment string) (offer, bool) {
	single := func(t string) (offer, bool) { return offer{t, []option{{optionType, "personal", t}}}, true }
	switch enrollment {
	case DeviceCompanyPortal:
		return single("device")
	case DeviceWeb:
		return single("webDeviceEnrollment")
	case AccountDriven:
		return single("accountDrivenUserEnrollment")
	case UserChoice:
		return offer{"device", []option{{optionType, "company", "device"}, {optionType, "personal", "accountDrivenUserEnrollment"}}}, true
	}
	return offer{}, false
}

// enrollmentOf reads the choice back: one type for everybody is that type, the
// two types of the user's choice are that.
func enrollmentOf(o offer) string {
	types := []string{o.Default}
	for _, opt := range o.Options {
		if !slices.Contains(types, opt.Enrollment) {
			types = append(types, opt.Enrollment)
		}
	}
	if len(types) == 1 {
		switch o.Default {
		case "device":
			return DeviceCompanyPortal
		case "webDeviceEnrollment":
			return DeviceWeb
		case "accountDrivenUserEnrollment":
			return AccountDriven
		case "user":
			return Retired
		}
		return Other
	}
	slices.Sort(types)
	if slices.Contains(types, "user") {
		return Retired
	}
	if slices.Equal(types, []string{"accountDrivenUserEnrollment", "device"}) {
		return UserChoice
	}
	return Other
}
