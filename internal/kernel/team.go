package kernel

import "sync"

// Team is a fixed number of workers that share out work. Its goroutines live
// as long as it does, so a Run allocates nothing.
type Team struct {
	work []chan func(worker int)
	wait sync.WaitGroup
}

// NewTeam starts a team of n workers, the caller of Run being the first of
// them; n < 1 counts as 1. Close it when it is no longer needed.
func NewTeam(n int) *Team {
	t := &Team{work: make([]chan func(int), max(n, 1)-1)}
	for i := range t.work {
		t.work[i] = make(chan func(int))
		go t.serve(i+1, t.work[i])
	}
	return t
}

func (t *Team) serve(worker int, work <-chan func(int)) {
	for f := range work {
		f(worker)
		t.wait.Done()
	}
}

// Size returns the number of workers, at least 1; a nil team is one worker.
func (t *Team) Size() int {
	if t == nil {
		return 1
	}
	return len(t.work) + 1
}

// Run calls f once for every worker 0 … Size()-1, at the same time, and returns
// when all calls have. Calls of Run must not overlap.
func (t *Team) Run(f func(worker int)) {
	if t.Size() > 1 {
		t.wait.Add(len(t.work))
		for _, c := range t.work {
			c <- f
		}
	}
	f(0)
	if t.Size() > 1 {
		t.wait.Wait()
	}
}

// serialWork is the number of floating-point operations below which RunFor
// stays on the caller's thread: waking the others costs some microseconds.
const serialWork = 200_000

// RunFor is Run for so much work: what is small the caller does alone, one
// worker's part after the other. The parts are the same either way.
func (t *Team) RunFor(work int, f func(worker int)) {
	if work >= serialWork {
		t.Run(f)
		return
	}
	for w := range t.Size() {
		f(w)
	}
}

// Close ends the workers. The team must be idle.
func (t *Team) Close() {
	if t == nil {
		return
	}
	for _, c := range t.work {
		close(c)
	}
	t.work = nil
}

// Share returns worker w's part [from, to) of n items shared evenly by size workers.
func Share(n, w, size int) (from, to int) {
	return n * w / size, n * (w + 1) / size
}
