package graph

import (
	"errors"
	"strings"
	"testing"
)

// A machine without a desktop opens no browser; elsewhere the test would open one.
func TestSignInWithoutBrowser(t *testing.T) {
	pipeline(t, nil)
	t.Setenv("PATH", t.TempDir())
	c, asked := authority(t, nil)
	_, err := ask(t, SignIn{Method: "browser", Tenant: tenant, ClientID: "c", Prompt: func(string) {}}, c)
	s, ok := errors.AsType[*SignInError](err)
	if !ok || !strings.Contains(s.Do(), "--auth device-code") || len(*asked) != 0 {
		t.Errorf("got %v, asked for %v", err, *asked)
	}
}
