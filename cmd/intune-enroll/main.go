// Command intune-enroll gets a Microsoft Intune tenant ready to enroll iPhones
// and iPads, keeps it ready, and proves it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/intune-enroll/intune-enroll/cmd/intune-enroll/internal/cli"
)

// Set by the linker in releases (-X main.version=…); otherwise the build
// information that go install leaves is used.
var version, commit, date string

func main() {
	// The first signal asks for an end, the second one ends: cli tells them apart.
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	os.Exit(cli.Main(context.Background(), cli.Process{
		Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Env: os.Getenv, Signals: signals,
		Version: version, Commit: commit, Date: date,
	}))
}
