package enroll

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// Together runs functions at one time. It is a [sync.WaitGroup] whose Wait
// panics when one of them did. In a goroutine of its own nobody could catch
// that: the Go runtime would end the program with its exit code 2, which tells
// that something was found, and print a text that may hold a secret.
type Together struct {
	wg    sync.WaitGroup
	mu    sync.Mutex
	fault *Fault
}

// Fault is a panic in another goroutine: its value, and where it was.
type Fault struct {
	Value any
	Stack []byte
}

func (f *Fault) String() string { return fmt.Sprintf("%v\n%s", f.Value, f.Stack) }

// Go runs f.
func (s *Together) Go(f func()) {
	s.wg.Go(func() {
		if fault := caught(f); fault != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.fault = fault
		}
	})
}

// Wait waits for all, and panics with a *Fault where one of them panicked.
func (s *Together) Wait() {
	s.wg.Wait()
	if s.fault != nil {
		panic(s.fault) //nolint:forbidigo // passes on the panic of another goroutine
	}
}

// caught runs f and returns its panic; nil when there was none.
func caught(f func()) (fault *Fault) {
	defer func() {
		if v := recover(); v != nil {
			fault = &Fault{v, debug.Stack()}
		}
	}()
	f()
	return nil
}
