package kernel

import (
	"sync/atomic"
	"time"
)

// Team is a fixed number of workers that share out work, step by step. Its
// goroutines live as long as it does, so a Run allocates nothing; they wait for
// the next step busily for a moment, so that one which follows soon costs no waking.
type Team struct {
	size   int
	closed atomic.Bool
	parts  []part
	single func(part int)       // what Run was given
	once   func(part, step int) // calls it
	doubt  doubt
	core   func() uint32 // which one the caller of it is on, 0 where that is not known or says nothing
	alone  atomic.Bool   // the others are to leave the steps to the caller
	inRun  bool          // steps are being done: still so after one in which the caller's part panicked

	work   func(part, step int)
	before uint64 // the number of the step before the first that work is called for
	_      [cacheLine]byte
	begun  event // the number of the last step that there is to do
	_      [cacheLine]byte
}

// part is one worker's part of every step. Steps are numbered from 1, over all Runs.
type part struct {
	taken atomic.Uint64 // the last step that somebody has begun it of
	done  event         // and the last that it is done of
	where atomic.Uint64 // see place
	_     [cacheLine]byte
}

// cacheLine keeps apart what different workers write: bytes of two lines, since
// processors fetch them by twos.
const cacheLine = 128

// NewTeam starts a team of n workers, the caller of Run being the first of
// them; n < 1 counts as 1. Close it when it is no longer needed.
func NewTeam(n int) *Team {
	t := &Team{size: max(n, 1), core: thisCore}
	if !coresFor(t.size) { // some must share one
		t.core = nowhere
	}
	t.once = func(part, _ int) { t.single(part) }
	t.parts = make([]part, t.size)
	t.begun.init(t.size)
	for w := range t.parts {
		t.parts[w].done.init(t.size)
	}
	for w := 1; w < t.size; w++ {
		go t.serve(w)
	}
	return t
}

func (t *Team) serve(worker int) {
	for next, last := uint64(1), uint64(0); ; {
		t.begun.after(last)
		last = t.begun.number.Load()
		if t.closed.Load() { // read after the number: who sees that of Close sees it closed
			return
		}
		next = max(next, t.parts[worker].taken.Load()) // others may have gone on without it
		for ; next <= last && !t.alone.Load(); next++ {
			t.parts[worker].where.Store(place(next, t.core()))
			t.take(worker, next)
			t.meet(next)
		}
	}
}

// take does a worker's own part of a step, and then every part that nobody has
// begun: a worker whose core something else has is not waited for.
func (t *Team) take(worker int, step uint64) {
	for i := range t.size {
		w := (worker + i) % t.size
		if p := &t.parts[w]; p.taken.Load() == step-1 && p.taken.CompareAndSwap(step-1, step) { // so it is the current step
			t.work(w, int(step-t.before)-1)
			p.done.set(step)
		}
	}
}

// meet waits until all parts of a step are done, and returns how long, 0 if it was short.
func (t *Team) meet(step uint64) (waited time.Duration) {
	for w := range t.parts {
		waited += t.parts[w].done.after(step - 1)
	}
	return waited
}

// Size returns the number of workers, at least 1; a nil team is one worker.
func (t *Team) Size() int {
	if t == nil {
		return 1
	}
	return t.size
}

// Workers returns how many workers what begins now is best shared out to: Size or,
// while the caller does everything itself, 1.
func (t *Team) Workers() int {
	if t.Size() > 1 && (t.closed.Load() || t.doubt.lasts(time.Now())) {
		return 1
	}
	return t.Size()
}

// Run calls f once for every worker's part 0 … Size()-1, and returns when all
// calls have: at the same time, but that the part of a worker that is late
// another one does, and that the caller does all while it does not count on the
// others, or the team is closed. Calls of Run must not overlap. If f panics,
// the team is of no more use.
func (t *Team) Run(f func(part int)) {
	if t.Size() == 1 {
		f(0)
		return
	}
	t.wantIdle()
	t.single = f
	t.run(0, 1, t.once)
}

// wantIdle panics if steps are being done: another worker may be at one.
func (t *Team) wantIdle() {
	if t != nil && t.inRun {
		panic("kernel: a team runs while it runs, or after a part of its work panicked")
	}
}

// run is Run for the steps [from, to) one after the other, of an idle team.
func (t *Team) run(from, to int, f func(part, step int)) {
	if t.Size() == 1 {
		t.runAlone(from, to, f)
		return
	}
	t.inRun = true
	if begun := time.Now(); t.closed.Load() || t.doubt.lasts(begun) {
		t.runAlone(from, to, f)
	} else {
		t.runTogether(begun, from, to, f)
	}
	t.inRun = false
}

func (t *Team) runTogether(begun time.Time, from, to int, f func(part, step int)) {
	first := t.begun.number.Load() + 1
	t.work, t.before = f, first-1-uint64(from)
	t.alone.Store(false)
	t.begun.set(first + uint64(to-from) - 1)
	var waiting time.Duration
	for i := range to - from {
		step := first + uint64(i)
		t.take(0, step)
		waited := t.meet(step)
		waiting += waited
		worked := time.Duration(0)
		if waited > patience {
			worked = (time.Since(begun) - waiting) / time.Duration(i+1)
		}
		switch {
		case t.alone.Load():
		case t.crowded(first):
			t.doubt.begin()
			t.alone.Store(true)
		case t.doubt.learn(worked, waited):
			t.alone.Store(true)
		}
	}
	if !t.alone.Load() {
		t.doubt.forget(time.Since(begun))
	}
}

// crowded says whether another worker came to a step, the given one or a later one, on
// the core that the caller is on, though there is one for everyone: it is put there where
// something else has its own. Both then take turns, and who waits keeps the other from
// its work, but is not late.
func (t *Team) crowded(since uint64) bool {
	here := t.core()
	for w := 1; w < t.size && here != 0; w++ {
		if at := t.parts[w].where.Load(); at >= place(since, 0) && uint32(at)&coreMask == here {
			return true
		}
	}
	return false
}

func nowhere() uint32 { return 0 }

// place is a step, of which there are 2^40 before the numbers begin again, and the core,
// as thisCore numbers them, that a worker came to it on.
func place(step uint64, core uint32) uint64 { return step<<coreBits | uint64(core&coreMask) }

const (
	coreBits = 24
	coreMask = 1<<coreBits - 1
)

func (t *Team) runAlone(from, to int, f func(part, step int)) {
	for step := from; step < to; step++ {
		for w := range t.Size() {
			f(w, step)
		}
	}
}

// serialWork is the number of floating-point operations below which a step
// stays on the caller's thread: some microseconds, as sharing it out costs one or two.
const serialWork = 1_000_000

// Shares says whether RunFor shares so much work out.
func (t *Team) Shares(work int) bool { return t.Size() > 1 && work >= serialWork }

// RunFor is Run for so much work: what is small the caller does alone, one
// worker's part after the other. The parts are the same either way.
func (t *Team) RunFor(work int, f func(part int)) {
	if t.Shares(work) {
		t.Run(f)
		return
	}
	for w := range t.Size() {
		f(w)
	}
}

// RunSteps is RunFor for the steps 0 … steps-1 one after the other, which takes
// less time than a Run for each: no part of a step is begun before all of the step
// before are done.
func (t *Team) RunSteps(steps int, work func(step int) int, f func(part, step int)) {
	for from := 0; from < steps; {
		to := from
		for to < steps && work(to) >= serialWork {
			to++
		}
		if from < to {
			t.wantIdle()
			t.run(from, to, f)
		} else {
			to++
			t.runAlone(from, to, f)
		}
		from = to
	}
}

// Close ends the workers; what is run afterwards the caller does alone. The team must be
// idle: after a panic a worker may wait for ever for the part that was not done.
func (t *Team) Close() {
	if t.Size() == 1 || t.closed.Load() {
		return
	}
	t.closed.Store(true)
	t.begun.set(t.begun.number.Load() + 1)
}

// Share returns worker w's part [from, to) of n items shared evenly by size workers.
func Share(n, w, size int) (from, to int) {
	return n * w / size, n * (w + 1) / size
}
