package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// event is a number that one goroutine sets and others wait to see change. Who
// waits looks busily for a moment, since it mostly changes soon, and sleeps
// then: if a core is taken away, busy waiting would only keep it from whom it
// waits for.
type event struct {
	busy   bool // whether to look before sleeping: there is a core for everyone
	number atomic.Uint64
	asleep atomic.Int32 // how many sleep, or are about to
	mutex  sync.Mutex
	woken  sync.Cond
}

// patience is how long to look before sleeping: longer than waking takes, or
// else one who sleeps once makes the others sleep, too, and so on for ever.
const patience = 200 * time.Microsecond

// init is for an event that so many goroutines share.
func (e *event) init(size int) {
	e.woken.L = &e.mutex
	e.busy = coresFor(size)
}

// coresFor says whether there is a core for each of so many goroutines.
func coresFor(size int) bool { return size <= runtime.NumCPU() && size <= runtime.GOMAXPROCS(0) }

func (e *event) set(number uint64) {
	e.number.Store(number)
	if e.asleep.Load() > 0 {
		e.mutex.Lock()
		e.woken.Broadcast()
		e.mutex.Unlock()
	}
}

// glances are how often to look before the clock is read for the first time:
// about a microsecond.
const glances = 16

// after returns once the number is not seen any more, and says how long that
// took, 0 if it was but some glances.
func (e *event) after(seen uint64) time.Duration {
	for range glances {
		if e.number.Load() != seen {
			return 0
		}
		if !e.busy {
			break
		}
		pause(2)
	}
	begun := time.Now()
	if !e.busy || !e.look(seen, begun) {
		e.sleep(seen)
	}
	return time.Since(begun)
}

// look says whether the number changed while it looked, for as long as its patience lasts.
func (e *event) look(seen uint64, begun time.Time) bool {
	for range 1 << 12 { // an end also where time stands still, as it does in tests
		for range 32 {
			if e.number.Load() != seen {
				return true
			}
			pause(2)
		}
		if time.Since(begun) > patience {
			break
		}
	}
	return false
}

func (e *event) sleep(seen uint64) {
	e.asleep.Add(1) // before the last look: who sets the number sees one of the two
	e.mutex.Lock()
	for e.number.Load() == seen {
		e.woken.Wait()
	}
	e.mutex.Unlock()
	e.asleep.Add(-1)
}
