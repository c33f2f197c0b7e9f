// Package advise says which way of enrolling iPhones and iPads fits: from the
// answers to a fixed set of questions it gives the option, the way users sign
// in, the way Company Portal gets on the device, and why.
//
// It is pure: no clock, no tenant, no input or output. The procedure is a list
// of steps in steps_*.go, each a table of lines; the texts are a table in
// texts_*.go. What it knows comes from Microsoft's "Enrollment guide: Enroll
// iOS and iPadOS devices in Microsoft Intune" and from Microsoft's pages on
// Automated Device Enrollment (ADE), Apple Configurator, personal devices and
// Company Portal as they stood in May 2026. Where the guide leaves a tie, the
// messages with ids DD-01 to DD-03 name the choice that is ours.
package advise
