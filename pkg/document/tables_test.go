package document

import "github.com/intune-enroll/intune-enroll/pkg/enroll"

// testTables are small tables with one row of every type.
func testTables() keyTables {
	name := enroll.Key{Path: "name", Type: enroll.Text, Required: "always", Max: 20, Doc: "The name."}
	return keyTables{
		group: []enroll.Key{name, {Path: "devicesOfProfile", Type: enroll.Text}, {Path: "assigned", Type: enroll.Flag}},
		token: []enroll.Key{{Path: "token", Type: enroll.Text}, {Path: "defaultProfile", Type: enroll.Text}},
		profile: []enroll.Key{
			name,
			{Path: "id", Type: enroll.Text},
			{Path: "description", Type: enroll.Text},
			{Path: "userAffinity", Type: enroll.Choice, Values: []string{"user", "none"}, Required: "always"},
			{Path: "lockedEnrollment", Type: enroll.Flag},
			{Path: "companyPortal", Type: enroll.Mapping},
			{Path: "companyPortal.install", Type: enroll.Choice, Values: []string{"vpp", "appleId", "none"}, Required: "always"},
			{Path: "companyPortal.vppToken", Type: enroll.Text},
			{Path: "support.phone", Type: enroll.Text, Pattern: `[+0-9 ]+`, Hint: "digits, spaces and +"},
			{Path: "setupAssistant.hide", Type: enroll.Choices, Values: []string{"siri", "applePay", "screenTime"}},
			{Path: "syncWithComputers", Type: enroll.Either, Values: []string{"allow", "deny"}},
			{Path: "syncWithComputers.certificates", Type: enroll.Texts},
			{Path: "sharedIPad.maxCachedUsers", Type: enroll.Number, Min: 1, Max: 24},
			{Path: "devices.serials", Type: enroll.Texts},
			{Path: "devices.file", Type: enroll.Text},
			enroll.StateKey(),
		},
		byod:   []enroll.Key{name, {Path: "assignTo.allUsers", Type: enroll.Flag}, {Path: "assignTo.groups", Type: enroll.Texts}},
		app:    []enroll.Key{{Path: "source", Type: enroll.Choice, Values: []string{"vpp", "store"}, Required: "always"}},
		policy: []enroll.Key{name},
	}
}
