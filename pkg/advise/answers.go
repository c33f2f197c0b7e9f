package advise

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Answers are what is known of the devices, their users and the tenant. An
// empty field was not answered. Fill them with Set or Parse, which take only
// the values of Inputs; Advise reads any other value as none of them.
type Answers struct {
	// The devices and who holds them.
	Ownership, Use, State, EnrolledAs, Wipe, OtherMDM, MinOS, Count string
	// What the organization has and can do.
	Portal, InProgram, Wired, Mac, Serials, DEM, VPP, AppleID, ManagedAppleIDs, Discovery string
	// What is wanted.
	Supervised, MFA, SecondFactor, PwPrompts, Entra, BeforeCP, JIT, LegacyOK, MDMUpdates     string
	LOB, MSAppsOnly, WholeDevice, PerApp, UserChoice, CPApp, ProfileCP, Staging, ACCTargeted string
	// Ask is the option somebody has in mind, Force the rule they overrule.
	Ask, Force string
	// What is known of the tenant.
	APNs, ADEToken, MDMAuthority, IOSBlocked, PersonalIOSBlocked string
}

// Get is the answer to key, "" when there is none or no such key.
func (a Answers) Get(key string) string {
	in, ok := input(key)
	if !ok {
		return ""
	}
	return *in.at(&a)
}

// Set answers key. The error names the keys, or the values of the key.
func (a *Answers) Set(key, value string) error {
	in, ok := input(key)
	if !ok {
		return fmt.Errorf("no question is called %q; the questions are %s", key, strings.Join(Keys(), ", "))
	}
	value, err := in.accept(strings.TrimSpace(value))
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	*in.at(a) = value
	return nil
}

// Keys are the keys of all answers, in the order of Inputs.
func Keys() []string {
	keys := make([]string, len(inputs))
	for i, in := range inputs {
		keys[i] = in.Key
	}
	return keys
}

func input(key string) (Input, bool) {
	i := slices.IndexFunc(inputs, func(in Input) bool { return in.Key == key })
	if i < 0 {
		return Input{}, false
	}
	return inputs[i], true
}

// accept gives the value as it is kept.
func (in Input) accept(value string) (string, error) {
	switch in.Type {
	case Number:
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > maxCount {
			return "", fmt.Errorf("%q is not a whole number from 1 to %d", value, maxCount)
		}
		return strconv.Itoa(n), nil
	case Version:
		// Compiled here: versions are rare, and nothing is compiled when the program starts.
		if ok, _ := regexp.MatchString(`^\d{1,2}(\.\d{1,3}){0,2}$`, value); !ok && value != newest {
			return "", fmt.Errorf("%q is not a version like 17.0, nor %s", value, newest)
		}
		return value, nil
	case Word:
		if value == "" || len(value) > 64 {
			return "", fmt.Errorf("%q is not a word of 1 to 64 characters", value)
		}
		return value, nil
	default:
		if !slices.Contains(in.Values(), value) {
			return "", fmt.Errorf("%q is not one of %s", value, strings.Join(in.Values(), ", "))
		}
		return value, nil
	}
}

const (
	newest   = "newest"
	maxCount = 10_000_000
)

// complete fills what was not answered with its default, and what has none
// with fallback, the value that stands in while it is unknown.
func complete(a Answers) Answers {
	// wipe does not matter for new devices: there is nothing on them.
	if a.State == "new" {
		a.Wipe = "yes"
	}
	for _, in := range inputs {
		at := in.at(&a)
		if *at == "" {
			value, _ := in.defaultFor(a)
			*at = cmp.Or(value, in.fallback)
		}
	}
	return a
}

// defaultFor is the value that an unanswered input has beside the answers a;
// ok is false when there is none. The inputs before it are filled in a.
func (in Input) defaultFor(a Answers) (value string, ok bool) {
	personal := a.Ownership == "personal"
	switch in.Key {
	case "use":
		value = when(personal, "single-user")
	case "state":
		value = when(personal, "existing")
	case "wipe":
		value = when(personal, "no")
	case "portal":
		value = when(personal, "yes")
	case "enrolledAs":
		value = cmp.Or(when(personal, "device"), "ade")
	case "inProgram":
		value = cmp.Or(when(a.State == "new" && a.Portal == "yes", "yes"), "no")
	default:
		value = in.Default
	}
	return value, value != ""
}

func when(condition bool, value string) string {
	if condition {
		return value
	}
	return ""
}

func (a *Answers) single() bool   { return a.Use == "single-user" }
func (a *Answers) personal() bool { return a.Ownership == "personal" }
func (a *Answers) shared() bool   { return a.Use == "shared-ipad" || a.Use == "entra-shared" }
func (a *Answers) staying() bool  { return a.OtherMDM == "yes-staying" }

// settled tells whether nothing is left to enroll: the organization's device is in this Intune already.
func (a *Answers) settled() bool { return !a.personal() && a.State == "enrolled" }

// modern tells whether users are asked for more than a password at sign-in.
func (a *Answers) modern() bool { return a.MFA == "required" || a.PwPrompts == "yes" }

// devices is Count as a number; 1 where it is none.
func (a *Answers) devices() int {
	n, err := strconv.Atoi(a.Count)
	if err != nil {
		return 1
	}
	return n
}

// below tells whether the oldest version is older than major. The newest never is.
func (a *Answers) below(major int) bool {
	first, _, _ := strings.Cut(a.MinOS, ".")
	n, err := strconv.Atoi(first)
	return err == nil && n < major
}

// accountReady tells whether account driven enrollment can work.
func (a *Answers) accountReady() bool {
	return a.ManagedAppleIDs == "yes" && a.Discovery == "yes" && !a.below(15)
}

// partition tells whether something asks for the managed partition of account driven enrollment.
func (a *Answers) partition() bool { return a.LOB == "yes" || a.PerApp == "yes" }

// authorityIsIntune compares with the word of Microsoft Graph, in any case of letters.
func (a *Answers) authorityIsIntune() bool { return strings.EqualFold(a.MDMAuthority, "intune") }
