//go:build !linux && !windows && (!darwin || !cgo)

package graph

import (
	"errors"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// tokenStore is none: on macOS the keychain takes a program built with cgo, and
// other systems have none that the library knows.
func tokenStore() (azidentity.Cache, error) {
	return azidentity.Cache{}, errors.New("this build of the program has none")
}
