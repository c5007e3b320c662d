package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// meeting is where a fixed number of goroutines wait for each other, again and
// again. Who has to wait looks busily for a moment, since the others are
// mostly about to come, and sleeps then: if a core is taken away, busy waiting
// would only keep it from whom it waits for.
type meeting struct {
	size   int
	busy   bool          // whether to look before sleeping: there is a core for everyone
	here   atomic.Int32  // how many have come
	round  atomic.Uint32 // meetings held
	asleep atomic.Int32  // how many sleep, or are about to
	mutex  sync.Mutex
	woken  sync.Cond
}

// patience is how long to look before sleeping: longer than waking takes, or
// else one who sleeps once makes the others sleep, too, and so on for ever.
const patience = 200 * time.Microsecond

func (m *meeting) init(size int) {
	m.size, m.woken.L = size, &m.mutex
	m.busy = size <= runtime.NumCPU() && size <= runtime.GOMAXPROCS(0)
}

// wait returns when all have called it.
func (m *meeting) wait() {
	round := m.round.Load()
	if int(m.here.Add(1)) == m.size {
		m.here.Store(0)
		m.round.Add(1)
		if m.asleep.Load() > 0 {
			m.mutex.Lock()
			m.woken.Broadcast()
			m.mutex.Unlock()
		}
		return
	}
	if m.busy && m.look(round) {
		return
	}
	m.asleep.Add(1) // before the last look: who comes last sees one of the two
	m.mutex.Lock()
	for m.round.Load() == round {
		m.woken.Wait()
	}
	m.mutex.Unlock()
	m.asleep.Add(-1)
}

// look says whether the round ended while it looked.
func (m *meeting) look(round uint32) bool {
	for begun := time.Now(); ; {
		for range 32 {
			if m.round.Load() != round {
				return true
			}
			pause(2)
		}
		if time.Since(begun) > patience {
			return false
		}
	}
}
