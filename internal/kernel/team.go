package kernel

import (
	"sync/atomic"
	"time"
)

// Team is a fixed number of workers that share out work. Its goroutines live
// as long as it does, so a Run allocates nothing; they wait for the next Run
// busily for a moment, so that one which follows soon costs no waking.
type Team struct {
	size         int
	closed       atomic.Bool
	work         func(part int)
	begun, ended event           // how many Runs have
	taken        []atomic.Uint32 // the last Run that each part was taken in
	left         atomic.Int32    // parts of the Run that are not done
	doubt        doubt
}

// NewTeam starts a team of n workers, the caller of Run being the first of
// them; n < 1 counts as 1. Close it when it is no longer needed.
func NewTeam(n int) *Team {
	t := &Team{size: max(n, 1)}
	t.taken = make([]atomic.Uint32, t.size)
	t.begun.init(t.size)
	t.ended.init(t.size)
	for w := 1; w < t.size; w++ {
		go t.serve(w)
	}
	return t
}

func (t *Team) serve(worker int) {
	run := uint32(0)
	for {
		run = t.begun.after(run)
		if t.closed.Load() {
			return
		}
		t.take(worker, run)
	}
}

// take does a worker's own part, and then every part that nobody has begun: a
// worker whose core something else has is not waited for.
func (t *Team) take(worker int, run uint32) {
	for i := range t.size {
		part := (worker + i) % t.size
		if t.taken[part].CompareAndSwap(run-1, run) { // so it is the current Run, which waits
			t.work(part)
			if t.left.Add(-1) == 0 {
				t.ended.set(run)
			}
		}
	}
}

// Size returns the number of workers, at least 1; a nil team is one worker.
func (t *Team) Size() int {
	if t == nil || t.closed.Load() {
		return 1
	}
	return t.size
}

// Run calls f once for every worker's part 0 … Size()-1, and returns when all
// calls have: at the same time, but that the part of a worker that is late
// another one does, and that the caller does all for a while where somebody
// was late lately. Calls of Run must not overlap.
func (t *Team) Run(f func(part int)) {
	size := t.Size()
	begun := time.Now()
	if size == 1 || t.doubt.lasts(begun) {
		for part := range size {
			f(part)
		}
		return
	}
	t.work = f
	t.left.Store(int32(size))
	run := t.begun.number.Load() + 1
	t.begun.set(run)
	t.take(0, run)
	done := time.Now()
	t.ended.after(run - 1)
	t.doubt.learn(done.Sub(begun), done)
}

// serialWork is the number of floating-point operations below which RunFor
// stays on the caller's thread: some microseconds, as sharing it out costs one or two.
const serialWork = 1_000_000

// RunFor is Run for so much work: what is small the caller does alone, one
// worker's part after the other. The parts are the same either way.
func (t *Team) RunFor(work int, f func(part int)) {
	if t.Size() > 1 && work >= serialWork {
		t.Run(f)
		return
	}
	for w := range t.Size() {
		f(w)
	}
}

// Close ends the workers. The team must be idle.
func (t *Team) Close() {
	if t.Size() == 1 {
		return
	}
	t.closed.Store(true)
	t.begun.set(t.begun.number.Load() + 1)
}

// Share returns worker w's part [from, to) of n items shared evenly by size workers.
func Share(n, w, size int) (from, to int) {
	return n * w / size, n * (w + 1) / size
}
