//go:build linux || windows || (darwin && cgo)

package graph

import (
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity/cache"
)

// tokenStore is where tokens of a person outlast a run: DPAPI on Windows, the
// keychain on macOS, a file with its key in the kernel's keyring on Linux.
func tokenStore() (azidentity.Cache, error) { return cache.New(&cache.Options{Name: "intune-enroll"}) }
