package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// receiver STATUS starts a receiver of webhooks, whose address is $HOOK. Each
// body becomes a file hook-N.json, and its signature with the secret of the
// script is checked.
func receiver(ts *testscript.TestScript, _ bool, args []string) {
	status, dir, secret := number(ts, args[0]), ts.MkAbs("."), ts.Getenv("INTUNE_ENROLL_WEBHOOK_SECRET")
	var n atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		signed := r.Header.Get("X-Intune-Enroll-Signature")
		if err != nil || signed != "" && signed != "sha256="+hex.EncodeToString(mac.Sum(nil)) || (signed == "") != (secret == "") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if err := os.WriteFile(fmt.Sprintf("%s/hook-%d.json", dir, n.Add(1)), body, 0o600); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.WriteHeader(status)
	}))
	ts.Defer(s.Close)
	ts.Setenv("HOOK", s.URL+"/services/canary-hook")
}
