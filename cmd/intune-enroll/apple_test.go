package main

import (
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/intune-enroll/intune-enroll/pkg/graph/sim"
)

// apple KEY.pem OUT.p7m is Apple Business Manager: it gives a server token for
// a public key.
func apple(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: apple KEY.pem OUT.p7m")
	}
	token, err := sim.ServerToken([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), token, 0o600))
}

// signed IN.p7m OUT.p7m makes a server token claim that it is signed.
func signed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: signed IN.p7m OUT.p7m")
	}
	text := strings.Replace(ts.ReadFile(args[0]), "enveloped-data", "signed-data", 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}
