// Package configurator makes enrollment profiles for Apple Configurator, gives
// them serial numbers, and exports what a Mac needs to enroll devices with them.
//
// Such a profile belongs to the tenant itself: in Graph it lies under a pseudo
// token whose id is the tenant's Intune account id (recorded portal traffic).
// It says whether a device has a user and where that user signs in, and no
// more: supervision and the screens of Setup Assistant are chosen on the Mac.
//
// There are two ways to enroll. With Setup Assistant enrollment the Mac resets
// the device and tells it the tenant's enrollment URL; the URL names no profile,
// so the device gets the one that its serial number was imported with. With
// direct enrollment the Mac puts a .mobileconfig of the profile on the device as
// it is; that works without a user only (Microsoft docs page on setting up
// enrollment with Apple Configurator, 2026).
package configurator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/intune-enroll/intune-enroll/pkg/enroll"
	"github.com/intune-enroll/intune-enroll/pkg/graph"
)

// Kinds are configurator-profile and configurator-devices.
func Kinds(c *graph.Client) []enroll.Kind {
	a := newAccount(c)
	return []enroll.Kind{profiles{c, a}, devices{c, a}}
}

// account is the Intune account id of the tenant, asked for once.
type account struct {
	c    *graph.Client
	turn chan struct{} // holds one token while nobody asks
	id   string
}

func newAccount(c *graph.Client) *account {
	a := &account{c: c, turn: make(chan struct{}, 1)}
	a.turn <- struct{}{}
	return a
}

// path is the path of something that belongs to the account.
func (a *account) path(ctx context.Context, rest ...string) (string, error) {
	select {
	case <-a.turn:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { a.turn <- struct{}{} }()
	if a.id == "" {
		answer, err := a.c.Do(ctx, graph.Call{API: graph.Beta, Method: http.MethodGet, Path: graph.Path("deviceManagement"), Needs: []string{graph.ServiceConfigRead}})
		if err != nil {
			return "", fmt.Errorf("ask for the Intune account id: %w", err)
		}
		var root struct {
			Account string `json:"intuneAccountId"`
		}
		if err := json.Unmarshal(answer.Body, &root); err != nil {
			return "", fmt.Errorf("ask for the Intune account id: %w", err)
		}
		if root.Account == "" || root.Account == noGUID {
			return "", errors.New("the service did not say the tenant's Intune account id: see whether the tenant has an Intune licence with intune-enroll check")
		}
		a.id = root.Account
	}
	return graph.Path(append([]string{"deviceManagement", "depOnboardingSettings", a.id}, rest...)...), nil
}

const noGUID = "00000000-0000-0000-0000-000000000000"
