package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// meeting is where a fixed number of goroutines wait for each other, again and
// again. Who has to wait looks busily for a moment, since the others are
// mostly about to come, and sleeps then: if a core is taken away, busy waiting
// would only keep it from whom it waits for.
type meeting struct {
	size   int
	looks  int           // how often to look before sleeping
	here   atomic.Int32  // how many have come
	round  atomic.Uint32 // meetings held
	asleep atomic.Int32  // how many sleep, or are about to
	mutex  sync.Mutex
	woken  sync.Cond
}

// pauses is how many of the processor's pauses a look takes, and busyLooks how many
// looks there are: altogether some 20 µs (a pause is 10 to 140 cycles).
const (
	pauses    = 4
	busyLooks = 150
)

func (m *meeting) init(size int) {
	m.size, m.woken.L = size, &m.mutex
	if size <= runtime.NumCPU() && size <= runtime.GOMAXPROCS(0) {
		m.looks = busyLooks
	}
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
	for range m.looks {
		if m.round.Load() != round {
			return
		}
		pause(pauses)
	}
	m.asleep.Add(1) // before the last look: who comes last sees one of the two
	m.mutex.Lock()
	for m.round.Load() == round {
		m.woken.Wait()
	}
	m.mutex.Unlock()
	m.asleep.Add(-1)
}
