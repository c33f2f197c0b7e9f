package cli

import (
	"context"
	"os"
	"sync"
	"syscall"
)

// interrupts turns signals into an end in two stages: the first one asks, the
// second one ends. A command that cannot finish what is under way (all but
// apply) ends at the first.
type interrupts struct {
	stop chan struct{} // closed by the first signal

	mu       sync.Mutex
	graceful bool
	first    *stopped
	cancel   context.CancelCauseFunc
	done     chan struct{}
}

func newInterrupts() *interrupts {
	return &interrupts{stop: make(chan struct{}), done: make(chan struct{}), cancel: func(error) {}}
}

// watch begins to listen; the context it gives ends when the program shall.
// asked is called when the first signal came and something is still finished.
func (i *interrupts) watch(ctx context.Context, signals <-chan os.Signal, asked func()) context.Context {
	ctx, i.cancel = context.WithCancelCause(ctx)
	go func() {
		for {
			select {
			case s := <-signals:
				i.signal(s, asked)
			case <-i.done:
				return
			}
		}
	}()
	return ctx
}

func (i *interrupts) signal(s os.Signal, asked func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	why := stopped{codeInterrupted, "interrupted"}
	if s == syscall.SIGTERM {
		why = stopped{codeTerminated, "terminated"}
	}
	if i.first != nil {
		i.cancel(why)
		return
	}
	i.first = &why
	close(i.stop)
	if !i.graceful {
		i.cancel(why)
		return
	}
	asked()
}

// finishing says that from now on the first signal only closes stop. It tells
// whether one came before.
func (i *interrupts) finishing() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.graceful = i.first == nil
	return i.graceful
}

// came is the first signal that came, nil when none did.
func (i *interrupts) came() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.first == nil {
		return nil
	}
	return *i.first
}

func (i *interrupts) end() {
	close(i.done)
	i.cancel(nil)
}
