package enroll

import "strconv"

// Plural counts things in words: 1 device, 2 devices.
func Plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
