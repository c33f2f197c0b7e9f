package term

import (
	"fmt"
	"sync"
	"time"
)

// patience is how long nothing is shown: what is quicker needs no progress.
const patience, beat = time.Second, 120 * time.Millisecond

// Progress shows a spinner with the text while something takes longer than a
// second, on a terminal only. The function it gives ends it and clears the
// line; it must be called, and may be called twice.
func (s *Streams) Progress(text string) (end func()) {
	if !s.ErrTTY || s.Quiet {
		return func() {}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-stop:
			return
		case <-time.After(patience):
		}
		ticks := time.NewTicker(beat)
		defer ticks.Stop()
		frames := []rune(`|/-\`)
		for i := 0; ; i++ {
			fmt.Fprintf(s.Err, "\r%c %s", frames[i%len(frames)], text)
			select {
			case <-stop:
				fmt.Fprint(s.Err, "\r\x1b[K")
				return
			case <-ticks.C:
			}
		}
	}()
	var once sync.Once
	return func() { once.Do(func() { close(stop); <-stopped }) }
}
