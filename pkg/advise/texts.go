package advise

import "slices"

// text is one sentence or a few of the catalogue: what, why, and what to do.
// The key is the id of the rule and, where a rule is told in several ways, a
// word after a blank. In braces: what say fills in.
type text struct{ key, text string }

// tables are all texts.
func tables() [][]text {
	return [][]text{tenantTexts, adeTexts, signInTexts, portalTexts, configuratorTexts, personalTexts, accountTexts}
}

// textOf finds the text of a key.
func textOf(key string) (string, bool) {
	for _, table := range tables() {
		if i := slices.IndexFunc(table, func(t text) bool { return t.key == key }); i >= 0 {
			return table[i].text, true
		}
	}
	return "", false
}

// tenantTexts speak of the tenant and of what every enrollment needs. From the
// guide's prerequisites and Microsoft's pages on the Apple MDM push
// certificate, enrollment restrictions, supported systems and iOS enrollment
// errors (2026).
var tenantTexts = []text{
	{"GEN-05", "The tenant has to be ready before any enrollment: MDM authority, licences, roles and groups. Look at it with: intune-enroll check"},
	{"GEN-07", "The devices must be of a model and version that Intune supports; update older ones before they enroll, or leave them out."},
	{"GEN-08 none", "There is no Apple MDM push certificate in Intune. No iPhone or iPad can enroll without it: make one in the Apple Push Certificates Portal and upload it first."},
	{"GEN-08 expired", "The Apple MDM push certificate has expired. No iPhone or iPad can enroll, and enrolled ones can no longer be reached: renew it now, with the same Apple Account and as a renewal."},
	{"GEN-08 expiring", "The Apple MDM push certificate runs out within 30 days. Renew it before you start, with the same Apple Account and as a renewal."},
	{"GEN-09", "The way to sign in and the way Company Portal gets on the device are chosen before the profile is made. The profile has no default for them: write both into it."},
	{"GEN-10", "Send users instructions before you begin: what to expect, what to type in, whom to ask. People dislike enrolling on their own and may never have heard of Company Portal."},
	{"GEN-11", "App protection without enrollment guards the organization's data inside the apps and leaves the device alone. intune-enroll makes nothing for it: create app protection policies in the Intune admin center."},
	{"GEN-11 staying", "While another MDM keeps the devices, single apps can be guarded by app protection policies without enrollment. Make those in the Intune admin center; enrolling in Intune stays the recommendation for the organization's devices."},
	{"GEN-11 corporate", "App protection without enrollment guards single apps only; the organization's own devices should be enrolled."},
	{"GEN-11 one user", "App protection follows the user who signs in to an app; a device without one user of its own has nobody to follow."},
	{"X-01", "The MDM authority of the tenant is {mdmAuthority}, not Intune, so every enrollment is refused. Set it to Intune in the Intune admin center first."},
	{"X-05", "An enrollment restriction blocks iOS and iPadOS, so every enrollment ends in an error. Allow the platform, and block only personally owned devices where that was the aim; a change takes about 15 minutes."},
	{"X-05 personal", "An enrollment restriction blocks personally owned iOS and iPadOS devices, so these cannot enroll. Allow them for the users concerned; a change takes about 15 minutes."},
	{"X-06", "iOS {minOS} is too old: Intune supports devices with a user from version 17, app protection included. Update the devices first."},
	{"X-06 without user", "iOS {minOS} is too old: devices without a user can enroll from version 15. Update the devices first."},
	{"X-06 no guarantee", "iOS {minOS} can still enroll without a user, but Microsoft guarantees nothing below version 17. Plan the update."},
	{"X-10", "To make a push certificate: download the request file from Intune, upload it at the Apple Push Certificates Portal, upload the answer to Intune. Use an Apple Account of the organization with a shared mailbox that somebody reads, not a person's own."},
	{"X-11", "The push certificate lasts 365 days and can be renewed for another 30. Always choose Renew, never Create, with the same Apple Account, and compare the topic before the upload."},
	{"X-12", "Without a valid push certificate every enrollment fails. A new certificate in place of a renewed one orphans every enrolled device: each would have to enroll again."},
	{"X-13", "The Apple Account behind the push certificate can be changed, but Microsoft's pages disagree on whether devices then have to enroll again. Keeping the same account is the safe way."},
	{"X-30 enrolled", "The devices are enrolled already, so no enrollment option is left to choose; only the way Company Portal gets there is."},
}
