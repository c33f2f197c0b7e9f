// Package ade is Automated Device Enrollment: the tokens that connect Apple
// Business Manager to Intune, the enrollment profiles of a token, its default
// profile, and which serial numbers get which profile.
//
// An enrollment profile has two back ends that share one name space per token:
// the classic profile (depIOSEnrollmentProfile) and the enrollment policy, a
// settings catalog object that Intune mirrors into the token's list of
// profiles. They are one kind here; the mirror is the policy, not a second
// object. Everything is in Graph beta only.
//
// The package holds the table of keys of the file, the objects that a file
// wants, the rules of Microsoft's enrollment guide about them, and the kinds
// that read and write them.
package ade
