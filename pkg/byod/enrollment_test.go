package byod

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOffer(t *testing.T) {
	personal := func(t string) []option { return []option{{optionType, "personal", t}} }
	tests := []struct {
		name string
		want offer
	}{
		{DeviceCompanyPortal, offer{"device", personal("device")}},
		{DeviceWeb, offer{"webDeviceEnrollment", personal("webDeviceEnrollment")}},
		{AccountDriven, offer{"accountDrivenUserEnrollment", personal("accountDrivenUserEnrollment")}},
		{UserChoice, offer{"device", []option{{optionType, "company", "device"}, {optionType, "personal", "accountDrivenUserEnrollment"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := offerOf(tt.name)
			if diff := cmp.Diff(tt.want, got); diff != "" || !ok {
				t.Errorf("known %t (-want +got):\n%s", ok, diff)
			}
			if back := enrollmentOf(got); back != tt.name {
				t.Errorf("reads back as %s", back)
			}
		})
	}
	for _, name := range []string{"", "user", "other", "Device"} {
		if _, ok := offerOf(name); ok {
			t.Errorf("%q can be sent", name)
		}
	}
}

func TestEnrollmentOf(t *testing.T) {
	tests := []struct {
		name string
		live offer
		want string
	}{
		{"no options", offer{Default: "webDeviceEnrollment"}, DeviceWeb},
		{"retired", offer{"user", []option{{Owner: "personal", Enrollment: "user"}}}, Retired},
		{"retired for some", offer{"device", []option{{Owner: "personal", Enrollment: "user"}}}, Retired},
		{"choice with another default", offer{"accountDrivenUserEnrollment", []option{{Owner: "company", Enrollment: "device"}}}, UserChoice},
		{"a mix of its own", offer{"device", []option{{Owner: "personal", Enrollment: "webDeviceEnrollment"}}}, Other},
		{"a type not known", offer{Default: "unknownFutureValue"}, Other},
		{"nothing", offer{}, Other},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := enrollmentOf(tt.live); got != tt.want {
				t.Errorf("enrollmentOf = %s, want %s", got, tt.want)
			}
		})
	}
}
