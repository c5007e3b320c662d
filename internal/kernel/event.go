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
	number atomic.Uint32
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
	e.busy = size <= runtime.NumCPU() && size <= runtime.GOMAXPROCS(0)
}

func (e *event) set(number uint32) {
	e.number.Store(number)
	if e.asleep.Load() > 0 {
		e.mutex.Lock()
		e.woken.Broadcast()
		e.mutex.Unlock()
	}
}

// after returns the number once it is not seen any more.
func (e *event) after(seen uint32) uint32 {
	if e.busy && e.look(seen) {
		return e.number.Load()
	}
	e.asleep.Add(1) // before the last look: who sets the number sees one of the two
	e.mutex.Lock()
	for e.number.Load() == seen {
		e.woken.Wait()
	}
	e.mutex.Unlock()
	e.asleep.Add(-1)
	return e.number.Load()
}

// look says whether the number changed while it looked.
func (e *event) look(seen uint32) bool {
	begun := time.Now()
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
